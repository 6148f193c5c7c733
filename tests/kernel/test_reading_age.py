"""A hint of how old a reader must be, beside a library's measure of the same formula."""

from __future__ import annotations

import pytest
import textstat

from portal.kernel.reading_age import reading_age

EASY = (
    "We are sorry. Your mentor did not come and you were not told. That was wrong. From now on "
    "we will send you a text on the day before. You can tell us if it happens again."
)
PLAIN = (
    "We looked at what you told us and talked to the people who were there. The manager said "
    "that the room was changed because of a leak in the roof. They should have asked you first."
)
HARD = (
    "Following comprehensive consideration of representations received concerning unanticipated "
    "cancellations, appropriate organisational arrangements are being implemented immediately."
)


@pytest.mark.parametrize("text", [EASY, PLAIN, HARD])
def test_it_is_near_what_a_library_measures(text: str) -> None:
    age = reading_age(text)
    assert age is not None
    measured = max(0, textstat.automated_readability_index(text)) + 5
    assert age == pytest.approx(measured, abs=1)


def test_easy_is_easier_than_hard_and_too_little_says_nothing() -> None:
    ages = [reading_age(text) for text in (EASY, PLAIN, HARD)]
    assert ages == sorted(ages, key=lambda age: age or 0)
    assert (ages[0] or 99) <= 9 < (ages[2] or 0)
    assert reading_age("We are sorry.") is None
