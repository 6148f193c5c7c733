"""Looking after one's own app, passkeys and recovery codes.

Whatever changes how somebody signs in asks for their password again, and is told by letter.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from portal.identity.factors import actions
from portal.identity.factors.apps import new_app_step, offer_app
from portal.identity.factors.forms import (
    NOT_YOURS,
    REFUSED,
    WRONG_NEW_CODE,
    OwnNewAppForm,
    OwnNewPasskeyForm,
    OwnPassword,
)
from portal.identity.factors.models import Passkey
from portal.identity.factors.passkeys import ask_to_add
from portal.identity.factors.queries import Factors, factors_of, must_have_one
from portal.identity.factors.showing import codes_as_file, show_codes
from portal.identity.factors.taking import take_new_passkey
from portal.identity.models import Person, SignIn
from portal.identity.proving import SIGN_IN, is_own_password
from portal.identity.queries import memberships_of
from portal.identity.sign_ins.letters import tell_of_change
from portal.identity.viewing import viewer
from portal.kernel.access import signed_in
from portal.kernel.clock import now
from portal.kernel.database import working_as
from portal.kernel.errors import DomainError, NotFound
from portal.kernel.fragments import render
from portal.kernel.sealing import BadSeal
from portal.kernel.session import db

routes = Blueprint("factors", __name__, url_prefix="/account")

OWN = "everybody looks after their own second factors"
APP = "the app that shows codes"


class LastFactor(DomainError):
    """The last second factor of somebody whose role needs one."""

    sentence = (
        "Your role needs a second step when you sign in, and this is your only one. "
        "Add another first, then remove this one."
    )


class CodesGone(DomainError):
    """The page that showed the codes is no longer open, or somebody else's."""

    sentence = "These codes can no longer be given as a file. Make new ones."


@routes.get("/app")
@signed_in(OWN)
def app() -> ResponseReturnValue:
    """The app that shows codes: set it up, or replace it."""
    return _app_page(OwnNewAppForm(), now())


@routes.post("/app")
@signed_in(OWN)
def add_app() -> ResponseReturnValue:
    """Keep a new app once it has shown a right code; an earlier one counts no longer."""
    form, at, person_id = OwnNewAppForm(), now(), viewer().person_id
    if not form.validate_on_submit():
        return _app_page(form, at), 422
    step = new_app_step(person_id, form.sealed.data, form.code.data, at=at)
    if step is None:
        form.code.errors = [WRONG_NEW_CODE]
        return _app_page(form, at), 422
    if not _is_proved(form, at):
        return _app_page(form, at), 422
    with working_as(db(), SIGN_IN):
        person = db().get_one(Person, person_id)
        first = not factors_of(db(), person_id).any
        actions.add_app(db(), person, sealed_secret=form.sealed.data, step=step, at=at)
        tell_of_change(db(), person, "an app that shows codes was added to your account", at=at)
        _confirm(at)
    flash("Your app was added. It is asked for when you sign in.", "success")
    return redirect(url_for(".recovery_codes" if first else "account.show"), 303)


@routes.get("/app/remove")
@signed_in(OWN)
def ask_to_remove_app() -> ResponseReturnValue:
    """Ask for the password before the app goes."""
    return _removal_page(OwnPassword(), APP, url_for(".app"))


@routes.post("/app/remove")
@signed_in(OWN)
def remove_app() -> ResponseReturnValue:
    """Let the app go, unless it is the last factor of somebody who needs one."""
    form, at, person_id = OwnPassword(), now(), viewer().person_id
    if not _is_proved(form, at):
        return _removal_page(form, APP, url_for(".app")), 422
    with working_as(db(), SIGN_IN):
        factors = factors_of(db(), person_id)
        if factors.app is None:
            raise NotFound
        _refuse_last(factors)
        person = db().get_one(Person, person_id)
        actions.remove_app(db(), person, at=at)
        tell_of_change(db(), person, "the app that shows codes was removed", at=at)
    flash("Your app was removed.", "success")
    return redirect(url_for("account.show"), 303)


@routes.get("/passkeys")
@signed_in(OWN)
def passkeys() -> ResponseReturnValue:
    """One's passkeys, and the way to add another."""
    return _passkeys_page(OwnNewPasskeyForm(), now())


@routes.post("/passkeys")
@signed_in(OWN)
def add_passkey() -> ResponseReturnValue:
    """Keep a passkey that the browser has just made."""
    form, at, person_id = OwnNewPasskeyForm(), now(), viewer().person_id
    if not form.validate_on_submit():
        if form.token.errors or form.credential.errors:
            form.form_errors = [REFUSED]
        return _passkeys_page(form, at), 422
    if not _is_proved(form, at):
        return _passkeys_page(form, at), 422
    with working_as(db(), SIGN_IN):
        person = db().get_one(Person, person_id)
        first = not factors_of(db(), person_id).any
        added = take_new_passkey(db(), person, form, at=at)
        if added is not None:
            actions.add_passkey(db(), person, added, at=at)
            tell_of_change(db(), person, "a passkey was added to your account", at=at)
            _confirm(at)
    if added is None:
        form.form_errors = [REFUSED]
        return _passkeys_page(form, at), 422
    flash(f"The passkey “{added.name}” was added.", "success")
    return redirect(url_for(".recovery_codes" if first else ".passkeys"), 303)


