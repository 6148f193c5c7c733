"""The evidence that is demanded of everybody, or of those who bid for one lot."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.frameworks.lots.categories.queries import get_lot
from portal.frameworks.lots.demands import actions
from portal.frameworks.lots.demands.forms import DemandsForm
from portal.frameworks.lots.demands.queries import demands_of
from portal.frameworks.lots.forms import SAVED_MEANWHILE
from portal.frameworks.lots.plans import Demands
from portal.frameworks.lots.queries import terms_or_usual
from portal.frameworks.lots.words import words
from portal.frameworks.models import Framework, Lot
from portal.frameworks.queries import get_framework
from portal.identity.permissions import Permission
from portal.identity.viewing import actor
from portal.kernel.access import requires
from portal.kernel.clock import now
from portal.kernel.errors import Stale
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("demands", __name__, url_prefix="/frameworks/<uuid:framework_id>/set-up")
routes.context_processor(words)


@routes.get("/evidence")
@requires(Permission.FRAMEWORK_EDIT)
def of_everybody(framework_id: UUID) -> ResponseReturnValue:
    """Ask which evidence everybody has to show."""
    framework = get_framework(db(), framework_id)
    return _page(framework, None, _form(framework, None))


@routes.post("/evidence")
@requires(Permission.FRAMEWORK_EDIT)
def set_for_everybody(framework_id: UUID) -> ResponseReturnValue:
    """Keep it, or show what to change."""
    return _keep(get_framework(db(), framework_id), None)


@routes.get("/lots/<uuid:lot_id>/evidence")
@requires(Permission.FRAMEWORK_EDIT)
def of_a_lot(framework_id: UUID, lot_id: UUID) -> ResponseReturnValue:
    """Ask which evidence those who bid for a lot have to show as well."""
    lot = get_lot(db(), framework_id, lot_id)
    return _page(lot.framework, lot, _form(lot.framework, lot))


@routes.post("/lots/<uuid:lot_id>/evidence")
@requires(Permission.FRAMEWORK_EDIT)
def set_for_a_lot(framework_id: UUID, lot_id: UUID) -> ResponseReturnValue:
    """Keep it, or show what to change."""
    lot = get_lot(db(), framework_id, lot_id)
    return _keep(lot.framework, lot)


def _form(framework: Framework, lot: Lot | None) -> DemandsForm:
    stored = demands_of(db(), framework.id, lot.id if lot else None)
    terms = terms_or_usual(db(), framework)
    return DemandsForm(
        Demands({one.kind: one.least_cover for one in stored}),
        published=terms.published_at is not None,
        version=terms.version,
    )


def _keep(framework: Framework, lot: Lot | None) -> ResponseReturnValue:
    form = _form(framework, lot)
    if not form.validate_on_submit():
        return _page(framework, lot, form), 422
    try:
        actions.set_demands(
            db(), actor(), framework.id, lot.id if lot else None, form.demands,
            version=form.opened_on, because=form.reason, at=now(),
        )  # fmt: skip
    except Stale as stale:
        form.renew(terms_or_usual(db(), framework).version)
        form.kinds.errors = [SAVED_MEANWHILE]
        return _page(framework, lot, form), stale.status
    flash("The evidence is saved.", "success")
    return redirect(url_for("lots.show", framework_id=framework.id), 303)


def _page(framework: Framework, lot: Lot | None, form: DemandsForm) -> Response:
    return render("frameworks/lots/evidence.html", framework=framework, lot=lot, form=form)
