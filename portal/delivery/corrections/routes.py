"""Correcting a session or nights that are on an invoice, and taking a correction back."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.agreements.queries import get_agreement
from portal.delivery.corrections import actions, queries
from portal.delivery.corrections.forms import CorrectionForm, NightsOffForm
from portal.delivery.corrections.page import session_rows, stay_rows
from portal.delivery.models import DeliverySession, Stay
from portal.delivery.nights.queries import get_stay
from portal.delivery.rules import Refused
from portal.delivery.sessions.forms import filled_in
from portal.delivery.sessions.queries import get_session
from portal.identity.permissions import Permission
from portal.identity.viewing import actor
from portal.kernel.access import requires
from portal.kernel.clock import now
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("corrections", __name__)
SAVED = "Corrected. The next invoice to the council takes it in."


@routes.get("/sessions/<uuid:session_id>/correct")
@requires(Permission.DELIVERY_RECORD)
def session_form(session_id: UUID) -> ResponseReturnValue:
    """Ask what a session should have been charged as."""
    delivered = get_session(db(), session_id)
    standing = actions.standing_of(db(), delivered)
    form = CorrectionForm(
        formdata=None,
        state=standing.state.value,
        minutes=standing.minutes or None,
        interactions=standing.interactions,
        **{name: filled_in(delivered)[name] for name in ("day", "start", "which_hour", "mentor")},
    )
    return _session_page(delivered, form)


@routes.post("/sessions/<uuid:session_id>/correct")
@requires(Permission.DELIVERY_RECORD)
def correct_session(session_id: UUID) -> ResponseReturnValue:
    """Reverse a session and put what is right in its place."""
    delivered = get_session(db(), session_id)
    form = _offered(CorrectionForm(), delivered)
    if not form.validate_on_submit():
        return _session_page(delivered, form), 422
    try:
        actions.correct_session(
            db(),
            actor(),
            delivered,
            form.standing(),
            place=form.place(),
            because=form.because.data,
            at=now(),
        )
    except Refused as refused:
        form.refuse(refused.refusals)
        return _session_page(delivered, form), 422
    flash(SAVED, "success")
    return redirect(url_for("delivery.sessions.edit", session_id=session_id), 303)


@routes.get("/nights/<uuid:stay_id>/correct")
@requires(Permission.DELIVERY_RECORD)
def nights_form(stay_id: UUID) -> ResponseReturnValue:
    """Ask which charged nights the young person was not there."""
    return _nights_page(get_stay(db(), stay_id), NightsOffForm(formdata=None))


@routes.post("/nights/<uuid:stay_id>/correct")
@requires(Permission.DELIVERY_RECORD)
def correct_nights(stay_id: UUID) -> ResponseReturnValue:
    """Reverse nights on which the young person was not there."""
    stay = get_stay(db(), stay_id)
    form = NightsOffForm()
    if not form.validate_on_submit():
        return _nights_page(stay, form), 422
    try:
        actions.take_nights_off(
            db(), actor(), stay, form.nights, because=form.because.data, at=now()
        )
    except Refused as refused:
        form.refuse(refused.refusals)
        return _nights_page(stay, form), 422
    flash(SAVED, "success")
    return redirect(url_for("delivery.nights.edit", stay_id=stay_id), 303)


@routes.post("/corrections/<uuid:correction_id>/take-back")
@requires(Permission.DELIVERY_RECORD)
def take_back(correction_id: UUID) -> ResponseReturnValue:
    """Take a correction back before an invoice has it."""
    correction = queries.get_correction(db(), correction_id)
    session_id, stay_id = correction.session_id, correction.stay_id
    actions.take_back(db(), actor(), correction, at=now())
    flash("The correction is taken back. What was invoiced stands.", "success")
    if session_id is not None:
        return redirect(url_for("delivery.sessions.edit", session_id=session_id), 303)
    return redirect(url_for("delivery.nights.edit", stay_id=stay_id), 303)


def _offered(form: CorrectionForm, delivered: DeliverySession) -> CorrectionForm:
    form.offer(get_agreement(db(), delivered.agreement_id).assignments)
    return form


def _session_page(delivered: DeliverySession, form: CorrectionForm) -> Response:
    return render(
        "delivery/correct_session.html",
        delivered=delivered,
        form=_offered(form, delivered),
        corrections=session_rows(queries.corrections_of_session(db(), delivered.id)),
    )


def _nights_page(stay: Stay, form: NightsOffForm) -> Response:
    return render(
        "delivery/correct_nights.html",
        stay=stay,
        form=form,
        corrections=stay_rows(queries.corrections_of_stay(db(), stay.id)),
    )
