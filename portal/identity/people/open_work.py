"""What still waits for a person, told by the packages that know: shown before somebody leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that somebody else must take over, with where to go for it."""

    sentence: str
    href: str


Source = Callable[[Session, UUID, UUID, datetime], Iterable[Waiting]]
_SOURCES: list[Source] = []


def tells_open_work(source: Source) -> Source:
    """Ask this function as well: of an organisation and a person, at a moment (UTC)."""
    _SOURCES.append(source)
    return source


def open_work(
    session: Session, organisation_id: UUID, person_id: UUID, at: datetime
) -> list[Waiting]:
    """All that waits for a person in an organisation."""
    return [
        waiting
        for source in _SOURCES
        for waiting in source(session, organisation_id, person_id, at)
    ]
