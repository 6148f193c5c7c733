"""Telling a person of a provider who a young person is, and ending it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from portal.agreements.changing.rules import RUNNING
from portal.agreements.disclosing.models import Disclosure
from portal.agreements.disclosing.queries import (
    may_be_told,
    standing_disclosure,
    young_person_of,
)
from portal.agreements.models import Agreement
from portal.audit.actions import Actor, Subject, record
from portal.kernel.database import working_as
from portal.kernel.errors import DomainError
from portal.kernel.tenancy import Scope


class Event(StrEnum):
    """What happens to who knows a young person."""

    TOLD = "disclosing:identity:told"
    ENDED = "disclosing:identity:ended"


WORDS: Mapping[str, str] = {
    Event.TOLD: "Let somebody know who a young person is",
    Event.ENDED: "Ended that somebody knows who a young person is",
}


class AgreementOver(DomainError):
    """Once an agreement is over, nobody more of the provider is told who it was about."""

    sentence = (
        "This agreement is over, so nobody more can be told who the young person is. "
        "If somebody must know, ask the council."
    )


def disclose(
    session: Session,
    actor: Actor,
    agreement: Agreement,
    person_id: UUID,
    *,
    because: str,
    at: datetime,
    young_person_id: UUID | None = None,
) -> Disclosure | None:
    """Let a person of the agreement's provider know who the young person is, from now on.

    ``young_person_id`` where no order form names them yet. Whoever knows already, and somebody
    whose role may not know any identity, is told nothing: then None, as for an agreement whose
    young person nobody has entered. Raises AgreementOver.
    """
    if agreement.state not in RUNNING:
        raise AgreementOver
    known = young_person_id or young_person_of(session, agreement.id)
    with working_as(session, Scope(agreement.provider_id)):  # a council does not see its people
        name = dict(may_be_told(session, agreement.provider_id)).get(person_id)
    if known is None or name is None or standing_disclosure(session, agreement.id, person_id):
        return None
    disclosure = Disclosure(
        young_person_id=known,
        agreement_id=agreement.id,
        council_id=agreement.council_id,
        provider_id=agreement.provider_id,
        person_id=person_id,
        person_name=name,
        given_at=at,
        given_by_name=actor.name,
        because=because,
    )
    session.add(disclosure)
    session.flush()
    record(session, actor, Event.TOLD, _about(agreement), at=at, person=name)
    return disclosure


def end_disclosure(
    session: Session,
    actor: Actor,
    agreement: Agreement,
    person_id: UUID,
    *,
    because: str,
    at: datetime,
) -> None:
    """From now on a person may not know any more; nothing for somebody who was not told."""
    disclosure = standing_disclosure(session, agreement.id, person_id)
    if disclosure is None:
        return
    disclosure.ended_at, disclosure.ended_because = at, because
    session.flush()
    record(session, actor, Event.ENDED, _about(agreement), at=at, person=disclosure.person_name)


def _about(agreement: Agreement) -> Subject:
    return Subject(
        "agreement", agreement.id, agreement.reference, agreement.council_id, agreement.provider_id
    )
