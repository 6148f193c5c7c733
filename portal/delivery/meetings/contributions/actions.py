"""Recording what was contributed to a meeting about a young person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.agreements.models import Agreement
from portal.audit.actions import Actor, Subject, record
from portal.delivery.meetings.models import Contribution
from portal.delivery.meetings.rules import ContributionKind, Manner, WrongMeeting
from portal.kernel.errors import Stale
from portal.kernel.ids import new_id
from portal.kernel.local_time import local_date


class Event(StrEnum):
    """What happens to contributions."""

    RECORDED = "delivery:contribution:recorded"
    CHANGED = "delivery:contribution:changed"


WORDS: Mapping[str, str] = {
    Event.RECORDED: "Recorded a contribution to a young person's meeting",
    Event.CHANGED: "Changed a contribution to a young person's meeting",
}


def record_contribution(
    session: Session,
    actor: Actor,
    agreement: Agreement,
    *,
    kind: ContributionKind,
    held_on: date,
    manner: Manner,
    words: str,
    at: datetime,
) -> Contribution:
    """Keep it. Raises WrongMeeting for a meeting that is still to come."""
    _check(held_on, at)
    contribution = Contribution(
        id=new_id(),
        agreement_id=agreement.id,
        council_id=agreement.council_id,
        provider_id=agreement.provider_id,
        kind=kind,
        held_on=held_on,
        manner=manner,
        words=words,
        kept_by_name=actor.name,
        kept_at=at,
    )
    session.add(contribution)
    session.flush()
    _record(session, actor, Event.RECORDED, agreement, contribution, at=at)
    return contribution


def change_contribution(
    session: Session,
    actor: Actor,
    agreement: Agreement,
    contribution: Contribution,
    *,
    kind: ContributionKind,
    held_on: date,
    manner: Manner,
    words: str,
    version: int,
    at: datetime,
) -> None:
    """Put it right. Raises WrongMeeting for a meeting that is still to come, Stale."""
    standing = select(Contribution.version).where(Contribution.id == contribution.id)
    if session.scalars(standing.with_for_update()).one() != version:
        session.refresh(contribution)
        raise Stale
    _check(held_on, at)
    contribution.kind, contribution.held_on = kind, held_on
    contribution.manner, contribution.words = manner, words
    contribution.kept_by_name, contribution.kept_at = actor.name, at
    contribution.version += 1
    session.flush()
    _record(session, actor, Event.CHANGED, agreement, contribution, at=at)


def _check(held_on: date, at: datetime) -> None:
    if held_on > local_date(at):
        raise WrongMeeting("held_on", "Record this once the meeting has been held")


def _record(
    session: Session,
    actor: Actor,
    event: Event,
    agreement: Agreement,
    contribution: Contribution,
    *,
    at: datetime,
) -> None:
    about = Subject(
        "agreement",
        agreement.id,
        agreement.reference,
        council_id=agreement.council_id,
        provider_id=agreement.provider_id,
    )
    figures = {"meeting": contribution.kind.value, "manner": contribution.manner.value}
    record(session, actor, event, about, at=at, held_on=str(contribution.held_on), **figures)
