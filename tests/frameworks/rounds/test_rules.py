"""In which state a round is, what may follow, and what a published question may not say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from portal.frameworks.rounds.clarifications.rules import named_in
from portal.frameworks.rounds.reopening import Standing, is_checked, reopening
from portal.frameworks.rounds.rules import (
    STEPS,
    RoundState,
    Step,
    may,
    openable_from,
    require,
    state,
    wrong_dates,
)
from portal.frameworks.rules import Regime
from portal.kernel.transitions import IllegalStep

OPENS = datetime(2026, 10, 12, 8, tzinfo=UTC)
CLOSES = datetime(2026, 11, 20, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class At:
    """The dates of a round, and what has happened to it."""

    opens_at: datetime = OPENS
    closes_at: datetime = CLOSES
    announced_at: datetime | None = OPENS - timedelta(days=9)
    cancelled_at: datetime | None = None
    opened_at: datetime | None = None
    evaluating_at: datetime | None = None
    moderated_at: datetime | None = None
    decided_at: datetime | None = None
    standstill_until: datetime | None = None
    concluded_at: datetime | None = None


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (OPENS - SECOND, RoundState.ANNOUNCED),
        (OPENS, RoundState.OPEN),
        (CLOSES - SECOND, RoundState.OPEN),
        (CLOSES, RoundState.CLOSED),
        (CLOSES + SECOND, RoundState.CLOSED),
    ],
)
def test_the_clock_opens_and_closes_a_round(moment: datetime, expected: RoundState) -> None:
    assert state(At(), moment) is expected
    assert state(At(announced_at=None), moment) is RoundState.DRAFT


def test_what_was_recorded_last_is_the_state() -> None:
    round_ = At()
    for name, expected in (
        ("opened_at", RoundState.OPENED),
        ("evaluating_at", RoundState.EVALUATING),
        ("moderated_at", RoundState.MODERATED),
        ("decided_at", RoundState.DECIDED),
        ("standstill_until", RoundState.STANDSTILL),
        ("concluded_at", RoundState.CONCLUDED),
        ("cancelled_at", RoundState.CANCELLED),
    ):
        round_ = replace(round_, **{name: CLOSES + SECOND})
        assert state(round_, CLOSES + SECOND) is expected


def test_the_steps_lead_from_draft_to_concluded_and_nowhere_else() -> None:
    forward = [
        Step.ANNOUNCE, Step.OPEN_BIDS, Step.EVALUATE, Step.MODERATE, Step.DECIDE,
        Step.STAND_STILL, Step.CONCLUDE,
    ]  # fmt: skip
    led = {before: after for (before, step), after in STEPS.items() if step in forward}
    assert led == {
        RoundState.DRAFT: RoundState.ANNOUNCED,
        RoundState.CLOSED: RoundState.OPENED,
        RoundState.OPENED: RoundState.EVALUATING,
        RoundState.EVALUATING: RoundState.MODERATED,
        RoundState.MODERATED: RoundState.DECIDED,
        RoundState.DECIDED: RoundState.STANDSTILL,
        RoundState.STANDSTILL: RoundState.CONCLUDED,
    }
    over = {RoundState.CONCLUDED, RoundState.CANCELLED}
    assert {before for before, _ in STEPS} == set(RoundState) - over


@pytest.mark.parametrize(
    ("step", "states"),
    [
        (Step.EDIT, {RoundState.DRAFT}),
        (Step.ASK, {RoundState.ANNOUNCED, RoundState.OPEN}),
        (Step.EXTEND, {RoundState.ANNOUNCED, RoundState.OPEN}),
        (Step.LET_IN_LATE, {RoundState.OPEN, RoundState.CLOSED}),
        (Step.OPEN_BIDS, {RoundState.CLOSED}),
        (Step.REOPEN, {RoundState.DECIDED}),
    ],
)
def test_what_is_allowed_when(step: Step, states: set[RoundState]) -> None:
    assert {before for before, allowed in STEPS if allowed is step} == states


def test_a_closed_round_is_not_extended() -> None:
    assert may(At(), Step.EXTEND, CLOSES - SECOND)
    with pytest.raises(IllegalStep):
        require(At(), Step.EXTEND, CLOSES)


def test_bids_are_opened_only_after_the_last_late_door() -> None:
    assert openable_from(CLOSES, []) == CLOSES
    later = [CLOSES + timedelta(hours=2), CLOSES + timedelta(days=1)]
    assert openable_from(CLOSES, later) == CLOSES + timedelta(days=1)


def test_dates_that_cannot_be_are_named() -> None:
    right = {"opens_at": OPENS, "questions_until": CLOSES, "closes_at": CLOSES}
    at = OPENS - timedelta(days=20)
    assert wrong_dates(**right, at=at) == {}
    assert set(wrong_dates(**right, at=OPENS + SECOND)) == {"opens_at"}
    assert set(wrong_dates(**{**right, "closes_at": OPENS}, at=at)) == {"closes_at"}
    for moment in (OPENS, CLOSES + SECOND):
        assert set(wrong_dates(**{**right, "questions_until": moment}, at=at)) == {
            "questions_until"
        }


START = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("awards", "due", "is_end", "counted"),
    [
        ([], date(2029, 2, 28), False, "3 years from the first award on 1 March 2026"),
        ([START], date(2029, 2, 28), False, "3 years from the first award on 1 March 2026"),
        (
            [date(2027, 6, 1)],
            date(2032, 5, 31),
            False,
            "5 years from the last award on 1 June 2027",
        ),
        (
            [date(2027, 6, 1), date(2028, 6, 1)],
            date(2033, 5, 31),
            False,
            "5 years from the last award on 1 June 2028",
        ),
        (
            [date(2029, 2, 28)],
            date(2034, 2, 27),
            False,
            "5 years from the last award on 28 February 2029",
        ),
        (
            [date(2029, 2, 28), date(2030, 1, 1)],
            date(2034, 2, 28),
            True,
            "8 years from the first award on 1 March 2026",
        ),
    ],
)
def test_the_statutory_reopening_clock(
    awards: list[date], due: date, is_end: bool, counted: str
) -> None:
    clock = reopening(START, awards)
    assert (clock.due, clock.is_end) == (due, is_end)
    assert clock.sentence == f"Counted {counted}"


@pytest.mark.parametrize(
    ("today", "standing", "warning"),
    [
        (date(2028, 2, 27), Standing.CLEAR, None),
        (date(2028, 2, 29), Standing.NEAR, 365),
        (date(2028, 9, 1), Standing.NEAR, 180),
        (date(2029, 1, 1), Standing.NEAR, 90),
        (date(2029, 2, 28), Standing.NEAR, 30),
        (date(2029, 3, 1), Standing.LATE, 0),
    ],
)
def test_it_warns_from_a_year_before(today: date, standing: Standing, warning: int | None) -> None:
    clock = reopening(START, [])
    assert (clock.standing(today), clock.warning(today)) == (standing, warning)


@pytest.mark.parametrize(
    ("regime", "open_framework", "light_touch", "checked"),
    [
        (Regime.ACT_2023, True, False, True),
        (Regime.ACT_2023, True, True, False),
        (Regime.ACT_2023, False, False, False),
        (Regime.PCR_2015, True, False, False),
    ],
)
def test_only_open_frameworks_under_the_act_are_checked(
    regime: Regime, open_framework: bool, light_touch: bool, checked: bool
) -> None:
    found = is_checked(regime, open_framework=open_framework, light_touch=light_touch)
    assert found is checked


@pytest.mark.parametrize(
    ("text", "given_away"),
    [
        ("May sessions be on Saturdays?", False),
        ("We at Larkspur Mentoring run Saturdays", True),
        ("we at LARKSPUR   mentoring run Saturdays", True),
        ("Robin Example asks about Saturdays", True),
        ("Larkspurs grow here", False),
        ("Mentoring limited to term time", False),
    ],
)
def test_a_published_question_does_not_name_who_asked(text: str, given_away: bool) -> None:
    names = ["Larkspur Mentoring Limited", "Robin Example"]
    assert (named_in(text, names) is not None) is given_away
