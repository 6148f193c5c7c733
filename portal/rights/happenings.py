"""What is done about data rights; reporting/record/sentences.py says it in words."""

from __future__ import annotations

from enum import StrEnum


class Event(StrEnum):
    """One name per happening."""

    COPY_ASKED = "rights:copy:asked"
    COPY_MADE = "rights:copy:made"
    COPY_TAKEN = "rights:copy:taken"
    PERIODS_SET = "rights:periods:set"
    HOLD_PLACED = "rights:hold:placed"
    HOLD_LIFTED = "rights:hold:lifted"
    SWEPT = "rights:organisation:swept"
    ERASED = "rights:person:erased"
