"""Rounds, who opens them, and what is asked and answered while they are open."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    or_,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.frameworks.models import Category, Framework
from portal.frameworks.visibility import its_councils, of_an_announced_round
from portal.kernel.columns import Instant
from portal.kernel.ids import new_id
from portal.kernel.local_time import local_date
from portal.kernel.tenancy import Base, Looker, Rule, Task, column, named_in


def _announced(entity: Any, looker: Looker) -> ColumnElement[bool]:
    """Everybody once it is announced; before that its framework's councils."""
    return or_(
        column(entity, "announced_at").is_not(None),
        its_councils(column(entity, "framework_id"), looker),
    )


def _framework_councils(entity: Any, looker: Looker) -> ColumnElement[bool]:
    return its_councils(column(entity, "framework_id"), looker)


def asker_and_councils(entity: Any, looker: Looker) -> ColumnElement[bool]:
    """The one provider that a row is about, and the councils of the framework."""
    return or_(
        column(entity, "provider_id") == looker.organisation, _framework_councils(entity, looker)
    )


def its_round() -> ForeignKeyConstraint:
    """The key by which a row of a round names it, with its framework and lead council."""
    return ForeignKeyConstraint(
        ["round_id", "framework_id", "lead_council_id"],
        ["round.id", "round.framework_id", "round.lead_council_id"],
    )


