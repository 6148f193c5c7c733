"""What each kind of question takes for an answer, and when a follow-up is asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from portal.frameworks.questions.rules import (
    Option,
    QuestionKind,
    check_answer,
    say_answer,
    words_in,
)
from portal.frameworks.rules import Unfit

SOMETHING = "0192f1c4-7d1a-7c3e-9d5b-3f6a1e8b2c40"


@dataclass(frozen=True)
class Asking:
    kind: QuestionKind
    optional: bool = False
    most_words: int | None = None
    options: list[Option] = field(default_factory=list)
    required: str = ""


PLACES = [Option(code="urban", label="In a town"), Option(code="rural", label="In the country")]
YES_NO = Asking(QuestionKind.YES_NO)
MUST = Asking(QuestionKind.YES_NO, required="yes")
CHOICE = Asking(QuestionKind.CHOICE, options=PLACES)
TEXT = Asking(QuestionKind.TEXT, most_words=5)


@pytest.mark.parametrize(
    ("asking", "value", "said"),
    [
        (YES_NO, "no", "No"),
        (MUST, "yes", "Yes"),
        (CHOICE, "rural", "In the country"),
        (TEXT, "One two - three four five", "One two - three four five"),
        (Asking(QuestionKind.TEXT), "word " * 10_000, "word " * 10_000),
        (Asking(QuestionKind.NUMBER), 0, "0"),
        (Asking(QuestionKind.NUMBER), 1200, "1,200"),
        (Asking(QuestionKind.MONEY), 100800, "£1,008.00"),
        (Asking(QuestionKind.DATE), "2027-01-05", "5 January 2027"),
        (Asking(QuestionKind.FILE), SOMETHING, SOMETHING),
        (Asking(QuestionKind.EVIDENCE), SOMETHING, SOMETHING),
        (Asking(QuestionKind.DATE, optional=True), None, ""),
        (Asking(QuestionKind.CHOICE, optional=True, options=PLACES), "", ""),
    ],
)
def test_an_answer_of_its_kind_is_taken_and_said(asking: Asking, value: Any, said: str) -> None:
    check_answer(asking, value)
    assert say_answer(asking, value) == said


@pytest.mark.parametrize(
    ("asking", "value", "sentence"),
    [
        (YES_NO, None, "Answer yes or no"),
        (YES_NO, "maybe", "Answer yes or no"),
        (YES_NO, True, "Answer yes or no"),
        (MUST, "no", "Only those who can answer “Yes” can be given a place"),
        (CHOICE, "In a town", "Choose one of the options"),
        (TEXT, "", "Write an answer"),
        (TEXT, 12, "Write an answer"),
        (
            TEXT,
            "One two three four five six seven",
            "Use at most 5 words. This has 7: take out 2",
        ),
        (
            Asking(QuestionKind.TEXT),
            "word " * 10_000 + "end",
            "Use at most 50,000 characters. This has 50,003: take out 3",
        ),
        (TEXT, "x" * 50_001, "Use at most 50,000 characters. This has 50,001: take out 1"),
        (Asking(QuestionKind.NUMBER), -1, "Enter a whole number, like 12"),
        (Asking(QuestionKind.NUMBER), True, "Enter a whole number, like 12"),
        (Asking(QuestionKind.MONEY), "12", "Enter an amount in pounds, like 42.00"),
        (Asking(QuestionKind.DATE), "2027-02-30", "Enter a date, like 27 3 2027"),
        (Asking(QuestionKind.FILE), "report.pdf", "Choose a file"),
        (Asking(QuestionKind.EVIDENCE), "insurance", "Choose the evidence from your wallet"),
        (Asking(QuestionKind.MONEY, optional=True), -5, "Enter an amount in pounds, like 42.00"),
    ],
)
def test_another_is_refused_with_what_to_do(asking: Asking, value: Any, sentence: str) -> None:
    with pytest.raises(Unfit) as refused:
        check_answer(asking, value)
    assert refused.value.sentence == sentence


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        (" \n\t ", 0),
        ("one", 1),
        ("a well-run home", 3),
        ("one — two", 2),
        ("24/7 • yes", 2),
    ],
)
def test_words_are_counted_as_people_count_them(text: str, count: int) -> None:
    assert words_in(text) == count
