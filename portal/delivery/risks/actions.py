"""Giving notice of a change or a risk, and closing it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record
from portal.delivery.risks import queries
from portal.delivery.risks.models import Risk
from portal.delivery.risks.rules import KIND_TITLES, About, RiskKind, RiskOutcome
from portal.identity.permissions import Permission
from portal.kernel.errors import DomainError, NotFound
from portal.notices.actions import tell
from portal.notices.rules import NoticeKind


class Event(StrEnum):
    """What happens to notices of risk."""

    GIVEN = "delivery:risk:given"
    CLOSED = "delivery:risk:closed"


WORDS: Mapping[str, str] = {
    Event.GIVEN: "Gave notice of a change or risk to delivery",
    Event.CLOSED: "Closed a notice of a change or risk to delivery",
}


class AlreadyClosed(DomainError):
    """Somebody else closed it."""

    sentence = "Somebody else closed this notice. Open the page again to see what came of it."


def give(
    session: Session,
    actor: Actor,
    about: About,
    kind: RiskKind,
    *,
    words: str,
    doing: str,
    from_day: date,
    at: datetime,
) -> Risk:
    """Tell a council what changes, or may go wrong. Raises NotFound for somebody of no provider."""
    if actor.organisation_id is None or actor.person_id is None:
        raise NotFound
    risk = Risk(
        council_id=about.council_id,
        provider_id=actor.organisation_id,
        framework_id=about.framework_id,
        agreement_id=about.agreement_id,
        kind=kind,
        words=words,
        doing=doing,
        from_day=from_day,
        by_person_id=actor.person_id,
        by_name=actor.name,
        at=at,
    )
    session.add(risk)
    session.flush()
    record(session, actor, Event.GIVEN, _subject(risk), at=at, kind=kind.value)
    tell(
        session,
        NoticeKind.RISK,
        sentence=f"A provider gave notice of a change or risk: {KIND_TITLES[kind].lower()}.",
        endpoint="risks.show",
        values={"risk_id": risk.id},
        organisation_id=risk.council_id,
        permission=Permission.RISK_CLOSE,
        at=at,
    )
    return risk


def close(
    session: Session,
    actor: Actor,
    risk_id: UUID,
    outcome: RiskOutcome,
    *,
    words: str,
    at: datetime,
) -> Risk:
    """Close it with what came of it; whoever gave it is told. Raises AlreadyClosed."""
    risk = queries.get_risk(session, risk_id, to_change=True)
    if risk.closed_at is not None:
        raise AlreadyClosed
    risk.outcome, risk.closed_words, risk.closed_at = outcome, words, at
    risk.closed_by_person_id, risk.closed_by_name = actor.person_id, actor.name
    session.flush()
    record(session, actor, Event.CLOSED, _subject(risk), at=at, outcome=outcome.value)
    tell(
        session,
        NoticeKind.RISK,
        sentence="A council closed the notice of a change or risk that you gave.",
        endpoint="risks.show",
        values={"risk_id": risk.id},
        organisation_id=risk.provider_id,
        person_id=risk.by_person_id,
        at=at,
    )
    return risk


def _subject(risk: Risk) -> Subject:
    return Subject(
        "risk",
        risk.id,
        f"{KIND_TITLES[risk.kind]}, notice to the council",
        council_id=risk.council_id,
        provider_id=risk.provider_id,
    )
