"""Conversations of the two sides, their files, and how far each person has read them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    and_,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.agreements.models import Agreement, assigned_on, with_parties
from portal.identity.models import Organisation
from portal.kernel.columns import Instant
from portal.kernel.files import StoredFile
from portal.kernel.ids import new_id
from portal.kernel.tenancy import Base, Looker, Rule, another, column
from portal.referrals.models import Recipient

PARTIES = ("council_id", "provider_id")


class Conversation(Base):
    """All that one council and one provider write about one agreement, or about one referral.

    On a referral each provider has a conversation of its own; no other learns that it exists.
    ``last_at`` and ``last_from_council`` say when the last message came, and from which side.
    """

    __tablename__ = "conversation"
    __seen_by__ = Rule(assigned_on("agreement_id"), writers=PARTIES)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    council_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    agreement_id: Mapped[UUID | None]
    recipient_id: Mapped[UUID | None]
    last_at: Mapped[datetime] = mapped_column(Instant())
    last_from_council: Mapped[bool]

    council: Mapped[Organisation] = relationship(foreign_keys=[council_id])
    provider: Mapped[Organisation] = relationship(foreign_keys=[provider_id])
    agreement: Mapped[Agreement | None] = relationship(viewonly=True)
    recipient: Mapped[Recipient | None] = relationship(viewonly=True)

    @property
    def title(self) -> str:
        """What it is about, in words."""
        if self.agreement is not None:
            return f"Agreement {self.agreement.reference}"
        assert self.recipient is not None
        return f"Referral {self.recipient.referral.reference}"

    __table_args__ = (
        with_parties(),
        ForeignKeyConstraint(
            ["recipient_id", "council_id", "provider_id"],
            [
                "referral_recipient.id",
                "referral_recipient.council_id",
                "referral_recipient.provider_id",
            ],
        ),
        UniqueConstraint("agreement_id", name="one_conversation_an_agreement"),
        UniqueConstraint("recipient_id", name="one_conversation_a_recipient"),
        UniqueConstraint("id", "council_id", "provider_id", name="conversation_with_its_parties"),
        CheckConstraint(
            "(agreement_id IS NULL) <> (recipient_id IS NULL)", name="conversation_about_one_thing"
        ),
        Index("ix_conversation_council_id", "council_id", "last_at", "id"),
        Index("ix_conversation_provider_id", "provider_id", "last_at", "id"),
    )


def _of_a_conversation(entity: Any, looker: Looker) -> ColumnElement[bool]:
    """Whoever sees the conversation."""
    conversation = another("conversation")
    return (
        select(conversation.c.id)
        .where(
            conversation.c.id == column(entity, "conversation_id"),
            assigned_on("agreement_id")(conversation, looker),
        )
        .exists()
    )


def _with_its_conversation() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["conversation_id", "council_id", "provider_id"],
        ["conversation.id", "conversation.council_id", "conversation.provider_id"],
    )


class ConversationMessage(Base):
    """One message, as it was sent: nobody changes it."""

    __tablename__ = "conversation_message"
    __seen_by__ = Rule(_of_a_conversation, writers=PARTIES)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    conversation_id: Mapped[UUID]
    council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    from_council: Mapped[bool]
    by_person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    by_name: Mapped[str] = mapped_column(String(200))
    words: Mapped[str] = mapped_column(Text())
    at: Mapped[datetime] = mapped_column(Instant())

    files: Mapped[list[ConversationFile]] = relationship(
        order_by="ConversationFile.id", viewonly=True
    )

    __table_args__ = (
        _with_its_conversation(),
        UniqueConstraint("id", "conversation_id", name="message_with_its_conversation"),
        Index("ix_conversation_message_conversation_id", "conversation_id", "at", "id"),
    )


class ConversationFile(Base):
    """A file that came with a message."""

    __tablename__ = "conversation_file"
    __seen_by__ = Rule(_of_a_conversation, writers=PARTIES)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    message_id: Mapped[UUID]
    conversation_id: Mapped[UUID]
    council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    file_id: Mapped[UUID]

    file: Mapped[StoredFile] = relationship(viewonly=True)

    __table_args__ = (
        _with_its_conversation(),
        ForeignKeyConstraint(
            ["message_id", "conversation_id"],
            ["conversation_message.id", "conversation_message.conversation_id"],
        ),
        ForeignKeyConstraint(
            ["file_id", "council_id"], ["stored_file.id", "stored_file.council_id"]
        ),
        UniqueConstraint("file_id", name="a_file_came_with_one_message"),
        Index("ix_conversation_file_message_id", "message_id"),
    )


def _ones_own(entity: Any, looker: Looker) -> ColumnElement[bool]:
    return and_(
        column(entity, "person_id") == looker.person,
        column(entity, "organisation_id") == looker.organisation,
    )


class ConversationReading(Base):
    """Until when one person has read a conversation; nobody else learns it."""

    __tablename__ = "conversation_reading"
    __seen_by__ = Rule(_ones_own, writers=("organisation_id",))

    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    read_at: Mapped[datetime] = mapped_column(Instant())
