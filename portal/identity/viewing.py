"""Whoever makes the request: read once from the cookie, by Flask-Login."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import cast
from uuid import UUID

from flask import Flask, current_app, g, request
from flask import session as cookie
from flask_login import LoginManager, UserMixin, current_user
from sqlalchemy.exc import OperationalError

from portal.audit.actions import Actor
from portal.identity.actions import digest, note_seen
from portal.identity.allowed import permissions_of
from portal.identity.permissions import Permission
from portal.identity.queries import SignedIn, signed_in
from portal.identity.rules import ROLE_NAMES, OrganisationKind, only_assigned
from portal.kernel.clock import now, real_seconds
from portal.kernel.session import SAFE, database, db
from portal.kernel.tenancy import Scope, Task

IDLE = timedelta(minutes=60)
LONGEST = timedelta(hours=12)
HALF = timedelta(minutes=30)  # from the password to the second step, setting one up included
NOTED_EVERY = timedelta(minutes=5)


class Viewer(UserMixin):
    """A signed-in person working as one organisation, as pages and the guard know them."""

    def __init__(self, found: SignedIn) -> None:
        self.found = found
        self.permissions: frozenset[StrEnum] = frozenset(permissions_of(found.roles))

    @property
    def scope(self) -> Scope | None:
        """What this person's session may see; None until an organisation is chosen."""
        if self.found.organisation_id is None:
            return None
        return Scope(
            organisation_id=self.found.organisation_id,
            person_id=self.found.person_id,
            only_assigned=only_assigned(self.found.roles),
        )

    def can(self, permission: StrEnum) -> bool:
        """Whether one of the person's roles permits this."""
        return permission in self.permissions

    @property
    def person_id(self) -> UUID:
        """The person."""
        return self.found.person_id

    @property
    def person_name(self) -> str:
        """The person's name."""
        return self.found.person_name

    @property
    def organisation_id(self) -> UUID:
        """The organisation worked as. Raises ValueError before one is chosen."""
        if self.found.organisation_id is None:
            raise ValueError("no organisation has been chosen")
        return self.found.organisation_id

    @property
    def organisation_name(self) -> str:
        """Its name, empty before one is chosen."""
        return self.found.organisation_name

    @property
    def kind(self) -> OrganisationKind:
        """What the organisation worked as is. Raises ValueError before one is chosen."""
        if self.found.organisation_kind is None:
            raise ValueError("no organisation has been chosen")
        return self.found.organisation_kind

    @property
    def is_council(self) -> bool:
        """Whether the organisation worked as is a council."""
        return self.found.organisation_kind is OrganisationKind.COUNCIL

    @property
    def role_names(self) -> str:
        """The person's roles here, for the header."""
        return ", ".join(sorted(ROLE_NAMES[role].lower() for role in self.found.roles))

    @property
    def several(self) -> bool:
        """Whether the person belongs to more than one organisation."""
        return self.found.memberships > 1


def viewer() -> Viewer:
    """The signed-in person; only pages behind the guard call this."""
    # The person, not the proxy, which looks for them again at every question.
    return cast(Viewer, current_user._get_current_object())  # noqa: SLF001 - as Werkzeug documents


def actor() -> Actor:
    """The same as the one who acts, for the audit record."""
    person = viewer()
    return Actor(person.person_id, person.person_name, person.organisation_id)


def can(permission: Permission) -> bool:
    """Whether the signed-in person may do this."""
    return bool(current_user.is_authenticated) and viewer().can(permission)


def half_signed_in() -> SignedIn | None:
    """Whoever gave the right password and owes a second step; nothing else opens for them."""
    if current_user.is_authenticated:
        return None
    found: SignedIn | None = g.get("half_signed_in")
    return found


def remember(sign_in_id: UUID, secret: str) -> None:
    """Give the browser its cookie, with nothing left of an earlier one.

    The forms of a page that this request still shows get their token from the new cookie.
    """
    cookie.clear()
    g.pop("csrf_token", None)
    moment = real_seconds()
    cookie["sign_in"] = [sign_in_id.hex, secret, moment, moment]


def forget() -> None:
    """Take everything out of the cookie."""
    cookie.clear()


def init_viewing(app: Flask) -> None:
    """Let Flask-Login read the cookie."""
    manager = LoginManager(app)
    manager.session_protection = None
    manager.request_loader(lambda _request: _from_cookie())


def _from_cookie() -> Viewer | None:
    """Idle and absolute ends are counted in real time, whatever the demonstration's clock says."""
    kept = cookie.get("sign_in")
    if not kept:
        return None
    sign_in_id, secret, started, seen = kept
    moment = real_seconds()
    if moment - seen > IDLE.total_seconds() or moment - started > LONGEST.total_seconds():
        return None
    found = signed_in(db(), UUID(sign_in_id), digest(secret))
    if found is None:
        return None
    if found.half:
        g.half_signed_in = found if moment - started <= HALF.total_seconds() else None
        return None
    if moment - seen > 60:
        cookie["sign_in"] = [sign_in_id, secret, started, moment]
    _note_seen(found)
    return Viewer(found)


def _note_seen(found: SignedIn) -> None:
    """Keep now and then that the sign-in is in use; a page is read even where that fails."""
    at = now()
    if found.seen_at is not None and at - found.seen_at < NOTED_EVERY:
        return
    if request.method not in SAFE:
        note_seen(db(), found.sign_in_id, at=at)
        return
    try:
        with database().transaction(Scope.system(Task.SIGN_IN)) as writing:
            note_seen(writing, found.sign_in_id, at=at)
    except OperationalError:
        current_app.logger.warning("when a sign-in was last used could not be kept")
