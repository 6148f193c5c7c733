"""Meetings of a council with a provider, what follows from them, and contributions."""

from __future__ import annotations

from datetime import date, datetime
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
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.agreements.models import Agreement, assigned_on, with_parties
from portal.delivery.meetings.rules import ContributionKind, Manner, MeetingKind, Side
from portal.frameworks.models import Framework
from portal.identity.models import Organisation
from portal.kernel.columns import Instant, one_of
from portal.kernel.ids import new_id
from portal.kernel.tenancy import Base, Looker, Rule, named_in

PARTIES = ("council_id", "provider_id")


def _parties_but_no_mentor(entity: Any, looker: Looker) -> ColumnElement[bool]:
    """The two organisations; not somebody who sees only the agreements they are assigned to."""
    return and_(named_in(*PARTIES)(entity, looker), looker.assigned.is_(None))


class Meeting(Base):
    """A meeting about a framework, to come or held; notes are written once it was held."""

    __tablename__ = "meeting"
    __seen_by__ = Rule(_parties_but_no_mentor, writers=PARTIES)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    council_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    framework_id: Mapped[UUID] = mapped_column(ForeignKey("framework.id"))
    kind: Mapped[MeetingKind] = mapped_column(one_of(MeetingKind, "meeting_kind"))
    held_on: Mapped[date]
    present: Mapped[str] = mapped_column(String(500), default="")
    notes: Mapped[str] = mapped_column(Text(), default="")
    kept_by_name: Mapped[str] = mapped_column(String(200))
    kept_at: Mapped[datetime] = mapped_column(Instant())
    version: Mapped[int] = mapped_column(default=1)

    council: Mapped[Organisation] = relationship(foreign_keys=[council_id], viewonly=True)
    provider: Mapped[Organisation] = relationship(foreign_keys=[provider_id], viewonly=True)
    framework: Mapped[Framework] = relationship(viewonly=True)
    actions: Mapped[list[MeetingAction]] = relationship(
        order_by="MeetingAction.due_on, MeetingAction.id", viewonly=True
    )

    __table_args__ = (
        UniqueConstraint("id", "council_id", "provider_id", name="meeting_with_its_parties"),
        Index("ix_meeting_council_id", "council_id", "held_on"),
        Index("ix_meeting_provider_id", "provider_id", "held_on"),
    )


class MeetingAction(Base):
    """Something that one side does after a meeting, by a day, until it is done."""

    __tablename__ = "meeting_action"
    __seen_by__ = Rule(_parties_but_no_mentor, writers=PARTIES)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    meeting_id: Mapped[UUID]
    council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    words: Mapped[str] = mapped_column(String(500))
    side: Mapped[Side] = mapped_column(one_of(Side, "meeting_action_side"))
    due_on: Mapped[date]
    done_on: Mapped[date | None]
    done_by_name: Mapped[str | None] = mapped_column(String(200))

    meeting: Mapped[Meeting] = relationship(viewonly=True)

    __table_args__ = (
        ForeignKeyConstraint(
            ["meeting_id", "council_id", "provider_id"],
            ["meeting.id", "meeting.council_id", "meeting.provider_id"],
        ),
        CheckConstraint(
            "(done_on IS NULL) = (done_by_name IS NULL)", name="action_done_by_somebody"
        ),
        Index("ix_meeting_action_meeting_id", "meeting_id"),
    )


class Contribution(Base):
    """What was contributed to a meeting about the young person of an agreement."""

    __tablename__ = "contribution"
    __seen_by__ = Rule(assigned_on("agreement_id"), writers=PARTIES)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    agreement_id: Mapped[UUID]
    council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    kind: Mapped[ContributionKind] = mapped_column(one_of(ContributionKind, "contribution_kind"))
    manner: Mapped[Manner] = mapped_column(one_of(Manner, "contribution_manner"))
    held_on: Mapped[date]
    words: Mapped[str] = mapped_column(Text(), default="")
    kept_by_name: Mapped[str] = mapped_column(String(200))
    kept_at: Mapped[datetime] = mapped_column(Instant())
    version: Mapped[int] = mapped_column(default=1)

    agreement: Mapped[Agreement] = relationship(viewonly=True)

    __table_args__ = (
        with_parties(),
        Index("ix_contribution_agreement_id", "agreement_id", "held_on"),
    )
