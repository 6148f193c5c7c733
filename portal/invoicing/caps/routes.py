"""The caps of a council on a framework, year by year; setting one, and changing it in time."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.budgets.actions import CapCounts, CapTooLow
from portal.budgets.forms import CapForm
from portal.budgets.models import Budget
from portal.budgets.queries import framework_of_buyer
from portal.frameworks.models import Framework
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, can, viewer
from portal.invoicing.caps import actions, queries
from portal.invoicing.caps.queries import YearCap
from portal.kernel.access import requires
from portal.kernel.clock import now
from portal.kernel.errors import NotFound, Stale
from portal.kernel.fragments import render
from portal.kernel.money import ZERO
from portal.kernel.session import db

routes = Blueprint("caps", __name__, url_prefix="/budgets/caps/<uuid:framework_id>")


@routes.get("")
@requires(Permission.BUDGET_READ)
def index(framework_id: UUID) -> ResponseReturnValue:
    """Every contract year of the framework with the council's cap, or that none is set."""
    framework = _framework(framework_id)
    return render(
        "invoicing/caps/index.html",
        framework=framework,
        rows=queries.year_caps(db(), framework, viewer().organisation_id),
        may_set=can(Permission.BUDGET_SET),
        may_raise=can(Permission.BUDGET_RAISE),
    )


@routes.get("/<year_code>")
@requires(Permission.BUDGET_SET)
def set_form(framework_id: UUID, year_code: str) -> ResponseReturnValue:
    """Ask for the cap and its funding; of a cap that counts already, show how it stands."""
    framework = _framework(framework_id)
    row = _row(framework, year_code)
    if row.budget is None:
        return _ask(CapForm(version="0"), framework, row)
    if not row.settable:
        return redirect(url_for("budgets.show", budget_id=row.budget.id), 303)
    return _ask(CapForm(obj=row.budget), framework, row)


@routes.post("/<year_code>")
@requires(Permission.BUDGET_SET)
def set_cap(framework_id: UUID, year_code: str) -> ResponseReturnValue:
    """Set the cap, or show what to change; a stale form keeps what was typed."""
    framework = _framework(framework_id)
    row = _row(framework, year_code)
    form = CapForm()
    if not form.validate_on_submit():
        return _ask(form, framework, row), 422
    try:
        budget = actions.set_cap(
            db(),
            actor(),
            framework_id,
            row.year,
            cap=form.cap.data or ZERO,
            funding_source=form.funding_source.data or "",
            version=form.opened_on,
            at=now(),
        )
    except (CapTooLow, CapCounts) as refused:
        form.cap.errors = [refused.sentence]
        return _ask(form, framework, row), refused.status
    except Stale as stale:
        row = _row(framework, year_code)
        if row.budget is None:
            raise
        form.version.data = str(row.budget.version)
        form.version.raw_data = None
        form.cap.errors = [_meanwhile(row.budget)]
        return _ask(form, framework, row), stale.status
    flash(f"The cap is now {budget.cap}.", "success")
    return redirect(url_for(".index", framework_id=framework_id), 303)


def _framework(framework_id: UUID) -> Framework:
    return framework_of_buyer(db(), framework_id, viewer().organisation_id)


def _row(framework: Framework, year_code: str) -> YearCap:
    for row in queries.year_caps(db(), framework, viewer().organisation_id):
        if row.year.code == year_code and not row.stray:
            return row
    raise NotFound


def _meanwhile(budget: Budget) -> str:
    source = f", funded from “{budget.funding_source}”," if budget.funding_source else ""
    return (
        f"Somebody else set the cap to {budget.cap}{source} while your page was open. "
        "Check what you entered, then send it again"
    )


def _ask(form: CapForm, framework: Framework, row: YearCap) -> Response:
    return render(
        "invoicing/caps/set.html", form=form, framework=framework, row=row, action=request.path
    )
