"""The app that shows codes: offering it a secret, and reading what it shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pyotp
from flask import current_app
from markupsafe import Markup

from portal.identity.factors.models import Authenticator
from portal.identity.factors.rules import (
    code_of,
    in_groups,
    next_usable_step,
    spaced,
    step_of,
    step_that_matches,
)
from portal.identity.models import Person
from portal.kernel.sealing import BadSeal, sealing

PURPOSE = "authenticator"  # what the secrets of apps are sealed for
SECRET_CHARACTERS = 32  # 160 bits (RFC 4226, section 4)


@dataclass(frozen=True, slots=True)
class OfferedApp:
    """What the page shows an app that is being set up; the sealed secret comes back with it."""

    sealed: str
    secret: str
    picture: Markup
    shown_in_demonstration: str | None


def offer_app(person: Person, sealed: str, *, at: datetime) -> OfferedApp:
    """A new secret as a picture and in words; the same again where the code was wrong."""
    try:
        secret = sealing(PURPOSE).open(sealed, of=person.id, lasting=False)
    except BadSeal:
        secret = pyotp.random_base32(SECRET_CHARACTERS)
        sealed = sealing(PURPOSE).seal(secret, of=person.id)
    address = pyotp.TOTP(secret).provisioning_uri(
        name=person.email, issuer_name=current_app.config["PRODUCT_NAME"]
    )
    import segno  # 2 MB, for the processes that offer an app

    picture = segno.make(address, error="m", micro=False).svg_inline(
        omitsize=True, svgclass="portal-qr", title="Picture to scan with your app", dark="#0b0c0c"
    )
    return OfferedApp(
        sealed,
        in_groups(secret),
        Markup(picture),  # noqa: S704 - segno writes digits and its own words
        _in_demonstration(secret, step_of(at)),
    )


def new_app_step(person_id: UUID, sealed: str, typed: str, *, at: datetime) -> int | None:
    """The step of the code that a new app showed; None when it is wrong or took too long."""
    try:
        secret = sealing(PURPOSE).open(sealed, of=person_id, lasting=False)
    except BadSeal:
        return None
    return step_that_matches(secret, typed, at)


def step_typed(app: Authenticator, typed: str, *, at: datetime) -> int | None:
    """The step of the code that somebody typed from their app; None when it is wrong."""
    secret = _secret_of(app)
    return step_that_matches(secret, typed, at) if secret else None


def code_in_demonstration(app: Authenticator | None, *, at: datetime) -> str | None:
    """The code that this person's app shows now: in the demonstration, and nowhere else.

    Empty while the codes of this minute have all been used.
    """
    secret = _secret_of(app) if app else None
    return (
        _in_demonstration(secret, next_usable_step(app.last_step, at)) if app and secret else None
    )


def _secret_of(app: Authenticator) -> str | None:
    """What the app shows codes of; None when it was sealed with another SECRET_KEY."""
    try:
        return sealing(PURPOSE).open(app.sealed_secret, of=app.person_id)
    except BadSeal:
        return None


def _in_demonstration(secret: str, step: int | None) -> str | None:
    if not current_app.config["DEMONSTRATION"]:
        return None
    return "" if step is None else spaced(code_of(secret, step))
