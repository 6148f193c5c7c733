"""How many young people a provider has already on each place.

Agreements lie above referrals, so they say it here: whoever counts registers itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from portal.kernel.database import working_as
from portal.kernel.tenancy import Scope, Task

Counter = Callable[[Session, Sequence[UUID], date], dict[UUID, int]]
_COUNTERS: list[Counter] = []


def counts_agreements(counter: Counter) -> Counter:
    """Register what counts, for some places, the agreements that run on a day."""
    _COUNTERS.append(counter)
    return counter


def taken(session: Session, place_ids: Sequence[UUID], day: date) -> dict[UUID, int]:
    """How many young people each place has on a day, over all the councils that buy from it.

    A council sees its own agreements alone, so the portal counts; only the figure leaves.
    """
    figures = dict.fromkeys(place_ids, 0)
    with working_as(session, Scope.system(Task.REFERRALS)):
        for counter in _COUNTERS:
            for place_id, count in counter(session, place_ids, day).items():
                figures[place_id] += count
    return figures
