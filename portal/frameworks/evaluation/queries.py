"""What other parts of the portal ask of an evaluation that is over."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.frameworks.applications.opened import Bid, OpenedAnswer
from portal.frameworks.evaluation.deciding.models import Award
from portal.frameworks.evaluation.models import ComplianceCheck, Consensus
from portal.frameworks.evaluation.rules import kept_parts
from portal.frameworks.questions.models import Question, QuestionVersion
from portal.frameworks.rounds.models import Round


def passed_parts(session: Session, provider_id: UUID, framework_id: UUID) -> frozenset[str]:
    """What a provider need not send again: the parts that passed in its last decided round.

    Named as drafts name them: "answer:safeguarding", "price:2a:0-10"; and "evidence:…". Empty
    where it was told of no outcome on the framework.
    """
    last = session.scalars(
        select(Bid.round_id)
        .join(Round, Round.id == Bid.round_id)
        .where(
            Bid.provider_id == provider_id,
            Bid.framework_id == framework_id,
            Round.standstill_until.is_not(None),
        )
        .order_by(Round.decided_at.desc(), Round.id)
        .limit(1)
    ).first()
    if last is None:
        return frozenset()
    checks = session.scalars(
        select(ComplianceCheck)
        .where(ComplianceCheck.round_id == last, ComplianceCheck.provider_id == provider_id)
        .order_by(ComplianceCheck.part)
    )
    scores = session.execute(
        select(Question.code, Consensus.score)
        .join(Question, Question.id == Consensus.question_id)
        .where(Consensus.round_id == last, Consensus.provider_id == provider_id)
        .order_by(Question.code)
    )
    answered = session.scalars(
        select(Question.code)
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .join(OpenedAnswer, OpenedAnswer.question_version_id == QuestionVersion.id)
        .where(OpenedAnswer.round_id == last, OpenedAnswer.provider_id == provider_id)
        .order_by(Question.code)
    )
    awards = session.scalars(
        select(Award)
        .where(Award.round_id == last, Award.provider_id == provider_id)
        .options(
            joinedload(Award.category),
            joinedload(Award.bid).selectinload(Bid.prices),
        )
        .order_by(Award.id)
    )
    return kept_parts(
        checks={check.part: check.passed for check in checks},
        scores={f"answer:{code}": score for code, score in scores},
        answered=[f"answer:{code}" for code in answered],
        priced={
            f"price:{award.category.code}:{price.band}": award.outcome
            for award in awards
            for price in award.bid.prices
        },
    )
