"""What a question asks and how it must be answered. Pure."""

from __future__ import annotations

from enum import StrEnum


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
