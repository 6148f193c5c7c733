"""Who evaluates a round, what they found, scored and agreed."""

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
    UniqueConstraint,
    and_,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.frameworks.applications.models import its_application
from portal.frameworks.evaluation.rules import Duty, Part
from portal.frameworks.evaluation.visibility import councils, councils_then_provider
from portal.frameworks.rounds.models import its_round
from portal.identity.models import Organisation
from portal.kernel.columns import Instant, one_of
from portal.kernel.ids import new_id
from portal.kernel.indexes import partial_index
from portal.kernel.tenancy import Base, Looker, Rule, Task, another, column

_MODERATES = "duty = 'moderator' AND ended_at IS NULL"


def _scorer_until_moderation(entity: Any, looker: Looker) -> ColumnElement[bool]:
    """Whoever gave the score; the framework's councils while somebody moderates the round."""
    evaluator = another("evaluator")
    moderating = (
        select(evaluator.c.person_id)
        .where(
            evaluator.c.round_id == column(entity, "round_id"),
            evaluator.c.moderating_at.is_not(None),
            evaluator.c.ended_at.is_(None),
        )
        .exists()
    )
    return or_(
        column(entity, "person_id") == looker.person,
        and_(councils(entity, looker), moderating),
    )


class Evaluator(Base):
    """A person's part in evaluating a round: an evaluator's or the moderator's, never both.

    ``mailbox`` is a digest, so that a second account of the same person is refused.
    ``declared_at`` is when they declared that they have no conflict of interest;
    ``finished_at`` when an evaluator had scored everything; ``moderating_at`` when the moderator
    began, from which on everybody's scores are shown. A part that ended counts no more.
    """

    __tablename__ = "evaluator"
    __seen_by__ = Rule(councils, writers=("lead_council_id", "council_id"), tasks=(Task.ROUNDS,))

    round_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    framework_id: Mapped[UUID]
    lead_council_id: Mapped[UUID]
    council_id: Mapped[UUID]
    duty: Mapped[Duty] = mapped_column(one_of(Duty, "evaluator_duty"))
    name: Mapped[str] = mapped_column(String(200))
    mailbox: Mapped[str] = mapped_column(String(64))
    named_by_name: Mapped[str] = mapped_column(String(200))
    named_at: Mapped[datetime] = mapped_column(Instant())
    declared_at: Mapped[datetime | None] = mapped_column(Instant())
    finished_at: Mapped[datetime | None] = mapped_column(Instant())
    moderating_at: Mapped[datetime | None] = mapped_column(Instant())
    ended_at: Mapped[datetime | None] = mapped_column(Instant())
    ended_because: Mapped[str] = mapped_column(String(1000), default="")
    conflict: Mapped[bool] = mapped_column(default=False)

    council: Mapped[Organisation] = relationship(
        viewonly=True, primaryjoin="foreign(Evaluator.council_id) == Organisation.id"
    )

    __table_args__ = (
        its_round(),
        ForeignKeyConstraint(
            ["framework_id", "council_id"],
            ["framework_council.framework_id", "framework_council.council_id"],
        ),
        UniqueConstraint("round_id", "person_id", "duty", name="one_duty_of_a_person"),
        UniqueConstraint("round_id", "mailbox", name="one_account_of_an_evaluator"),
        CheckConstraint("duty = 'evaluator' OR finished_at IS NULL", name="moderator_never_scores"),
        CheckConstraint(
            "duty = 'moderator' OR moderating_at IS NULL", name="evaluator_never_moderates"
        ),
        CheckConstraint("ended_at IS NOT NULL OR NOT conflict", name="conflict_ends_the_part"),
        partial_index(
            "one_moderator_of_a_round",
            "round_id",
            unique=True,
            where=_MODERATES,
        ),
    )

    @property
    def part(self) -> Part:
        """The same for the rules."""
        return Part(
            self.name,
            self.duty,
            self.declared_at,
            self.finished_at,
            self.ended_at,
            self.conflict,
        )


def _on_duty() -> ForeignKeyConstraint:
    """The key by which a score or a consensus names its giver, in the duty it needs."""
    return ForeignKeyConstraint(
        ["round_id", "person_id", "duty"],
        ["evaluator.round_id", "evaluator.person_id", "evaluator.duty"],
    )


class ComplianceCheck(Base):
    """Whether one part of an application passes, and why not.

    ``part`` is "answer:safeguarding", "evidence:public-liability" or "price:2a:0-10".
    """

    __tablename__ = "compliance_check"
    __seen_by__ = Rule(councils_then_provider, writers=("lead_council_id",))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    application_id: Mapped[UUID]
    round_id: Mapped[UUID]
    framework_id: Mapped[UUID]
    lead_council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    part: Mapped[str] = mapped_column(String(120))
    passed: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(1000), default="")
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    by_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(Instant())
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        its_application(),
        UniqueConstraint("application_id", "part", name="one_check_of_a_part"),
        CheckConstraint("passed OR reason <> ''", name="a_failed_part_has_its_reason"),
        Index("ix_compliance_check_round_id", "round_id"),
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Score(Base):
    """One evaluator's own score of one answer. Nobody else sees it before moderation."""

    __tablename__ = "score"
    __seen_by__ = Rule(_scorer_until_moderation, writers=("council_id",))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    application_id: Mapped[UUID]
    round_id: Mapped[UUID]
    framework_id: Mapped[UUID]
    lead_council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    question_id: Mapped[UUID] = mapped_column(ForeignKey("question.id"))
    council_id: Mapped[UUID]
    person_id: Mapped[UUID]
    duty: Mapped[Duty] = mapped_column(one_of(Duty, "score_duty"), default=Duty.EVALUATOR)
    score: Mapped[int]
    reason: Mapped[str] = mapped_column(String(2000))
    at: Mapped[datetime] = mapped_column(Instant())
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        its_application(),
        _on_duty(),
        UniqueConstraint(
            "application_id", "question_id", "person_id", name="one_score_of_an_evaluator"
        ),
        CheckConstraint("duty = 'evaluator'", name="only_evaluators_score"),
        CheckConstraint("score BETWEEN 0 AND 5", name="score_from_0_to_5"),
        Index("ix_score_round_id", "round_id", "person_id"),
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Consensus(Base):
    """The score of one answer that the moderator agreed with the evaluators, and why."""

    __tablename__ = "consensus"
    __seen_by__ = Rule(councils_then_provider, tasks=(Task.ROUNDS,))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    application_id: Mapped[UUID]
    round_id: Mapped[UUID]
    framework_id: Mapped[UUID]
    lead_council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    question_id: Mapped[UUID] = mapped_column(ForeignKey("question.id"))
    person_id: Mapped[UUID]
    duty: Mapped[Duty] = mapped_column(one_of(Duty, "consensus_duty"), default=Duty.MODERATOR)
    score: Mapped[int]
    reason: Mapped[str] = mapped_column(String(2000))
    at: Mapped[datetime] = mapped_column(Instant())
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        its_application(),
        _on_duty(),
        UniqueConstraint("application_id", "question_id", name="one_consensus_of_an_answer"),
        CheckConstraint("duty = 'moderator'", name="only_the_moderator_agrees"),
        CheckConstraint("score BETWEEN 0 AND 5", name="consensus_from_0_to_5"),
        CheckConstraint("reason <> ''", name="consensus_has_its_reason"),
        Index("ix_consensus_round_id", "round_id"),
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
