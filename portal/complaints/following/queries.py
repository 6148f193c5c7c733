"""What somebody sent, found by its reference, and read by whoever proved that it is theirs."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.complaints.handling.clocks import Clock, Limit, Pause, clocks_of
from portal.complaints.handling.models import CasePause, CaseStage
from portal.complaints.handling.queries import days_of
from portal.complaints.models import Attachment, Complaint, Message, WrongGuesses
from portal.kernel.files import StoredFile

TOLD = frozenset({Limit.ANSWER, Limit.PANEL_MEETS, Limit.REPLY_TO_PANEL})
"""The limits that whoever sent it waits for."""


def complaint_at(session: Session, reference: str) -> Complaint | None:
    """What was sent under a reference."""
    return session.scalars(select(Complaint).where(Complaint.reference == reference)).first()


def followed(session: Session, complaint_id: UUID, *, locked: bool = False) -> Complaint | None:
    """The complaint that the scope follows; ``locked`` until the transaction ends."""
    stmt = select(Complaint).where(Complaint.id == complaint_id)
    if locked:
        stmt = stmt.with_for_update().execution_options(populate_existing=True)
    return session.scalars(stmt).first()


def messages(session: Session, complaint_id: UUID) -> Sequence[Message]:
    """What both sides wrote, the first first."""
    return session.scalars(
        select(Message).where(Message.complaint_id == complaint_id).order_by(Message.at, Message.id)
    ).all()


def attached(session: Session, complaint_id: UUID) -> list[tuple[Attachment, StoredFile]]:
    """The files of both sides, each with the message that it came with."""
    found = session.execute(
        select(Attachment, StoredFile)
        .join(StoredFile, StoredFile.id == Attachment.stored_file_id)
        .where(Attachment.complaint_id == complaint_id)
        .order_by(Attachment.at, Attachment.id)
    )
    return [(attachment, stored) for attachment, stored in found]


def running_clocks(session: Session, complaint: Complaint) -> list[Clock]:
    """The limits of the newest stage that the sender waits for; none before it is taken up."""
    if complaint.track is None:
        return []
    stage = session.scalars(
        select(CaseStage)
        .where(CaseStage.complaint_id == complaint.id)
        .order_by(CaseStage.number.desc())
        .limit(1)
    ).first()
    if stage is None:
        return []
    pauses = tuple(
        Pause(one.starts_on, one.ended_on)
        for one in session.scalars(
            select(CasePause)
            .where(CasePause.complaint_id == complaint.id)
            .order_by(CasePause.starts_on, CasePause.id)
        )
    )
    clocks = clocks_of(days_of(complaint.track, stage, pauses))
    return [clock for clock in clocks if clock.limit in TOLD]


def wrong_guesses(
    session: Session, reference_digest: str, *, locked: bool = False
) -> WrongGuesses | None:
    """How often a reference was tried with wrong words; ``locked`` until the transaction ends."""
    stmt = select(WrongGuesses).where(WrongGuesses.reference_digest == reference_digest)
    if locked:
        stmt = stmt.with_for_update().execution_options(populate_existing=True)
    return session.scalars(stmt).first()
