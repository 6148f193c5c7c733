"""The step after the password: giving a code or a passkey, or setting the first one up.

Whoever is here gave the right password. The guard knows them as nobody, so these pages are all
that answers; each works as the sign-in, for that one person.
"""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from portal.identity.actions import Event, is_locked, sign_out
from portal.identity.coming_in import finish, let_in, local, onward
from portal.identity.factors import actions
from portal.identity.factors.apps import (
    code_in_demonstration,
    new_app_step,
    offer_app,
    step_typed,
)
from portal.identity.factors.forms import (
    REFUSED,
    WRONG_CODE,
    WRONG_NEW_CODE,
    CodeForm,
    NewAppForm,
    NewPasskeyForm,
    PasskeyForm,
)
from portal.identity.factors.passkeys import Purpose, ask_to_add, ask_to_use
from portal.identity.factors.queries import factors_of, unused_recovery_code
from portal.identity.factors.rules import Method, read_recovery_code
from portal.identity.factors.showing import show_codes
from portal.identity.factors.taking import take_new_passkey, take_passkey
from portal.identity.models import Credential, Person, SignIn
from portal.identity.passwords import matches
from portal.identity.proving import SIGN_IN, count_failure
from portal.identity.queries import SignedIn, held_credential
from portal.identity.sign_ins.letters import tell_of_change
from portal.identity.viewing import forget, half_signed_in
from portal.kernel.access import public_page
from portal.kernel.clock import now
from portal.kernel.database import enter
from portal.kernel.fragments import render
from portal.kernel.session import database, db

routes = Blueprint("second_step", __name__, url_prefix="/sign-in")

LOCKED = "There were ten wrong passwords or codes, so nobody can sign in as you for 15 minutes."


@routes.get("/code")
@public_page("the password was given, and nobody is signed in yet")
def ask() -> ResponseReturnValue:
    """Ask for the second step."""
    half = half_signed_in()
    if half is None:
        return _away()
    return _ask(half, CodeForm(), now())


@routes.post("/code")
@public_page("the password was given, and nobody is signed in yet")
def answer() -> ResponseReturnValue:
    """Let the person in for a code from their app, or a recovery code, that was not used yet."""
    half, form, at = half_signed_in(), CodeForm(), now()
    if half is None:
        return _away()
    db().rollback()
    if not form.validate_on_submit():
        return _ask(half, form, at), 422
    method = _take_code(half, form.code.data, at)
    if method is None:
        if count_failure(half.person_id, Event.SECOND_STEP_FAILED, at=at):
            return _locked_out(half, at)
        form.code.errors = [WRONG_CODE]
        return _ask(half, form, at), 422
    return _let_in(half, method, at)


@routes.post("/code/passkey")
@public_page("the password was given, and nobody is signed in yet")
def answer_with_passkey() -> ResponseReturnValue:
    """Let the person in for one of their passkeys."""
    half, form, at = half_signed_in(), PasskeyForm(), now()
    if half is None:
        return _away()
    db().rollback()
    taken = form.validate_on_submit() and take_passkey(
        Purpose.SECOND_STEP, half.person_id, form.token.data, form.credential.data, at=at
    )
    if not taken:
        if count_failure(half.person_id, Event.SECOND_STEP_FAILED, at=at):
            return _locked_out(half, at)
        plain = CodeForm(formdata=None)
        plain.form_errors = [REFUSED]
        return _ask(half, plain, at), 422
    return _let_in(half, Method.SECOND_PASSKEY, at)


@routes.get("/set-up")
@public_page("the password was given, and nobody is signed in yet")
def offer() -> ResponseReturnValue:
    """Lead somebody who needs a second step and has none through setting one up."""
    half = half_signed_in()
    if half is None:
        return _away()
    return _offer(half, NewAppForm(), now())


@routes.post("/set-up/app")
@public_page("the password was given, and nobody is signed in yet")
def add_app() -> ResponseReturnValue:
    """Keep the first app, and let the person in."""
    half, form, at = half_signed_in(), NewAppForm(), now()
    person = _without_factor(half)
    if half is None or person is None:
        return _away()
    if not form.validate_on_submit():
        return _offer(half, form, at), 422
    step = new_app_step(person.id, form.sealed.data, form.code.data, at=at)
    if step is None:
        form.code.errors = [WRONG_NEW_CODE]
        return _offer(half, form, at), 422
    actions.add_app(db(), person, sealed_secret=form.sealed.data, step=step, at=at)
    tell_of_change(db(), person, "an app that shows codes was added to your account", at=at)
    return _in_with_codes(half, person, Method.CODE, at)


