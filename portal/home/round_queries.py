"""The rounds that wait for somebody: each answer a few rows, in one statement."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from portal.frameworks.applications.models import Application
from portal.frameworks.evaluation.letters.models import OutcomeLetter
from portal.frameworks.evaluation.models import Evaluator
from portal.frameworks.evaluation.rules import Duty
from portal.frameworks.evaluation.signing.models import Signature
from portal.frameworks.rounds.clarifications.models import Clarification
from portal.frameworks.rounds.models import LateDoor, OpenerKey, Round, RoundExtension, RoundOpener

MOST = 50


def led_rounds(session: Session, council_id: UUID) -> Sequence[Round]:
    """The rounds that a council leads and are not over, the first to close first."""
    return session.scalars(
        select(Round)
        .where(
            Round.lead_council_id == council_id,
            Round.cancelled_at.is_(None),
            Round.concluded_at.is_(None),
        )
        .options(joinedload(Round.framework))
        .order_by(Round.closes_at, Round.id)
        .limit(MOST)
    ).all()


def questions_waiting(session: Session, round_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many questions wait for an answer, by round."""
    waiting = session.execute(
        select(Clarification.round_id, func.count(Clarification.id))
        .where(Clarification.round_id.in_(round_ids), Clarification.closed_at.is_(None))
        .group_by(Clarification.round_id)
        .order_by(Clarification.round_id)
    )
    return dict(waiting.all())


def extensions_waiting(
    session: Session, round_ids: Collection[UUID], person_id: UUID
) -> dict[UUID, RoundExtension]:
    """The later closings that somebody else asked for, by round."""
    found = session.scalars(
        select(RoundExtension).where(
            RoundExtension.round_id.in_(round_ids),
            RoundExtension.agreed_at.is_(None),
            RoundExtension.refused_at.is_(None),
            RoundExtension.asked_by_id != person_id,
        )
    )
    return {one.round_id: one for one in found}


def doors_waiting(
    session: Session, round_ids: Collection[UUID], person_id: UUID
) -> Sequence[LateDoor]:
    """The late doors that somebody else asked for, the first to shut first."""
    return session.scalars(
        select(LateDoor)
        .where(
            LateDoor.round_id.in_(round_ids),
            LateDoor.agreed_at.is_(None),
            LateDoor.refused_at.is_(None),
            LateDoor.asked_by_id != person_id,
        )
        .order_by(LateDoor.until, LateDoor.id)
    ).all()


def rounds_to_open(
    session: Session, person_id: UUID, council_id: UUID
) -> Sequence[tuple[Round, datetime | None, bool]]:
    """The rounds that a person is named to open and has not given their share of.

    With the end of the last late door, and whether they have made their key.
    """
    last_door = (
        select(func.max(LateDoor.until))
        .where(LateDoor.round_id == Round.id, LateDoor.agreed_at.is_not(None))
        .correlate(Round)
        .scalar_subquery()
    )
    found = session.execute(
        select(Round, last_door, OpenerKey.made_at)
        .join(RoundOpener, RoundOpener.round_id == Round.id)
        .outerjoin(
            OpenerKey,
            and_(OpenerKey.person_id == person_id, OpenerKey.council_id == council_id),
        )
        .where(
            RoundOpener.person_id == person_id,
            RoundOpener.council_id == council_id,
            RoundOpener.opened_at.is_(None),
            Round.opened_at.is_(None),
            Round.cancelled_at.is_(None),
        )
        .options(joinedload(Round.framework))
        .order_by(Round.closes_at, Round.id)
        .limit(MOST)
    )
    return [(round_, door, made_at is not None) for round_, door, made_at in found]


def evaluated_rounds(
    session: Session, person_id: UUID, council_id: UUID
) -> Sequence[tuple[Round, Evaluator, bool]]:
    """The opened rounds that a person evaluates or moderates, and are not moderated yet.

    Each with whether an evaluator of it has still to finish scoring.
    """
    other = aliased(Evaluator)
    scoring = exists(
        select(other.person_id).where(
            other.round_id == Round.id,
            other.duty == Duty.EVALUATOR,
            other.ended_at.is_(None),
            other.finished_at.is_(None),
        )
    )
    found = session.execute(
        select(Round, Evaluator, scoring)
        .join(Evaluator, Evaluator.round_id == Round.id)
        .where(
            Evaluator.person_id == person_id,
            Evaluator.council_id == council_id,
            Evaluator.ended_at.is_(None),
            Round.opened_at.is_not(None),
            Round.moderated_at.is_(None),
            Round.cancelled_at.is_(None),
        )
        .options(joinedload(Round.framework))
        .order_by(Round.opened_at, Round.id)
        .limit(MOST)
    )
    return [(round_, evaluator, waits) for round_, evaluator, waits in found]


def applications(session: Session, provider_id: UUID) -> Sequence[Application]:
    """A provider's applications to rounds whose bids are not opened, the first to close first."""
    return session.scalars(
        select(Application)
        .join(Application.round)
        .where(
            Application.provider_id == provider_id,
            Application.withdrawn_at.is_(None),
            Round.opened_at.is_(None),
            Round.cancelled_at.is_(None),
        )
        .options(contains_eager(Application.round).joinedload(Round.framework))
        .order_by(Round.closes_at, Application.id)
        .limit(MOST)
    ).all()


def not_begun(session: Session, provider_id: UUID, at: datetime) -> tuple[int, datetime | None]:
    """How many rounds are open that a provider has not begun to apply to; the next to close."""
    begun = select(Application.round_id).where(Application.provider_id == provider_id)
    row = session.execute(
        select(func.count(Round.id), func.min(Round.closes_at)).where(
            Round.announced_at.is_not(None),
            Round.opens_at <= at,
            Round.closes_at > at,
            Round.cancelled_at.is_(None),
            Round.id.not_in(begun),
        )
    ).one()
    return row[0], row[1]


def unsigned_outcomes(session: Session, provider_id: UUID) -> Sequence[OutcomeLetter]:
    """What came of a provider's applications, in rounds not over, that it has not signed."""
    signed = select(Signature.round_id).where(
        Signature.provider_id == provider_id, Signature.organisation_id == provider_id
    )
    return session.scalars(
        select(OutcomeLetter)
        .join(OutcomeLetter.round)
        .where(
            OutcomeLetter.provider_id == provider_id,
            Round.concluded_at.is_(None),
            Round.cancelled_at.is_(None),
            OutcomeLetter.round_id.not_in(signed),
        )
        .options(joinedload(OutcomeLetter.round).joinedload(Round.framework))
        .order_by(OutcomeLetter.sent_at, OutcomeLetter.id)
        .limit(MOST)
    ).all()
