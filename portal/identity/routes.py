"""Signing in, signing out, choosing the organisation to work as."""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.identity import actions, queries
from portal.identity.forms import SignInForm
from portal.identity.models import Person, SignIn
from portal.identity.passwords import matches
from portal.identity.viewing import forget, remember, viewer
from portal.kernel.access import public_page, signed_in
from portal.kernel.clock import now
from portal.kernel.database import enter
from portal.kernel.errors import NotFound
from portal.kernel.fragments import render
from portal.kernel.session import database, db
from portal.kernel.tenancy import Scope, Task

routes = Blueprint("identity", __name__)

WRONG = "The email address or the password is wrong. Check both and try again."
SIGN_IN = Scope.system(Task.SIGN_IN)


@routes.get("/sign-in")
@public_page("nobody is signed in yet")
def sign_in() -> ResponseReturnValue:
    """Ask who comes."""
    if current_user.is_authenticated:
        return redirect(url_for("home.show"))
    return render("identity/sign_in.html", form=SignInForm(), next=_local(request.args.get("next")))


@routes.post("/sign-in")
@public_page("nobody is signed in yet")
def start() -> ResponseReturnValue:
    """Let the person in, or say the same thing whatever was wrong.

    The slow comparison is made before anything is written, and after what the request has begun
    is let go, so that it holds up no other writer.
    """
    form, at = SignInForm(), now()
    db().rollback()
    wanted = _local(request.form.get("next"))
    if not form.validate_on_submit():
        return render("identity/sign_in.html", form=form, next=wanted), 422
    with database().session(SIGN_IN) as reading:
        known = queries.credential_of(reading, form.email.data)
        locked = known is not None and (known[1].locked_until or at) > at
        right = matches(known[1].password_hash if known else None, form.password.data)
    if known is None or locked or not right:
        if known is not None and not locked:
            with database().transaction(SIGN_IN) as writing:
                found = queries.credential_of(writing, form.email.data)
                if found is not None:
                    actions.note_failure(writing, *found, at=at)
        form.form_errors = [WRONG]
        return render("identity/sign_in.html", form=form, next=wanted), 422
    enter(db(), SIGN_IN)
    found = queries.credential_of(db(), form.email.data)
    if found is None:
        raise NotFound
    person, credential = found
    memberships = queries.memberships_of(db(), person.id)
    started, secret = actions.sign_in(db(), person, credential, memberships, at=at)
    db().flush()
    remember(started.id, secret)
    if started.membership_id is None:
        return redirect(url_for(".choose"), 303)
    return redirect(wanted or url_for("home.show"), 303)


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
    return render(
        "identity/choose.html",
        memberships=queries.memberships_of(db(), viewer().person_id),
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


def _local(wanted: str | None) -> str:
    """The page to go on to, if it is one of ours; empty otherwise."""
    if not wanted:
        return ""
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return ""
    local = not parts.scheme and not parts.netloc and wanted.startswith("/")
    return wanted if local and not wanted.startswith(("//", "/\\")) else ""
