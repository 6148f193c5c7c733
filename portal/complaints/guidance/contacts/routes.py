"""Keeping the contacts on a council's pages for young people right."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.complaints.guidance import queries
from portal.complaints.guidance.contacts import actions
from portal.complaints.guidance.contacts.forms import ContactForm, ExitForm
from portal.complaints.guidance.rules import (
    KIND_NAMES,
    ContactDetails,
    check_again_on,
    slug,
)
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, viewer
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.errors import NotFound, Stale
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("contacts", __name__, url_prefix="/complaints/contacts")


@routes.get("")
@requires(Permission.CONTACT_KEEP)
def index() -> ResponseReturnValue:
    """Everybody on the pages, those to check first."""
    found = queries.contacts(db(), viewer().organisation_id, _today())
    own = queries.council_of(db(), viewer().organisation_id)
    return render(
        "complaints/guidance/contacts/index.html",
        shown=sorted((one for one in found if one.shown), key=lambda one: one.checked_on),
        hidden=[one for one in found if not one.shown],
        today=_today(),
        kind_names=KIND_NAMES,
        check_again_on=check_again_on,
        council=own,
    )


@routes.get("/add")
@requires(Permission.CONTACT_KEEP)
def add_form() -> ResponseReturnValue:
    """Ask for a new contact."""
    return _ask(ContactForm(shown=True, starts_on=_today(), seen=""), None)


@routes.post("/add")
@requires(Permission.CONTACT_KEEP)
def add() -> ResponseReturnValue:
    """Publish a new contact, or show what to change."""
    form = ContactForm()
    if not form.validate_on_submit():
        return _ask(form, None), 422
    code = slug(form.name.data or "")
    if any(one.code == code for one in _every()):
        form.name.errors = ["There is a contact with this name. Change that one instead"]
        return _ask(form, None), 422
    actions.publish_contact(
        db(), actor(), viewer().organisation_id, _read(form, code), seen="", at=now()
    )
    flash(f"{form.name.data} is published.", "success")
    return redirect(url_for(".index"), 303)


@routes.get("/exit-address")
@requires(Permission.CONTACT_KEEP)
def exit_form() -> ResponseReturnValue:
    """Ask where "Exit this page" leads."""
    own = queries.council_of(db(), viewer().organisation_id)
    return render("complaints/guidance/contacts/exit.html", form=ExitForm(address=own.exit_address))


@routes.post("/exit-address")
@requires(Permission.CONTACT_KEEP)
def set_exit() -> ResponseReturnValue:
    """Set it, or show what to change."""
    form = ExitForm()
    if not form.validate_on_submit():
        return render("complaints/guidance/contacts/exit.html", form=form), 422
    actions.set_exit_address(
        db(), actor(), viewer().organisation_id, form.address.data or "", at=now()
    )
    flash('"Exit this page" now leads there.', "success")
    return redirect(url_for(".index"), 303)


@routes.get("/<contact_code>")
@requires(Permission.CONTACT_KEEP)
def show(contact_code: str) -> ResponseReturnValue:
    """A contact to change, with its history."""
    own = _get(contact_code)
    form = ContactForm(
        kind=own.kind.value,
        name=own.name,
        phone=own.phone,
        text_number=own.text_number,
        web=own.web,
        hours=own.hours,
        starts_on=_today(),
        shown=own.shown,
        seen=actions.last_recorded(db(), viewer().organisation_id, contact_code),
    )
    return _ask(form, own)


@routes.post("/<contact_code>")
@requires(Permission.CONTACT_KEEP)
def change(contact_code: str) -> ResponseReturnValue:
    """Publish a change from its day on; a stale form keeps what was typed."""
    own, council_id = _get(contact_code), viewer().organisation_id
    form = ContactForm()
    if not form.validate_on_submit():
        return _ask(form, own), 422
    try:
        actions.publish_contact(
            db(),
            actor(),
            council_id,
            _read(form, contact_code),
            seen=form.seen.data or "",
            at=now(),
        )
    except Stale:
        form.seen.data = actions.last_recorded(db(), council_id, contact_code)
        form.seen.raw_data = None
        changed = "Somebody else changed this meanwhile: see the history. Then send yours again"
        form.name.errors = [changed]
        return _ask(form, own), 409
    flash(f"{form.name.data} is published as you changed it.", "success")
    return redirect(url_for(".index"), 303)


@routes.post("/<contact_code>/confirm")
@requires(Permission.CONTACT_KEEP)
def confirm(contact_code: str) -> ResponseReturnValue:
    """Say that a contact is still right."""
    own = _get(contact_code)
    actions.confirm_contact(db(), actor(), viewer().organisation_id, contact_code, at=now())
    flash(f"{own.name} is marked as checked today.", "success")
    return redirect(url_for(".index"), 303)


def _ask(form: ContactForm, own: ContactDetails | None) -> Response:
    history = queries.contact_rows(db(), viewer().organisation_id, own.code) if own else ()
    return render(
        "complaints/guidance/contacts/show.html", form=form, contact=own, history=history[::-1]
    )


def _read(form: ContactForm, code: str) -> ContactDetails:
    return ContactDetails(
        code=code,
        kind=form.chosen,
        name=form.name.data or "",
        phone=form.phone.data or "",
        text_number=form.text_number.data or "",
        web=form.web.data or "",
        hours=form.hours.data or "",
        starts_on=form.starts_on.data or _today(),
        checked_on=_today(),
        shown=bool(form.shown.data),
    )


def _every() -> list[ContactDetails]:
    return queries.contacts(db(), viewer().organisation_id, date.max)


def _get(code: str) -> ContactDetails:
    for one in _every():
        if one.code == code:
            return one
    raise NotFound


def _today() -> date:
    return local_date(now())
