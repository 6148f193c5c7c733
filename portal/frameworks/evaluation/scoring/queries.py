"""What there is to score, and what one evaluator has scored of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.frameworks.evaluation import opened
from portal.frameworks.evaluation.compliance.queries import Sheet, sheets
from portal.frameworks.evaluation.models import Score
from portal.frameworks.evaluation.opened import Answered, Applicant
from portal.frameworks.rounds.models import Round
from portal.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class ToScore:
    """An application that goes on, with its answers that are scored."""

    sheet: Sheet
    answers: tuple[Answered, ...]

    @property
    def applicant(self) -> Applicant:
        """Whose it is."""
        return self.sheet.applicant


def to_score(
    session: Session, round_: Round, today: date, application_id: UUID | None = None
) -> list[ToScore]:
    """The applications with a bid that passed, or one of them, by name; constant statements."""
    answers = opened.answers(session, round_.id, application_id)
    found = []
    for sheet in sheets(session, round_, today, application_id):
        lots = {bid.category.lot_id for bid in sheet.live_bids}
        if lots:
            given = opened.scored(answers.get(sheet.applicant.id, ()))
            concern = tuple(one for one in given if any(one.concerns(lot) for lot in lots))
            found.append(ToScore(sheet, concern))
    return found


@dataclass(frozen=True, slots=True)
class Paper:
    """One application as one evaluator scores it; ``scores`` by question."""

    applicant: Applicant
    answers: tuple[Answered, ...]
    scores: Mapping[UUID, Score]

    @property
    def left(self) -> int:
        """How many answers have no score yet."""
        return sum(one.question.id not in self.scores for one in self.answers)

    @property
    def version(self) -> int:
        """A number that grows with each change to its scores."""
        return sum(score.version for score in self.scores.values())


def papers(
    session: Session,
    round_: Round,
    person_id: UUID,
    today: date,
    application_id: UUID | None = None,
) -> list[Paper]:
    """What a person scores in a round, or one application of it, with their own scores alone."""
    own: defaultdict[UUID, dict[UUID, Score]] = defaultdict(dict)
    for score in session.scalars(
        select(Score)
        .where(Score.round_id == round_.id, Score.person_id == person_id)
        .order_by(Score.id)
    ):
        own[score.application_id][score.question_id] = score
    return [
        Paper(one.applicant, one.answers, own[one.applicant.id])
        for one in to_score(session, round_, today, application_id)
    ]


def paper_of(
    session: Session, round_: Round, person_id: UUID, application_id: UUID, today: date
) -> Paper:
    """One application as a person scores it. Raises NotFound."""
    found = papers(session, round_, person_id, today, application_id)
    if not found:
        raise NotFound
    return found[0]
