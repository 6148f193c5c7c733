"""What happens to the record itself, and what it notes of people who only look."""

from __future__ import annotations

from enum import StrEnum


class Event(StrEnum):
    """A look at an identity, a refusal, and what is done to the record."""

    IDENTITY_SEEN = "looks:identity:seen"
    REFUSED = "refusals:page:refused"
    REFUSED_OFTEN = "refusals:page:refused-often"
    EXPORTED = "record:list:exported"
    STATED = "record:chain:stated"
    WORDS_ERASED = "record:words:erased"
