"""Recording, changing and removing nights."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.delivery.corrections.page import stay_rows
from portal.delivery.corrections.queries import corrections_of_stay
from portal.delivery.models import Stay
from portal.delivery.months.page import StayRow, agreement_page
from portal.delivery.months.queries import get_agreement
from portal.delivery.nights import actions, queries
from portal.delivery.nights.forms import NightsForm, filled_in
from portal.delivery.rules import Refused, require_kind
from portal.frameworks.rules import Unit
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, can
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.errors import Stale
from portal.kernel.fragments import render
from portal.kernel.months import Month
from portal.kernel.session import db

routes = Blueprint("nights", __name__)


@routes.post("/agreements/<uuid:agreement_id>/nights")
@requires(Permission.DELIVERY_RECORD)
def add(agreement_id: UUID) -> ResponseReturnValue:
    """Record nights."""
    at = now()
    agreement = get_agreement(db(), agreement_id)
    require_kind(agreement.unit, Unit.NIGHT)
    form = NightsForm()
    if form.validate_on_submit():
        try:
            recorded = actions.record_nights(
                db(), actor(), agreement, form.nights, present=form.is_present, at=at
            )
        except Refused as refused:
            form.refuse(refused.refusals)
        else:
            return _to_month(recorded[-1], saved=recorded[-1].id)
    day = form.last_night.data or form.first_night.data or local_date(at)
    return agreement_page(agreement, Month.of(day), at=at, form=form), 422


@routes.get("/nights/<uuid:stay_id>/edit")
@requires(Permission.DELIVERY_RECORD)
def edit(stay_id: UUID) -> ResponseReturnValue:
    """Nights in their form; in words when they are on an invoice."""
    stay = queries.get_stay(db(), stay_id)
    return _edit_page(stay, NightsForm(formdata=None, data=filled_in(stay)))


@routes.post("/nights/<uuid:stay_id>/edit")
@requires(Permission.DELIVERY_RECORD)
def save(stay_id: UUID) -> ResponseReturnValue:
    """Change nights."""
    stay = queries.get_stay(db(), stay_id)
    form = NightsForm()
    if not form.validate_on_submit():
        return _edit_page(stay, form), 422
    try:
        actions.change_nights(
            db(),
            actor(),
            stay,
            form.nights,
            present=form.is_present,
            version=_version(),
            at=now(),
        )
    except Refused as refused:
        form.refuse(refused.refusals)
        return _edit_page(stay, form), 422
    except Stale:
        return _edit_page(stay, form, stale=True), 409
    return _to_month(stay, saved=stay.id)


@routes.post("/nights/<uuid:stay_id>/remove")
@requires(Permission.DELIVERY_RECORD)
def remove(stay_id: UUID) -> ResponseReturnValue:
    """Take nights away."""
    stay = queries.get_stay(db(), stay_id)
    actions.remove_nights(db(), actor(), stay, version=_version(), at=now())
    return _to_month(stay, removed=1)


def _edit_page(stay: Stay, form: NightsForm, *, stale: bool = False) -> Response:
    return render(
        "delivery/nights.html",
        corrections=stay_rows(corrections_of_stay(db(), stay.id)),
        stay=stay,
        row=StayRow(stay),
        month=Month.of(stay.first_night),
        form=form,
        stale=stale,
        invoices=can(Permission.INVOICE_READ),
    )


def _version() -> int:
    return request.form.get("version", default=0, type=int)


def _to_month(stay: Stay, **told: Any) -> ResponseReturnValue:
    month = Month.of(stay.first_night).code
    address = url_for("delivery.agreement", agreement_id=stay.agreement_id, month=month, **told)
    return redirect(address, 303)