class Round(Base):
    """One opening of a framework to applications. Its state follows from clock and events.

    All moments are UTC. ``advertised_closes_at`` is what was first announced, ``closes_at`` what
    holds now: never earlier. ``public_key`` seals submissions from the announcement on.
    """

    __tablename__ = "round"
    __seen_by__ = Rule(
        _announced, writers=("lead_council_id",), tasks=(Task.ROUNDS,), readers=(Task.PUBLIC_DESK,)
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    framework_id: Mapped[UUID]
    lead_council_id: Mapped[UUID]
    title: Mapped[str] = mapped_column(String(200))
    guidance: Mapped[str] = mapped_column(String(4000), default="")
    opens_at: Mapped[datetime] = mapped_column(Instant())
    questions_until: Mapped[datetime] = mapped_column(Instant())
    advertised_closes_at: Mapped[datetime] = mapped_column(Instant())
    closes_at: Mapped[datetime] = mapped_column(Instant())
    announced_at: Mapped[datetime | None] = mapped_column(Instant())
    cancelled_at: Mapped[datetime | None] = mapped_column(Instant())
    cancelled_because: Mapped[str] = mapped_column(String(500), default="")
    opened_at: Mapped[datetime | None] = mapped_column(Instant())
    evaluating_at: Mapped[datetime | None] = mapped_column(Instant())
    moderated_at: Mapped[datetime | None] = mapped_column(Instant())
    decided_at: Mapped[datetime | None] = mapped_column(Instant())
    standstill_until: Mapped[datetime | None] = mapped_column(Instant())
    concluded_at: Mapped[datetime | None] = mapped_column(Instant())
    public_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)

    framework: Mapped[Framework] = relationship(viewonly=True)
    categories: Mapped[list[RoundCategory]] = relationship()

    __table_args__ = (
        ForeignKeyConstraint(
            ["framework_id", "lead_council_id"], ["framework.id", "framework.lead_council_id"]
        ),
        UniqueConstraint("framework_id", "title", name="one_round_of_a_title"),
        UniqueConstraint("id", "framework_id", "lead_council_id", name="round_with_its_framework"),
        CheckConstraint("opens_at < closes_at", name="round_closes_after_it_opens"),
        CheckConstraint("questions_until <= closes_at", name="questions_end_by_closing"),
        CheckConstraint("closes_at >= advertised_closes_at", name="deadline_never_shortened"),
        CheckConstraint(
            "(announced_at IS NULL) = (public_key IS NULL)", name="announced_with_its_key"
        ),
        CheckConstraint("opened_at >= closes_at", name="opened_after_closing"),
        Index("ix_round_framework_id", "framework_id"),
        Index("ix_round_closes_at", "closes_at"),
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @property
    def standstill_ends_on(self) -> date | None:
        """The last day of the standstill, which ends with it."""
        if self.standstill_until is None:
            return None
        return local_date(self.standstill_until - timedelta(seconds=1))

    @property
    def full_title(self) -> str:
        """With its framework's, for where rounds of several are told apart."""
        return f"{self.framework.title}: {self.title}"


class RoundCategory(Base):
    """A category that a round takes bids for."""

    __tablename__ = "round_category"
    __seen_by__ = Rule(
        of_an_announced_round,
        writers=("lead_council_id",),
        readers=(Task.PUBLIC_DESK, Task.ROUNDS),
    )

    round_id: Mapped[UUID] = mapped_column(primary_key=True)
    category_id: Mapped[UUID] = mapped_column(primary_key=True)
    framework_id: Mapped[UUID]
    lead_council_id: Mapped[UUID]

    category: Mapped[Category] = relationship(viewonly=True)

    __table_args__ = (
        its_round(),
        ForeignKeyConstraint(
            ["category_id", "framework_id"], ["category.id", "category.framework_id"]
        ),
    )


class RoundExtension(Base):
    """A later closing: asked for by one person with a reason, in force once another agrees."""

    __tablename__ = "round_extension"
    __seen_by__ = Rule(
        of_an_announced_round,
        writers=("lead_council_id",),
        readers=(Task.PUBLIC_DESK, Task.ROUNDS),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[UUID]
    framework_id: Mapped[UUID]
    lead_council_id: Mapped[UUID]
    closes_at: Mapped[datetime] = mapped_column(Instant())
    reason: Mapped[str] = mapped_column(String(500))
    asked_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    asked_by_name: Mapped[str] = mapped_column(String(200))
    asked_at: Mapped[datetime] = mapped_column(Instant())
    agreed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    agreed_by_name: Mapped[str | None] = mapped_column(String(200))
    agreed_at: Mapped[datetime | None] = mapped_column(Instant())
    refused_at: Mapped[datetime | None] = mapped_column(Instant())

    __table_args__ = (
        its_round(),
        CheckConstraint("agreed_by_id <> asked_by_id", name="extension_agreed_by_another"),
        Index("ix_round_extension_round_id", "round_id"),
    )


class LateDoor(Base):
    """One provider may still submit until a moment: named, with its reason and a second person."""

    __tablename__ = "late_door"
    __seen_by__ = Rule(asker_and_councils, writers=("lead_council_id",), readers=(Task.ROUNDS,))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[UUID]
    framework_id: Mapped[UUID]
    lead_council_id: Mapped[UUID]
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    provider_name: Mapped[str] = mapped_column(String(200))
    until: Mapped[datetime] = mapped_column(Instant())
    reason: Mapped[str] = mapped_column(String(500))
    asked_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    asked_by_name: Mapped[str] = mapped_column(String(200))
    asked_at: Mapped[datetime] = mapped_column(Instant())
    agreed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    agreed_by_name: Mapped[str | None] = mapped_column(String(200))
    agreed_at: Mapped[datetime | None] = mapped_column(Instant())
    refused_at: Mapped[datetime | None] = mapped_column(Instant())

    __table_args__ = (
        its_round(),
        UniqueConstraint("round_id", "provider_id", name="one_late_door_of_a_provider"),
        CheckConstraint("agreed_by_id <> asked_by_id", name="late_door_agreed_by_another"),
    )


class RoundNotice(Base):
    """A dated change or message to everybody who reads or applies to a round."""

    __tablename__ = "round_notice"
    __seen_by__ = Rule(
        of_an_announced_round,
        writers=("lead_council_id",),
        readers=(Task.PUBLIC_DESK, Task.ROUNDS),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[UUID]
    framework_id: Mapped[UUID]
    lead_council_id: Mapped[UUID]
    sentence: Mapped[str] = mapped_column(String(2000))
    by_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(Instant())

    __table_args__ = (its_round(), Index("ix_round_notice_round_id", "round_id"))


class OpenerKey(Base):
    """A person's key for opening bids; its private half is sealed under their own pass phrase."""

    __tablename__ = "opener_key"
    __seen_by__ = Rule(named_in("council_id"), writers=("council_id",), readers=(Task.ROUNDS,))

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    council_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_private_key: Mapped[bytes] = mapped_column(LargeBinary)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(Instant())


class RoundOpener(Base):
    """A person named to open a round, and their share of its private key.

    ``share`` is sealed to their own key. ``opened_at`` is when they gave it; until the second
    person gives theirs it waits in ``given``, sealed under the portal's key. ``mailbox`` is a
    digest, so that a second account of the same person is refused.
    """

    __tablename__ = "round_opener"
    __seen_by__ = Rule(
        _framework_councils, writers=("lead_council_id", "council_id"), tasks=(Task.ROUNDS,)
    )

    round_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    framework_id: Mapped[UUID]
    lead_council_id: Mapped[UUID]
    council_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(200))
    share: Mapped[bytes | None] = mapped_column(LargeBinary)
    given: Mapped[str | None] = mapped_column(String(2000))
    opened_at: Mapped[datetime | None] = mapped_column(Instant())
    mailbox: Mapped[str | None] = mapped_column(String(64))

    __table_args__ = (
        its_round(),
        Index("one_account_of_an_opener", "round_id", "mailbox", unique=True),
    )


class EscrowShare(Base):
    """The share that stands in for one opener, sealed to the operator's escrow key."""

    __tablename__ = "escrow_share"
    __seen_by__ = Rule(_framework_councils, writers=("lead_council_id",), tasks=(Task.ROUNDS,))

    round_id: Mapped[UUID] = mapped_column(primary_key=True)
    framework_id: Mapped[UUID]
    lead_council_id: Mapped[UUID]
    share: Mapped[bytes] = mapped_column(LargeBinary)
    escrow_public_key: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (its_round(),)
