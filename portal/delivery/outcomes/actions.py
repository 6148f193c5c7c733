"""Scoring the outcomes of an agreement."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from portal.agreements.models import Agreement
from portal.audit.actions import Actor, Subject, record
from portal.delivery.outcomes.models import OutcomeScore, Scoring
from portal.delivery.outcomes.queries import scoring
from portal.delivery.outcomes.rules import Indicator, NothingScored
from portal.kernel.errors import Stale
from portal.kernel.ids import new_id


class Event(StrEnum):
    """What happens to scores."""

    SCORED = "delivery:outcomes:scored"


def score_start(
    session: Session,
    actor: Actor,
    agreement: Agreement,
    scores: Mapping[Indicator, int],
    *,
    version: int,
    at: datetime,
) -> None:
    """Say how things stood when the agreement began; the scores of a term measure against it.

    ``version`` is that of the scoring the form was opened on, 0 where there was none. Raises
    NothingScored, Stale.
    """
    if not scores:
        raise NothingScored
    found = scoring(session, agreement.id, None)
    if found is not None:
        session.refresh(found, with_for_update=True)
    if version != (found.version if found else 0):
        raise Stale
    set_scores(session, actor, agreement, None, scores, at=at)
    record(
        session,
        actor,
        Event.SCORED,
        Subject(
            "agreement",
            agreement.id,
            agreement.reference,
            council_id=agreement.council_id,
            provider_id=agreement.provider_id,
        ),
        at=at,
        **{indicator.value: score for indicator, score in scores.items()},
    )


def set_scores(
    session: Session,
    actor: Actor,
    agreement: Agreement,
    term_id: UUID | None,
    scores: Mapping[Indicator, int],
    *,
    at: datetime,
) -> None:
    """Put these scores in the place of those of the occasion; whoever calls records the event."""
    found = scoring(session, agreement.id, term_id)
    if found is None:
        found = Scoring(
            id=new_id(),
            agreement_id=agreement.id,
            council_id=agreement.council_id,
            provider_id=agreement.provider_id,
            term_id=term_id,
        )
        session.add(found)
    else:
        found.version += 1
    found.scored_by_name, found.scored_at = actor.name, at
    session.flush()
    standing = {one.indicator: one for one in found.scores}
    for indicator in standing.keys() - scores.keys():
        found.scores.remove(standing[indicator])
    for indicator, score in scores.items():
        if indicator in standing:
            standing[indicator].score = score
        else:
            found.scores.append(
                OutcomeScore(
                    scoring_id=found.id,
                    indicator=indicator,
                    agreement_id=agreement.id,
                    council_id=agreement.council_id,
                    provider_id=agreement.provider_id,
                    score=score,
                )
            )
    session.flush()
