"""The stages of each track, who may do what in a case, and what must be there first. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from portal.complaints.rules import Track
from portal.kernel.errors import DomainError
from portal.kernel.wording import say_count

PANEL_SIZE = 3  # rules.md A5
ESCALATED_AFTER = timedelta(hours=1)
"""How long a safeguarding alert waits before administrators are reminded of it too."""
NO_DUE_DAY = date(9999, 12, 31)
"""Stands for "nothing is due" where a list is ordered by days."""

TRACK_NAMES = {
    Track.CHILDREN: "Children's statutory complaint",
    Track.OTHER: "Other council complaint",
    Track.DATA_PROTECTION: "Data protection complaint",
}
STAGE_NAMES: Mapping[Track, tuple[str, ...]] = {
    Track.CHILDREN: (
        "Stage 1, local answer",
        "Stage 2, investigation",
        "Stage 3, review panel",
    ),
    Track.OTHER: ("Stage 1", "Stage 2, review"),
    Track.DATA_PROTECTION: ("Answer",),
}


class StageState(StrEnum):
    """Where one stage stands."""

    AGREEING = "agreeing"
    ANSWERING = "answering"
    PANEL_TO_MEET = "panel-to-meet"
    PANEL_TO_REPORT = "panel-to-report"
    ANSWERED = "answered"


class StageStep(StrEnum):
    """What moves a stage on."""

    AGREE = "agree in writing"
    MEET = "record the panel's meeting"
    REPORT = "record the panel's report"
    ANSWER = "answer"


STAGE_TRANSITIONS = {
    (StageState.AGREEING, StageStep.AGREE): StageState.ANSWERING,
    (StageState.PANEL_TO_MEET, StageStep.MEET): StageState.PANEL_TO_REPORT,
    (StageState.PANEL_TO_REPORT, StageStep.REPORT): StageState.ANSWERING,
    (StageState.ANSWERING, StageStep.ANSWER): StageState.ANSWERED,
}
STAGE_STATE_NAMES = {
    StageState.AGREEING: "To be agreed in writing",
    StageState.ANSWERING: "To be answered",
    StageState.PANEL_TO_MEET: "Panel to meet",
    StageState.PANEL_TO_REPORT: "Panel to report",
    StageState.ANSWERED: "Answered",
}


class Part(StrEnum):
    """What somebody is in a case; one person has one part in it, and keeps it."""

    SUBJECT = "subject"
    INVESTIGATOR = "investigator"
    INDEPENDENT_PERSON = "independent-person"
    PANEL_MEMBER = "panel-member"


PART_NAMES = {
    Part.SUBJECT: "The complaint is about them",
    Part.INVESTIGATOR: "Investigator",
    Part.INDEPENDENT_PERSON: "Independent person",
    Part.PANEL_MEMBER: "Panel member",
}


class WorksFor(StrEnum):
    """For whom somebody in a case works."""

    COUNCIL = "council"
    PROVIDER = "provider"
    NEITHER = "neither"


WORKS_FOR_NAMES = {
    WorksFor.COUNCIL: "The council",
    WorksFor.PROVIDER: "The provider",
    WorksFor.NEITHER: "Neither of them",
}
INDEPENDENT = frozenset({Part.INDEPENDENT_PERSON, Part.PANEL_MEMBER})


class Outcome(StrEnum):
    """What was found on one point of a complaint."""

    UPHELD = "upheld"
    PARTLY = "partly-upheld"
    NOT_UPHELD = "not-upheld"


OUTCOME_NAMES = {
    Outcome.UPHELD: "Upheld",
    Outcome.PARTLY: "Partly upheld",
    Outcome.NOT_UPHELD: "Not upheld",
}


class Advocacy(StrEnum):
    """An advocate is offered to everybody at first contact (rules.md A8)."""

    NOT_OFFERED = "not-offered"
    OFFERED = "offered"
    TAKEN = "taken"
    DECLINED = "declined"


ADVOCACY_NAMES = {
    Advocacy.NOT_OFFERED: "Not offered yet",
    Advocacy.OFFERED: "Offered, no answer yet",
    Advocacy.TAKEN: "Has an advocate",
    Advocacy.DECLINED: "Does not want one",
}


class PauseReason(StrEnum):
    """Why a case may wait (rules.md A7)."""

    COURT = "court"
    POLICE = "police"


PAUSE_NAMES = {PauseReason.COURT: "Court action", PauseReason.POLICE: "Police action"}


class MayNotActHere(DomainError):
    """Nobody has two parts in a case, investigates themselves, or decides what they found."""

    status = 422


class NotYet(DomainError):
    """Something must be there first."""

    status = 422


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody in a case, as the rules need to know them; ``fit`` once they said they are free."""

    part: Part
    name: str
    key: str
    fit: bool = False


