"""Sending what waits in the outbox.

A letter is sent at least once: the mail server's taking it and our noting so cannot be one act.
Where a worker dies between the two the letter goes again, under the same Message-ID.
"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

from flask import current_app
from sqlalchemy import delete

from portal.kernel.jobs import Work, every, job
from portal.kernel.post.carriers import Envelope, carrier_of
from portal.kernel.post.models import Letter
from portal.kernel.tenancy import Task

ATTEMPTS = 10  # over about fifteen hours
KEPT = timedelta(days=90)


def _give_up(work: Work, letter_id: str) -> None:
    letter = work.session.get(Letter, UUID(letter_id))
    if letter is not None and letter.body is not None:
        letter.body, letter.given_up_at = None, work.at


@job("post:send", scope=Task.POST, attempts=ATTEMPTS, given_up=_give_up)
def send(work: Work, letter_id: str) -> None:
    """Send one letter and erase what it said.

    The transaction begins after the conversation with the mail server, which can be slow.
    """
    with work.reading() as session:
        letter = session.get(Letter, UUID(letter_id))
        if letter is None or letter.body is None:
            return
    config = current_app.config
    carrier_of(config).send(
        Envelope(
            id=letter.id,
            address=letter.address,
            subject=letter.subject,
            body=letter.body,
            written_at=letter.written_at,
            sender=config["POST_FROM"],
            host=urlsplit(config["PUBLIC_URL"]).hostname or "localhost",
        )
    )
    sent = work.session.get_one(Letter, letter.id)
    sent.body, sent.sent_at = None, work.at


@every("post:sweep", daily="02:50", scope=Task.RETENTION)
def sweep(work: Work) -> None:
    """Forget letters, and so their addresses, 90 days after they were written."""
    work.session.execute(delete(Letter).where(Letter.written_at < work.at - KEPT))
