"""Planning sessions for every week: a pattern, its days to choose from, and an end."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form
from wtforms.validators import InputRequired

from portal.agreements.models import Agreement
from portal.delivery.months.page import SessionRow
from portal.delivery.months.queries import get_agreement
from portal.delivery.plans import actions, queries
from portal.delivery.plans.forms import PlanForm, chosen_days
from portal.delivery.plans.models import SessionPlan
from portal.delivery.plans.rules import Pattern, impossible, say_pattern
from portal.delivery.rules import MODE_NAMES, Refused, require_kind
from portal.frameworks.rules import Unit
from portal.identity.permissions import Permission
from portal.identity.viewing import actor
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.date_fields import DateField
from portal.kernel.fragments import render
from portal.kernel.months import Month
from portal.kernel.session import db
from portal.kernel.wording import say_count, say_date

routes = Blueprint("plans", __name__)


class EndForm(Form):
    """When a plan ends earlier than it was made for."""

    last = DateField("Last day", [InputRequired("Enter the last day on which it still holds")])


@routes.get("/agreements/<uuid:agreement_id>/plans/new")
@requires(Permission.DELIVERY_RECORD)
def new(agreement_id: UUID) -> ResponseReturnValue:
    """Ask for a weekly pattern; once there is one, show its days to choose from."""
    at = now()
    agreement = get_agreement(db(), agreement_id)
    require_kind(agreement.unit, Unit.SESSION)
    asked = "start" in request.args
    form = PlanForm(request.args if asked else None)
    form.offer(agreement.assignments)
    pattern = form.pattern() if asked else None
    if asked and pattern is None:
        return _plan_page(agreement, form, None, at=at), 422
    return _plan_page(agreement, form, pattern, at=at)


@routes.post("/agreements/<uuid:agreement_id>/plans")
@requires(Permission.DELIVERY_RECORD)
def make(agreement_id: UUID) -> ResponseReturnValue:
    """Schedule a session on each ticked day."""
    at = now()
    agreement = get_agreement(db(), agreement_id)
    form = PlanForm(request.form)
    form.offer(agreement.assignments)
    pattern = form.pattern()
    if pattern is None:
        return _plan_page(agreement, form, None, at=at), 422
    chosen = chosen_days(form.days.data or ())
    try:
        plan = actions.make_plan(db(), actor(), agreement, pattern, chosen, at=at)
    except Refused as refused:
        form.refuse(refused.refusals)
        return _plan_page(agreement, form, pattern, at=at), 422
    flash(f"{say_count(len(chosen), 'session')} scheduled.", "success")
    return redirect(url_for(".show", plan_id=plan.id), 303)


@routes.get("/plans/<uuid:plan_id>")
@requires(Permission.DELIVERY_RECORD)
def show(plan_id: UUID) -> ResponseReturnValue:
    """A plan, and its sessions that are still to come."""
    return _show_page(queries.get_plan(db(), plan_id), EndForm())


@routes.post("/plans/<uuid:plan_id>/end")
@requires(Permission.DELIVERY_RECORD)
def end(plan_id: UUID) -> ResponseReturnValue:
    """End a plan: its scheduled sessions after a day are taken away."""
    plan = queries.get_plan(db(), plan_id)
    form = EndForm(request.form)
    if not form.validate() or form.last.data is None:
        return _show_page(plan, form), 422
    agreement = get_agreement(db(), plan.agreement_id)
    gone = actions.end_plan(db(), actor(), plan, agreement, after=form.last.data, at=now())
    flash(f"{say_count(gone, 'session')} after {say_date(form.last.data)} taken away.", "success")
    return redirect(url_for(".show", plan_id=plan_id), 303)


def _plan_page(
    agreement: Agreement, form: PlanForm, pattern: Pattern | None, *, at: datetime
) -> Response:
    proposed = queries.proposals(db(), agreement, pattern, at=at) if pattern else []
    return render(
        "delivery/plan_new.html",
        agreement=agreement,
        form=form,
        pattern=say_pattern(pattern.weekdays, pattern.start) if pattern else "",
        days=[one for one in proposed if one.refusal is None],
        impossible=impossible(proposed),
        ticked=chosen_days(form.days.data or ()),
    )


def _show_page(plan: SessionPlan, form: EndForm) -> Response:
    today = local_date(now())
    agreement = get_agreement(db(), plan.agreement_id)
    return render(
        "delivery/plan.html",
        plan=plan,
        agreement=agreement,
        pattern=say_pattern(plan.weekdays, plan.start),
        mode=MODE_NAMES[plan.mode],
        mentor=next(
            (a.mentor.name for a in agreement.assignments if a.mentor_id == plan.mentor_id), ""
        ),
        rows=[SessionRow(one) for one in queries.scheduled_of(db(), plan.id, today)],
        month=Month.of(today),
        form=form,
    )
