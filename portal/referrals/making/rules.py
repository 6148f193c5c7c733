"""What a referral says, when it says enough to be sent, and who of the eligible is asked. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from portal.referrals.anonymity import say_given_away
from portal.referrals.eligibility import Candidate
from portal.referrals.rules import NAMED, AgeGroup, Route, Unfit

USUAL_TIER = 3  # providers asked at a time, down the ranking
USUAL_HOURS = 24  # that each tier has to answer


@dataclass(frozen=True, slots=True)
class Details:
    """All that a council says of a need. Quantities are in parts of the category's unit."""

    need: str
    age_group: AgeGroup
    outcomes: Sequence[str]
    band: str
    weekly_parts: int | None
    total_parts: int | None
    starts_on: date
    expected_ends_on: date | None
    area: str
    emergency: bool
    emergency_because: str
    outside_area: bool
    specialist: bool
    communication_needs: str
    language_needs: str
    access_needs: str
    route: Route
    respond_by: datetime
    tier_size: int | None
    tier_hours: int | None


class Said(Protocol):
    """A need, as far as somebody typed it and a provider reads it."""

    @property
    def need(self) -> str: ...
    @property
    def outcomes(self) -> Sequence[str]: ...
    @property
    def area(self) -> str: ...
    @property
    def emergency_because(self) -> str: ...
    @property
    def communication_needs(self) -> str: ...
    @property
    def language_needs(self) -> str: ...
    @property
    def access_needs(self) -> str: ...


class Known(Protocol):
    """Somebody of whom a text may say who they are."""

    def given_away_by(self, text: str) -> str | None: ...


def check_anonymous(young_person: Known, said: Said) -> None:
    """Raise Unfit, with the field, for the first words that say who the young person is."""
    typed = {
        "need": said.need,
        "other_outcomes": "\n".join(said.outcomes),
        "area": said.area,
        "emergency_because": said.emergency_because,
        "communication_needs": said.communication_needs,
        "language_needs": said.language_needs,
        "access_needs": said.access_needs,
    }
    for field, words in typed.items():
        if (found := young_person.given_away_by(words)) is not None:
            raise Unfit(field, say_given_away(found))


def check_details(details: Details) -> None:
    """Raise Unfit for the first thing that contradicts another."""
    ends = details.expected_ends_on
    if ends is not None and ends < details.starts_on:
        raise Unfit("expected_ends_on", "The expected end must be on or after the first day")
    if details.emergency and not details.emergency_because:
        raise Unfit("emergency_because", "Say why this is an emergency")
    if details.route is Route.RANKING and not (details.tier_size and details.tier_hours):
        raise Unfit("tier_size", "Say how many providers are asked at a time, and for how long")


def missing(need: str, outcomes: Sequence[str], parts: Sequence[int | None]) -> list[str]:
    """What a draft still lacks before it can be sent, a sentence each."""
    lacks = []
    if not need:
        lacks.append("Say what the young person needs.")
    if not outcomes:
        lacks.append("Choose at least one outcome.")
    if not any(parts):
        lacks.append("Say how much is needed, a week or in total.")
    return lacks


def chosen_among(
    route: Route, eligible: Sequence[Candidate], chosen: Collection[UUID]
) -> list[Candidate]:
    """Those who are asked: everybody eligible, or on a named route those who were chosen.

    Raises Unfit where nobody is, more than one on the direct route, or somebody who is not
    eligible any more.
    """
    if not eligible:
        raise Unfit("chosen", "Nobody can be sent this. See below what stands in the way")
    if route not in NAMED:
        return list(eligible)
    asked = [one for one in eligible if one.provider_id in chosen]
    if not asked:
        raise Unfit("chosen", "Choose who is asked")
    if len(asked) < len(set(chosen)):
        raise Unfit("chosen", "Somebody you chose cannot be sent this any more. Choose again")
    if route is Route.DIRECT and len(asked) > 1:
        raise Unfit("chosen", "Choose one provider, or change how it is sent")
    return asked


def tier_of(position: int, size: int | None) -> int:
    """The tier of a place in the ranking, both counted from 0 and 1; one tier without a size."""
    return 1 if size is None else position // size + 1
