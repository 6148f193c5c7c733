"""What lies sealed in the database is sealed anew, once the secret key was changed."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.audit.actions import Actor, Subject, record
from portal.frameworks.applications.drafts import purpose_of
from portal.frameworks.applications.models import DraftPart
from portal.frameworks.opening.actions import PURPOSE as GIVEN
from portal.frameworks.rounds.models import RoundOpener
from portal.identity.factors.apps import PURPOSE as AUTHENTICATOR
from portal.identity.factors.models import Authenticator
from portal.identity.organisations.actions import OPERATOR
from portal.kernel.clock import now_of
from portal.kernel.operator import as_operator
from portal.kernel.sealing import BadSeal, sealing
from portal.kernel.wording import say_count

AT_ONCE = 500


class Event(StrEnum):
    """What happens to sealed things."""

    SEALED_ANEW = "identity:secrets:sealed-anew"


@click.command("seal-anew")
@with_appcontext
def seal_anew() -> None:
    """Seal what earlier secret keys sealed with the present one, so that they can be dropped."""
    sealed, closed = 0, 0
    with as_operator() as session:
        for row, attribute, purpose in _sealed(session):
            try:
                _seal_anew(row, attribute, purpose)
                sealed += 1
            except BadSeal:
                closed += 1
        record(
            session,
            Actor(None, OPERATOR, None),
            Event.SEALED_ANEW,
            Subject("portal", None, "The portal"),
            at=now_of(session),
            sealed=sealed,
            not_opened=closed,
        )
    click.echo(f"Sealed {say_count(sealed, 'secret')} with the present key.")
    if closed:
        raise click.ClickException(
            f"No known key opens {say_count(closed, 'other')}, left as they are: add the key that "
            "sealed them to PORTAL_EARLIER_SECRET_KEYS and try again."
        )


def _sealed(session: Session) -> Iterator[tuple[Any, InstrumentedAttribute[Any], str]]:
    """Everything that lies sealed under the secret key: row, attribute and purpose."""
    for app in _locked(session, Authenticator.sealed_secret):
        yield app, Authenticator.sealed_secret, AUTHENTICATOR
    for opener in _locked(session, RoundOpener.given):
        yield opener, RoundOpener.given, GIVEN
    for part in _locked(session, DraftPart.sealed):
        yield part, DraftPart.sealed, purpose_of(part.provider_id)


def _locked(session: Session, attribute: InstrumentedAttribute[Any]) -> Iterator[Any]:
    """The rows that have something there, kept from others until all is sealed."""
    rows = select(attribute.parent.class_).where(attribute.is_not(None)).with_for_update()
    return iter(session.scalars(rows.execution_options(yield_per=AT_ONCE)))


def _seal_anew(row: Any, attribute: InstrumentedAttribute[Any], purpose: str) -> None:
    """Seal one value. Raises BadSeal."""
    value = getattr(row, attribute.key)
    is_text = isinstance(value, str)
    anew = sealing(purpose).seal_anew(value if is_text else value.decode())
    setattr(row, attribute.key, anew if is_text else anew.encode())
