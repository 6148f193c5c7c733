"""How evidence stands on a day, in words."""

from __future__ import annotations

from datetime import date

import pytest

from portal.evidence.rules import Validity, masked, standing

TODAY = date(2026, 4, 30)


@pytest.mark.parametrize(
    ("first", "last", "validity", "words"),
    [
        (None, None, Validity.MISSING, "Not given"),
        (date(2026, 5, 1), None, Validity.TO_COME, "Begins on 1 May 2026"),
        (date(2026, 4, 30), None, Validity.IN_DATE, "In date, with no end"),
        (date(2025, 1, 1), date(2026, 4, 29), Validity.LAPSED, "Lapsed on 29 April 2026"),
        (date(2025, 1, 1), date(2026, 4, 30), Validity.LAPSING, "Lapses after today"),
        (date(2025, 1, 1), date(2026, 5, 1), Validity.LAPSING, "Lapses in 1 day"),
        (date(2025, 1, 1), date(2026, 5, 23), Validity.LAPSING, "Lapses in 23 days"),
        (date(2025, 1, 1), date(2026, 6, 29), Validity.LAPSING, "Lapses in 60 days"),
        (date(2025, 1, 1), date(2026, 6, 30), Validity.IN_DATE, "In date until 30 June 2026"),
    ],
)
def test_standing(first: date | None, last: date | None, validity: Validity, words: str) -> None:
    found = standing(first, last, TODAY)
    assert (found.validity, found.words) == (validity, words)


@pytest.mark.parametrize(
    ("digits", "shown"), [("12345678", "•••••678"), ("123456", "•••456"), ("12", "12"), ("", "")]
)
def test_three_digits_of_an_account_are_shown(digits: str, shown: str) -> None:
    assert masked(digits) == shown