def opening(track: Track, number: int) -> StageState:
    """The state in which a stage begins. Raises NotYet for a stage that the track does not have."""
    if not 1 <= number <= len(STAGE_NAMES[track]):
        raise NotYet("There is no further stage in the council. The Ombudsman is next")
    if track is Track.CHILDREN and number > 1:
        return StageState.AGREEING if number == 2 else StageState.PANEL_TO_MEET
    return StageState.ANSWERING


def last_stage(track: Track, number: int) -> bool:
    """Whether the council has no stage after this one, so that the Ombudsman is next."""
    return number == len(STAGE_NAMES[track])


def person_key(person_id: UUID | None, name: str, organisation: str) -> str:
    """By what one person is known twice: their account, or their name and organisation."""
    if person_id is not None:
        return person_id.hex
    return f"{_plain(name)} / {_plain(organisation)}"


def refuse_part(
    part: Part,
    *,
    key: str,
    works_for: WorksFor,
    organisation: str,
    provider_name: str | None,
    people: Iterable[Standing],
) -> None:
    """Raises MayNotActHere when somebody cannot have this part (rules.md A3, A5, A11)."""
    for other in people:
        if other.key == key:
            raise MayNotActHere(
                "Nobody investigates themselves: the complaint is about this person"
                if other.part is Part.SUBJECT
                else f"This person has a part in the case already: {PART_NAMES[other.part].lower()}"
            )
    if part is Part.SUBJECT:
        return
    if works_for is WorksFor.PROVIDER or (
        provider_name is not None and _plain(organisation) == _plain(provider_name)
    ):
        raise MayNotActHere("Somebody who works for the provider cannot look into it")
    if part in INDEPENDENT and works_for is not WorksFor.NEITHER:
        raise MayNotActHere(
            f"{PART_NAMES[part]}: this must be somebody who works neither for the council "
            "nor for the provider"
        )


def refuse_step(track: Track, number: int, step: StageStep, people: Iterable[Standing]) -> None:
    """Raises NotYet when those who must have looked into it are not there (rules.md A3, A5)."""
    if track is not Track.CHILDREN:
        return
    fit = [one.part for one in people if one.fit]
    if number == 2 and step is StageStep.ANSWER:
        for part in (Part.INVESTIGATOR, Part.INDEPENDENT_PERSON):
            if part not in fit:
                raise NotYet(
                    f"Stage 2 needs an {PART_NAMES[part].lower()} who has said that nothing "
                    "stands between them and the case"
                )
    if number == 3 and step is StageStep.MEET and (missing := PANEL_SIZE - fit.count(_PANEL)) > 0:
        raise NotYet(
            f"A panel is three independent people: {say_count(missing, 'more panel member')} "
            "must be appointed and have said that nothing stands between them and the case"
        )


def refuse_actor(key: str, people: Iterable[Standing], *, answers: bool = False) -> None:
    """Raises MayNotActHere for somebody whom it is about, or who would decide what they found."""
    for one in people:
        if one.key != key:
            continue
        if one.part is Part.SUBJECT:
            raise MayNotActHere("This complaint is about you, so somebody else has to handle it")
        if answers:
            raise MayNotActHere(
                f"You are in this case as {PART_NAMES[one.part].lower()}, so somebody else "
                "has to answer it"
            )


def alert_is_late(received_at: datetime, acknowledged: bool, at: datetime) -> bool:
    """Whether a safeguarding alert has waited so long that administrators are reminded."""
    return not acknowledged and at - received_at >= ESCALATED_AFTER


_PANEL = Part.PANEL_MEMBER


def _plain(text: str) -> str:
    """Without accents, capitals, full stops and double spaces, so that a spelling hides nobody."""
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", text)
        if not unicodedata.combining(letter) and letter not in ".,'’-"
    )
    return " ".join(plain.casefold().split())
