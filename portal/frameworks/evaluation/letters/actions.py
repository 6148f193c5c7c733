"""Sending the outcome to every provider, which begins the standstill."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record_all
from portal.frameworks.evaluation.deciding.queries import waiting_reopening
from portal.frameworks.evaluation.events import Event
from portal.frameworks.evaluation.letters.models import OutcomeLetter
from portal.frameworks.evaluation.letters.queries import drafted
from portal.frameworks.evaluation.rules import standstill_ends
from portal.frameworks.evaluation.steps import NotNow, led_by, locked
from portal.frameworks.lots.queries import terms_of
from portal.frameworks.rounds.models import Round
from portal.frameworks.rounds.rules import Step, require
from portal.identity.permissions import Permission
from portal.notices.actions import tell
from portal.notices.rules import NoticeKind


def send(session: Session, actor: Actor, round_id: UUID, *, at: datetime) -> Round:
    """Send each provider its own letter, word for word as it stays, and begin the standstill.

    Raises Forbidden for a partner council, IllegalStep unless the round is decided, NotNow while
    somebody asks for its decisions to be opened again.
    """
    round_ = locked(session, round_id)
    led_by(round_, actor)
    require(round_, Step.STAND_STILL, at)
    if waiting_reopening(session, round_id) is not None:
        raise NotNow("Somebody asks for the decisions to be opened again. Answer that first.")
    letters = drafted(session, round_, at)
    for one in letters:
        session.add(
            OutcomeLetter(
                round_id=round_.id,
                framework_id=round_.framework_id,
                lead_council_id=round_.lead_council_id,
                provider_id=one.provider.id,
                content=dict(one.letter),
                sent_by_name=actor.name,
                sent_at=at,
            )
        )
        tell(
            session,
            NoticeKind.OUTCOME,
            sentence=f"The outcome of your application to {round_.title} is here.",
            endpoint="outcomes.show",
            values={"outcome_id": round_.id},
            organisation_id=one.provider.id,
            permission=Permission.APPLICATION_MAKE,
            at=at,
        )
    days = terms_of(session, round_.framework_id).standstill_days
    round_.standstill_until = standstill_ends(at, days)
    session.flush()
    record_all(
        session,
        actor,
        Event.SENT,
        [
            (
                Subject("round", round_.id, round_.title, round_.lead_council_id, one.provider.id),
                {"won": sum(each["won"] for each in one.letter["categories"])},
            )
            for one in letters
        ],
        at=at,
    )
    return round_
