"""What the list of reports is narrowed by."""

from __future__ import annotations

from portal.delivery.reports.rules import REPORT_STATE_NAMES, ReportState
from portal.kernel.filters import Choice, Filters

TO_WRITE = "to-write"


class ReportFilters(Filters):
    """Reports by where they stand and by term."""

    state = Choice(
        "Show",
        everything="Every report",
        choices=[
            (TO_WRITE, "To be written"),
            *((state.value, REPORT_STATE_NAMES[state]) for state in ReportState),
        ],
    )
    term = Choice("Term", everything="Every term")
