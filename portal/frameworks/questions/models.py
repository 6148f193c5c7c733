"""Questions and their versions. A version is never changed once its round is announced."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.evidence.rules import EvidenceKind
from portal.frameworks.questions.rules import Option, QuestionKind
from portal.frameworks.visibility import of_an_announced_round
from portal.kernel.columns import Instant, one_of
from portal.kernel.ids import new_id
from portal.kernel.tenancy import Base, Rule, Task

_OF_A_ROUND = Rule(
    of_an_announced_round,
    writers=("lead_council_id",),
    readers=(Task.PUBLIC_DESK, Task.ROUNDS),
)


class Question(Base):
    """A question's place in its round: for everybody, or for those who bid for one lot.

    ``code`` is stable from round to round; answers are carried over by it.
    """

    __tablename__ = "question"
    __seen_by__ = _OF_A_ROUND

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[UUID]
    framework_id: Mapped[UUID]
    lead_council_id: Mapped[UUID]
    lot_id: Mapped[UUID | None]
    code: Mapped[str] = mapped_column(String(40))
    position: Mapped[int]

    versions: Mapped[list[QuestionVersion]] = relationship(
        order_by="QuestionVersion.number", viewonly=True
    )

    __table_args__ = (
        ForeignKeyConstraint(
            ["round_id", "framework_id", "lead_council_id"],
            ["round.id", "round.framework_id", "round.lead_council_id"],
        ),
        ForeignKeyConstraint(
            ["lot_id", "framework_id", "lead_council_id"],
            ["lot.id", "lot.framework_id", "lot.lead_council_id"],
        ),
        UniqueConstraint("round_id", "code", name="one_question_of_a_code"),
        UniqueConstraint(
            "id", "round_id", "framework_id", "lead_council_id", name="question_with_its_round"
        ),
    )


class QuestionVersion(Base):
    """One wording of a question. The highest number counts; answers name the one they answered.

    Until its round is announced the first version is edited in place, which ``edits`` counts.
    ``options`` is a list of ``{"code", "label"}``; ``required`` is the only answer that passes
    ("yes", "no" or an option's code), or "" where any does; ``asked_if_code`` and
    ``asked_if_answer`` make it a follow-up of another question's answer; ``points`` above 0 make
    it scored, of the framework's points for quality.
    """

    __tablename__ = "question_version"
    __seen_by__ = _OF_A_ROUND

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    question_id: Mapped[UUID]
    round_id: Mapped[UUID]
    framework_id: Mapped[UUID]
    lead_council_id: Mapped[UUID]
    number: Mapped[int]
    kind: Mapped[QuestionKind] = mapped_column(one_of(QuestionKind, "question_kind"))
    wording: Mapped[str] = mapped_column(String(1000))
    help: Mapped[str] = mapped_column(String(2000), default="")
    optional: Mapped[bool] = mapped_column(default=False)
    most_words: Mapped[int | None]
    options: Mapped[list[Option]] = mapped_column(JSON, default=list)
    required: Mapped[str] = mapped_column(String(40), default="")
    evidence_kind: Mapped[EvidenceKind | None] = mapped_column(
        one_of(EvidenceKind, "question_evidence_kind")
    )
    asked_if_code: Mapped[str] = mapped_column(String(40), default="")
    asked_if_answer: Mapped[str] = mapped_column(String(40), default="")
    points: Mapped[int] = mapped_column(default=0)
    withdrawn: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime] = mapped_column(Instant())
    edits: Mapped[int] = mapped_column(default=1)

    question: Mapped[Question] = relationship(viewonly=True)

    __table_args__ = (
        ForeignKeyConstraint(
            ["question_id", "round_id", "framework_id", "lead_council_id"],
            [
                "question.id",
                "question.round_id",
                "question.framework_id",
                "question.lead_council_id",
            ],
        ),
        UniqueConstraint("question_id", "number", name="one_version_of_a_number"),
        CheckConstraint("number > 0", name="versions_count_from_one"),
        CheckConstraint("points >= 0", name="question_points_not_negative"),
        CheckConstraint("most_words > 0", name="most_words_above_nothing"),
        Index("ix_question_version_round_id", "round_id"),
    )
    __mapper_args__ = {"version_id_col": edits}  # noqa: RUF012
