"""What providers ask about a round, and what everybody reads of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.frameworks.rounds.models import asker_and_councils, its_round
from portal.frameworks.visibility import of_an_announced_round
from portal.kernel.columns import Instant
from portal.kernel.ids import new_id
from portal.kernel.tenancy import Base, Rule, Task


class Clarification(Base):
    """What a provider asked in private; ``PublishedAnswer`` is what everybody reads of it."""

    __tablename__ = "clarification"
    __seen_by__ = Rule(
        asker_and_councils,
        writers=("provider_id", "lead_council_id"),
        readers=(Task.ROUNDS,),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[UUID]
    framework_id: Mapped[UUID]
    lead_council_id: Mapped[UUID]
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    lot_id: Mapped[UUID | None]
    question_id: Mapped[UUID | None] = mapped_column(ForeignKey("question.id"))
    asked: Mapped[str] = mapped_column(String(2000))
    asked_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(Instant())
    closed_because: Mapped[str] = mapped_column(String(500), default="")
    closed_at: Mapped[datetime | None] = mapped_column(Instant())
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        its_round(),
        ForeignKeyConstraint(
            ["lot_id", "framework_id", "lead_council_id"],
            ["lot.id", "lot.framework_id", "lot.lead_council_id"],
        ),
        UniqueConstraint(
            "id",
            "round_id",
            "framework_id",
            "lead_council_id",
            name="clarification_with_its_round",
        ),
        Index("ix_clarification_round_id", "round_id", "asked_at"),
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class PublishedAnswer(Base):
    """A clarification's question, anonymised, and its answer. Names no provider."""

    __tablename__ = "published_answer"
    __seen_by__ = Rule(
        of_an_announced_round,
        writers=("lead_council_id",),
        readers=(Task.PUBLIC_DESK, Task.ROUNDS),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[UUID]
    framework_id: Mapped[UUID]
    lead_council_id: Mapped[UUID]
    lot_id: Mapped[UUID | None]
    question_id: Mapped[UUID | None] = mapped_column(ForeignKey("question.id"))
    asked: Mapped[str] = mapped_column(String(2000))
    answer: Mapped[str] = mapped_column(String(4000))
    published_at: Mapped[datetime] = mapped_column(Instant())

    __table_args__ = (its_round(), Index("ix_published_answer_round_id", "round_id"))
