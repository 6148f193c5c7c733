"""The moderator shows the scores to each other, agrees a consensus on each answer, and finishes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, record
from portal.frameworks.evaluation.evaluators.queries import evaluators
from portal.frameworks.evaluation.events import Event, about
from portal.frameworks.evaluation.models import Consensus, Evaluator
from portal.frameworks.evaluation.moderating.queries import moderated, moderated_one
from portal.frameworks.evaluation.rules import Duty
from portal.frameworks.evaluation.steps import (
    ROUNDS,
    NotNow,
    counted,
    during,
    locked,
    moving,
    on_duty,
)
from portal.frameworks.lots.queries import terms_of
from portal.frameworks.rounds.models import Round
from portal.frameworks.rounds.rules import RoundState, Step, require
from portal.identity.permissions import Permission
from portal.kernel.database import working_as
from portal.kernel.errors import Stale
from portal.kernel.local_time import local_date
from portal.kernel.wording import say_count, say_list
from portal.notices.actions import tell
from portal.notices.rules import NoticeKind


@dataclass(frozen=True, slots=True)
class Agreed:
    """A consensus score from 0 to 5, and why."""

    score: int
    reason: str


def begin(session: Session, actor: Actor, round_id: UUID, *, at: datetime) -> Evaluator:
    """Show everybody's scores to the evaluators and the moderator, to agree on each.

    Raises Forbidden for anybody but the moderator, NotNow while somebody still scores or too few
    evaluators are left whose scores count.
    """
    round_, own = _moderating(session, actor, round_id, at)
    if own.moderating_at is not None:
        raise NotNow("The moderation has begun already.")
    parts = evaluators(session, round_id)
    waiting = [
        part.name
        for part in parts
        if part.duty is Duty.EVALUATOR and part.ended_at is None and part.finished_at is None
    ]
    if waiting:
        raise NotNow(f"Still scoring: {say_list(waiting)}.")
    least = terms_of(session, round_.framework_id).least_evaluators
    count = len(counted(session, round_id))
    if count < least:
        raise NotNow(
            f"The scores of at least {say_count(least, 'evaluator')} must count, and those of "
            f"{count} do. A council can name another."
        )
    own.moderating_at = at
    session.flush()
    for part in parts:
        if part.duty is Duty.EVALUATOR and part.ended_at is None:
            tell(
                session,
                NoticeKind.EVALUATION,
                sentence=f"The moderation of {round_.title} has begun: all scores are shown.",
                endpoint="moderating.index",
                values={"opened_id": round_.id},
                organisation_id=part.council_id,
                person_id=part.person_id,
                at=at,
            )
    record(session, actor, Event.MODERATION_BEGUN, about(round_), at=at, evaluators=count)
    return own


def agree(
    session: Session,
    actor: Actor,
    round_id: UUID,
    application_id: UUID,
    agreed: Mapping[UUID, Agreed],
    *,
    version: int,
    at: datetime,
) -> int:
    """Keep the consensus on these answers of an application, by question; how many are left.

    Each is agreed anew, also with the same score, since it rests on the scores that count now.
    Raises NotFound, Forbidden for anybody but the moderator, NotNow before the moderation began
    and after it ended, Stale where a consensus changed since ``version``.
    """
    round_, own = _moderating(session, actor, round_id, at)
    if own.moderating_at is None:
        raise NotNow("Begin the moderation first.")
    found = moderated_one(session, round_, application_id, local_date(at))
    if found.version != version:
        raise Stale
    left = 0
    with working_as(session, ROUNDS):
        for one in found.answers:
            said = agreed.get(one.answered.question.id)
            held = one.consensus
            if said is None:
                left += not one.stands
                continue
            if held is None:
                held = Consensus(
                    application_id=application_id,
                    round_id=round_.id,
                    framework_id=round_.framework_id,
                    lead_council_id=round_.lead_council_id,
                    provider_id=found.applicant.provider_id,
                    question_id=one.answered.question.id,
                )
                session.add(held)
            held.person_id, held.at = own.person_id, at
            held.score, held.reason = said.score, said.reason
    record(
        session,
        actor,
        Event.AGREED,
        about(round_),
        at=at,
        application=application_id.hex,
        left=left,
    )
    return left


def finish(session: Session, actor: Actor, round_id: UUID, *, at: datetime) -> Round:
    """The round is moderated: every answer has a consensus that stands.

    The lead council's people who decide are told. Raises NotNow while one has none.
    """
    round_, own = _moderating(session, actor, round_id, at)
    require(round_, Step.MODERATE, at)
    if own.moderating_at is None:
        raise NotNow("Begin the moderation first.")
    left = sum(one.left for one in moderated(session, round_, local_date(at)))
    if left:
        raise NotNow(f"{say_count(left, 'answer')} still without a consensus score.")
    with moving(session, round_id) as changed:
        changed.moderated_at = at
    tell(
        session,
        NoticeKind.EVALUATION,
        sentence=f"{round_.title} is moderated. You can decide on each category.",
        endpoint="deciding.index",
        values={"opened_id": round_.id},
        organisation_id=round_.lead_council_id,
        permission=Permission.EVALUATION_RUN,
        at=at,
    )
    record(session, actor, Event.MODERATED, about(round_), at=at)
    return round_


def _moderating(
    session: Session, actor: Actor, round_id: UUID, at: datetime
) -> tuple[Round, Evaluator]:
    round_ = locked(session, round_id)
    during(round_, at, RoundState.EVALUATING)
    return round_, on_duty(session, round_, actor, Duty.MODERATOR)
