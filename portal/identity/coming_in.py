"""Letting somebody in: from the right password or passkey to the page they wanted.

Every way in ends here: the sign-in page, the second step, a passkey alone, an invitation.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from portal.identity.actions import begin_sign_in, finish_sign_in
from portal.identity.factors.queries import factors_of, must_have_one
from portal.identity.factors.rules import Method
from portal.identity.models import Credential, Membership, Person, SignIn
from portal.identity.sign_ins.browsers import is_known_to, make_known_to, this_browser
from portal.identity.sign_ins.letters import tell_of_new_browser
from portal.identity.viewing import remember
from portal.kernel.session import db


def let_in_by_password(
    person: Person,
    credential: Credential,
    memberships: Sequence[Membership],
    *,
    wanted: str = "",
    at: datetime,
) -> ResponseReturnValue:
    """The password was right: on to the second step, to setting one up, or in.

    The request's session works as the sign-in.
    """
    factors = factors_of(db(), person.id)
    owes = factors.any or must_have_one(db(), memberships)
    started, secret = begin_sign_in(
        db(), person, memberships, owes_second_step=owes, browser=this_browser(), at=at
    )
    if not owes:
        return let_in(started, person, credential, Method.PASSWORD, wanted=wanted, at=at)
    remember(started.id, secret)
    step = "second_step.ask" if factors.any else "second_step.offer"
    return redirect(url_for(step, next=wanted or None), 303)


def let_in(
    started: SignIn,
    person: Person,
    credential: Credential | None,
    method: Method,
    *,
    wanted: str = "",
    at: datetime,
) -> ResponseReturnValue:
    """Everything was given: the browser gets a new secret, and goes where it wanted to."""
    finish(started, person, credential, method, at=at)
    return redirect(onward(started, wanted), 303)


def finish(
    started: SignIn,
    person: Person,
    credential: Credential | None,
    method: Method,
    *,
    at: datetime,
) -> None:
    """The same, for a page that shows something first."""
    secret = finish_sign_in(db(), started, person, credential, method=method, at=at)
    if not is_known_to(person.id):
        tell_of_new_browser(db(), person, started.browser, at=at)
    make_known_to(person.id)
    db().flush()
    remember(started.id, secret)


def onward(started: SignIn, wanted: str) -> str:
    """Where somebody goes who has come in."""
    if started.membership_id is None:
        return url_for("identity.choose")
    return wanted or url_for("home.show")


def local(wanted: str | None) -> str:
    """The page to go on to, if it is one of ours; empty otherwise."""
    if not wanted:
        return ""
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return ""
    is_local = not parts.scheme and not parts.netloc and wanted.startswith("/")
    return wanted if is_local and not wanted.startswith(("//", "/\\")) else ""
