"""Every morning: reviews of access are opened where there is none, and reminded of."""

from __future__ import annotations

from portal.identity.people.reviews.actions import open_missing, remind
from portal.kernel.jobs import Work, every
from portal.kernel.tenancy import Task


@every("people:reviews", scope=Task.SIGN_IN, daily="07:00")
def keep_reviews(work: Work) -> None:
    """Open what is missing, then remind of what is near or overdue."""
    open_missing(work.session, at=work.at)
    remind(work.session, at=work.at)
