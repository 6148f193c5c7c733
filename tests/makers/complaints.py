"""Complaints as they are sent without an account."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from argon2 import PasswordHasher, profiles
from sqlalchemy.orm import Session

from portal.complaints.entering.models import Entry
from portal.complaints.entering.rules import Channel
from portal.complaints.models import (
    Attachment,
    Complaint,
    Message,
    UnsentComplaint,
    WrongGuesses,
)
from portal.complaints.rules import (
    About,
    Answer,
    Helper,
    Kind,
    Side,
    Who,
    new_reference,
)
from portal.identity.models import Organisation, Person
from portal.kernel.local_time import to_local
from tests.makers.files import make_stored_file
from tests.makers.rows import add

RECEIVED = datetime(2026, 12, 17, 16, tzinfo=UTC)
PASSPHRASE = "apple river candle blanket"
_HASH = PasswordHasher.from_parameters(profiles.CHEAPEST).hash(PASSPHRASE)


def make_complaint(
    session: Session,
    *,
    council: Organisation,
    provider: Organisation | None = None,
    kind: Kind = Kind.COMPLAINT,
    what_happened: str = "My bag was lost and nobody said sorry.",
    name: str | None = None,
    tell_provider: bool = False,
    urgent: bool = False,
    reference: str = "",
    received_at: datetime = RECEIVED,
) -> Complaint:
    """A young person's complaint, without a name unless told; its passphrase is PASSPHRASE."""
    return add(
        session,
        Complaint(
            council_id=council.id,
            provider_id=provider.id if provider else None,
            about=About.PROVIDER if provider else About.COUNCIL,
            reference=reference or new_reference(),
            passphrase_hash=_HASH,
            kind=kind,
            urgent=urgent,
            what_happened=what_happened,
            wished="I want my bag back.",
            who=Who.YOUNG_PERSON,
            name=name,
            tell_provider=tell_provider,
            answer_by=Answer.HERE,
            helper=Helper.NO,
            received_at=received_at,
            received_on=to_local(received_at).date(),
        ),
    )


def make_entry(
    session: Session,
    *,
    complaint: Complaint,
    by: Person,
    channel: Channel = Channel.TELEPHONE,
) -> Entry:
    """That somebody at the council took the complaint down."""
    return add(
        session,
        Entry(
            complaint_id=complaint.id,
            council_id=complaint.council_id,
            channel=channel,
            person_id=by.id,
            person_name=by.name,
            at=complaint.received_at,
        ),
    )


def make_message(
    session: Session,
    *,
    complaint: Complaint,
    text: str = "Has anybody found it?",
    at: datetime = RECEIVED,
) -> Message:
    """A message from whoever sent the complaint."""
    return add(
        session,
        Message(
            complaint_id=complaint.id,
            council_id=complaint.council_id,
            side=Side.SENDER,
            text=text,
            at=at,
        ),
    )


def make_attachment(session: Session, *, complaint: Complaint) -> Attachment:
    """A file that came with a complaint."""
    stored = make_stored_file(
        session,
        council=session.get_one(Organisation, complaint.council_id),
        following_id=complaint.id,
        name="My diary.pdf",
    )
    return add(
        session,
        Attachment(
            complaint_id=complaint.id,
            council_id=complaint.council_id,
            stored_file_id=stored.id,
            at=complaint.received_at,
        ),
    )


def make_unsent_complaint(session: Session) -> UnsentComplaint:
    """Something typed that nobody has sent, and a wrong guess at its passphrase."""
    unsent = UnsentComplaint(
        reference=new_reference(), sealed=b"sealed", kept_until=RECEIVED + timedelta(days=30)
    )
    add(session, WrongGuesses(reference_digest=unsent.reference, count=1, since=RECEIVED))
    return add(session, unsent)
