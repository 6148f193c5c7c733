"""What a check finds, and what that stops. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.frameworks.rules import Unit
from portal.kernel.wording import say_count, say_date, say_hours, say_list


class Severity(StrEnum):
    """What a check stops."""

    BLOCKS = "blocks"
    HOLDS = "holds"
    WARNS = "warns"
    PASSES = "passes"


@dataclass(frozen=True, slots=True)
class Check:
    """One finding: its sentence, its figures as (name, figure) pairs, the lines it is about.

    ``lines`` are the positions of lines; empty for the invoice as a whole.
    """

    code: str
    severity: Severity
    sentence: str
    figures: tuple[tuple[str, str], ...] = ()
    lines: tuple[int, ...] = ()


def quantity(unit: Unit, parts: int) -> str:
    """Parts of a unit in words."""
    return say_hours(parts) if unit is Unit.HOUR else say_count(parts, unit.value)


def days_in_words(days: list[date]) -> str:
    """Each day once, in words and in order."""
    return say_list([say_date(day) for day in sorted(set(days))])
