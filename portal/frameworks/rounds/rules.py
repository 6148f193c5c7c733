"""In which state a round is, and what may follow. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol
from uuid import UUID

from portal.kernel.transitions import next_state


class RoundState(StrEnum):
    """Where a round stands; it follows from the clock and from what was recorded."""

    DRAFT = "draft"
    ANNOUNCED = "announced"
    OPEN = "open"
    CLOSED = "closed"
    OPENED = "opened"
    EVALUATING = "evaluating"
    MODERATED = "moderated"
    DECIDED = "decided"
    STANDSTILL = "standstill"
    CONCLUDED = "concluded"
    CANCELLED = "cancelled"


STATE_NAMES = {
    RoundState.DRAFT: "Draft",
    RoundState.ANNOUNCED: "Announced, not open yet",
    RoundState.OPEN: "Open for applications",
    RoundState.CLOSED: "Closed, bids sealed",
    RoundState.OPENED: "Bids opened",
    RoundState.EVALUATING: "Being evaluated",
    RoundState.MODERATED: "Moderated",
    RoundState.DECIDED: "Decided",
    RoundState.STANDSTILL: "Standstill",
    RoundState.CONCLUDED: "Concluded",
    RoundState.CANCELLED: "Cancelled",
}


class Step(StrEnum):
    """What moves a round on, or is allowed only while it is in certain states."""

    EDIT = "edit"
    REWORD = "change what is asked"
    ANNOUNCE = "announce"
    ASK = "ask a question"
    ANSWER = "answer a question"
    EXTEND = "extend"
    LET_IN_LATE = "let in late"
    TELL = "tell everybody"
    OPEN_BIDS = "open bids"
    EVALUATE = "evaluate"
    MODERATE = "moderate"
    DECIDE = "decide"
    REOPEN = "reopen the decisions"
    STAND_STILL = "send the outcome"
    CONCLUDE = "conclude"
    CANCEL = "cancel"


STEPS: Final[Mapping[tuple[RoundState, Step], RoundState]] = {
    (RoundState.DRAFT, Step.EDIT): RoundState.DRAFT,
    (RoundState.DRAFT, Step.ANNOUNCE): RoundState.ANNOUNCED,
    (RoundState.DRAFT, Step.REWORD): RoundState.DRAFT,
    (RoundState.ANNOUNCED, Step.REWORD): RoundState.ANNOUNCED,
    (RoundState.OPEN, Step.REWORD): RoundState.OPEN,
    (RoundState.ANNOUNCED, Step.ASK): RoundState.ANNOUNCED,
    (RoundState.OPEN, Step.ASK): RoundState.OPEN,
    (RoundState.ANNOUNCED, Step.ANSWER): RoundState.ANNOUNCED,
    (RoundState.OPEN, Step.ANSWER): RoundState.OPEN,
    (RoundState.ANNOUNCED, Step.EXTEND): RoundState.ANNOUNCED,
    (RoundState.OPEN, Step.EXTEND): RoundState.OPEN,
    (RoundState.OPEN, Step.LET_IN_LATE): RoundState.OPEN,
    (RoundState.CLOSED, Step.LET_IN_LATE): RoundState.CLOSED,
    (RoundState.CLOSED, Step.OPEN_BIDS): RoundState.OPENED,
    (RoundState.OPENED, Step.EVALUATE): RoundState.EVALUATING,
    (RoundState.EVALUATING, Step.MODERATE): RoundState.MODERATED,
    (RoundState.MODERATED, Step.DECIDE): RoundState.DECIDED,
    (RoundState.DECIDED, Step.REOPEN): RoundState.MODERATED,
    (RoundState.DECIDED, Step.STAND_STILL): RoundState.STANDSTILL,
    (RoundState.STANDSTILL, Step.CONCLUDE): RoundState.CONCLUDED,
    **{
        (before, Step.TELL): before
        for before in RoundState
        if before not in (RoundState.DRAFT, RoundState.CONCLUDED, RoundState.CANCELLED)
    },
    **{
        (before, Step.CANCEL): RoundState.CANCELLED
        for before in RoundState
        if before not in (RoundState.CONCLUDED, RoundState.CANCELLED)
    },
}


class Moments(Protocol):
    """What a round's state follows from: its dates, and when each thing happened to it (UTC)."""

    @property
    def opens_at(self) -> datetime: ...
    @property
    def closes_at(self) -> datetime: ...
    @property
    def announced_at(self) -> datetime | None: ...
    @property
    def cancelled_at(self) -> datetime | None: ...
    @property
    def opened_at(self) -> datetime | None: ...
    @property
    def evaluating_at(self) -> datetime | None: ...
    @property
    def moderated_at(self) -> datetime | None: ...
    @property
    def decided_at(self) -> datetime | None: ...
    @property
    def standstill_until(self) -> datetime | None: ...
    @property
    def concluded_at(self) -> datetime | None: ...


def state(round_: Moments, at: datetime) -> RoundState:
    """A round's state at a moment (UTC): open from ``opens_at``, closed from ``closes_at`` on.

    What was recorded last counts; the clock alone leads from announced to open and closed.
    """
    recorded = (
        (round_.cancelled_at, RoundState.CANCELLED),
        (round_.concluded_at, RoundState.CONCLUDED),
        (round_.standstill_until, RoundState.STANDSTILL),
        (round_.decided_at, RoundState.DECIDED),
        (round_.moderated_at, RoundState.MODERATED),
        (round_.evaluating_at, RoundState.EVALUATING),
        (round_.opened_at, RoundState.OPENED),
    )
    for happened, led_to in recorded:
        if happened is not None:
            return led_to
    if round_.announced_at is None:
        return RoundState.DRAFT
    if at < round_.opens_at:
        return RoundState.ANNOUNCED
    return RoundState.OPEN if at < round_.closes_at else RoundState.CLOSED


def require(round_: Moments, step: Step, at: datetime) -> RoundState:
    """The state that a step leads to. Raises IllegalStep where the round's state forbids it."""
    return next_state(STEPS, state(round_, at), step)


def may(round_: Moments, step: Step, at: datetime) -> bool:
    """Whether a round's state allows a step."""
    return (state(round_, at), step) in STEPS


def openable_from(closes_at: datetime, late_until: Iterable[datetime]) -> datetime:
    """From when bids may be opened: after closing, and after the last late door that was agreed.

    Earlier, whoever comes through the late door would write beside prices that were read.
    """
    return max((closes_at, *late_until))


@dataclass(frozen=True, slots=True)
class Plan:
    """What is decided of a round before it is announced; moments are UTC."""

    title: str
    guidance: str
    opens_at: datetime
    questions_until: datetime
    closes_at: datetime
    category_ids: Collection[UUID]


def wrong_dates(
    *, opens_at: datetime, questions_until: datetime, closes_at: datetime, at: datetime
) -> dict[str, str]:
    """What is wrong with the dates of a round to come: a sentence under the name of each date."""
    wrong = {}
    if opens_at < at:
        wrong["opens_at"] = "The round must open in the future"
    if closes_at <= opens_at:
        wrong["closes_at"] = "The round must close after it opens"
    elif not opens_at < questions_until <= closes_at:
        wrong["questions_until"] = (
            "The last moment for questions must be after the round opens, and not after it closes"
        )
    return wrong
