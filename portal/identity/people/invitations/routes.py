"""Where an invitation's link leads, and asking to be invited; nobody need be signed in."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.identity.passwords import hash_password
from portal.identity.people.actions.membership import RolesRefused
from portal.identity.people.invitations.actions import accepting, joining
from portal.identity.people.invitations.forms import AskForm, NewAccountForm
from portal.identity.people.queries import SIGN_IN, person_with
from portal.identity.people.words import name_roles, what_may
from portal.identity.rules import ROLE_NAMES, Role
from portal.identity.viewing import viewer
from portal.kernel.access import public_page, signed_in
from portal.kernel.clock import now
from portal.kernel.database import working_as
from portal.kernel.errors import DomainError
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("joining", __name__)


@routes.get("/invitations/<secret>")
@public_page("whoever was invited may have no account yet")
def invitation(secret: str) -> ResponseReturnValue:
    """Who invites to what, and how to accept: with a new account, or by signing in."""
    return _show(secret, NewAccountForm())


@routes.post("/invitations/<secret>/new")
@public_page("whoever was invited may have no account yet")
def accept_as_new(secret: str) -> ResponseReturnValue:
    """Make the account, and go on to sign in with it."""
    form = NewAccountForm()
    with working_as(db(), SIGN_IN):
        invited = accepting.behind(db(), secret, at=now())
        form.avoiding = (
            invited.name,
            form.name.data or "",
            invited.email,
            invited.organisation.name,
        )
    if not form.validate_on_submit():
        return _show(secret, form), 422
    password_hash = hash_password(form.password.data)
    try:
        with working_as(db(), SIGN_IN):
            member = accepting.join_as_new(
                db(), secret, name=form.name.data, password_hash=password_hash, at=now()
            )
            organisation = member.organisation.name
    except (accepting.HasAccount, RolesRefused) as refused:
        form.form_errors = [refused.sentence]
        return _show(secret, form), refused.status
    flash(f"Your account for {organisation} is ready. Sign in with your new password.", "success")
    return redirect(url_for("identity.sign_in"), 303)


@routes.post("/invitations/<secret>")
@signed_in("whoever has an account accepts with it")
def accept(secret: str) -> ResponseReturnValue:
    """Join with the account that is signed in, and choose the organisation to work as."""
    try:
        with working_as(db(), SIGN_IN):
            member = accepting.join(db(), secret, viewer().person_id, at=now())
            organisation = member.organisation.name
    except (accepting.ForSomebodyElse, RolesRefused) as refused:
        return _show(secret, NewAccountForm(), problem=refused), refused.status
    flash(f"You have joined {organisation}.", "success")
    return redirect(url_for("identity.choose"), 303)


@routes.get("/join")
@public_page("whoever asks to join has no account yet")
def ask_form() -> ResponseReturnValue:
    """Ask who wants to join which organisation."""
    return render("identity/people/invitations/ask.html", form=AskForm())


@routes.post("/join")
@public_page("whoever asks to join has no account yet")
def ask() -> ResponseReturnValue:
    """Take the request; the answer is the same whether or not there is such an organisation."""
    form = AskForm()
    if not form.validate_on_submit():
        return render("identity/people/invitations/ask.html", form=form), 422
    with working_as(db(), SIGN_IN):
        joining.ask(
            db(),
            name=form.name.data,
            email=form.email.data,
            organisation=form.organisation.data,
            at=now(),
        )
    return redirect(url_for(".asked"), 303)


@routes.get("/join/asked")
@public_page("whoever asks to join has no account yet")
def asked() -> ResponseReturnValue:
    """What happens next."""
    return render("identity/people/invitations/asked.html")


def _show(secret: str, form: NewAccountForm, *, problem: DomainError | None = None) -> Response:
    with working_as(db(), SIGN_IN):
        found = accepting.behind(db(), secret, at=now())
        person = person_with(db(), found.email)
    roles = [(ROLE_NAMES[role], what_may(role)) for role in Role if role.value in found.roles]
    signed_in_as = viewer().person_id if current_user.is_authenticated else None
    if not form.name.data:
        form.name.data = found.name
    return render(
        "identity/people/invitations/show.html",
        form=form,
        invitation=found,
        role_names=name_roles(found.roles),
        roles=roles,
        secret=secret,
        problem=problem,
        has_account=person is not None,
        is_signed_in=signed_in_as is not None,
        is_own=person is not None and person.id == signed_in_as,
    )
