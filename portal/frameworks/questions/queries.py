"""The questions of a round as they are asked, and with everything that they said before."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from portal.frameworks.models import Lot
from portal.frameworks.questions.models import Question, QuestionVersion


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the version that counts, and the question that it follows up, if any."""

    question: Question
    version: QuestionVersion
    parent: Asked | None

    @property
    def code(self) -> str:
        """The question's code, by which answers are given to ``applies``."""
        return self.question.code

    def applies(self, answers: Mapping[str, Any]) -> bool:
        """Whether it is asked of somebody who gave these answers, by question code.

        A follow-up is asked when the question before it is asked too, and has its answer.
        """
        if not self.version.asked_if_code:
            return True
        if self.parent is None or not self.parent.applies(answers):
            return False
        return bool(answers.get(self.parent.code) == self.version.asked_if_answer)


def asked(session: Session, round_id: UUID, lot_ids: Collection[UUID]) -> list[Asked]:
    """What a round asks of those who bid for these lots, in order: the newest live versions.

    The questions for everybody first, then each lot's. A follow-up stands after its question.
    """
    newest = (
        select(func.max(QuestionVersion.number))
        .where(QuestionVersion.question_id == Question.id)
        .correlate(Question)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Question, QuestionVersion)
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .outerjoin(Lot, Lot.id == Question.lot_id)
        .where(
            Question.round_id == round_id,
            or_(Question.lot_id.is_(None), Question.lot_id.in_(lot_ids)),
            QuestionVersion.number == newest,
            QuestionVersion.withdrawn.is_(False),
        )
        .order_by(func.coalesce(Lot.number, 0), Question.position, Question.id)
    )
    found: dict[str, Asked] = {}
    for question, version in rows:
        parent = found.get(version.asked_if_code)
        found[question.code] = Asked(question, version, parent)
    return list(found.values())
