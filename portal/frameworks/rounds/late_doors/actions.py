"""Asking to let one provider in late, and a second person's answer."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.actions import Actor, record
from portal.frameworks.rounds.events import Event, about
from portal.frameworks.rounds.models import LateDoor, Round
from portal.frameworks.rounds.queries import locked_round
from portal.frameworks.rounds.rules import Step, require
from portal.frameworks.rounds.second_person import require_another
from portal.frameworks.rounds.telling import tell_runners
from portal.identity.models import Organisation
from portal.identity.permissions import Permission
from portal.identity.rules import OrganisationKind
from portal.kernel.database import working_as
from portal.kernel.errors import DomainError, NotFound
from portal.kernel.tenancy import Scope, Task
from portal.kernel.wording import say_datetime
from portal.notices.actions import tell
from portal.notices.rules import NoticeKind


class NoSuchProvider(DomainError):
    """Nobody of that name is registered."""

    status = 422
    sentence = "No provider of that name is registered. Enter the name exactly as it registered"


class NotLater(DomainError):
    """The door would be shut before it opens."""

    status = 422

    def __init__(self, after: datetime) -> None:
        super().__init__(f"Choose a moment after {say_datetime(after)}")


class AlreadyAsked(DomainError):
    """One door for each provider."""

    status = 422
    sentence = "There is a late door for that provider already, or somebody has asked for one"


class NothingToAnswer(DomainError):
    """The request was answered meanwhile."""

    sentence = "This request was answered already. Open the round to see how it stands."


def ask_for_door(
    session: Session,
    actor: Actor,
    round_id: UUID,
    *,
    provider_name: str,
    until: datetime,
    reason: str,
    at: datetime,
) -> LateDoor:
    """Ask to let one provider submit after closing; nothing changes before a second person agrees.

    The provider is named exactly, since the council cannot see who applies. One that was refused
    may be asked for again. Raises NotFound, IllegalStep, NotLater, NoSuchProvider, AlreadyAsked.
    """
    round_ = locked_round(session, round_id, actor.organisation_id)
    require(round_, Step.LET_IN_LATE, at)
    if actor.person_id is None:
        raise NotFound
    after = max(round_.closes_at, at)
    if until <= after:
        raise NotLater(after)
    provider_id, name = _provider_named(session, provider_name)
    door = session.scalars(
        select(LateDoor).where(LateDoor.round_id == round_.id, LateDoor.provider_id == provider_id)
    ).first()
    if door is None:
        door = LateDoor(
            round_id=round_.id,
            framework_id=round_.framework_id,
            lead_council_id=round_.lead_council_id,
            provider_id=provider_id,
        )
        session.add(door)
    elif door.refused_at is None:
        raise AlreadyAsked
    door.provider_name, door.until, door.reason = name, until, reason
    door.asked_by_id, door.asked_by_name, door.asked_at = actor.person_id, actor.name, at
    door.refused_at = None
    session.flush()
    subject = about(round_, provider_id=provider_id)
    record(session, actor, Event.LATE_DOOR_ASKED, subject, at=at, provider=name)
    tell_runners(
        session,
        round_,
        f"{actor.name} asks a second person to agree that {name} may come late to "
        f"{round_.full_title}",
        endpoint="late_doors.index",
        at=at,
    )
    return door


def agree(
    session: Session, actor: Actor, round_id: UUID, door_id: UUID, *, at: datetime
) -> LateDoor:
    """Let the provider submit until the moment asked for; it is told, and so is everybody who
    reads the council's record.

    Raises NotFound, IllegalStep once bids were opened, NotLater where the moment has passed,
    NothingToAnswer, SamePerson.
    """
    round_, door = _waiting(session, actor, round_id, door_id)
    require(round_, Step.LET_IN_LATE, at)
    require_another(session, actor, door.asked_by_id)
    if door.until <= at:
        raise NotLater(at)
    door.agreed_by_id, door.agreed_by_name, door.agreed_at = actor.person_id, actor.name, at
    session.flush()
    record(
        session,
        actor,
        Event.LATE_DOOR_AGREED,
        about(round_, provider_id=door.provider_id),
        at=at,
        provider=door.provider_name,
        asked_by=door.asked_by_name,
    )
    tell(
        session,
        NoticeKind.ROUND,
        sentence=f"You can submit to {round_.full_title} until {say_datetime(door.until)}",
        endpoint="rounds.show",
        values={"round_id": round_.id},
        organisation_id=door.provider_id,
        permission=Permission.APPLICATION_MAKE,
        at=at,
    )
    return door


def refuse(
    session: Session, actor: Actor, round_id: UUID, door_id: UUID, *, at: datetime
) -> LateDoor:
    """Let nobody in; whoever asked may also take it back this way. Raises NotFound,
    NothingToAnswer."""
    round_, door = _waiting(session, actor, round_id, door_id)
    door.refused_at = at
    session.flush()
    record(
        session,
        actor,
        Event.LATE_DOOR_REFUSED,
        about(round_, provider_id=door.provider_id),
        at=at,
        provider=door.provider_name,
    )
    return door


def _waiting(
    session: Session, actor: Actor, round_id: UUID, door_id: UUID
) -> tuple[Round, LateDoor]:
    round_ = locked_round(session, round_id, actor.organisation_id)
    door = session.get(LateDoor, door_id, populate_existing=True)
    if door is None or door.round_id != round_.id:
        raise NotFound
    if door.agreed_at is not None or door.refused_at is not None:
        raise NothingToAnswer
    return round_, door


def _provider_named(session: Session, name: str) -> tuple[UUID, str]:
    """The one provider of exactly this name, also one that the council knows nothing of yet."""
    with working_as(session, Scope.system(Task.ROUNDS)):
        found = session.execute(
            select(Organisation.id, Organisation.name).where(
                Organisation.kind == OrganisationKind.PROVIDER, Organisation.name == name
            )
        ).first()
    if found is None:
        raise NoSuchProvider
    return found.id, found.name
