"""Opening fixed decisions again before anybody was told of them, which takes two people."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, record
from portal.frameworks.evaluation.deciding.models import Reopening
from portal.frameworks.evaluation.deciding.queries import waiting_reopening
from portal.frameworks.evaluation.events import Event, about
from portal.frameworks.evaluation.steps import NotNow, led_by, locked
from portal.frameworks.rounds.models import Round
from portal.frameworks.rounds.rules import Step, require
from portal.frameworks.rounds.second_person import require_another
from portal.identity.permissions import Permission
from portal.kernel.errors import NotFound
from portal.notices.actions import tell
from portal.notices.rules import NoticeKind


def ask(session: Session, actor: Actor, round_id: UUID, *, reason: str, at: datetime) -> Reopening:
    """Ask for the decisions to be opened again; nothing changes before a second person agrees.

    Until it is answered the letters are not sent. Raises Forbidden for a partner council,
    IllegalStep unless the round is decided, NotNow where somebody has asked.
    """
    round_ = locked(session, round_id)
    by_id = led_by(round_, actor)
    require(round_, Step.REOPEN, at)
    if waiting_reopening(session, round_id) is not None:
        raise NotNow("Somebody has asked for this already. Answer that first.")
    asked = Reopening(
        round_id=round_.id,
        framework_id=round_.framework_id,
        lead_council_id=round_.lead_council_id,
        reason=reason,
        asked_by_id=by_id,
        asked_by_name=actor.name,
        asked_at=at,
    )
    session.add(asked)
    session.flush()
    said = f"{actor.name} asks to reopen the decisions of {round_.title}. A second person agrees."
    _tell(session, round_, said, at=at)
    record(session, actor, Event.REOPENING_ASKED, about(round_), at=at, reason=reason)
    return asked


def agree(
    session: Session, actor: Actor, round_id: UUID, reopening_id: UUID, *, at: datetime
) -> None:
    """Open the decisions again: each can be changed, and is fixed once more.

    Conflicts of interest can be declared again, too, and scores be agreed anew. Raises NotFound,
    Forbidden, IllegalStep, NotNow, SamePerson.
    """
    round_, asked = _waiting(session, actor, round_id, reopening_id)
    require(round_, Step.REOPEN, at)
    require_another(session, actor, asked.asked_by_id)
    asked.agreed_by_id, asked.agreed_by_name, asked.agreed_at = actor.person_id, actor.name, at
    round_.decided_at = None
    session.flush()
    _tell(session, round_, f"The decisions of {round_.title} are open again.", at=at)
    record(
        session,
        actor,
        Event.REOPENED,
        about(round_),
        at=at,
        reason=asked.reason,
        asked_by=asked.asked_by_name,
    )


def refuse(
    session: Session, actor: Actor, round_id: UUID, reopening_id: UUID, *, at: datetime
) -> None:
    """Let the decisions stand; whoever asked may also take it back this way.

    Raises NotFound, Forbidden, NotNow.
    """
    round_, asked = _waiting(session, actor, round_id, reopening_id)
    asked.refused_at = at
    session.flush()
    record(session, actor, Event.REOPENING_REFUSED, about(round_), at=at)


def _waiting(
    session: Session, actor: Actor, round_id: UUID, reopening_id: UUID
) -> tuple[Round, Reopening]:
    round_ = locked(session, round_id)
    led_by(round_, actor)
    asked = session.get(Reopening, reopening_id, populate_existing=True)
    if asked is None or asked.round_id != round_.id:
        raise NotFound
    if asked.agreed_at is not None or asked.refused_at is not None:
        raise NotNow("This was answered already. Load the page again to see how it stands.")
    return round_, asked


def _tell(session: Session, round_: Round, sentence: str, *, at: datetime) -> None:
    tell(
        session,
        NoticeKind.EVALUATION,
        sentence=sentence,
        endpoint="deciding.index",
        values={"opened_id": round_.id},
        organisation_id=round_.lead_council_id,
        permission=Permission.EVALUATION_RUN,
        at=at,
    )
