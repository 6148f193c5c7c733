"""What has been typed and not sent, found by the browser that types it or by its reference."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.complaints.models import Complaint, UnsentComplaint, WrongGuesses
from portal.kernel.files import StoredFile


def unsent_complaint(
    session: Session, unsent_id: UUID, *, at: datetime, locked: bool = False
) -> UnsentComplaint | None:
    """What a browser is writing, while it is kept; ``locked`` until the transaction ends."""
    stmt = select(UnsentComplaint).where(
        UnsentComplaint.id == unsent_id, UnsentComplaint.kept_until > at
    )
    if locked:
        stmt = stmt.with_for_update().execution_options(populate_existing=True)
    return session.scalars(stmt).first()


def unsent_at(session: Session, reference: str, *, at: datetime) -> UnsentComplaint | None:
    """What somebody saved under a reference, while it is kept."""
    return session.scalars(
        select(UnsentComplaint).where(
            UnsentComplaint.reference == reference, UnsentComplaint.kept_until > at
        )
    ).first()


def sent_complaint(session: Session, complaint_id: UUID) -> Complaint | None:
    """What became of an unsent complaint, which keeps its id."""
    return session.get(Complaint, complaint_id)


def is_taken(session: Session, reference: str) -> bool:
    """Whether a reference is already somebody's."""
    taken = (
        select(UnsentComplaint.id).where(UnsentComplaint.reference == reference),
        select(Complaint.id).where(Complaint.reference == reference),
    )
    return any(session.scalars(stmt).first() is not None for stmt in taken)


def outlived(session: Session, at: datetime, most: int) -> Sequence[UnsentComplaint]:
    """Some of what has been kept long enough, the longest first."""
    return session.scalars(
        select(UnsentComplaint)
        .where(UnsentComplaint.kept_until <= at)
        .order_by(UnsentComplaint.kept_until, UnsentComplaint.id)
        .limit(most)
    ).all()


def unsent_files(session: Session, unsent_id: UUID) -> Sequence[StoredFile]:
    """The files that came with what is not sent; no council has them yet."""
    return session.scalars(
        select(StoredFile)
        .where(StoredFile.following_id == unsent_id, StoredFile.council_id.is_(None))
        .order_by(StoredFile.id)
    ).all()


def old_guesses(session: Session, before: datetime, most: int) -> Sequence[WrongGuesses]:
    """Some counts of wrong guesses that began before a moment."""
    return session.scalars(
        select(WrongGuesses)
        .where(WrongGuesses.since < before)
        .order_by(WrongGuesses.since, WrongGuesses.reference_digest)
        .limit(most)
    ).all()
