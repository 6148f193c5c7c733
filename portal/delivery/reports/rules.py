"""States of a termly report and what it counts. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from portal.delivery.outcomes.rules import Indicator
from portal.frameworks.rules import Unit
from portal.kernel.errors import DomainError
from portal.kernel.wording import say_date, say_hours


class ReportState(StrEnum):
    """Where a report stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"


class ReportStep(StrEnum):
    """What is done with a report."""

    SUBMIT = "submit"
    RETURN = "return"
    ACCEPT = "accept"


TRANSITIONS = {
    (ReportState.DRAFT, ReportStep.SUBMIT): ReportState.SUBMITTED,
    (ReportState.RETURNED, ReportStep.SUBMIT): ReportState.SUBMITTED,
    (ReportState.SUBMITTED, ReportStep.RETURN): ReportState.RETURNED,
    (ReportState.SUBMITTED, ReportStep.ACCEPT): ReportState.ACCEPTED,
}
WITH_THE_PROVIDER = (ReportState.DRAFT, ReportState.RETURNED)

REPORT_STATE_NAMES = {
    ReportState.DRAFT: "Draft",
    ReportState.SUBMITTED: "Submitted",
    ReportState.RETURNED: "Given back",
    ReportState.ACCEPTED: "Accepted",
}
SECTIONS = {
    "activity": "What was done this term",
    "progress": "Progress towards the agreed outcomes",
    "plans": "What comes next, and any worries",
}
"""The parts of a report that are written, with what each is about."""


LONGEST_SECTION = 4000


@dataclass(frozen=True, slots=True)
class Counts:
    """What was recorded of an agreement in a term; nobody changes it in the report.

    ``interactions`` are those of delivered sessions, and ``minutes`` is their length.
    """

    sessions: int = 0
    interactions: int = 0
    minutes: int = 0
    not_attended: int = 0
    cancelled: int = 0
    nights: int = 0
    nights_absent: int = 0

    def rows(self, unit: Unit) -> list[tuple[str, str]]:
        """The counts in words, as (what, how many)."""
        if unit is Unit.NIGHT:
            return [
                ("Nights present", f"{self.nights:,}"),
                ("Nights absent", f"{self.nights_absent:,}"),
            ]
        return [
            ("Sessions delivered", f"{self.sessions:,}"),
            ("Interactions", f"{self.interactions:,}"),
            ("Time together", say_hours(self.minutes)),
            ("Sessions not attended", f"{self.not_attended:,}"),
            ("Sessions cancelled", f"{self.cancelled:,}"),
        ]


@dataclass(frozen=True, slots=True)
class Written:
    """What a provider writes of a term; the scores are by indicator."""

    activity: str = ""
    progress: str = ""
    plans: str = ""
    scores: Mapping[Indicator, int] = field(default_factory=dict)

    @property
    def missing(self) -> list[str]:
        """What a report lacks before it can be submitted, a sentence each."""
        lacks = []
        if not self.activity:
            lacks.append("Say what was done this term")
        if not self.progress:
            lacks.append("Say how far the agreed outcomes are reached")
        if not self.scores:
            lacks.append("Score at least one indicator")
        return lacks


class NotComplete(DomainError):
    """A report that lacks something."""

    status = 422

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(f"{'. '.join(missing)}. Then submit the report.")


class TermNotOver(DomainError):
    """A report counts the whole term, so it is not submitted before the last day of term."""

    def __init__(self, last_day: date) -> None:
        super().__init__(
            f"The term ends on {say_date(last_day)}. Submit the report on that day or after it; "
            "your draft is kept."
        )


class NotTheirs(DomainError):
    """The report is with the council, so the provider changes nothing in it."""

    sentence = (
        "This report is with the council, so it cannot be changed. "
        "If the council gives it back, you can write in it again."
    )


def check_complete(written: Written, last_day: date, today: date) -> None:
    """Refuse a report that lacks something or comes too early. Raises NotComplete, TermNotOver."""
    if today < last_day:
        raise TermNotOver(last_day)
    if written.missing:
        raise NotComplete(written.missing)


def owes(starts_on: date, ends_on: date | None, first_day: date, last_day: date) -> bool:
    """Whether an agreement ran on a day of the term, so that a report is owed."""
    return starts_on <= last_day and (ends_on is None or ends_on >= first_day)
