"""Letting the demonstration's people act, each at their own time, by the portal's own actions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select

from portal.audit.actions import Actor
from portal.identity.models import Membership, Person
from portal.kernel.clock import now_of, set_clock
from portal.kernel.database import Database, ScopedSession
from portal.kernel.local_time import to_utc
from portal.kernel.operator import as_operator
from portal.kernel.tenancy import Scope

_PLAYED = Path(__file__).parent / "played"


@dataclass(frozen=True, slots=True)
class Turn:
    """What somebody does in one transaction."""

    session: ScopedSession
    actor: Actor
    at: datetime


class Stage:
    """The demonstration's database, on which people take turns; its clock is set for each.

    ``phrase`` is the pass phrase of everybody's key for opening bids.
    """

    def __init__(self, database: Database, phrase: str = "") -> None:
        self._database = database
        self.phrase = phrase
        self._cast: dict[str, Actor] = {}

    @contextmanager
    def turn(self, email: str, moment: str | datetime) -> Iterator[Turn]:
        """Somebody of one organisation works at this moment, such as 2026-09-21T09:15 (London)."""
        with as_operator() as session:
            set_clock(session, london(moment))
            actor = self._cast.get(email) or _actor(session, email)
            at = now_of(session)
        self._cast[email] = actor
        with self._database.transaction(Scope(actor.organisation_id, actor.person_id)) as session:
            yield Turn(session, actor, at)


def london(moment: str | datetime) -> datetime:
    """A moment of London's clocks, in UTC."""
    return to_utc(datetime.fromisoformat(moment) if isinstance(moment, str) else moment)


def read_played(name: str) -> bytes:
    """A file of what is said in a round."""
    return (_PLAYED / name).read_bytes()


def said_in(name: str) -> Any:
    """The same, read as YAML."""
    return yaml.safe_load(read_played(name))


def _actor(session: ScopedSession, email: str) -> Actor:
    person, organisation_id = session.execute(
        select(Person, Membership.organisation_id)
        .join(Membership, Membership.person_id == Person.id)
        .where(Person.email == email)
    ).one()
    return Actor(person.id, person.name, organisation_id)
