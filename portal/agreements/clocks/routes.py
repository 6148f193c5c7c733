"""The contacts and deadlines of an agreement, and every open deadline of an organisation."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.agreements.clocks import actions, queries
from portal.agreements.clocks.forms import ContactForm, DeadlineFilters, WithdrawForm
from portal.agreements.clocks.models import ContactRecord
from portal.agreements.clocks.presenting import all_shown, shown
from portal.agreements.clocks.rules import (
    CONTACT_KIND_NAMES,
    HOW_NAMES,
    ClockKind,
    UnfitContact,
)
from portal.agreements.models import Agreement
from portal.agreements.queries import get_agreement
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, can, viewer
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("clocks", __name__)


@routes.get("/deadlines")
@requires(Permission.AGREEMENT_READ)
def index() -> ResponseReturnValue:
    """Every open deadline of the agreements that one sees, the first due first."""
    form = DeadlineFilters(request.args)
    today = local_date(now())
    page = queries.open_clocks(
        db(),
        viewer().organisation_id,
        for_council=viewer().is_council,
        kind=ClockKind(form.waits.chosen) if form.waits.chosen else None,
        missed_on=today if form.state.chosen else None,
        cursor=request.args.get("page"),
    )
    return render(
        "agreements/clocks/index.html",
        fragment="results",
        filters=form,
        narrowed=any(field.data for field in form),
        page=page,
        rows=[(one.agreement, shown(one, one.agreement.provider.name, today)) for one in page.rows],
        for_council=viewer().is_council,
    )


@routes.get("/agreements/<uuid:agreement_id>/contacts")
@requires(Permission.AGREEMENT_READ)
def show(agreement_id: UUID) -> ResponseReturnValue:
    """The deadlines of one agreement, and what was done to meet them."""
    return _page(get_agreement(db(), agreement_id), ContactForm())


@routes.post("/agreements/<uuid:agreement_id>/contacts")
@requires(Permission.DELIVERY_RECORD)
def add(agreement_id: UUID) -> ResponseReturnValue:
    """Record a contact, or show what to change."""
    agreement = get_agreement(db(), agreement_id)
    form = ContactForm()
    if not form.validate_on_submit():
        return _page(agreement, form), 422
    try:
        actions.record_contact(db(), actor(), agreement, form.contact(), at=now())
    except UnfitContact as refused:
        form[refused.field].errors = [refused.sentence]
        return _page(agreement, form), 422
    flash("The contact is recorded.", "success")
    return redirect(url_for(".show", agreement_id=agreement_id), 303)


@routes.get("/contacts/<uuid:contact_id>/withdraw")
@requires(Permission.DELIVERY_RECORD)
def ask_to_withdraw(contact_id: UUID) -> ResponseReturnValue:
    """Ask what is wrong with a contact."""
    return _withdraw_page(queries.get_contact(db(), contact_id), WithdrawForm())


@routes.post("/contacts/<uuid:contact_id>/withdraw")
@requires(Permission.DELIVERY_RECORD)
def withdraw(contact_id: UUID) -> ResponseReturnValue:
    """Withdraw a contact that was recorded wrongly."""
    contact = queries.get_contact(db(), contact_id, held=True)
    form = WithdrawForm()
    if not form.validate_on_submit():
        return _withdraw_page(contact, form), 422
    actions.withdraw_contact(db(), actor(), contact, because=form.because.data or "", at=now())
    flash("The contact is withdrawn. The deadlines are counted without it.", "success")
    return redirect(url_for(".show", agreement_id=contact.agreement_id), 303)


def _page(agreement: Agreement, form: ContactForm) -> Response:
    today = local_date(now())
    contacts = queries.contacts_of(db(), agreement.id) if can(Permission.DELIVERY_READ) else None
    if form.day.typed is None:
        form.day.data = today
    return render(
        "agreements/clocks/show.html",
        agreement=agreement,
        clocks=all_shown(queries.clocks_of(db(), agreement.id), agreement.provider.name, today),
        contacts=contacts,
        kinds=CONTACT_KIND_NAMES,
        ways=HOW_NAMES,
        form=form,
        may_record=can(Permission.DELIVERY_RECORD),
    )


def _withdraw_page(contact: ContactRecord, form: WithdrawForm) -> Response:
    return render(
        "agreements/clocks/withdraw.html",
        contact=contact,
        kinds=CONTACT_KIND_NAMES,
        ways=HOW_NAMES,
        form=form,
    )
