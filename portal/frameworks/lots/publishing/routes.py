"""What a framework asks of those who apply; publishing it; letting its term last longer."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.frameworks.lots import actions, queries
from portal.frameworks.lots.forms import ExtendForm
from portal.frameworks.lots.words import words
from portal.frameworks.models import Framework
from portal.frameworks.queries import get_framework
from portal.frameworks.rules import Unfit
from portal.identity.people.forms import VersionedForm
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, can
from portal.kernel.access import requires
from portal.kernel.clock import now
from portal.kernel.errors import Stale
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("published", __name__, url_prefix="/frameworks")
routes.context_processor(words)


@routes.get("/<uuid:framework_id>/asks")
@requires(Permission.FRAMEWORK_READ)
def show(framework_id: UUID) -> ResponseReturnValue:
    """What is asked: how bids are weighed, which prices, which evidence, and what changed."""
    framework = get_framework(db(), framework_id)
    terms = queries.terms_of(db(), framework_id)
    return render(
        "frameworks/lots/asks.html",
        framework=framework,
        terms=terms,
        award=queries.award_of(terms).words,
        asks=queries.category_asks(db(), framework_id),
        demands=queries.demands_for(db(), framework_id, None),
        changes=queries.changes_since(db(), framework_id, None),
        may_edit=can(Permission.FRAMEWORK_EDIT),
    )


@routes.post("/<uuid:framework_id>/set-up/publish")
@requires(Permission.FRAMEWORK_EDIT)
def publish(framework_id: UUID) -> ResponseReturnValue:
    """Freeze what applicants rely on."""
    actions.publish(db(), actor(), framework_id, version=VersionedForm().opened_on, at=now())
    flash("Published. Rounds of it can now be announced.", "success")
    return redirect(url_for("lots.show", framework_id=framework_id), 303)


@routes.get("/<uuid:framework_id>/set-up/extend")
@requires(Permission.FRAMEWORK_EDIT)
def extend_form(framework_id: UUID) -> ResponseReturnValue:
    """Ask for a later last day."""
    framework = get_framework(db(), framework_id)
    return _extend_page(framework, _form(framework))


@routes.post("/<uuid:framework_id>/set-up/extend")
@requires(Permission.FRAMEWORK_EDIT)
def extend(framework_id: UUID) -> ResponseReturnValue:
    """Let the term last longer, or show what to change."""
    framework = get_framework(db(), framework_id)
    form = _form(framework)
    if not form.validate_on_submit():
        return _extend_page(framework, form), 422
    assert form.ends_on.data is not None
    try:
        actions.extend(
            db(), actor(), framework_id, form.ends_on.data,
            version=form.opened_on, because=form.reason, at=now(),
        )  # fmt: skip
    except Unfit as unfit:
        form.ends_on.errors = [unfit.sentence]
        return _extend_page(framework, form), unfit.status
    except Stale as stale:
        form.renew(queries.terms_or_usual(db(), framework).version)
        form.ends_on.errors = [stale.sentence]
        return _extend_page(framework, form), stale.status
    flash("The term lasts longer now.", "success")
    return redirect(url_for("lots.show", framework_id=framework_id), 303)


def _form(framework: Framework) -> ExtendForm:
    terms = queries.terms_or_usual(db(), framework)
    return ExtendForm(published=terms.published_at is not None, version=terms.version)


def _extend_page(framework: Framework, form: ExtendForm) -> Response:
    return render(
        "frameworks/lots/extend.html",
        framework=framework,
        form=form,
        terms=queries.terms_or_usual(db(), framework),
    )
