"""What providers ask about a referral, and what everybody who was asked reads of it."""

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
    and_,
    or_,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.identity.models import Organisation
from portal.kernel.columns import Instant
from portal.kernel.ids import new_id
from portal.kernel.tenancy import Base, Looker, Rule, column
from portal.referrals.models import sent_to


def _council_or_asker(entity: Any, looker: Looker) -> ColumnElement[bool]:
    """The council and the provider that asked; of it nobody who is only a mentor."""
    return or_(
        column(entity, "council_id") == looker.organisation,
        and_(column(entity, "provider_id") == looker.organisation, looker.assigned.is_(None)),
    )


class ReferralQuestion(Base):
    """What a provider asks about a referral, and what the council answers it alone."""

    __tablename__ = "referral_question"
    __seen_by__ = Rule(_council_or_asker, writers=("council_id", "provider_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    recipient_id: Mapped[UUID]
    referral_id: Mapped[UUID]
    council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    asked: Mapped[str] = mapped_column(String(2000))
    asked_by_name: Mapped[str] = mapped_column(String(200))
    asked_at: Mapped[datetime] = mapped_column(Instant())
    answer: Mapped[str] = mapped_column(String(4000), default="")
    answered_by_name: Mapped[str] = mapped_column(String(200), default="")
    answered_at: Mapped[datetime | None] = mapped_column(Instant())

    provider: Mapped[Organisation] = relationship(
        viewonly=True,
        primaryjoin="foreign(ReferralQuestion.provider_id) == Organisation.id",
    )

    __table_args__ = (
        ForeignKeyConstraint(
            ["recipient_id", "council_id", "provider_id"],
            [
                "referral_recipient.id",
                "referral_recipient.council_id",
                "referral_recipient.provider_id",
            ],
        ),
        ForeignKeyConstraint(["referral_id", "council_id"], ["referral.id", "referral.council_id"]),
        CheckConstraint("(answered_at IS NULL) = (answer = '')", name="answered_with_an_answer"),
        Index("ix_referral_question_referral_id", "referral_id", "asked_at"),
    )


class ReferralAnswer(Base):
    """A question in the council's words, and its answer, for every provider that was asked."""

    __tablename__ = "referral_answer"
    __seen_by__ = Rule(sent_to("referral_id"), writers=("council_id",))

    question_id: Mapped[UUID] = mapped_column(ForeignKey("referral_question.id"), primary_key=True)
    referral_id: Mapped[UUID]
    council_id: Mapped[UUID]
    asked: Mapped[str] = mapped_column(String(2000))
    answer: Mapped[str] = mapped_column(String(4000))
    published_at: Mapped[datetime] = mapped_column(Instant())

    __table_args__ = (
        ForeignKeyConstraint(["referral_id", "council_id"], ["referral.id", "referral.council_id"]),
        Index("ix_referral_answer_referral_id", "referral_id", "published_at"),
    )
