"""Every answer with the scores that count, those that are void, and the consensus."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.frameworks.evaluation.evaluators.queries import evaluators
from portal.frameworks.evaluation.models import Consensus, Evaluator, Score
from portal.frameworks.evaluation.opened import Answered, Applicant
from portal.frameworks.evaluation.rules import consensus_stands
from portal.frameworks.evaluation.scoring.queries import to_score
from portal.frameworks.rounds.models import Round
from portal.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Judged:
    """One answer: whose scores count, whose are void, what was agreed and whether it stands."""

    answered: Answered
    counting: tuple[tuple[Evaluator, Score], ...]
    void: tuple[Evaluator, ...]
    consensus: Consensus | None
    stands: bool

    @property
    def apart(self) -> int:
        """How far the scores that count lie apart."""
        given = [score.score for _, score in self.counting]
        return max(given) - min(given) if given else 0


@dataclass(frozen=True, slots=True)
class Moderated:
    """One application as the moderator sees it."""

    applicant: Applicant
    answers: tuple[Judged, ...]

    @property
    def left(self) -> int:
        """How many answers have no consensus that stands."""
        return sum(not one.stands for one in self.answers)

    @property
    def saved(self) -> Mapping[UUID, Consensus]:
        """The consensus of each answer that has one, standing or not."""
        return {
            one.answered.question.id: one.consensus
            for one in self.answers
            if one.consensus is not None
        }

    @property
    def version(self) -> int:
        """A number that grows with each change to its consensus scores."""
        return sum(one.version for one in self.saved.values())


def moderated(
    session: Session, round_: Round, today: date, application_id: UUID | None = None
) -> list[Moderated]:
    """Every application that is scored, or one of them, by name; constant statements.

    Scores are in it only while somebody moderates the round.
    """
    parts = {part.person_id: part for part in evaluators(session, round_.id)}
    scores: defaultdict[tuple[UUID, UUID], list[Score]] = defaultdict(list)
    for score in session.scalars(
        select(Score).where(Score.round_id == round_.id).order_by(Score.at, Score.id)
    ):
        scores[score.application_id, score.question_id].append(score)
    agreed = {
        (one.application_id, one.question_id): one
        for one in session.scalars(
            select(Consensus).where(Consensus.round_id == round_.id).order_by(Consensus.id)
        )
    }
    return [
        Moderated(
            one.applicant,
            tuple(
                _judged(
                    answered,
                    scores[one.applicant.id, answered.question.id],
                    agreed.get((one.applicant.id, answered.question.id)),
                    parts,
                )
                for answered in one.answers
            ),
        )
        for one in to_score(session, round_, today, application_id)
    ]


def moderated_one(session: Session, round_: Round, application_id: UUID, today: date) -> Moderated:
    """One application as the moderator sees it. Raises NotFound."""
    found = moderated(session, round_, today, application_id)
    if not found:
        raise NotFound
    return found[0]


def _judged(
    answered: Answered,
    scores: list[Score],
    consensus: Consensus | None,
    parts: Mapping[UUID, Evaluator],
) -> Judged:
    given = [(parts[score.person_id], score) for score in scores]
    return Judged(
        answered,
        counting=tuple(one for one in given if one[0].ended_at is None and one[0].finished_at),
        void=tuple(part for part, _ in given if part.ended_at is not None),
        consensus=consensus,
        stands=consensus is not None
        and consensus_stands(
            consensus.at,
            parts[consensus.person_id].part,
            [part.part for part in parts.values()],
        ),
    )
