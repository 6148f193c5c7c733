"""Naming who opens a round, and taking a name back; both before the round is announced."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, record, record_refusal
from portal.frameworks.opening.events import Event
from portal.frameworks.opening.naming.queries import who_may_open
from portal.frameworks.opening.queries import (
    ROUNDS,
    council_round,
    key_of,
    locked_for_opening,
    openers_of,
)
from portal.frameworks.opening.rules import OPENERS
from portal.frameworks.rounds.events import about
from portal.frameworks.rounds.models import Round, RoundOpener
from portal.frameworks.rounds.rules import Step, require
from portal.identity.models import Person
from portal.identity.people.queries import same_person
from portal.identity.people.rules import mailbox_digest
from portal.kernel.database import working_as
from portal.kernel.errors import DomainError, NotFound
from portal.notices.actions import tell
from portal.notices.rules import NoticeKind


class CannotBeNamed(DomainError):
    """The person cannot be named to open this round."""

    status = 422


def name_opener(
    session: Session, actor: Actor, round_id: UUID, person_id: UUID, *, at: datetime
) -> RoundOpener:
    """Name somebody of one's own council, and tell them; a partner council may name its own.

    Raises NotFound, IllegalStep once the round is announced, CannotBeNamed.
    """
    round_ = council_round(session, round_id, actor.organisation_id)
    with working_as(session, ROUNDS):
        locked_for_opening(session, round_id)
        openers = openers_of(session, round_id)
    require(round_, Step.EDIT, at)
    if len(openers) >= OPENERS:
        raise CannotBeNamed("Two people are named already. Take one back first")
    assert actor.organisation_id is not None
    named = {one.person_id for one in openers}
    found = [
        one
        for one in who_may_open(session, actor.organisation_id, besides=named)
        if one.id == person_id
    ]
    if not found:
        raise CannotBeNamed("Choose somebody whose role lets them open bids")
    if same_person(session, person_id, named):
        record_refusal(
            session, actor, Event.NAMING_REFUSED, about(round_), at=at, person=person_id.hex
        )
        raise CannotBeNamed(
            f"{found[0].name} is named already, under another account. Choose somebody else"
        )
    opener = _named(round_, found[0], actor.organisation_id)
    session.add(opener)
    session.flush()
    record(session, actor, Event.OPENER_NAMED, about(round_), at=at, person=person_id.hex)
    _tell(session, round_, opener, at=at)
    return opener


def take_back(
    session: Session, actor: Actor, round_id: UUID, person_id: UUID, *, at: datetime
) -> None:
    """Take a name back, if it is there: the lead council any, a partner council its own.

    Raises NotFound, IllegalStep once the round is announced.
    """
    round_ = council_round(session, round_id, actor.organisation_id)
    with working_as(session, ROUNDS):
        locked_for_opening(session, round_id)
    require(round_, Step.EDIT, at)
    for one in openers_of(session, round_id):
        if one.person_id != person_id:
            continue
        if actor.organisation_id not in (one.lead_council_id, one.council_id):
            raise NotFound
        session.delete(one)
        record(session, actor, Event.OPENER_TAKEN_BACK, about(round_), at=at, person=person_id.hex)


def _named(round_: Round, person: Person, council_id: UUID) -> RoundOpener:
    return RoundOpener(
        round_id=round_.id,
        person_id=person.id,
        framework_id=round_.framework_id,
        lead_council_id=round_.lead_council_id,
        council_id=council_id,
        name=person.name,
        mailbox=mailbox_digest(person.email),
    )


def _tell(session: Session, round_: Round, opener: RoundOpener, *, at: datetime) -> None:
    has_key = key_of(session, opener.person_id, opener.council_id) is not None
    todo = "" if has_key else ". Make your key before it is announced"
    tell(
        session,
        NoticeKind.ROUND_RUN,
        sentence=f"You are named to open the bids of {round_.title}{todo}",
        endpoint="opening.show" if has_key else "opening_keys.show",
        values={"round_id": round_.id} if has_key else {},
        organisation_id=opener.council_id,
        person_id=opener.person_id,
        at=at,
    )
