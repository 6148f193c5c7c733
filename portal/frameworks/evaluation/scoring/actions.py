"""An evaluator's own scores: saved while they read, then finished for good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, record
from portal.frameworks.evaluation.evaluators.queries import evaluators
from portal.frameworks.evaluation.events import Event, about
from portal.frameworks.evaluation.models import Evaluator, Score
from portal.frameworks.evaluation.rules import Duty
from portal.frameworks.evaluation.scoring.queries import paper_of, papers
from portal.frameworks.evaluation.steps import NotNow, during, locked, on_duty
from portal.frameworks.rounds.models import Round
from portal.frameworks.rounds.rules import RoundState
from portal.kernel.errors import Stale
from portal.kernel.local_time import local_date
from portal.kernel.wording import say_count
from portal.notices.actions import tell
from portal.notices.rules import NoticeKind


@dataclass(frozen=True, slots=True)
class Given:
    """A score from 0 to 5, and why."""

    score: int
    reason: str


def save(
    session: Session,
    actor: Actor,
    round_id: UUID,
    application_id: UUID,
    given: Mapping[UUID, Given],
    *,
    version: int,
    at: datetime,
) -> int:
    """Keep the actor's own scores of these answers, by question; how many answers are left.

    Raises NotFound, Forbidden for somebody who is no evaluator of the round, NotNow before and
    after scoring, Stale where the same person changed a score since ``version``.
    """
    round_, own = _scoring(session, actor, round_id, at)
    paper = paper_of(session, round_, own.person_id, application_id, local_date(at))
    if paper.version != version:
        raise Stale
    left = 0
    for answered in paper.answers:
        said = given.get(answered.question.id)
        held = paper.scores.get(answered.question.id)
        if said is None:
            left += held is None
            continue
        if held is None:
            held = Score(
                application_id=application_id,
                round_id=round_.id,
                framework_id=round_.framework_id,
                lead_council_id=round_.lead_council_id,
                provider_id=paper.applicant.provider_id,
                question_id=answered.question.id,
                council_id=own.council_id,
                person_id=own.person_id,
            )
            session.add(held)
        elif (held.score, held.reason) == (said.score, said.reason):
            continue
        held.score, held.reason, held.at = said.score, said.reason, at
    record(
        session,
        actor,
        Event.SCORED,
        about(round_, council_id=own.council_id),
        at=at,
        application=application_id.hex,
        left=left,
    )
    return left


def finish(session: Session, actor: Actor, round_id: UUID, *, at: datetime) -> Evaluator:
    """The actor has scored everything, and changes nothing any more.

    The moderator is told when everybody has. Raises NotNow while an answer has no score.
    """
    round_, own = _scoring(session, actor, round_id, at)
    left = sum(paper.left for paper in papers(session, round_, own.person_id, local_date(at)))
    if left:
        raise NotNow(f"{say_count(left, 'answer')} still without your score.")
    own.finished_at = at
    session.flush()
    record(session, actor, Event.FINISHED, about(round_, council_id=own.council_id), at=at)
    parts = [part for part in evaluators(session, round_id) if part.ended_at is None]
    moderator = next((part for part in parts if part.duty is Duty.MODERATOR), None)
    waiting = [part for part in parts if part.duty is Duty.EVALUATOR and not part.finished_at]
    if moderator is not None and not waiting:
        tell(
            session,
            NoticeKind.EVALUATION,
            sentence=f"Everybody has scored {round_.title}. You can begin the moderation.",
            endpoint="moderating.index",
            values={"opened_id": round_.id},
            organisation_id=moderator.council_id,
            person_id=moderator.person_id,
            at=at,
        )
    return own


def _scoring(
    session: Session, actor: Actor, round_id: UUID, at: datetime
) -> tuple[Round, Evaluator]:
    round_ = locked(session, round_id)
    during(round_, at, RoundState.EVALUATING)
    own = on_duty(session, round_, actor, Duty.EVALUATOR)
    if own.finished_at is not None:
        raise NotNow("You have finished scoring, so your scores stay as they are.")
    return round_, own
