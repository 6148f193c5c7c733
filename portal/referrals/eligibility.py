"""Who can be sent a referral, and the sentence for everybody who cannot. Pure.

Eligible (design.md, Referrals): an active place in the category, evidence in date that covers what
is asked for, the flags selected, capacity left, and a price on the first day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from portal.evidence.rules import EvidenceKind, Piece, wanting
from portal.frameworks.rules import PlaceState
from portal.kernel.money import Money
from portal.kernel.wording import say_count, say_date


@dataclass(frozen=True, slots=True)
class Asked:
    """What a referral asks of whoever is sent it; ``covers`` is the least that each kind covers."""

    starts_on: date
    covers: Mapping[EvidenceKind, Money | None] = field(default_factory=dict)
    emergency: bool = False
    outside_area: bool = False
    specialist: bool = False
    quotes: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """A provider as it stands today.

    ``evidence`` has what it holds of each kind that is demanded.
    ``price`` is the framework price on the referral's first day. ``most`` and ``taken`` are young
    people at once; without ``most`` there is no limit.
    """

    provider_id: UUID
    name: str
    evidence: Mapping[EvidenceKind, Sequence[Piece]]
    place_id: UUID | None = None
    state: PlaceState | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    rank: int | None = None
    price: Money | None = None
    most: int | None = None
    taken: int = 0
    selected: frozenset[str] = field(default_factory=frozenset)


FLAGS = {
    "emergency": "It has not selected emergencies.",
    "outside_area": "It has not selected work outside the area.",
    "specialist": "It has not selected specialist work.",
}


def left_out_because(one: Candidate, asked: Asked, today: date) -> list[str]:
    """Why a provider is not sent a referral, a sentence each; none when it is eligible.

    For quotes no place is needed, and no framework price; evidence is always.
    """
    found = [
        wanting(kind, pieces, asked.covers.get(kind), today)
        for kind, pieces in one.evidence.items()
    ]
    reasons = [sentence for sentence in found if sentence]
    if asked.quotes:
        return reasons
    reasons = [*_about_its_place(one, today), *reasons]
    reasons += [
        sentence
        for flag, sentence in FLAGS.items()
        if getattr(asked, flag) and flag not in one.selected
    ]
    if one.most is not None and one.taken >= one.most:
        reasons.append(f"Its capacity is reached: {one.taken} of {one.most}.")
    if one.price is None:
        reasons.append(f"It has no price on {say_date(asked.starts_on)}.")
    return reasons


def _about_its_place(one: Candidate, today: date) -> list[str]:
    if one.state is None:
        return ["It has no place in this category."]
    if one.starts_on is not None and one.starts_on > today:
        return [f"Its place begins on {say_date(one.starts_on)}."]
    if one.state is PlaceState.ENDED or (one.ends_on is not None and one.ends_on < today):
        ended = f" on {say_date(one.ends_on)}" if one.ends_on else ""
        return [f"Its place ended{ended}."]
    if one.state is PlaceState.SUSPENDED:
        return ["Its place is suspended."]
    if one.state is PlaceState.RESERVE:
        return ["Its place is in reserve."]
    return []


def ranked(candidates: list[Candidate]) -> list[Candidate]:
    """In the order of the ranking: by rank, then without one by price, then by name."""
    return sorted(
        candidates,
        key=lambda one: (
            one.rank is None,
            one.rank or 0,
            one.price.pence if one.price else 0,
            one.name,
        ),
    )


def say_room(one: Candidate) -> str:
    """How much of a provider's capacity is taken, in words."""
    if one.most is None:
        return f"{one.taken}, no limit stated" if one.taken else "No limit stated"
    return f"{one.taken} of {say_count(one.most, 'young person', 'young people')}"
