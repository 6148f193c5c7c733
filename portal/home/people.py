"""What an administrator finds on their home page about the organisation's people."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session

from portal.home.rules import Coming, Need, Note, Work
from portal.identity.people.invitations.queries import waiting_requests
from portal.identity.people.reviews.queries import open_review
from portal.identity.people.reviews.rules import is_near, is_overdue
from portal.kernel.local_time import local_date
from portal.kernel.wording import say_count, say_date, say_due


def administration(session: Session, organisation_id: UUID, today: date) -> Work:
    """Requests to join, and the review of access from 14 days before it is due."""
    needs, coming = [], []
    waiting, since = waiting_requests(session, organisation_id)
    if since is not None:
        needs.append(
            Need(
                f"Answer {say_count(waiting, 'request')} to join",
                url_for("people.requests"),
                local_date(since),
                f"since {say_date(local_date(since))}",
                "To answer",
                "waiting",
            )
        )
    review = open_review(session, organisation_id)
    if review is not None and is_near(review.due_on, today):
        late = is_overdue(review.due_on, today)
        needs.append(
            Need(
                "Review who has access",
                url_for("people.review"),
                review.due_on,
                f"{say_due(review.due_on, today)}, {say_date(review.due_on)}",
                "Overdue" if late else "Due soon",
                "bad" if late else "warn",
            )
        )
    elif review is not None:
        coming.append(
            Coming(review.due_on, f"The next review of access is due on {say_date(review.due_on)}.")
        )
    return Work(
        needs=tuple(needs),
        coming=tuple(coming),
        notes=(Note("", url_for("people.index"), "People and their roles"),),
    )
