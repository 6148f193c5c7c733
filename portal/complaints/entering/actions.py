"""Entering what somebody told the council, and giving them the way to follow it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, record
from portal.complaints.entering.models import Entry
from portal.complaints.entering.rules import Channel, received_at
from portal.complaints.handling.actions.case import complaint_subject, done, opened
from portal.complaints.making.actions import announce
from portal.complaints.models import Attachment, Complaint
from portal.complaints.passphrases import new_passphrase
from portal.complaints.rules import new_reference
from portal.identity.passwords import hash_password
from portal.kernel.errors import NotFound
from portal.kernel.files import keep
from portal.kernel.files.keeping import Examined
from portal.kernel.ids import new_id


class Event(StrEnum):
    """What somebody at the council does for whoever told them."""

    ENTERED = "complaints:complaint:entered"
    CODE_GIVEN = "complaints:code:given"


def enter(
    session: Session,
    actor: Actor,
    *,
    channel: Channel,
    received_on: date,
    said: Mapping[str, Any],
    files: Iterable[Examined],
    at: datetime,
) -> Complaint:
    """Enter a complaint, a compliment or a worry; ``said`` are the values of a Complaint.

    It is answered in the same time as any other, from the day on which it was received. Nobody
    has its passphrase until ``give_code``. Raises NotYetReceived and FileRefused.
    """
    if actor.organisation_id is None or actor.person_id is None:
        raise NotFound
    complaint = Complaint(
        id=new_id(),
        council_id=actor.organisation_id,
        reference=new_reference(),
        passphrase_hash=hash_password(new_passphrase()),
        received_at=received_at(received_on, at),
        received_on=received_on,
        **said,
    )
    session.add(complaint)
    session.flush()
    session.add(
        Entry(
            complaint_id=complaint.id,
            council_id=complaint.council_id,
            channel=channel,
            person_id=actor.person_id,
            person_name=actor.name,
            at=at,
        )
    )
    for file in files:
        stored = keep(
            session, file, council_id=complaint.council_id, following_id=complaint.id, at=at
        )
        session.add(
            Attachment(
                complaint_id=complaint.id,
                council_id=complaint.council_id,
                stored_file_id=stored.id,
                at=at,
            )
        )
    record(
        session,
        actor,
        Event.ENTERED,
        complaint_subject(complaint),
        at=at,
        kind=complaint.kind.value,
        urgent=complaint.urgent,
        channel=channel.value,
        received_on=received_on.isoformat(),
    )
    announce(session, complaint, at=at)
    return complaint


def give_code(
    session: Session, actor: Actor, complaint_id: UUID, *, version: int, at: datetime
) -> tuple[Complaint, str]:
    """Four new words with which whoever complained can follow it; words given before end.

    Raises NotFound for what its sender sent themselves: they have words that nobody else knows.
    """
    whole = opened(session, actor, complaint_id, version)
    if whole.entry is None:
        raise NotFound
    passphrase = new_passphrase()
    whole.complaint.passphrase_hash = hash_password(passphrase)
    whole.entry.code_given_at = at
    done(session, actor, whole, Event.CODE_GIVEN, at=at)
    return whole.complaint, passphrase
