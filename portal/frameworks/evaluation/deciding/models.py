"""What was decided on each bid, and who asked for that to be done again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.frameworks.applications.opened import Bid
from portal.frameworks.evaluation.rules import Outcome
from portal.frameworks.evaluation.visibility import councils, councils_then_provider
from portal.frameworks.models import Category
from portal.frameworks.rounds.models import its_round
from portal.identity.models import Organisation
from portal.kernel.columns import Instant, one_of
from portal.kernel.ids import new_id
from portal.kernel.indexes import partial_index
from portal.kernel.tenancy import Base, Rule

_WAITS = "agreed_at IS NULL AND refused_at IS NULL"


class Award(Base):
    """What a bid won in its category, with its marks and the reason.

    ``quality`` and ``price`` are hundredths of a point. A bid that failed its compliance check
    has no rank. An award that lapsed was not signed.
    """

    __tablename__ = "award"
    __seen_by__ = Rule(councils_then_provider, writers=("lead_council_id",))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    bid_id: Mapped[UUID]
    round_id: Mapped[UUID]
    framework_id: Mapped[UUID]
    lead_council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    category_id: Mapped[UUID]
    outcome: Mapped[Outcome] = mapped_column(one_of(Outcome, "award_outcome"))
    rank: Mapped[int | None]
    tier: Mapped[int | None]
    quality: Mapped[int]
    price: Mapped[int]
    reason: Mapped[str] = mapped_column(String(2000))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    by_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(Instant())
    lapsed_at: Mapped[datetime | None] = mapped_column(Instant())
    version: Mapped[int] = mapped_column(default=1)

    bid: Mapped[Bid] = relationship(viewonly=True)
    category: Mapped[Category] = relationship(
        viewonly=True, primaryjoin="foreign(Award.category_id) == Category.id"
    )
    provider: Mapped[Organisation] = relationship(
        viewonly=True, primaryjoin="foreign(Award.provider_id) == Organisation.id"
    )

    __table_args__ = (
        ForeignKeyConstraint(
            ["bid_id", "round_id", "framework_id", "lead_council_id", "provider_id"],
            [
                "bid.id",
                "bid.round_id",
                "bid.framework_id",
                "bid.lead_council_id",
                "bid.provider_id",
            ],
        ),
        ForeignKeyConstraint(
            ["category_id", "framework_id"], ["category.id", "category.framework_id"]
        ),
        UniqueConstraint("bid_id", name="one_award_of_a_bid"),
        CheckConstraint("reason <> ''", name="award_has_its_reason"),
        CheckConstraint("rank IS NOT NULL OR outcome = 'none'", name="no_place_without_a_rank"),
        Index("ix_award_round_id", "round_id", "category_id"),
        Index("ix_award_category_id", "category_id", "rank"),
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Reopening(Base):
    """Fixed decisions to be opened again: asked for by one person with a reason, done once
    another of the lead council agrees. One that was refused was answered, or taken back."""

    __tablename__ = "reopening"
    __seen_by__ = Rule(councils, writers=("lead_council_id",))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[UUID]
    framework_id: Mapped[UUID]
    lead_council_id: Mapped[UUID]
    reason: Mapped[str] = mapped_column(String(1000))
    asked_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    asked_by_name: Mapped[str] = mapped_column(String(200))
    asked_at: Mapped[datetime] = mapped_column(Instant())
    agreed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    agreed_by_name: Mapped[str | None] = mapped_column(String(200))
    agreed_at: Mapped[datetime | None] = mapped_column(Instant())
    refused_at: Mapped[datetime | None] = mapped_column(Instant())

    __table_args__ = (
        its_round(),
        CheckConstraint("agreed_by_id <> asked_by_id", name="reopening_agreed_by_another"),
        Index("ix_reopening_round_id", "round_id"),
        partial_index(
            "one_reopening_waits",
            "round_id",
            unique=True,
            where=_WAITS,
        ),
    )
