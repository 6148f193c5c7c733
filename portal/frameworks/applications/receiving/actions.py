"""Receiving an application. From here on nobody reads it until two people open the round."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record, record_refusal
from portal.frameworks.applications.models import Application, Submission
from portal.frameworks.applications.receiving import queries
from portal.frameworks.applications.receiving.rules import check_content, takes, why_not
from portal.frameworks.applications.receiving.signing import signs
from portal.frameworks.rounds.models import LateDoor, Round
from portal.frameworks.rounds.queries import late_door
from portal.frameworks.sealing.boxes import seal
from portal.frameworks.sealing.content import Content
from portal.frameworks.sealing.receipts import Receipt, new_reference
from portal.kernel.clock import database_moment
from portal.kernel.database import working_as
from portal.kernel.errors import DomainError, Forbidden
from portal.kernel.tenancy import Scope, Task


class Event(StrEnum):
    """What happens when an application is sent in."""

    RECEIVED = "applications:submission:received"
    REFUSED = "applications:submission:refused"


class NotReceived(DomainError):
    """The round does not take applications at the moment at which this one was received."""

    def __init__(self, sentence: str, received_at: datetime) -> None:
        super().__init__(sentence)
        self.received_at = received_at


@dataclass(frozen=True, slots=True)
class Held:
    """A round that is kept from being opened, and the moment (UTC) that the database's clock
    showed meanwhile; ``door`` is the applicant's own late door."""

    round: Round
    door: LateDoor | None
    moment: datetime

    @property
    def late_until(self) -> datetime | None:
        """Until when the applicant may come late."""
        return self.door.until if self.door else None


def hold(session: Session, application: Application) -> Held:
    """Hold an application's round while what counts of it is decided: what is written before
    closing is written before anybody can open, and nothing after it. Raises NotFound."""
    with working_as(session, Scope.system(Task.ROUNDS)):
        round_ = queries.held_round(session, application.round_id)
        door = late_door(session, round_.id, application.provider_id)
        return Held(round_, door, database_moment(session))


def receive(
    session: Session,
    actor: Actor,
    application: Application,
    content: dict[str, Any],
    *,
    declared_as: str,
) -> Submission:
    """Seal an application's content to its round's key, and give the receipt for it.

    ``content`` is ``{"categories": ["2a"], "answers": {question version id: value}, "prices":
    {"2a": {"0-10": pence}}}``, complete and checked; ``declared_as`` is the position of whoever
    declares it true. The moment is the database's, read while the round is held (promise 9). A new
    submission takes the place of the one before, and takes up an application that was withdrawn.
    Raises NotReceived with the recorded moment; that is recorded, too. Raises ValueError for
    content of another shape, since it could not be opened.
    """
    if actor.person_id is None:
        raise Forbidden
    check_content(content, queries.codes_of(session, application.round_id))
    held = Content.of(content)
    padded = held.padded()
    found = hold(session, application)
    round_, moment, late_until = found.round, found.moment, found.late_until
    if round_.public_key is None or not takes(round_, late_until, moment):
        record_refusal(session, actor, Event.REFUSED, _subject(application, round_), at=moment)
        raise NotReceived(why_not(round_, late_until, moment), moment)
    application = queries.locked_application(session, application.id)
    application.withdrawn_at = None
    receipt = Receipt(new_reference(), moment, held.digest)
    submission = Submission(
        application_id=application.id,
        round_id=application.round_id,
        framework_id=application.framework_id,
        lead_council_id=application.lead_council_id,
        provider_id=application.provider_id,
        number=queries.submissions_so_far(session, application.id) + 1,
        reference=receipt.reference,
        received_at=receipt.received_at,
        sealed=seal(padded, to=round_.public_key),
        digest=receipt.digest,
        signature=receipt.signature(signs()),
        late_door_id=found.door.id if found.door and moment >= round_.closes_at else None,
        declared_by_id=actor.person_id,
        declared_by_name=actor.name,
        declared_as=declared_as,
    )
    session.add(submission)
    session.flush()
    record(
        session,
        actor,
        Event.RECEIVED,
        _subject(application, round_),
        at=moment,
        reference=receipt.reference,
        digest=receipt.digest,
    )
    return submission


def _subject(application: Application, round_: Round) -> Subject:
    """For the provider's record alone: a council's would count who applies."""
    return Subject("application", application.id, round_.title, provider_id=application.provider_id)
