"""A termly report in words, for its pages and its PDF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.delivery.outcomes.rules import INDICATOR_NAMES, SCORE_NAMES, Indicator
from portal.delivery.reports.models import ReportSubmission
from portal.delivery.reports.outstanding import Owed
from portal.delivery.reports.queries import ReportPaper
from portal.delivery.reports.rules import REPORT_STATE_NAMES, SECTIONS, ReportState, Written
from portal.kernel.wording import say_datetime

TONES = {
    ReportState.DRAFT: "neutral",
    ReportState.SUBMITTED: "waiting",
    ReportState.RETURNED: "warn",
    ReportState.ACCEPTED: "good",
}


def state_tag(one: Owed | ReportPaper, today: date) -> tuple[str, str]:
    """(words, tone) of where a report stands; late is said before anything else."""
    if one.with_provider and one.due.due < today:
        return "Overdue", "bad"
    if one.state is None:
        return "Not begun", "neutral"
    return REPORT_STATE_NAMES[one.state], TONES[one.state]


def parts(written: Written) -> list[tuple[str, str]]:
    """(what it is about, what was written) for each part."""
    return [(title, getattr(written, name)) for name, title in SECTIONS.items()]


def score_rows(scores: Mapping[Indicator, int]) -> list[tuple[str, str]]:
    """(indicator, score in words) of what was scored."""
    return [
        (name, f"{scores[indicator]}, {SCORE_NAMES[scores[indicator]].lower()}")
        for indicator, name in INDICATOR_NAMES.items()
        if indicator in scores
    ]


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of a report's history, as the kit's timeline shows it."""

    what: str
    when: str
    who: str
    note: str = ""


def history(submissions: Sequence[ReportSubmission]) -> list[Happened]:
    """What happened to a report, the newest first."""
    happened = []
    for one in submissions:
        if one.decided_at is not None:
            what = "Accepted" if one.accepted else "Given back"
            when, who = say_datetime(one.decided_at), one.decided_by_name or ""
            happened.append(Happened(what, when, who, one.because))
        when = say_datetime(one.submitted_at)
        happened.append(Happened("Submitted", when, one.submitted_by_name))
    return happened
