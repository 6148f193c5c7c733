"""What waits about the pages for young people."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session

from portal.complaints.guidance.queries import stale_contacts
from portal.complaints.guidance.rules import check_again_on
from portal.home.rules import Need, Work
from portal.kernel.wording import say_count, say_due


def contacts(session: Session, council_id: UUID, today: date) -> Work:
    """The contacts that nobody has checked for six months, as one thing to do."""
    stale = stale_contacts(session, council_id, today)
    if not stale:
        return Work()
    by = check_again_on(stale[0].checked_on)
    return Work(
        needs=(
            Need(
                f"Check {say_count(len(stale), 'contact')} for young people",
                url_for("contacts.index"),
                by,
                due=say_due(by, today),
                tag="Check again",
                tone="warn",
            ),
        )
    )
