"""A forgotten password, and a lost second factor. A link shows a page; only its form acts."""

from __future__ import annotations

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.identity.passwords import hash_password
from portal.identity.people.forms import ChosenPassword
from portal.identity.people.queries import SIGN_IN
from portal.identity.queries import known_words
from portal.identity.recovery.actions import links
from portal.identity.recovery.forms import ForgottenForm
from portal.identity.recovery.routes.blueprint import routes
from portal.identity.recovery.rules import LinkKind
from portal.kernel.access import public_page
from portal.kernel.clock import now
from portal.kernel.database import working_as
from portal.kernel.fragments import render
from portal.kernel.session import db


@routes.get("/forgotten-password")
@public_page("whoever forgot a password cannot sign in")
def forgotten() -> ResponseReturnValue:
    """Ask whose password was forgotten."""
    return render("identity/recovery/forgotten.html", form=ForgottenForm())


@routes.post("/forgotten-password")
@public_page("whoever forgot a password cannot sign in")
def ask_for_password() -> ResponseReturnValue:
    """Take it in; the answer is the same, and as quick, for everybody."""
    form = ForgottenForm()
    if not form.validate_on_submit():
        return render("identity/recovery/forgotten.html", form=form), 422
    with working_as(db(), SIGN_IN):
        links.ask_for_password(db(), form.email.data, at=now())
    return redirect(url_for(".letter_sent"), 303)


@routes.get("/forgotten-password/sent")
@public_page("whoever forgot a password cannot sign in")
def letter_sent() -> ResponseReturnValue:
    """What happens next."""
    return render("identity/recovery/sent.html")


@routes.get("/new-password/<secret>")
@public_page("whoever forgot a password cannot sign in")
def password_form(secret: str) -> ResponseReturnValue:
    """Ask for the new password."""
    return _ask_password(ChosenPassword(), secret)


@routes.post("/new-password/<secret>")
@public_page("whoever forgot a password cannot sign in")
def set_password(secret: str) -> ResponseReturnValue:
    """Set it, end every sign-in, and go on to sign in."""
    form = ChosenPassword()
    with working_as(db(), SIGN_IN):
        person = links.behind(db(), LinkKind.PASSWORD, secret, at=now()).person
        form.avoiding = known_words(db(), person)
    if not form.validate_on_submit():
        return _ask_password(form, secret), 422
    password_hash = hash_password(form.password.data)
    with working_as(db(), SIGN_IN):
        links.set_password(db(), secret, password_hash=password_hash, at=now())
    flash("Your password was changed. Sign in with the new one.", "success")
    return redirect(url_for("identity.sign_in"), 303)


@routes.get("/new-second-factor/<secret>")
@public_page("whoever lost a second factor cannot sign in")
def factor_form(secret: str) -> ResponseReturnValue:
    """Say what the link will do."""
    with working_as(db(), SIGN_IN):
        links.behind(db(), LinkKind.SECOND_FACTOR, secret, at=now())
    return render("identity/recovery/second_factor.html", secret=secret)


@routes.post("/new-second-factor/<secret>")
@public_page("whoever lost a second factor cannot sign in")
def remove_factors(secret: str) -> ResponseReturnValue:
    """Remove what was lost, end every sign-in, and go on to sign in."""
    with working_as(db(), SIGN_IN):
        links.remove_factors(db(), secret, at=now())
    flash(
        "Your old second factor was removed. Sign in with your password, then set up a new one.",
        "success",
    )
    return redirect(url_for("identity.sign_in"), 303)


def _ask_password(form: ChosenPassword, secret: str) -> Response:
    with working_as(db(), SIGN_IN):
        links.behind(db(), LinkKind.PASSWORD, secret, at=now())
    return render("identity/recovery/new_password.html", form=form, secret=secret)
