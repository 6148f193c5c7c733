"""Conversations, safeguarding concerns and notices of risk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.agreements.conversations.models import (
    Conversation,
    ConversationFile,
    ConversationMessage,
    ConversationReading,
)
from portal.agreements.models import Agreement
from portal.delivery.concerns.models import Concern, ConcernNote, SafeguardingLead
from portal.delivery.concerns.rules import ConcernState, Safety
from portal.delivery.risks.models import Risk
from portal.delivery.risks.rules import RiskKind
from portal.identity.models import Organisation, Person
from portal.referrals.models import Recipient
from tests.makers.files import make_stored_file
from tests.makers.rows import add

WRITTEN_AT = datetime(2026, 4, 29, 15, tzinfo=UTC)


@dataclass(frozen=True)
class Cared:
    """What stands around one agreement, and one file of each of its two conversations."""

    attached: ConversationFile
    enclosed: ConversationFile
    concern: Concern
    risk: Risk


def make_conversation(
    session: Session, *, about: Agreement | Recipient, by: Person, read_by: Person | None = None
) -> ConversationFile:
    """A conversation that somebody of the council began, with one file; perhaps read once."""
    parties: dict[str, Any] = {"council_id": about.council_id, "provider_id": about.provider_id}
    conversation = add(
        session,
        Conversation(
            agreement_id=about.id if isinstance(about, Agreement) else None,
            recipient_id=about.id if isinstance(about, Recipient) else None,
            last_at=WRITTEN_AT,
            last_from_council=True,
            **parties,
        ),
    )
    message = add(
        session,
        ConversationMessage(
            conversation_id=conversation.id,
            from_council=True,
            by_person_id=by.id,
            by_name=by.name,
            words="Could the sessions move to Thursdays?",
            at=WRITTEN_AT,
            **parties,
        ),
    )
    stored = make_stored_file(
        session,
        council=session.get_one(Organisation, about.council_id),
        provider=session.get_one(Organisation, about.provider_id),
        name="Timetable.pdf",
    )
    if read_by is not None:
        add(
            session,
            ConversationReading(
                conversation_id=conversation.id,
                person_id=read_by.id,
                organisation_id=about.provider_id,
                read_at=WRITTEN_AT,
            ),
        )
    return add(
        session,
        ConversationFile(
            message_id=message.id, conversation_id=conversation.id, file_id=stored.id, **parties
        ),
    )


def make_concern(
    session: Session,
    *,
    agreement: Agreement,
    by: Person,
    at: datetime = WRITTEN_AT,
    **given: Any,
) -> Concern:
    """A concern that nobody has acknowledged; ``given`` are columns that are to differ."""
    return add(
        session,
        Concern(
            agreement_id=agreement.id,
            council_id=agreement.council_id,
            provider_id=agreement.provider_id,
            by_person_id=by.id,
            by_name=by.name,
            at=at,
            **{
                "state": ConcernState.RAISED,
                "safety": Safety.NOT_SURE,
                "words": "They said that they are afraid to go home.",
                "done": "Rang the school",
                "from_council": False,
                "shown_to_provider": True,
                **given,
            },
        ),
    )


def make_risk(
    session: Session, *, agreement: Agreement, by: Person, alone: bool = True, **given: Any
) -> Risk:
    """An open notice about one agreement alone, or about the whole of its contract."""
    return add(
        session,
        Risk(
            council_id=agreement.council_id,
            provider_id=agreement.provider_id,
            framework_id=agreement.framework_id,
            agreement_id=agreement.id if alone else None,
            by_person_id=by.id,
            by_name=by.name,
            at=WRITTEN_AT,
            **{
                "kind": RiskKind.STAFF,
                "words": "A mentor leaves at half-term.",
                "doing": "A second mentor takes over.",
                "from_day": date(2026, 5, 25),
                **given,
            },
        ),
    )


def make_cared(
    session: Session,
    *,
    agreement: Agreement,
    recipient: Recipient,
    officer: Person,
    mentor: Person,
) -> Cared:
    """One of each, between an officer of the council and a mentor of the provider."""
    concern = make_concern(session, agreement=agreement, by=mentor)
    add(
        session,
        ConcernNote(
            concern_id=concern.id,
            council_id=concern.council_id,
            provider_id=concern.provider_id,
            from_provider=False,
            words="Rang the social worker",
            by_person_id=officer.id,
            by_name=officer.name,
            at=WRITTEN_AT,
        ),
    )
    lead = {"council_id": agreement.council_id, "person_id": officer.id}
    if session.get(SafeguardingLead, (lead["council_id"], lead["person_id"])) is None:
        add(session, SafeguardingLead(named_at=WRITTEN_AT, **lead))
    return Cared(
        attached=make_conversation(session, about=agreement, by=officer, read_by=mentor),
        enclosed=make_conversation(session, about=recipient, by=officer),
        concern=concern,
        risk=make_risk(session, agreement=agreement, by=mentor),
    )
