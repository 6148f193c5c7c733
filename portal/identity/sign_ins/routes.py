"""One's own account: how one signs in, from where, and what happened."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.identity.factors.forms import NOT_YOURS
from portal.identity.factors.queries import factors_of, must_have_one
from portal.identity.models import Person
from portal.identity.passwords import hash_password, problem_with
from portal.identity.proving import SIGN_IN, is_own_password
from portal.identity.queries import held_credential, known_words, memberships_of
from portal.identity.sign_ins import actions, queries
from portal.identity.sign_ins.forms import ChangePasswordForm
from portal.identity.sign_ins.letters import tell_of_change
from portal.identity.sign_ins.words import IN_HISTORY
from portal.identity.viewing import IDLE, LONGEST, viewer
from portal.kernel.access import signed_in
from portal.kernel.clock import now
from portal.kernel.database import working_as
from portal.kernel.errors import NotFound
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("account", __name__, url_prefix="/account")

OWN = "everybody looks after their own sign-in"


@routes.get("")
@signed_in(OWN)
def show() -> ResponseReturnValue:
    """How one signs in, and what one can change of it."""
    at, person_id = now(), viewer().person_id
    with working_as(db(), SIGN_IN):
        person = db().get_one(Person, person_id)
        factors = factors_of(db(), person_id)
        needs_one = must_have_one(db(), memberships_of(db(), person_id))
        open_now = queries.open_sign_ins(db(), person_id, idle=IDLE, longest=LONGEST, at=at)
    return render(
        "identity/sign_ins/account.html",
        person=person,
        factors=factors,
        needs_one=needs_one,
        open_now=max(len(open_now), 1),
    )


@routes.get("/password")
@signed_in(OWN)
def password() -> ResponseReturnValue:
    """Ask for the present password and a new one."""
    return render("identity/sign_ins/password.html", form=ChangePasswordForm())


@routes.post("/password")
@signed_in(OWN)
def change_password() -> ResponseReturnValue:
    """Change one's password; every other sign-in ends."""
    form, at, person_id = ChangePasswordForm(), now(), viewer().person_id
    if not form.validate_on_submit():
        return render("identity/sign_ins/password.html", form=form), 422
    if not is_own_password(person_id, form.present.data, at=at):
        form.present.errors = [NOT_YOURS]
        return render("identity/sign_ins/password.html", form=form), 422
    with working_as(db(), SIGN_IN):
        person = db().get_one(Person, person_id)
        known = known_words(db(), person)
    if problem := problem_with(form.new.data, *known):
        form.new.errors = [problem]
        return render("identity/sign_ins/password.html", form=form), 422
    password_hash = hash_password(form.new.data)
    with working_as(db(), SIGN_IN):
        found = held_credential(db(), person_id)
        if found is None:
            raise NotFound
        actions.change_password(db(), *found, password_hash=password_hash, at=at)
        others = queries.others_open(db(), person_id, viewer().found.sign_in_id)
        actions.end_sign_ins(db(), person, others, at=at)
        tell_of_change(db(), person, "your password was changed", at=at)
    flash("Your password was changed. You are signed out everywhere else.", "success")
    return redirect(url_for(".show"), 303)


@routes.get("/sessions")
@signed_in(OWN)
def sessions() -> ResponseReturnValue:
    """Where one is signed in."""
    at = now()
    with working_as(db(), SIGN_IN):
        found = queries.open_sign_ins(db(), viewer().person_id, idle=IDLE, longest=LONGEST, at=at)
    return render(
        "identity/sign_ins/sessions.html", sessions=found, this_one=viewer().found.sign_in_id
    )


@routes.post("/sessions/<uuid:sign_in_id>/end")
@signed_in(OWN)
def end(sign_in_id: UUID) -> ResponseReturnValue:
    """Sign oneself out in another browser."""
    person_id = viewer().person_id
    with working_as(db(), SIGN_IN):
        found = queries.own_sign_in(db(), person_id, sign_in_id)
        actions.end_sign_ins(db(), db().get_one(Person, person_id), [found], at=now())
    flash(f"{found.browser or 'That browser'} was signed out.", "success")
    return redirect(url_for(".sessions"), 303)


@routes.post("/sessions/end-others")
@signed_in(OWN)
def end_others() -> ResponseReturnValue:
    """Sign oneself out everywhere but here."""
    person_id = viewer().person_id
    with working_as(db(), SIGN_IN):
        others = queries.others_open(db(), person_id, viewer().found.sign_in_id)
        actions.end_sign_ins(db(), db().get_one(Person, person_id), others, at=now())
    flash("You are signed out everywhere else.", "success")
    return redirect(url_for(".sessions"), 303)


@routes.get("/history")
@signed_in(OWN)
def history() -> ResponseReturnValue:
    """What happened when one signed in, in the last 90 days."""
    with working_as(db(), SIGN_IN):
        page = queries.history(
            db(), viewer().person_id, IN_HISTORY, cursor=request.args.get("page"), at=now()
        )
    return render("identity/sign_ins/history.html", page=page, words=IN_HISTORY)
