"""Raising a safeguarding concern, adding to it, acknowledging it, closing it, naming the leads."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.agreements.models import Agreement
from portal.audit.actions import Actor, Subject, record
from portal.delivery.concerns import queries
from portal.delivery.concerns.models import Concern, ConcernNote, SafeguardingLead
from portal.delivery.concerns.reaching import REACH, tell_handlers, tell_raiser
from portal.delivery.concerns.rules import STEPS, ConcernState, Outcome, Safety, Step
from portal.kernel.database import working_as
from portal.kernel.errors import DomainError, NotFound
from portal.kernel.jobs import enqueue
from portal.kernel.local_time import local_date
from portal.kernel.tenancy import Scope
from portal.kernel.transitions import next_state
from portal.kernel.wording import say_date, say_datetime


class Event(StrEnum):
    """What happens to concerns."""

    RAISED = "delivery:concern:raised"
    ADDED = "delivery:concern:added"
    ACKNOWLEDGED = "delivery:concern:acknowledged"
    CLOSED = "delivery:concern:closed"
    LEADS_NAMED = "delivery:concern:leads-named"


WORDS: Mapping[str, str] = {
    Event.RAISED: "Raised a safeguarding concern",
    Event.ADDED: "Added to a safeguarding concern",
    Event.ACKNOWLEDGED: "Acknowledged a safeguarding concern",
    Event.CLOSED: "Closed a safeguarding concern",
    Event.LEADS_NAMED: "Named who takes safeguarding concerns",
}


class AlreadyAcknowledged(DomainError):
    """Somebody else acknowledged it first."""

    def __init__(self, concern: Concern) -> None:
        assert concern.acknowledged_at is not None
        when = say_datetime(concern.acknowledged_at)
        super().__init__(f"{concern.acknowledged_by_name} acknowledged this concern on {when}.")


class AlreadyClosed(DomainError):
    """Nothing is added to a concern that is closed."""

    sentence = "This concern is closed. Raise another one if there is something new."


class NobodySuch(DomainError):
    """Somebody was named who may not handle concerns."""

    status = 422
    sentence = "Choose people of your council who may handle safeguarding concerns."


def raise_concern(
    session: Session,
    actor: Actor,
    agreement: Agreement,
    *,
    safety: Safety,
    words: str,
    done: str,
    kept: bool,
    at: datetime,
) -> Concern:
    """Raise a concern about the young person of an agreement; the council's leads learn at once.

    ``kept``: the provider's administrators do not see it. Raises NotFound for a system task.
    """
    if actor.person_id is None:
        raise NotFound
    from_council = actor.organisation_id == agreement.council_id
    concern = Concern(
        agreement_id=agreement.id,
        council_id=agreement.council_id,
        provider_id=agreement.provider_id,
        state=ConcernState.RAISED,
        safety=safety,
        words=words,
        done=done,
        from_council=from_council,
        shown_to_provider=not (from_council or kept),
        by_person_id=actor.person_id,
        by_name=actor.name,
        at=at,
    )
    session.add(concern)
    session.flush()
    _record(session, actor, Event.RAISED, concern, agreement, at=at, safety=safety.value)
    with working_as(session, Scope(organisation_id=concern.council_id)):
        enqueue(session, REACH, at=at, arguments={"concern_id": concern.id.hex})
    return concern


def add_note(
    session: Session, actor: Actor, concern_id: UUID, *, words: str, at: datetime
) -> ConcernNote:
    """Write down more; what a provider adds reaches the council at once.

    The council's own notes are for itself. Raises AlreadyClosed.
    """
    concern = queries.get_concern(session, concern_id)
    if concern.state is ConcernState.CLOSED:
        raise AlreadyClosed
    if actor.person_id is None:
        raise NotFound
    note = ConcernNote(
        concern_id=concern.id,
        council_id=concern.council_id,
        provider_id=concern.provider_id,
        from_provider=actor.organisation_id == concern.provider_id,
        words=words,
        by_person_id=actor.person_id,
        by_name=actor.name,
        at=at,
    )
    session.add(note)
    session.flush()
    _record(session, actor, Event.ADDED, concern, concern.agreement, at=at)
    if note.from_provider:
        tell_handlers(
            session,
            concern,
            f"More was added to the safeguarding concern on {concern.agreement.reference}.",
            at=at,
        )
    return note


def acknowledge(
    session: Session, actor: Actor, concern_id: UUID, *, told: str, at: datetime
) -> Concern:
    """Take the concern, and tell whoever raised it what happens now.

    Raises AlreadyAcknowledged when somebody else was first.
    """
    concern = queries.get_concern(session, concern_id, to_change=True)
    if concern.acknowledged_at is not None:
        raise AlreadyAcknowledged(concern)
    concern.state = next_state(STEPS, concern.state, Step.ACKNOWLEDGE)
    concern.acknowledged_by_person_id, concern.acknowledged_by_name = actor.person_id, actor.name
    concern.acknowledged_at, concern.told = at, told
    session.flush()
    _record(session, actor, Event.ACKNOWLEDGED, concern, concern.agreement, at=at)
    tell_raiser(session, concern, "The safeguarding concern you raised is acknowledged.", at=at)
    return concern


def close(
    session: Session,
    actor: Actor,
    concern_id: UUID,
    outcome: Outcome,
    *,
    told: str,
    at: datetime,
) -> Concern:
    """Close it with what came of it; ``told`` is for whoever raised it, and may be empty.

    Raises IllegalStep for one that nobody has acknowledged, or that is closed.
    """
    concern = queries.get_concern(session, concern_id, to_change=True)
    concern.state = next_state(STEPS, concern.state, Step.CLOSE)
    concern.outcome, concern.closed_told = outcome, told
    concern.closed_by_person_id, concern.closed_by_name = actor.person_id, actor.name
    concern.closed_at = at
    session.flush()
    _record(session, actor, Event.CLOSED, concern, concern.agreement, at=at, outcome=outcome.value)
    tell_raiser(session, concern, "The safeguarding concern you raised is closed.", at=at)
    return concern


def name_leads(
    session: Session, actor: Actor, person_ids: Collection[UUID], *, at: datetime
) -> None:
    """The council's people who take concerns from now on; none means everybody who may.

    Raises NobodySuch for somebody who may not handle concerns.
    """
    if actor.organisation_id is None:
        raise NotFound
    may = {member.person_id for member in queries.handlers(session, actor.organisation_id)}
    if not may.issuperset(person_ids):
        raise NobodySuch
    session.execute(
        delete(SafeguardingLead)
        .where(SafeguardingLead.council_id == actor.organisation_id)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()
    session.add_all(
        SafeguardingLead(council_id=actor.organisation_id, person_id=person_id, named_at=at)
        for person_id in sorted(set(person_ids))
    )
    session.flush()
    subject = Subject(
        "organisation",
        actor.organisation_id,
        "Who takes safeguarding concerns",
        council_id=actor.organisation_id,
    )
    record(session, actor, Event.LEADS_NAMED, subject, at=at, people=len(set(person_ids)))


def subject_of(concern: Concern, agreement: Agreement) -> Subject:
    """A concern as the record names it; a provider that may not see it reads nothing of it."""
    return Subject(
        "concern",
        concern.id,
        f"{agreement.reference}, concern of {say_date(local_date(concern.at))}",
        council_id=concern.council_id,
        provider_id=concern.provider_id if concern.shown_to_provider else None,
    )


def _record(
    session: Session,
    actor: Actor,
    event: Event,
    concern: Concern,
    agreement: Agreement,
    *,
    at: datetime,
    **details: Any,
) -> None:
    """Record it; what is kept from the provider stands in the council's record alone."""
    subject = subject_of(concern, agreement)
    if concern.shown_to_provider or actor.organisation_id == concern.council_id:
        record(session, actor, event, subject, at=at, **details)
        return
    unseen = Actor(actor.person_id, actor.name, None)
    with working_as(session, Scope(organisation_id=concern.council_id)):
        record(session, unseen, event, subject, at=at, **details)
