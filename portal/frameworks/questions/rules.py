"""What a question asks and how it must be answered. Pure.

An answer is a JSON value: "yes" or "no", text, an option's code, a whole number, pence, a day as
2027-01-05, or the id of a file or of evidence in the wallet. No answer is None or "".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, Protocol, TypedDict
from uuid import UUID

from portal.frameworks.rules import Unfit
from portal.kernel.money import Money
from portal.kernel.wording import say_count, say_date


class QuestionKind(StrEnum):
    """How a question is answered (design.md, Questions)."""

    YES_NO = "yes-no"
    TEXT = "text"
    CHOICE = "choice"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    FILE = "file"
    EVIDENCE = "evidence"


KIND_NAMES = {
    QuestionKind.YES_NO: "Yes or no",
    QuestionKind.TEXT: "Text",
    QuestionKind.CHOICE: "One of several options",
    QuestionKind.NUMBER: "A whole number",
    QuestionKind.MONEY: "An amount of money",
    QuestionKind.DATE: "A date",
    QuestionKind.FILE: "A file",
    QuestionKind.EVIDENCE: "Evidence from the wallet",
}

YES_OR_NO = {"yes": "Yes", "no": "No"}
LONGEST_TEXT = 50_000  # characters, whatever its limit of words: 5,000 words are some 30,000
CHOSEN = frozenset({QuestionKind.YES_NO, QuestionKind.CHOICE})
"""The kinds whose answers are codes: they can be required, and have follow-ups."""
SCORED = frozenset({QuestionKind.TEXT, QuestionKind.FILE})
"""The kinds that evaluators read and score."""


class Option(TypedDict):
    """One answer to choose: its code never changes, its label may."""

    code: str
    label: str


class Asks(Protocol):
    """As much of a question's version as its answer is held against."""

    @property
    def kind(self) -> QuestionKind: ...
    @property
    def optional(self) -> bool: ...
    @property
    def most_words(self) -> int | None: ...
    @property
    def options(self) -> Sequence[Option]: ...
    @property
    def required(self) -> str: ...


def is_answered(value: Any) -> bool:
    """Whether there is an answer at all, right or wrong; 0 is one."""
    return value is not None and value != ""


def check_answer(asks: Asks, value: Any) -> None:
    """An answer is of its question's kind, within its limit, and the one that it requires.

    Raises Unfit with the sentence for the first thing to change.
    """
    if not is_answered(value):
        if asks.optional:
            return
        raise Unfit(_NOT_ANSWERED[asks.kind])
    if asks.kind in CHOSEN:
        _check_chosen(asks, value)
    elif asks.kind is QuestionKind.TEXT:
        _check_text(asks, value)
    elif not _FITS[asks.kind](value):
        raise Unfit(_NOT_ANSWERED[asks.kind])


def codes_of(asks: Asks) -> Mapping[str, str]:
    """The answers that may be chosen, as code and label; none for a kind that is typed."""
    if asks.kind is QuestionKind.YES_NO:
        return YES_OR_NO
    return {option["code"]: option["label"] for option in asks.options}


def too_long(text: str) -> str | None:
    """What to change in a text of more characters than any answer may have; None for another."""
    over = len(text) - LONGEST_TEXT
    if over <= 0:
        return None
    return f"Use at most {LONGEST_TEXT:,} characters. This has {len(text):,}: take out {over:,}"


def words_in(text: str) -> int:
    """How many words a text has: what stands between spaces and holds a letter or a figure."""
    return sum(any(sign.isalnum() for sign in word) for word in text.split())


def say_answer(asks: Asks, value: Any) -> str:
    """An answer as a person reads it: "Yes", "£1,008.00", "5 January 2027"; "" for none.

    The id of a file or of evidence says nothing: whoever shows it, names it.
    """
    if not is_answered(value):
        return ""
    if asks.kind in CHOSEN:
        return codes_of(asks).get(str(value), str(value))
    if asks.kind is QuestionKind.MONEY:
        return str(Money(value))
    if asks.kind is QuestionKind.DATE:
        return say_date(date.fromisoformat(value))
    return f"{value:,}" if asks.kind is QuestionKind.NUMBER else str(value)


def _check_chosen(asks: Asks, value: Any) -> None:
    labels = codes_of(asks)
    if not isinstance(value, str) or value not in labels:
        raise Unfit(_NOT_ANSWERED[asks.kind])
    if asks.required and value != asks.required:
        raise Unfit(f"Only those who can answer “{labels[asks.required]}” can be given a place")


def _check_text(asks: Asks, value: Any) -> None:
    if not isinstance(value, str):
        raise Unfit(_NOT_ANSWERED[asks.kind])
    if wrong := too_long(value):
        raise Unfit(wrong)
    used = words_in(value)
    if asks.most_words is not None and used > asks.most_words:
        raise Unfit(
            f"Use at most {say_count(asks.most_words, 'word')}. "
            f"This has {used:,}: take out {used - asks.most_words:,}"
        )


def _is_amount(value: Any) -> bool:
    return type(value) is int and value >= 0


def _is_day(value: Any) -> bool:
    return isinstance(value, str) and _reads(date.fromisoformat, value)


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and _reads(UUID, value)


def _reads(read: Any, text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True


_FITS = {
    QuestionKind.NUMBER: _is_amount,
    QuestionKind.MONEY: _is_amount,
    QuestionKind.DATE: _is_day,
    QuestionKind.FILE: _is_id,
    QuestionKind.EVIDENCE: _is_id,
}

_NOT_ANSWERED = {
    QuestionKind.YES_NO: "Answer yes or no",
    QuestionKind.TEXT: "Write an answer",
    QuestionKind.CHOICE: "Choose one of the options",
    QuestionKind.NUMBER: "Enter a whole number, like 12",
    QuestionKind.MONEY: "Enter an amount in pounds, like 42.00",
    QuestionKind.DATE: "Enter a date, like 27 3 2027",
    QuestionKind.FILE: "Choose a file",
    QuestionKind.EVIDENCE: "Choose the evidence from your wallet",
}
