"""The questions of a round as they are asked, and with everything that they said before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, selectinload

from portal.frameworks.lots.queries import terms_of
from portal.frameworks.models import Category, Lot
from portal.frameworks.questions.models import Question, QuestionVersion
from portal.frameworks.questions.wordings import Drafted, Wording, points_of
from portal.frameworks.rounds.models import Round, RoundCategory
from portal.kernel.errors import NotFound
from portal.kernel.wording import say_count


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the version that counts, the one it follows up, and its lot's number."""

    question: Question
    version: QuestionVersion
    parent: Asked | None
    lot: int | None

    @property
    def code(self) -> str:
        """The question's code, by which answers are given to ``applies``."""
        return self.question.code

    @property
    def drafted(self) -> Drafted:
        """The question as the rules and a file of questions see it."""
        return Drafted(self.code, self.lot, says_of(self.version))

    def applies(self, answers: Mapping[str, Any]) -> bool:
        """Whether it is asked of somebody who gave these answers, by question code.

        A follow-up is asked when the question before it is asked too, and has its answer.
        """
        if not self.version.asked_if_code:
            return True
        if self.parent is None or not self.parent.applies(answers):
            return False
        return bool(answers.get(self.parent.code) == self.version.asked_if_answer)


def asked(session: Session, round_id: UUID, lot_ids: Collection[UUID] | None) -> list[Asked]:
    """What a round asks of those who bid for these lots, in order: the newest live versions.

    ``lot_ids`` None: of every lot. The questions for everybody come first, then each lot's; a
    follow-up stands after its question.
    """
    newest = (
        select(func.max(QuestionVersion.number))
        .where(QuestionVersion.question_id == Question.id)
        .correlate(Question)
        .scalar_subquery()
    )
    statement = (
        select(Question, QuestionVersion, Lot.number)
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .outerjoin(Lot, Lot.id == Question.lot_id)
        .where(
            Question.round_id == round_id,
            QuestionVersion.number == newest,
            QuestionVersion.withdrawn.is_(False),
        )
        .order_by(func.coalesce(Lot.number, 0), Question.position, Question.id)
    )
    if lot_ids is not None:
        statement = statement.where(or_(Question.lot_id.is_(None), Question.lot_id.in_(lot_ids)))
    found: dict[str, Asked] = {}
    for question, version, lot in session.execute(statement):
        parent = found.get(version.asked_if_code)
        found[question.code] = Asked(question, version, parent, lot)
    return list(found.values())


def says_of(version: QuestionVersion) -> Wording:
    """What a version says."""
    said = {field.name: getattr(version, field.name) for field in fields(Wording)}
    return Wording(**{**said, "options": tuple(version.options)})


def get_asked(session: Session, round_id: UUID, question_id: UUID) -> Asked:
    """A question of a round that is still asked. Raises NotFound."""
    return found_in(asked(session, round_id, None), question_id)


def found_in(asks: Iterable[Asked], question_id: UUID) -> Asked:
    """One of these questions. Raises NotFound."""
    for one in asks:
        if one.question.id == question_id:
            return one
    raise NotFound


def question_of_code(session: Session, round_id: UUID, code: str) -> Question | None:
    """A round's question of that code with its versions, asked or withdrawn."""
    return session.scalars(
        select(Question)
        .where(Question.round_id == round_id, Question.code == code)
        .options(selectinload(Question.versions))
    ).first()


def versions_of(session: Session, question_id: UUID) -> list[QuestionVersion]:
    """Every version of a question, the newest first."""
    return list(
        session.scalars(
            select(QuestionVersion)
            .where(QuestionVersion.question_id == question_id)
            .order_by(QuestionVersion.number.desc())
        )
    )


def lots_of(session: Session, round_id: UUID) -> list[Lot]:
    """The lots that a round takes bids for, by number."""
    return list(
        session.scalars(
            select(Lot)
            .where(
                Lot.id.in_(
                    select(Category.lot_id)
                    .join(RoundCategory, RoundCategory.category_id == Category.id)
                    .where(RoundCategory.round_id == round_id)
                )
            )
            .order_by(Lot.number)
        )
    )


def points_by_lot(session: Session, round_id: UUID) -> list[tuple[Lot, int]]:
    """For each lot of a round, the points that its scored questions come to."""
    asks = [one.drafted for one in asked(session, round_id, None)]
    return [(lot, points_of(asks, lot.number)) for lot in lots_of(session, round_id)]


def lacking(session: Session, round_: Round) -> list[str]:
    """What the questions still need before the round can be announced, as sentences.

    For each lot the scored questions must come to the framework's points for quality.
    """
    wanted = terms_of(session, round_.framework_id).quality_points
    return [
        f"The scored questions for lot {lot.number} come to {say_count(points, 'point')}. "
        f"Quality is worth {wanted}: change the points until they come to {wanted}."
        for lot, points in points_by_lot(session, round_.id)
        if points != wanted
    ]
