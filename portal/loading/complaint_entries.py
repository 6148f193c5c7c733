# ruff: noqa: RUF009 - a key is a dataclass field, made once when the class is
"""Complaints that are under way or over, as an import file gives them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from portal.complaints.handling.rules import Advocacy, Outcome
from portal.complaints.rules import Kind, Track, Who
from portal.kernel.entries import fields
from portal.kernel.entries.reading import Entry, each, inside, key

REASON = fields.text(2000, lines=True)


@dataclass
class StageEntry(Entry):
    """One stage and the days on which things happened in it."""

    began: date = key(fields.day)
    acknowledged: date | None = key(fields.day, default=None)
    agreed: date | None = key(fields.day, default=None)
    extended_to: date | None = key(fields.day, default=None)
    extension_reason: str = key(REASON, default="")
    answered: date | None = key(fields.day, default=None)
    answer: str = key(fields.text(10_000, lines=True), default="")
    answered_by: str | None = key(fields.email, default=None)


@dataclass
class PointEntry(Entry):
    """One point, and what was found on it at the last stage answered."""

    words: str = key(REASON)
    outcome: Outcome | None = key(fields.choice(Outcome), default=None)


@dataclass
class SharingEntry(Entry):
    """What the provider was told of it, and what it answered."""

    summary: str = key(REASON)
    at: datetime = key(fields.moment)
    answer_by: date = key(fields.day)
    answer: str = key(fields.text(10_000, lines=True), default="")
    answered_at: datetime | None = key(fields.moment, default=None)


@dataclass
class LearningEntry(Entry):
    """Something learned, for the review of a framework."""

    words: str = key(REASON)
    learned_on: date = key(fields.day)
    framework: str | None = key(fields.text(40), default=None)


@dataclass
class ComplaintEntry(Entry):
    """A complaint, a compliment or a worry, with what was done about it."""

    council: str = key(fields.text(200))
    reference: str = key(
        fields.matching("CT-[2-9B-Z]{4}-[2-9B-Z]{4}", "a reference like CT-7K3M-9QPD")
    )
    passphrase: str | None = key(fields.text(100), default=None)
    provider: str | None = key(fields.text(200), default=None)
    kind: Kind = key(fields.choice(Kind), default=Kind.COMPLAINT)
    who: Who = key(fields.choice(Who), default=Who.YOUNG_PERSON)
    urgent: bool = key(fields.flag, default=False)
    received: datetime = key(fields.moment)
    what_happened: str = key(fields.text(20_000, lines=True))
    wished: str = key(REASON, default="")
    track: Track | None = key(fields.choice(Track), default=None)
    reason: str = key(REASON, default="")
    advocacy: Advocacy = key(fields.choice(Advocacy), default=Advocacy.OFFERED)
    points: list[PointEntry] = each(PointEntry, default=())
    stages: list[StageEntry] = each(StageEntry, default=())
    shared: SharingEntry | None = inside(SharingEntry, default=None)
    learning: list[LearningEntry] = each(LearningEntry, default=())
    closed: date | None = key(fields.day, default=None)
