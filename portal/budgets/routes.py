"""What may be approved and what has been, by contract year; a budget holder raises a cap."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.budgets import actions, queries
from portal.budgets.forms import BudgetFilters, RaiseForm
from portal.budgets.models import Budget
from portal.budgets.rules import WARN_AT_PERCENT, CapState, Room
from portal.frameworks.queries import framework_choices
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, can, viewer
from portal.kernel.access import requires
from portal.kernel.clock import now
from portal.kernel.errors import Stale
from portal.kernel.fragments import render
from portal.kernel.money import ZERO
from portal.kernel.session import db
from portal.kernel.wording import say_period
from portal.kernel.years import contract_year

routes = Blueprint("budgets", __name__, url_prefix="/budgets")


@routes.get("")
@requires(Permission.BUDGET_READ)
def index() -> ResponseReturnValue:
    """The council's budgets, the newest contract year first."""
    form = BudgetFilters(request.args)
    frameworks = framework_choices(db())
    form.framework.offer(frameworks)
    page = queries.council_budgets(
        db(),
        viewer().organisation_id,
        framework_id=form.framework.chosen_id,
        cursor=request.args.get("page"),
    )
    return render(
        "budgets/index.html",
        fragment="results",
        filters=form,
        page=page,
        rows=[(budget, _state(budget), _year(budget)) for budget in page.rows],
        room=Room,
        warn_at=WARN_AT_PERCENT,
        frameworks=frameworks,
        may_set=can(Permission.BUDGET_SET),
    )


@routes.get("/<uuid:budget_id>")
@requires(Permission.BUDGET_READ)
def show(budget_id: UUID) -> ResponseReturnValue:
    """One budget with the history of its cap."""
    budget = queries.get_budget(db(), budget_id, viewer().organisation_id)
    return render(
        "budgets/show.html",
        budget=budget,
        state=_state(budget),
        year=_year(budget),
        room=Room,
        warn_at=WARN_AT_PERCENT,
        may_raise=can(Permission.BUDGET_RAISE),
    )


@routes.get("/<uuid:budget_id>/raise")
@requires(Permission.BUDGET_RAISE)
def raise_form(budget_id: UUID) -> ResponseReturnValue:
    """Ask for the new cap and the reason."""
    budget = queries.get_budget(db(), budget_id, viewer().organisation_id)
    return _ask(RaiseForm(version=str(budget.version)), budget)


@routes.post("/<uuid:budget_id>/raise")
@requires(Permission.BUDGET_RAISE)
def raise_cap(budget_id: UUID) -> ResponseReturnValue:
    """Raise the cap, or show what to change; a stale form keeps what was typed."""
    budget = queries.get_budget(db(), budget_id, viewer().organisation_id)
    form = RaiseForm()
    if not form.validate_on_submit():
        return _ask(form, budget), 422
    try:
        actions.raise_cap(
            db(),
            actor(),
            budget_id,
            cap=form.cap.data or ZERO,
            reason=form.reason.data or "",
            version=form.opened_on,
            at=now(),
        )
    except actions.CapNotRaised as refused:
        form.cap.errors = [refused.sentence]
        return _ask(form, budget), 422
    except Stale:
        form.version.data = str(budget.version)
        form.version.raw_data = None
        changed = (
            f"Somebody else set the cap to {budget.cap} while your page was open. "
            "Check the new cap, then send it again"
        )
        form.cap.errors = [changed]
        return _ask(form, budget), 409
    flash(f"The cap is now {budget.cap}.", "success")
    return redirect(url_for(".show", budget_id=budget_id), 303)


def _ask(form: RaiseForm, budget: Budget) -> Response:
    return render(
        "budgets/raise.html", form=form, budget=budget, state=_state(budget), year=_year(budget)
    )


def _state(budget: Budget) -> CapState:
    return CapState(budget.cap, budget.approved, ZERO)


def _year(budget: Budget) -> str:
    year = contract_year(budget.year_starts_on, budget.year_starts_on)
    return say_period(year.first, year.last)
