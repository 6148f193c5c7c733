"""What was learned from complaints, for the review of each framework."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from portal.complaints.learning.forms import LearningFilters
from portal.complaints.learning.queries import learned
from portal.frameworks.queries import framework_choices
from portal.identity.permissions import Permission
from portal.identity.viewing import can, viewer
from portal.kernel.access import requires
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("learning", __name__, url_prefix="/learning")


@routes.get("")
@requires(Permission.COMPLAINT_LEARNING_READ)
def index() -> ResponseReturnValue:
    """What was learned, the newest first; nothing of who complained."""
    form = LearningFilters(request.args)
    form.framework.offer(framework_choices(db()))
    page = learned(
        db(),
        viewer().organisation_id,
        framework_id=form.framework.chosen_id,
        cursor=request.args.get("page"),
    )
    return render(
        "complaints/learning/index.html",
        fragment="results",
        filters=form,
        page=page,
        counts=can(Permission.COMPLAINT_FIGURES),
    )
