"""Questions of a round."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.frameworks.models import Lot
from portal.frameworks.questions.models import Question, QuestionVersion
from portal.frameworks.questions.rules import Option, QuestionKind
from portal.frameworks.rounds.models import Round
from tests.makers.rows import add, numbers

WRITTEN_AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def make_question(
    session: Session,
    *,
    round_: Round,
    code: str = "",
    lot: Lot | None = None,
    kind: QuestionKind = QuestionKind.YES_NO,
    wording: str = "",
    options: Iterable[Option] = (),
    at: datetime = WRITTEN_AT,
    **says: Any,
) -> QuestionVersion:
    """The first version of a question, asked after the round's others; more of it in ``says``."""
    number = next(numbers)
    question = add(
        session,
        Question(
            round_id=round_.id,
            framework_id=round_.framework_id,
            lead_council_id=round_.lead_council_id,
            lot_id=None if lot is None else lot.id,
            code=code or f"question-{number}",
            position=number,
        ),
    )
    return make_version(
        session, question=question, kind=kind, wording=wording or f"Question {number}?",
        options=options, at=at, **says,
    )  # fmt: skip


def make_version(
    session: Session,
    *,
    question: Question,
    number: int = 1,
    kind: QuestionKind = QuestionKind.YES_NO,
    wording: str = "Do you?",
    options: Iterable[Option] = (),
    at: datetime = WRITTEN_AT,
    **says: Any,
) -> QuestionVersion:
    """One more version of a question."""
    return add(
        session,
        QuestionVersion(
            question_id=question.id,
            round_id=question.round_id,
            framework_id=question.framework_id,
            lead_council_id=question.lead_council_id,
            number=number,
            kind=kind,
            wording=wording,
            options=list(options),
            made_at=at,
            **says,
        ),
    )
