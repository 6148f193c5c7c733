"""Scores of a young person's outcomes: at the start of an agreement, and for each term."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.agreements.models import assigned_on, with_parties
from portal.delivery.outcomes.rules import Indicator
from portal.delivery.terms.models import SchoolTerm
from portal.kernel.columns import Instant, one_of
from portal.kernel.ids import new_id
from portal.kernel.indexes import partial_index
from portal.kernel.tenancy import Base, Rule


class Scoring(Base):
    """One occasion on which an agreement's outcomes were scored; without a term, its start."""

    __tablename__ = "outcome_scoring"
    __seen_by__ = Rule(assigned_on("agreement_id"), writers=("provider_id",))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    agreement_id: Mapped[UUID]
    council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    term_id: Mapped[UUID | None]
    scored_by_name: Mapped[str] = mapped_column(String(200))
    scored_at: Mapped[datetime] = mapped_column(Instant())
    version: Mapped[int] = mapped_column(default=1)

    term: Mapped[SchoolTerm | None] = relationship(viewonly=True)
    scores: Mapped[list[OutcomeScore]] = relationship(
        order_by="OutcomeScore.indicator", cascade="all, delete-orphan"
    )

    __table_args__ = (
        with_parties(),
        ForeignKeyConstraint(
            ["term_id", "council_id"], ["school_term.id", "school_term.council_id"]
        ),
        UniqueConstraint("agreement_id", "term_id", name="one_scoring_of_a_term"),
        UniqueConstraint(
            "id", "agreement_id", "council_id", "provider_id", name="scoring_with_its_parties"
        ),
        partial_index(
            "one_scoring_at_the_start",
            "agreement_id",
            unique=True,
            where="term_id IS NULL",
        ),
    )


class OutcomeScore(Base):
    """The score of one indicator on one occasion; what does not apply has none."""

    __tablename__ = "outcome_score"
    __seen_by__ = Rule(assigned_on("agreement_id"), writers=("provider_id",))

    scoring_id: Mapped[UUID] = mapped_column(primary_key=True)
    indicator: Mapped[Indicator] = mapped_column(
        one_of(Indicator, "outcome_indicator"), primary_key=True
    )
    agreement_id: Mapped[UUID]
    council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    score: Mapped[int]

    __table_args__ = (
        ForeignKeyConstraint(
            ["scoring_id", "agreement_id", "council_id", "provider_id"],
            [
                "outcome_scoring.id",
                "outcome_scoring.agreement_id",
                "outcome_scoring.council_id",
                "outcome_scoring.provider_id",
            ],
        ),
        CheckConstraint("score BETWEEN 1 AND 5", name="outcome_score_on_the_scale"),
    )
