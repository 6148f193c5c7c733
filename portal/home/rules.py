"""What a home page is made of, and in which order. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

SHOWN = 5
SOON_DAYS = 60


@dataclass(frozen=True, slots=True)
class Need:
    """Something that waits: where to go for it, by when (a date to order by), and its words.

    ``title``, ``href``, ``due``, ``tag`` and ``tone`` are what the kit's ``needs_you`` shows.
    """

    title: str
    href: str
    by: date
    due: str = ""
    tag: str = ""
    tone: str = "neutral"


@dataclass(frozen=True, slots=True)
class Coming:
    """The next date that matters where nothing waits, in a sentence."""

    on: date
    sentence: str


@dataclass(frozen=True, slots=True)
class Note:
    """What a role finds here that has no list of things to do, with where to go."""

    sentence: str
    href: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """All that one role finds on its home page.

    ``needs`` wait for this person; ``elsewhere`` waits for somebody else and is shown with its
    day; ``figures`` are (label, figure, address).
    """

    needs: tuple[Need, ...] = ()
    elsewhere: tuple[Need, ...] = ()
    figures: tuple[tuple[str, str, str], ...] = ()
    coming: tuple[Coming, ...] = ()
    notes: tuple[Note, ...] = ()


def merged(works: Iterable[Work]) -> Work:
    """The work of several roles as one: the first due first, each thing once."""
    every = list(works)
    return Work(
        needs=_by_day(need for work in every for need in work.needs),
        elsewhere=_by_day(need for work in every for need in work.elsewhere),
        figures=tuple(dict.fromkeys(figure for work in every for figure in work.figures)),
        coming=tuple(
            sorted({c for w in every for c in w.coming}, key=lambda c: (c.on, c.sentence))
        ),
        notes=tuple(dict.fromkeys(note for work in every for note in work.notes)),
    )


def soon(today: date) -> date:
    """The last day that counts as soon."""
    return today + timedelta(days=SOON_DAYS)


def _by_day(needs: Iterable[Need]) -> tuple[Need, ...]:
    return tuple(sorted(dict.fromkeys(needs), key=lambda need: (need.by, need.title)))
