"""Registering a provider: what it is, the letter, and the link in it."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.identity.passwords import hash_password
from portal.identity.people.forms import ChosenPassword
from portal.identity.people.queries import SIGN_IN, person_with
from portal.identity.registration import actions
from portal.identity.registration.forms import RegisterForm
from portal.identity.viewing import viewer
from portal.kernel.access import public_page, signed_in
from portal.kernel.clock import now
from portal.kernel.database import working_as
from portal.kernel.errors import DomainError
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("registration", __name__, url_prefix="/register")


@routes.get("")
@public_page("a new provider has no account yet")
def form() -> ResponseReturnValue:
    """Ask what the organisation is, and who registers it."""
    return render("identity/registration/form.html", form=RegisterForm())


@routes.post("")
@public_page("a new provider has no account yet")
def register() -> ResponseReturnValue:
    """Send the letter; the answer is the same whoever is registered already."""
    form = RegisterForm()
    if not form.validate_on_submit():
        return render("identity/registration/form.html", form=form), 422
    with working_as(db(), SIGN_IN):
        actions.register(db(), form.details(), at=now())
    return redirect(url_for(".sent"), 303)


@routes.get("/sent")
@public_page("a new provider has no account yet")
def sent() -> ResponseReturnValue:
    """What happens next."""
    return render("identity/registration/sent.html")


@routes.get("/<secret>")
@public_page("whoever registers may have no account yet")
def confirmation(secret: str) -> ResponseReturnValue:
    """What will be registered, and how to confirm: with a new account, or by signing in."""
    return _show(secret, ChosenPassword())


@routes.post("/<secret>/new")
@public_page("whoever registers may have no account yet")
def confirm_as_new(secret: str) -> ResponseReturnValue:
    """Make the provider and the account, and go on to sign in with it."""
    form = ChosenPassword()
    with working_as(db(), SIGN_IN):
        found = actions.behind(db(), secret, at=now())
        form.avoiding = (found.person_name, found.email, found.name)
    if not form.validate_on_submit():
        return _show(secret, form), 422
    password_hash = hash_password(form.password.data)
    try:
        with working_as(db(), SIGN_IN):
            made = actions.confirm_as_new(db(), secret, password_hash=password_hash, at=now())
    except (actions.HasAccount, actions.RegisteredAlready) as refused:
        db().rollback()
        return _show(secret, form, problem=refused), refused.status
    flash(f"{made.name} is registered. Sign in with your new password.", "success")
    return redirect(url_for("identity.sign_in"), 303)


@routes.post("/<secret>")
@signed_in("whoever has an account confirms with it")
def confirm(secret: str) -> ResponseReturnValue:
    """Make the provider with the account that is signed in."""
    try:
        with working_as(db(), SIGN_IN):
            made = actions.confirm(db(), secret, viewer().person_id, at=now())
    except (actions.ForSomebodyElse, actions.RegisteredAlready) as refused:
        db().rollback()
        return _show(secret, ChosenPassword(), problem=refused), refused.status
    flash(f"{made.name} is registered.", "success")
    return redirect(url_for("identity.choose"), 303)


def _show(secret: str, form: ChosenPassword, *, problem: DomainError | None = None) -> Response:
    with working_as(db(), SIGN_IN):
        found = actions.behind(db(), secret, at=now())
        person = person_with(db(), found.email)
        taken = actions.is_registered(db(), found.name)
    signed_in_as = viewer().person_id if current_user.is_authenticated else None
    if problem is None and taken:
        problem = actions.RegisteredAlready()
    return render(
        "identity/registration/confirm.html",
        form=form,
        registration=found,
        secret=secret,
        problem=problem,
        taken=taken,
        has_account=person is not None,
        is_signed_in=signed_in_as is not None,
        is_own=person is not None and person.id == signed_in_as,
    )
