"""Conversations, their messages, and which of them somebody has not read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.agreements.conversations.models import (
    Conversation,
    ConversationFile,
    ConversationMessage,
    ConversationReading,
)
from portal.agreements.conversations.reading import Reader
from portal.agreements.models import Assignment, Mentor
from portal.agreements.queries import works_on
from portal.kernel.errors import NotFound
from portal.kernel.files import StoredFile
from portal.kernel.keyset import Page, page_of
from portal.referrals.models import Recipient

_WITH_WHAT_IT_IS_ABOUT = (
    joinedload(Conversation.council),
    joinedload(Conversation.provider),
    joinedload(Conversation.agreement),
    joinedload(Conversation.recipient).joinedload(Recipient.referral),
)
_NOT_READ: ColumnElement[bool] = or_(
    ConversationReading.read_at.is_(None), ConversationReading.read_at < Conversation.last_at
)


def conversations(
    session: Session, reader: Reader, *, cursor: str | None
) -> Page[tuple[Conversation, datetime | None]]:
    """Every conversation of somebody, the newest message first, and until when they read it."""
    statement = (
        select(Conversation, ConversationReading.read_at)
        .outerjoin(ConversationReading, reader.reading)
        .where(reader.own)
        .options(*_WITH_WHAT_IT_IS_ABOUT)
    )
    return page_of(
        session,
        statement,
        Conversation.last_at,
        Conversation.id,
        cursor=cursor,
        descending=True,
        among=[
            Conversation.council_id == reader.organisation_id,
            Conversation.provider_id == reader.organisation_id,
        ],
    )


def waiting(session: Session, reader: Reader, most: int) -> Sequence[Conversation]:
    """Those in which the other side wrote last and this person has not read it, oldest first."""
    party = Conversation.council_id if reader.is_council else Conversation.provider_id
    return session.scalars(
        select(Conversation)
        .outerjoin(ConversationReading, reader.reading)
        .where(
            party == reader.organisation_id,
            Conversation.last_from_council != reader.is_council,
            reader.own,
            _NOT_READ,
        )
        .options(*_WITH_WHAT_IT_IS_ABOUT)
        .order_by(Conversation.last_at, Conversation.id)
        .limit(most)
    ).all()


def conversation_about(
    session: Session,
    *,
    agreement_id: UUID | None = None,
    recipient_id: UUID | None = None,
    to_change: bool = False,
) -> Conversation | None:
    """The conversation about one agreement or one recipient, if a word was ever written."""
    statement = select(Conversation).where(
        Conversation.agreement_id == agreement_id
        if agreement_id is not None
        else Conversation.recipient_id == recipient_id
    )
    if to_change:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return session.scalars(statement).first()


def get_recipient(session: Session, recipient_id: UUID) -> Recipient:
    """A provider that a referral goes to, with the referral. Raises NotFound."""
    found = session.scalars(
        select(Recipient)
        .where(Recipient.id == recipient_id)
        .options(joinedload(Recipient.referral), joinedload(Recipient.provider))
    ).first()
    if found is None:
        raise NotFound
    return found


def messages(
    session: Session, conversation: Conversation | None, *, cursor: str | None
) -> Page[ConversationMessage]:
    """The messages of a conversation with their files, the newest first."""
    return page_of(
        session,
        select(ConversationMessage)
        .where(ConversationMessage.conversation_id == (conversation and conversation.id))
        .options(selectinload(ConversationMessage.files).joinedload(ConversationFile.file)),
        ConversationMessage.at,
        ConversationMessage.id,
        cursor=cursor,
        descending=True,
    )


def read_until(
    session: Session, conversation: Conversation | None, person_id: UUID
) -> datetime | None:
    """Until when somebody has read a conversation."""
    if conversation is None:
        return None
    return session.scalars(
        select(ConversationReading.read_at).where(
            ConversationReading.conversation_id == conversation.id,
            ConversationReading.person_id == person_id,
        )
    ).first()


def sent_at(session: Session, conversation: Conversation, message_id: UUID) -> datetime:
    """When a message of this conversation was sent. Raises NotFound."""
    found = session.scalars(
        select(ConversationMessage.at).where(
            ConversationMessage.id == message_id,
            ConversationMessage.conversation_id == conversation.id,
        )
    ).first()
    if found is None:
        raise NotFound
    return found


def file_of(
    session: Session, conversation: Conversation | None, attached_id: UUID
) -> StoredFile | None:
    """A file that came with a message of this conversation."""
    return session.scalars(
        select(StoredFile)
        .join(ConversationFile, ConversationFile.file_id == StoredFile.id)
        .where(
            ConversationFile.id == attached_id,
            ConversationFile.conversation_id == (conversation and conversation.id),
        )
    ).first()


def mentors_of(session: Session, agreement_id: UUID, day: date) -> list[UUID]:
    """The accounts of the mentors who are assigned to an agreement on a day."""
    found = session.scalars(
        select(Mentor.person_id)
        .join(Assignment, Assignment.mentor_id == Mentor.id)
        .where(
            Assignment.agreement_id == agreement_id,
            works_on(day),
        )
        .distinct()
        .order_by(Mentor.person_id)
    )
    return [person_id for person_id in found if person_id is not None]
