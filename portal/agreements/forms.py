"""What the list of agreements is narrowed by."""

from __future__ import annotations

from portal.agreements.rules import AGREEMENT_STATE_NAMES
from portal.kernel.fields import TextLine
from portal.kernel.filters import Choice, Filters


class AgreementFilters(Filters):
    """Agreements by state, framework, the other side, and the beginning of the reference."""

    reference = TextLine("Reference", description="All of it, or how it begins")
    state = Choice(
        "State",
        everything="All",
        choices=[(state.value, name) for state, name in AGREEMENT_STATE_NAMES.items()],
    )
    framework = Choice("Framework", everything="All")
    party = Choice("Provider", everything="All")
