"""Recording what of a complaint was taken out of the portal as a file."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, record
from portal.complaints.handling.actions.case import complaint_subject
from portal.complaints.models import Complaint


class Event(StrEnum):
    """What is taken out."""

    LETTER = "complaints:letter:taken"
    COPY = "complaints:copy:taken"


def letter_taken(session: Session, actor: Actor, complaint: Complaint, *, at: datetime) -> None:
    """A letter to whoever complained was taken as PDF."""
    record(session, actor, Event.LETTER, complaint_subject(complaint), at=at)


def copy_taken(session: Session, actor: Actor, complaint: Complaint, *, at: datetime) -> None:
    """A copy of the whole case was taken for the person it is about (rules.md C3)."""
    record(session, actor, Event.COPY, complaint_subject(complaint), at=at)