@routes.get("/passkeys/<uuid:passkey_id>/remove")
@signed_in(OWN)
def ask_to_remove_passkey(passkey_id: UUID) -> ResponseReturnValue:
    """Ask for the password before a passkey goes."""
    passkey = _own_passkey(passkey_id)
    return _removal_page(OwnPassword(), _named(passkey), url_for(".passkeys"))


@routes.post("/passkeys/<uuid:passkey_id>/remove")
@signed_in(OWN)
def remove_passkey(passkey_id: UUID) -> ResponseReturnValue:
    """Let a passkey go, unless it is the last factor of somebody who needs one."""
    form, at, name = OwnPassword(), now(), _named(_own_passkey(passkey_id))
    if not _is_proved(form, at):
        return _removal_page(form, name, url_for(".passkeys")), 422
    with working_as(db(), SIGN_IN):
        person = db().get_one(Person, viewer().person_id)
        _refuse_last(factors_of(db(), person.id))
        actions.remove_passkey(db(), person, _own_passkey(passkey_id), at=at)
        tell_of_change(db(), person, f"{name} was removed", at=at)
    flash(f"{name[:1].upper()}{name[1:]} was removed.", "success")
    return redirect(url_for(".passkeys"), 303)


@routes.get("/recovery-codes")
@signed_in(OWN)
def recovery_codes() -> ResponseReturnValue:
    """How many recovery codes are left, and the way to ten new ones."""
    return _codes_page(OwnPassword())


@routes.post("/recovery-codes")
@signed_in(OWN)
def make_recovery_codes() -> ResponseReturnValue:
    """Ten new codes, shown this once."""
    form, at, person_id = OwnPassword(), now(), viewer().person_id
    if not _is_proved(form, at):
        return _codes_page(form), 422
    with working_as(db(), SIGN_IN):
        person = db().get_one(Person, person_id)
        codes = actions.make_recovery_codes(db(), person, at=at)
        tell_of_change(db(), person, "ten new recovery codes were made for you", at=at)
    return show_codes(person_id, codes, onward=url_for("account.show"))


@routes.post("/recovery-codes/download")
@signed_in(OWN)
def download() -> ResponseReturnValue:
    """The codes that the page before shows, as a file."""
    try:
        return codes_as_file(viewer().person_id, request.form.get("sealed", ""))
    except BadSeal as error:
        raise CodesGone from error


def _confirm(at: datetime) -> None:
    """Whoever has just proved a new factor owes no second step in this browser."""
    started = db().get_one(SignIn, viewer().found.sign_in_id)
    started.confirmed_at = started.confirmed_at or at


def _own_passkey(passkey_id: UUID) -> Passkey:
    """One of one's own passkeys. Raises NotFound."""
    with working_as(db(), SIGN_IN):
        for passkey in factors_of(db(), viewer().person_id).passkeys:
            if passkey.id == passkey_id:
                return passkey
    raise NotFound


def _named(passkey: Passkey) -> str:
    return f"the passkey “{passkey.name}”"


def _is_proved(form: OwnPassword, at: datetime) -> bool:
    """Whether the form gives the person's own password; what is wrong stands at the field."""
    if not form.validate_on_submit():
        return False
    if is_own_password(viewer().person_id, form.password.data, at=at):
        return True
    form.password.errors = [NOT_YOURS]
    return False


def _refuse_last(factors: Factors) -> None:
    """Raises LastFactor; works as the sign-in."""
    memberships = memberships_of(db(), viewer().person_id)
    if factors.count == 1 and must_have_one(db(), memberships):
        raise LastFactor


def _removal_page(form: OwnPassword, what: str, back: str) -> Response:
    return render("identity/factors/remove.html", form=form, what=what, back=back)


def _app_page(form: OwnNewAppForm, at: datetime) -> Response:
    with working_as(db(), SIGN_IN):
        person = db().get_one(Person, viewer().person_id)
        factors = factors_of(db(), person.id)
    return render(
        "identity/factors/app.html",
        form=form,
        app=offer_app(person, form.sealed.data or "", at=at),
        kept=factors.app,
    )


def _passkeys_page(form: OwnNewPasskeyForm, at: datetime) -> Response:
    with working_as(db(), SIGN_IN):
        person = db().get_one(Person, viewer().person_id)
        factors = factors_of(db(), person.id)
    return render(
        "identity/factors/passkeys.html",
        form=form,
        passkeys=factors.passkeys,
        passkey=ask_to_add(person, factors.passkeys, at=at),
    )


def _codes_page(form: OwnPassword) -> Response:
    with working_as(db(), SIGN_IN):
        factors = factors_of(db(), viewer().person_id)
    return render(
        "identity/factors/recovery_codes.html",
        form=form,
        left=factors.codes_left,
        has_factor=factors.any,
    )
