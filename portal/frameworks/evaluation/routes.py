"""A round's evaluation at a glance: its steps, how far each is, and what is next."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.frameworks.evaluation import opened
from portal.frameworks.evaluation.overview import overview
from portal.identity.permissions import Permission
from portal.identity.viewing import can, viewer
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.files import answer_with
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("evaluation", __name__, url_prefix="/rounds/<uuid:opened_id>/evaluation")


@routes.get("")
@requires(Permission.ROUND_READ)
def show(opened_id: UUID) -> ResponseReturnValue:
    """The steps from opened bids to signed places."""
    round_ = opened.opened_round(db(), opened_id, viewer().organisation_id)
    found = overview(db(), round_, viewer().person_id, at=now(), today=local_date(now()))
    return render(
        "frameworks/evaluation/show.html",
        round=round_,
        overview=found,
        may_begin=found.may_begin
        and can(Permission.EVALUATION_RUN)
        and viewer().organisation_id == round_.lead_council_id,
    )


@routes.get("/files/<uuid:answer_file_id>")
@requires(Permission.ROUND_READ)
def file(opened_id: UUID, answer_file_id: UUID) -> ResponseReturnValue:
    """A file that answers a question."""
    opened.opened_round(db(), opened_id, viewer().organisation_id)
    return answer_with(opened.get_file(db(), opened_id, answer_file_id).file)
