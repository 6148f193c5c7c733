"""What the lists of frameworks and places are narrowed by."""

from __future__ import annotations

from portal.frameworks.queries import Term
from portal.frameworks.rules import PLACE_STATE_NAMES
from portal.kernel.fields import TextLine
from portal.kernel.filters import Choice, Filters

TERM_NAMES = {Term.IN_FORCE: "In force", Term.TO_COME: "Still to begin", Term.ENDED: "Ended"}


class FrameworkFilters(Filters):
    """Frameworks by where their term stands."""

    term = Choice(
        "Term",
        everything="All",
        choices=[(term.value, name) for term, name in TERM_NAMES.items()],
    )


class PlaceFilters(Filters):
    """Places by state and by the provider's name."""

    state = Choice(
        "State",
        everything="All",
        choices=[(state.value, name) for state, name in PLACE_STATE_NAMES.items()],
    )
    name = TextLine("Provider's name", description="How it begins")
