"""What somebody may send, in which words it is kept, and what becomes of it. Pure."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.kernel.working_days import Deadline, add_working_days

LONGEST_TEXT = 20_000  # characters of one answer or one message
LONGEST_LINE = 500
MOST_FILES = 10  # with one complaint, or with one message

REFERENCE_LETTERS = "23456789BCDFGHJKMNPQRSTVWXYZ"
"""No vowels, so no words; no 0, 1, I, L, O or U, which are misread."""


class Kind(StrEnum):
    """What is sent."""

    COMPLAINT = "complaint"
    COMPLIMENT = "compliment"
    WORRY = "worry"


class Who(StrEnum):
    """Who sends it: those who may complain under the regulations (rules.md A6)."""

    YOUNG_PERSON = "young-person"
    CARE_LEAVER = "care-leaver"
    PARENT = "parent"
    FOSTER_CARER = "foster-carer"
    SPECIAL_GUARDIAN = "special-guardian"
    ADOPTER = "adopter"
    ADVOCATE = "advocate"
    SOMEBODY_ELSE = "somebody-else"


WHO_NAMES = {
    Who.YOUNG_PERSON: "A child or young person",
    Who.CARE_LEAVER: "A care leaver",
    Who.PARENT: "A parent",
    Who.FOSTER_CARER: "A foster carer",
    Who.SPECIAL_GUARDIAN: "A special guardian",
    Who.ADOPTER: "An adopter",
    Who.ADVOCATE: "An advocate",
    Who.SOMEBODY_ELSE: "Somebody else",
}


class About(StrEnum):
    """Whom or what it is about."""

    PROVIDER = "provider"
    COUNCIL = "council"
    SOMEBODY_ELSE = "somebody-else"
    NOT_SURE = "not-sure"


class Answer(StrEnum):
    """How they would like to be answered."""

    HERE = "here"
    EMAIL = "email"
    PHONE = "phone"
    TEXT = "text"
    LETTER = "letter"
    SOMEBODY = "somebody"


class Helper(StrEnum):
    """Whether they want an advocate: offered to everybody at first contact (rules.md A8)."""

    WANTED = "wanted"
    HAS_ONE = "has-one"
    NO = "no"


class Side(StrEnum):
    """Which side of the conversation wrote a message."""

    SENDER = "sender"
    COUNCIL = "council"


class Track(StrEnum):
    """Under which rules the council answers (rules.md A2-A5, A13, A14)."""

    CHILDREN = "children"
    OTHER = "other"
    DATA_PROTECTION = "data-protection"


class State(StrEnum):
    """Where it stands, as its sender is told it."""

    RECEIVED = "received"
    BEING_LOOKED_AT = "being-looked-at"
    ANSWERED = "answered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """What moves it."""

    TAKE_UP = "take up"
    ANSWER = "answer"
    GO_ON = "go on"
    CLOSE = "close"
    WITHDRAW = "withdraw"


TRANSITIONS = {
    (State.RECEIVED, Step.TAKE_UP): State.BEING_LOOKED_AT,
    (State.BEING_LOOKED_AT, Step.ANSWER): State.ANSWERED,
    (State.ANSWERED, Step.GO_ON): State.BEING_LOOKED_AT,
    (State.CLOSED, Step.GO_ON): State.BEING_LOOKED_AT,
    (State.RECEIVED, Step.CLOSE): State.CLOSED,
    (State.BEING_LOOKED_AT, Step.CLOSE): State.CLOSED,
    (State.ANSWERED, Step.CLOSE): State.CLOSED,
    (State.RECEIVED, Step.WITHDRAW): State.WITHDRAWN,
    (State.BEING_LOOKED_AT, Step.WITHDRAW): State.WITHDRAWN,
    (State.ANSWERED, Step.WITHDRAW): State.WITHDRAWN,
}


def new_reference() -> str:
    """As "CT-7K3M-9QPD": 28 to the power of 8 (38 bits), by chance, without meaning or order."""
    letters = "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(8))
    return f"CT-{letters[:4]}-{letters[4:]}"


def read_reference(typed: str) -> str:
    """A reference as somebody typed it, in the way that it is kept; as typed if it is none."""
    letters = "".join(letter for letter in typed.upper() if letter.isalnum())
    letters = letters.removeprefix("CT") if len(letters) == 10 else letters
    return f"CT-{letters[:4]}-{letters[4:]}" if len(letters) == 8 else typed.strip()[:20]


@dataclass(frozen=True, slots=True)
class AnswerDays:
    """By when something that arrived is answered: the first day, and the last if it is hard."""

    received_on: date
    first: Deadline
    last: Deadline


def answer_days(received_on: date) -> AnswerDays:
    """What somebody may count on before the council has chosen a track (rules.md A2)."""
    return AnswerDays(
        received_on, add_working_days(received_on, 10), add_working_days(received_on, 20)
    )


UNSAVED_KEPT = timedelta(hours=24)
"""How long what is typed waits for its browser: over the 20 hours of WCAG 2.2.1."""
SAVED_KEPT = timedelta(days=30)
"""How long it waits for somebody who chose to come back."""
RECEIPT_KEPT = timedelta(hours=1)
"""How long the receipt can be read and printed again."""
