"""Who is asked what, and in which order."""

from __future__ import annotations

import pytest

from portal.complaints.making.steps import Step, path, step_before
from portal.complaints.passphrases import WORDS_IN_ONE, new_passphrase, read_passphrase, words
from portal.complaints.rules import (
    REFERENCE_LETTERS,
    answer_days,
    new_reference,
    read_reference,
)
from tests.complaints.somebody import ANSWERS
from tests.makers.complaints import RECEIVED


def asked(**answers: dict[str, str]) -> list[str]:
    return [step.value for step in path({**ANSWERS, **answers})]


def test_a_complaint_is_asked_everything_that_applies() -> None:
    assert asked() == list(ANSWERS)


def test_whoever_is_not_safe_is_asked_only_what_is_needed_to_reach_them() -> None:
    urgent = asked(safe={"safe": "no"}, answer={"answer_by": "phone"})
    assert urgent == ["what", "safe", "happened", "who", "name", "answer", "contact"]


def test_whoever_says_something_nice_is_not_asked_whether_they_are_safe() -> None:
    nice = asked(what={"kind": "compliment"})
    assert not {"safe", "wish", "helper"} & set(nice)


@pytest.mark.parametrize(
    ("named", "about", "expected"),
    [("yes", "provider", True), ("yes", "council", False), ("no", "provider", False)],
)
def test_only_a_name_can_be_told_and_only_to_a_service(
    named: str, about: str, expected: bool
) -> None:
    assert ("tell" in asked(name={"named": named}, about={"about": about})) is expected


def test_the_way_back_follows_the_way_there() -> None:
    assert step_before(ANSWERS, Step.KIND) is None
    assert step_before({**ANSWERS, "safe": {"safe": "no"}}, Step.WHO) is Step.HAPPENED


def test_received_on_17_december_it_is_answered_by_5_january_and_at_most_19() -> None:
    """rules.md A1 and A2."""
    days = answer_days(RECEIVED.date())
    assert (days.first.due.isoformat(), days.last.due.isoformat()) == ("2027-01-05", "2027-01-19")
    assert [name for _day, name in days.first.skipped] == [
        "Christmas Day", "Boxing Day (substitute day)", "New Year's Day",
    ]  # fmt: skip


def test_a_reference_has_no_letter_that_is_misread_and_no_order() -> None:
    made = [new_reference() for _ in range(500)]
    assert len(set(made)) == 500 and made != sorted(made)
    assert set("".join(one[3:] for one in made)) <= set(REFERENCE_LETTERS) | {"-"}
    assert not set(REFERENCE_LETTERS) & set("01AEIOUL")


@pytest.mark.parametrize(
    "typed", ["ct-7k3m-9qpd", " CT 7K3M 9QPD ", "7k3m9qpd", "CT7K3M9QPD", "ct–7k3m–9qpd"]
)
def test_a_reference_may_be_typed_in_any_way(typed: str) -> None:
    assert read_reference(typed) == "CT-7K3M-9QPD"


def test_four_words_of_2048_hold_44_bits() -> None:
    assert len(words()) == len(set(words())) == 2048
    assert all(word.isalpha() and word.islower() and 2 < len(word) < 9 for word in words())
    made = new_passphrase()
    assert len(made.split()) == WORDS_IN_ONE and set(made.split()) <= set(words())
    assert read_passphrase(f"  {made.upper().replace(' ', ' - ')}.") == made
