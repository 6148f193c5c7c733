"""One's own name and address."""

from __future__ import annotations

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.audit.actions import Actor
from portal.identity.factors.forms import NOT_YOURS
from portal.identity.models import Person
from portal.identity.people.queries import SIGN_IN
from portal.identity.proving import is_own_password
from portal.identity.recovery.actions import details
from portal.identity.recovery.forms import AddressForm, NameForm
from portal.identity.recovery.queries import open_change
from portal.identity.recovery.routes.blueprint import routes
from portal.identity.viewing import viewer
from portal.kernel.access import signed_in
from portal.kernel.clock import now
from portal.kernel.database import working_as
from portal.kernel.fragments import render
from portal.kernel.session import db


@routes.get("/your-details")
@signed_in("everybody may see and change their own details")
def own_details() -> ResponseReturnValue:
    """One's name and address, and a change that waits to be confirmed."""
    return _show(NameForm(name=viewer().person_name), AddressForm())


@routes.post("/your-details/name")
@signed_in("everybody may see and change their own details")
def save_name() -> ResponseReturnValue:
    """Change one's own name."""
    form = NameForm()
    if not form.validate_on_submit():
        return _show(form, AddressForm(formdata=None)), 422
    with working_as(db(), SIGN_IN):
        details.change_name(db(), _self(), viewer().person_id, name=form.name.data, at=now())
    flash("Your name was changed.", "success")
    return redirect(url_for(".own_details"), 303)


@routes.post("/your-details/address")
@signed_in("everybody may see and change their own details")
def ask_for_address() -> ResponseReturnValue:
    """Write to both addresses, for whoever knows the password too."""
    form = AddressForm()
    name = NameForm(formdata=None, name=viewer().person_name)
    if not form.validate_on_submit():
        return _show(name, form), 422
    if not is_own_password(viewer().person_id, form.present.data, at=now()):
        form.present.errors = [NOT_YOURS]
        return _show(name, form), 422
    try:
        with working_as(db(), SIGN_IN):
            details.ask_for_address(
                db(), _self(), viewer().person_id, email=form.email.data, at=now()
            )
    except details.AddressRefused as refused:
        form.email.errors = [refused.sentence]
        return _show(name, form), 422
    flash(
        f"We wrote to {form.email.data} and to your address now. Open the link in each letter.",
        "success",
    )
    return redirect(url_for(".own_details"), 303)


def _self() -> Actor:
    person = viewer()
    return Actor(person.person_id, person.person_name, person.found.organisation_id)


def _show(name_form: NameForm, address_form: AddressForm) -> Response:
    with working_as(db(), SIGN_IN):
        person = db().get_one(Person, viewer().person_id)
        change = open_change(db(), person.id)
    return render(
        "identity/recovery/details.html",
        person=person,
        change=change,
        name_form=name_form,
        address_form=address_form,
        page_error=bool(name_form.errors or address_form.errors),
    )
