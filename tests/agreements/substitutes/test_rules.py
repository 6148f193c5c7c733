"""When somebody away must be replaced, and from when another may be assigned."""

from __future__ import annotations

from datetime import date

import pytest

from portal.agreements.mentors.rules import NotAssignable
from portal.agreements.rules import AgreementState
from portal.agreements.substitutes.rules import Turn, check_turn, found_on, needs_substitute
from portal.kernel.ids import new_id

MARCH_30, SAM, KIM = date(2026, 3, 30), new_id(), new_id()
ACTIVE = AgreementState.ACTIVE


@pytest.mark.parametrize(
    ("last_day", "needed"),
    [(None, True), (date(2026, 4, 6), True), (date(2026, 4, 5), False), (MARCH_30, False)],
)
def test_whoever_is_back_by_the_seventh_day_is_not_replaced(
    last_day: date | None, needed: bool
) -> None:
    assert needs_substitute(MARCH_30, last_day) is needed


@pytest.mark.parametrize(
    ("agreement_first", "first_day", "found"),
    [
        (date(2026, 1, 5), date(2026, 4, 7), date(2026, 4, 7)),
        (date(2026, 4, 16), date(2026, 4, 16), MARCH_30),  # nobody goes without before it begins
        (date(2026, 4, 16), date(2026, 4, 20), date(2026, 4, 20)),
        (date(2026, 3, 23), date(2026, 3, 23), date(2026, 3, 23)),  # entered after the day
    ],
)
def test_a_substitute_is_there_from_their_day_or_named_before_the_agreement_begins(
    agreement_first: date, first_day: date, found: date
) -> None:
    assert found_on(first_day, agreement_first, MARCH_30) == found


@pytest.mark.parametrize(
    ("state", "turns", "replaced", "day", "said"),
    [
        (AgreementState.SUSPENDED, [], None, date(2026, 4, 2), "The agreement is suspended"),
        (ACTIVE, [], None, date(2026, 1, 4), "runs from 5 January 2026 to 31 July 2026"),
        (ACTIVE, [], None, date(2026, 8, 1), "runs from 5 January 2026 to 31 July 2026"),
        (ACTIVE, [(SAM, None)], None, date(2026, 4, 2), "Sam works on this agreement"),
        (ACTIVE, [(SAM, None)], KIM, date(2026, 4, 2), "Sam works on this agreement"),
        (
            ACTIVE, [(SAM, date(2026, 4, 2))], SAM, date(2026, 4, 2),
            "The last day of Sam is 2 April 2026. Choose a later day",
        ),
    ],
)  # fmt: skip
def test_another_mentor_comes_only_in_the_place_of_one_who_goes(
    state: AgreementState,
    turns: list[tuple[object, date | None]],
    replaced: object,
    day: date,
    said: str,
) -> None:
    stood = [Turn(mentor, "Sam", date(2026, 1, 5), last) for mentor, last in turns]  # type: ignore[arg-type]
    with pytest.raises(NotAssignable, match=said):
        check_turn(state, date(2026, 1, 5), date(2026, 7, 31), stood, replaced, day)  # type: ignore[arg-type]


def test_the_first_mentor_and_a_substitute_are_assigned() -> None:
    first, last, day = date(2026, 1, 5), None, date(2026, 4, 3)
    check_turn(ACTIVE, first, last, [], None, day)
    check_turn(ACTIVE, first, last, [Turn(SAM, "Sam", first, None)], SAM, day)
    check_turn(ACTIVE, first, last, [Turn(SAM, "Sam", first, date(2026, 4, 2))], SAM, day)
