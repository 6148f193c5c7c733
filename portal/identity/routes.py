"""Signing in, signing out, choosing the organisation to work as."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.identity import actions, queries
from portal.identity.coming_in import let_in, let_in_by_password, local
from portal.identity.factors.forms import REFUSED, PasskeyForm
from portal.identity.factors.passkeys import Purpose, ask_to_use
from portal.identity.factors.queries import factors_of
from portal.identity.factors.rules import Method
from portal.identity.factors.taking import take_passkey
from portal.identity.forms import SignInForm
from portal.identity.models import Person, SignIn
from portal.identity.passwords import hash_password, is_outdated, matches
from portal.identity.people.words import name_roles
from portal.identity.proving import SIGN_IN, count_failure
from portal.identity.sign_ins.browsers import this_browser
from portal.identity.viewing import forget, half_signed_in, viewer
from portal.kernel.access import public_page, signed_in
from portal.kernel.clock import now
from portal.kernel.database import enter
from portal.kernel.errors import NotFound
from portal.kernel.fragments import render
from portal.kernel.session import database, db

routes = Blueprint("identity", __name__)

WRONG = "The email address or the password is wrong. Check both and try again."


@routes.get("/sign-in")
@public_page("nobody is signed in yet")
def sign_in() -> ResponseReturnValue:
    """Ask who comes; on to the second step for somebody who gave the password already."""
    if current_user.is_authenticated:
        return redirect(url_for("home.show"))
    wanted = local(request.args.get("next"))
    if (half := half_signed_in()) is not None:
        enter(db(), SIGN_IN)
        step = "ask" if factors_of(db(), half.person_id).any else "offer"
        return redirect(url_for(f"second_step.{step}", next=wanted or None))
    return _ask(SignInForm(), wanted, now())


@routes.post("/sign-in")
@public_page("nobody is signed in yet")
def start() -> ResponseReturnValue:
    """Let the person in, or say the same thing whatever was wrong.

    The slow comparison is made before anything is written, and after what the request has begun
    is let go, so that it holds up no other writer.
    """
    form, at = SignInForm(), now()
    db().rollback()
    wanted = local(request.form.get("next"))
    if not form.validate_on_submit():
        return _ask(form, wanted, at), 422
    with database().session(SIGN_IN) as reading:
        known = queries.credential_of(reading, form.email.data)
        kept = known[1].password_hash if known else None
        locked = known is not None and actions.is_locked(known[1], at=at)
    right = matches(kept, form.password.data)
    better = hash_password(form.password.data) if right and kept and is_outdated(kept) else kept
    if known is None or locked or not right:
        if known is not None and not locked:
            count_failure(known[0].id, at=at)
        form.form_errors = [WRONG]
        return _ask(form, wanted, at), 422
    enter(db(), SIGN_IN)
    found = queries.held_credential(db(), known[0].id)
    if found is None or actions.is_locked(found[1], at=at) or found[1].password_hash != kept:
        form.form_errors = [WRONG]
        return _ask(form, wanted, at), 422
    person, credential = found
    credential.password_hash = better or credential.password_hash
    memberships = queries.memberships_of(db(), person.id)
    return let_in_by_password(person, credential, memberships, wanted=wanted, at=at)


@routes.post("/sign-in/passkey")
@public_page("nobody is signed in yet")
def start_with_passkey() -> ResponseReturnValue:
    """Let somebody in by a passkey alone, which has made sure of its holder itself."""
    form, at = PasskeyForm(), now()
    db().rollback()
    wanted = local(request.form.get("next"))
    person_id = None
    if form.validate_on_submit():
        person_id = take_passkey(
            Purpose.SIGN_IN, None, form.token.data, form.credential.data, at=at
        )
    if person_id is None:
        plain = SignInForm(formdata=None)
        plain.form_errors = [REFUSED]
        return _ask(plain, wanted, at), 422
    enter(db(), SIGN_IN)
    found = queries.held_credential(db(), person_id)
    person = db().get_one(Person, person_id)
    memberships = queries.memberships_of(db(), person_id)
    started, _ = actions.begin_sign_in(
        db(), person, memberships, owes_second_step=False, browser=this_browser(), at=at
    )
    credential = found[1] if found else None
    return let_in(started, person, credential, Method.PASSKEY, wanted=wanted, at=at)


@routes.post("/sign-out")
@signed_in("everybody may leave")
def sign_out() -> ResponseReturnValue:
    """End this browser's sign-in."""
    person_id, sign_in_id = viewer().person_id, viewer().found.sign_in_id
    enter(db(), SIGN_IN)
    started, person = db().get_one(SignIn, sign_in_id), db().get_one(Person, person_id)
    actions.sign_out(db(), started, person, at=now())
    forget()
    return redirect(url_for(".sign_in"), 303)


@routes.get("/organisations")
@signed_in("everybody chooses among their own organisations")
def choose() -> ResponseReturnValue:
    """Ask which organisation to work as."""
    enter(db(), SIGN_IN)
    memberships = queries.memberships_of(db(), viewer().person_id)
    return render(
        "identity/choose.html",
        memberships=memberships,
        roles={
            membership.id: [
                name.lower() for name in name_roles(held.role for held in membership.roles)
            ]
            for membership in memberships
        },
    )


@routes.post("/organisations/<uuid:membership_id>")
@signed_in("everybody chooses among their own organisations")
def work_as(membership_id: UUID) -> ResponseReturnValue:
    """Work as one of one's own organisations."""
    person_id, sign_in_id = viewer().person_id, viewer().found.sign_in_id
    enter(db(), SIGN_IN)
    memberships = queries.memberships_of(db(), person_id)
    chosen = next((m for m in memberships if m.id == membership_id), None)
    if chosen is None:
        raise NotFound
    started, person = db().get_one(SignIn, sign_in_id), db().get_one(Person, person_id)
    actions.choose_organisation(db(), started, person, chosen, at=now())
    flash(f"You are now working as {chosen.organisation.name}.", "success")
    return redirect(url_for("home.show"), 303)


def _ask(form: SignInForm, wanted: str, at: datetime) -> Response:
    return render(
        "identity/sign_in.html",
        form=form,
        next=wanted,
        passkey=ask_to_use(Purpose.SIGN_IN, None, [], at=at),
    )