@routes.post("/set-up/passkey")
@public_page("the password was given, and nobody is signed in yet")
def add_passkey() -> ResponseReturnValue:
    """Keep the first passkey, and let the person in."""
    half, form, at = half_signed_in(), NewPasskeyForm(), now()
    person = _without_factor(half)
    if half is None or person is None:
        return _away()
    plain = NewAppForm(formdata=None)
    if not form.validate_on_submit():
        plain.form_errors = list(form.name.errors) or [REFUSED]
        return _offer(half, plain, at), 422
    passkey = take_new_passkey(db(), person, form, at=at)
    if passkey is None:
        plain.form_errors = [REFUSED]
        return _offer(half, plain, at), 422
    actions.add_passkey(db(), person, passkey, at=at)
    tell_of_change(db(), person, "a passkey was added to your account", at=at)
    return _in_with_codes(half, person, Method.SECOND_PASSKEY, at)


@routes.post("/start-again")
@public_page("somebody who gave a password may go back")
def start_again() -> ResponseReturnValue:
    """End the half sign-in, for somebody else at this browser or another way in."""
    half = half_signed_in()
    if half is not None:
        _end(half, now())
    return redirect(url_for("identity.sign_in"), 303)


def _without_factor(half: SignedIn | None) -> Person | None:
    """Whoever sets their first second factor up; from here on as the sign-in."""
    if half is None:
        return None
    enter(db(), SIGN_IN)
    return None if factors_of(db(), half.person_id).any else db().get_one(Person, half.person_id)


def _take_code(half: SignedIn, typed: str, at: datetime) -> Method | None:
    """Use up the code that was typed; None for one that is wrong, used, or locked out."""
    recovery = read_recovery_code(typed)
    with database().session(SIGN_IN) as reading:
        credential = reading.get(Credential, half.person_id)
        if credential is not None and is_locked(credential, at=at):
            return None
        app = factors_of(reading, half.person_id).app
        step = step_typed(app, typed, at=at) if app else None
        number = 0
        if step is None and recovery is not None:
            kept = unused_recovery_code(reading, half.person_id, recovery[0])
            number = recovery[0] if matches(kept.code_hash if kept else None, recovery[1]) else 0
    with database().transaction(SIGN_IN) as writing:
        if step is not None and actions.use_step(writing, half.person_id, step):
            return Method.CODE
        if number:
            person = writing.get_one(Person, half.person_id)
            if actions.use_recovery_code(writing, person, number, at=at):
                return Method.RECOVERY_CODE
    return None


def _let_in(half: SignedIn, method: Method, at: datetime) -> ResponseReturnValue:
    enter(db(), SIGN_IN)
    started, found = db().get_one(SignIn, half.sign_in_id), held_credential(db(), half.person_id)
    person, credential = found or (db().get_one(Person, half.person_id), None)
    return let_in(started, person, credential, method, wanted=_wanted(), at=at)


def _in_with_codes(
    half: SignedIn, person: Person, method: Method, at: datetime
) -> ResponseReturnValue:
    """Somebody who has just set up their first factor is in, and keeps their recovery codes."""
    started, found = db().get_one(SignIn, half.sign_in_id), held_credential(db(), person.id)
    codes = actions.make_recovery_codes(db(), person, at=at)
    finish(started, person, found[1] if found else None, method, at=at)
    return show_codes(person.id, codes, onward=onward(started, _wanted()))


def _locked_out(half: SignedIn, at: datetime) -> ResponseReturnValue:
    _end(half, at)
    flash(LOCKED)
    return redirect(url_for("identity.sign_in"), 303)


def _end(half: SignedIn, at: datetime) -> None:
    enter(db(), SIGN_IN)
    started = db().get_one(SignIn, half.sign_in_id)
    sign_out(db(), started, db().get_one(Person, half.person_id), at=at)
    forget()


def _ask(half: SignedIn, form: CodeForm, at: datetime) -> Response:
    enter(db(), SIGN_IN)
    factors = factors_of(db(), half.person_id)
    if not factors.any:
        return redirect(url_for(".offer", next=_wanted() or None), 303)
    return render(
        "identity/factors/second_step.html",
        form=form,
        has_app=factors.app is not None,
        has_recovery_codes=factors.codes_left > 0,
        passkey=ask_to_use(Purpose.SECOND_STEP, half.person_id, factors.passkeys, at=at),
        demonstration_code=code_in_demonstration(factors.app, at=at),
        next=_wanted(),
    )


def _offer(half: SignedIn, form: NewAppForm, at: datetime) -> Response:
    enter(db(), SIGN_IN)
    person = db().get_one(Person, half.person_id)
    if factors_of(db(), person.id).any:
        return redirect(url_for(".ask", next=_wanted() or None), 303)
    return render(
        "identity/factors/set_up.html",
        form=form,
        app=offer_app(person, form.sealed.data or "", at=at),
        passkey=ask_to_add(person, [], at=at),
        new_passkey=NewPasskeyForm(formdata=None),
        next=_wanted(),
    )


def _away() -> ResponseReturnValue:
    """Nobody who owes a second step is here: the sign-in page knows what to do."""
    return redirect(url_for("identity.sign_in"), 303)


def _wanted() -> str:
    return local(request.values.get("next"))
