"""What was scored of an agreement, from its start to the latest term."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.delivery.outcomes.models import Scoring
from portal.delivery.outcomes.rules import Occasion


def scoring(session: Session, agreement_id: UUID, term_id: UUID | None) -> Scoring | None:
    """What was scored for a term, or without one at the start."""
    return session.scalars(
        select(Scoring)
        .where(Scoring.agreement_id == agreement_id, Scoring.term_id.is_not_distinct_from(term_id))
        .options(selectinload(Scoring.scores))
    ).first()


def scorings(session: Session, agreement_id: UUID) -> Sequence[Scoring]:
    """Everything scored of an agreement: its start first, then term by term. Two queries."""
    found = session.scalars(
        select(Scoring)
        .where(Scoring.agreement_id == agreement_id)
        .options(joinedload(Scoring.term), selectinload(Scoring.scores))
        .order_by(Scoring.scored_at, Scoring.id)
    ).all()
    return sorted(found, key=lambda one: (one.term is not None, one.term and one.term.first_day))


def progress(session: Session, agreement_id: UUID) -> list[Occasion]:
    """The same as plain scores, for a picture and for a report."""
    return [
        Occasion(
            one.term.name if one.term else "Start",
            {score.indicator: score.score for score in one.scores},
        )
        for one in scorings(session, agreement_id)
    ]
