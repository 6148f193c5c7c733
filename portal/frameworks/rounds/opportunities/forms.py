"""What the public list of opportunities is narrowed by."""

from __future__ import annotations

from portal.frameworks.rounds.rules import RoundState
from portal.kernel.filters import Choice, Filters

TAKES_APPLICATIONS = (RoundState.ANNOUNCED, RoundState.OPEN)
STAGES = {
    "open": ("Open now", (RoundState.OPEN,)),
    "to-come": ("Not open yet", (RoundState.ANNOUNCED,)),
    "closed": (
        "Closed",
        tuple(
            state for state in RoundState if state not in (*TAKES_APPLICATIONS, RoundState.DRAFT)
        ),
    ),
}


class OpportunityFilters(Filters):
    """Rounds by stage and by council."""

    stage = Choice(
        "Stage",
        everything="Open now or to come",
        choices=[(code, words) for code, (words, _) in STAGES.items()],
    )
    council = Choice("Council", everything="All")

    @property
    def states(self) -> tuple[RoundState, ...]:
        """The states to list: those that take applications now or later, unless chosen."""
        return STAGES[self.stage.chosen][1] if self.stage.chosen else TAKES_APPLICATIONS
