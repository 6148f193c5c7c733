"""Whether a code and four words open something: the same answer in the same time if they do not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.audit.actions import Subject, record
from portal.complaints.following import queries
from portal.complaints.following.actions import Event
from portal.complaints.following.rules import counts_afresh, digest, is_locked
from portal.complaints.making.actions import SOMEBODY
from portal.complaints.making.queries import unsent_at
from portal.complaints.making.sealing import Draft, WrongKey
from portal.complaints.models import Complaint, WrongGuesses
from portal.complaints.passphrases import key_of, read_passphrase
from portal.complaints.rules import read_reference
from portal.identity.passwords import matches


@dataclass(frozen=True, slots=True)
class Opened:
    """What was opened: something sent, or something saved with the key that opens it."""

    id: UUID
    council_id: UUID
    reference: str
    key: str | None


def try_to_open(
    session: Session, reference: str, passphrase: str, *, at: datetime
) -> Opened | None:
    """What these open, or None.

    One argon2id is computed whether the reference is that of something sent, something saved or
    nothing, and whether or not it was tried too often.
    """
    reference, words = read_reference(reference), read_passphrase(passphrase)
    guesses = queries.wrong_guesses(session, digest(reference))
    locked = guesses is not None and is_locked(guesses.count, guesses.since, at)
    complaint = queries.complaint_at(session, reference)
    unsent = None if complaint else unsent_at(session, reference, at=at)
    found: Opened | None = None
    if unsent is not None:
        key = key_of(words, unsent.id)
        try:
            council_id = Draft.open(unsent.sealed, key).council_id
            found = Opened(unsent.id, council_id, reference, key)
        except WrongKey:
            found = None
    elif matches(complaint.passphrase_hash if complaint else None, words) and complaint:
        found = Opened(complaint.id, complaint.council_id, reference, None)
    return None if locked else found


def note_wrong_guess(session: Session, reference: str, *, at: datetime) -> None:
    """Count a wrong try for this reference, real or not."""
    key = digest(read_reference(reference))
    guesses = queries.wrong_guesses(session, key, locked=True)
    if guesses is None:
        try:
            with session.begin_nested():
                session.add(WrongGuesses(reference_digest=key, count=1, since=at))
        except IntegrityError:
            guesses = queries.wrong_guesses(session, key, locked=True)
    if guesses is not None:
        if counts_afresh(guesses.since, at):
            guesses.count, guesses.since = 0, at
        guesses.count += 1


def note_opened(session: Session, opened: Opened, *, at: datetime) -> None:
    """Record that what was sent is followed; what is only saved is nobody's business."""
    complaint = session.get(Complaint, opened.id)
    if complaint is None:
        return
    record(
        session,
        SOMEBODY,
        Event.FOLLOWED,
        Subject("complaint", complaint.id, complaint.reference, council_id=complaint.council_id),
        at=at,
    )
