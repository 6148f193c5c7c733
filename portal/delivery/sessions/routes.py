"""Recording, changing and removing one session."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.delivery.corrections.page import session_rows
from portal.delivery.corrections.queries import corrections_of_session
from portal.delivery.models import DeliverySession
from portal.delivery.months.page import SessionRow, agreement_page
from portal.delivery.months.queries import get_agreement
from portal.delivery.plans import actions as plans
from portal.delivery.rules import Refused, require_kind
from portal.delivery.sessions import actions, queries
from portal.delivery.sessions.forms import SessionForm, filled_in
from portal.frameworks.rules import Unit
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, can
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.errors import Stale
from portal.kernel.fragments import render
from portal.kernel.months import Month
from portal.kernel.session import db

routes = Blueprint("sessions", __name__)


@routes.post("/agreements/<uuid:agreement_id>/sessions")
@requires(Permission.DELIVERY_RECORD)
def add(agreement_id: UUID) -> ResponseReturnValue:
    """Record a session."""
    at = now()
    agreement = get_agreement(db(), agreement_id)
    require_kind(agreement.unit, Unit.SESSION)
    form = SessionForm()
    form.offer(agreement.assignments)
    if form.validate_on_submit():
        try:
            recorded = actions.record_session(db(), actor(), agreement, form.entry(), at=at)
        except Refused as refused:
            form.refuse(refused.refusals)
        else:
            return _to_month(recorded, saved=recorded.id)
    day = form.day.data or local_date(at)
    return agreement_page(agreement, Month.of(day), at=at, form=form), 422


@routes.get("/sessions/<uuid:session_id>/edit")
@requires(Permission.DELIVERY_RECORD)
def edit(session_id: UUID) -> ResponseReturnValue:
    """A session in its form; in words when it is on an invoice."""
    delivered = queries.get_session(db(), session_id)
    form = SessionForm(formdata=None, data=filled_in(delivered))
    return _edit_page(delivered, form)


@routes.post("/sessions/<uuid:session_id>/edit")
@requires(Permission.DELIVERY_RECORD)
def save(session_id: UUID) -> ResponseReturnValue:
    """Change a session."""
    delivered = queries.get_session(db(), session_id)
    form = _posted_form(delivered)
    if not form.validate_on_submit():
        return _edit_page(delivered, form), 422
    try:
        change = plans.change_from_here if form.reach.data == "later" else actions.change_session
        change(db(), actor(), delivered, form.entry(), version=_version(), at=now())
    except Refused as refused:
        form.refuse(refused.refusals)
        return _edit_page(delivered, form), 422
    except Stale:
        return _edit_page(delivered, form, stale=True), 409
    return _to_month(delivered, saved=delivered.id)


@routes.post("/sessions/<uuid:session_id>/remove")
@requires(Permission.DELIVERY_RECORD)
def remove(session_id: UUID) -> ResponseReturnValue:
    """Take a session away."""
    delivered = queries.get_session(db(), session_id)
    actions.remove_session(db(), actor(), delivered, version=_version(), at=now())
    return _to_month(delivered, removed=1)


def _posted_form(delivered: DeliverySession) -> SessionForm:
    form = SessionForm()
    form.offer(get_agreement(db(), delivered.agreement_id).assignments)
    return form


def _edit_page(delivered: DeliverySession, form: SessionForm, *, stale: bool = False) -> Response:
    form.offer(get_agreement(db(), delivered.agreement_id).assignments)
    return render(
        "delivery/session.html",
        corrections=session_rows(corrections_of_session(db(), delivered.id)),
        delivered=delivered,
        row=SessionRow(delivered),
        month=Month.of(delivered.service_date),
        form=form,
        stale=stale,
        invoices=can(Permission.INVOICE_READ),
    )


def _version() -> int:
    return request.form.get("version", default=0, type=int)


def _to_month(delivered: DeliverySession, **told: Any) -> ResponseReturnValue:
    month = Month.of(delivered.service_date).code
    address = url_for(
        "delivery.agreement", agreement_id=delivered.agreement_id, month=month, **told
    )
    return redirect(address, 303)
