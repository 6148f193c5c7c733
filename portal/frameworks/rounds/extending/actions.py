"""Asking for a later closing, and a second person's answer."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, record
from portal.frameworks.rounds.events import Event, about
from portal.frameworks.rounds.models import Round, RoundExtension
from portal.frameworks.rounds.queries import locked_round, waiting_extension
from portal.frameworks.rounds.rules import Step, require
from portal.frameworks.rounds.second_person import require_another
from portal.frameworks.rounds.telling import give_notice, tell_runners
from portal.kernel.errors import DomainError, NotFound
from portal.kernel.wording import say_datetime


class NotLater(DomainError):
    """A deadline is never shortened (design.md, Frameworks and rounds)."""

    status = 422

    def __init__(self, closes_at: datetime) -> None:
        super().__init__(
            f"Choose a moment after {say_datetime(closes_at)}, when the round closes now"
        )


class AlreadyAsked(DomainError):
    """One request at a time."""

    sentence = "Somebody has asked for a later closing already. Answer that first."


class NothingToAnswer(DomainError):
    """The request was answered meanwhile."""

    sentence = "This request was answered already. Open the round to see how it stands."


def ask_to_extend(
    session: Session,
    actor: Actor,
    round_id: UUID,
    *,
    closes_at: datetime,
    reason: str,
    at: datetime,
) -> RoundExtension:
    """Ask for a later closing; nothing changes before a second person agrees.

    Raises NotFound, IllegalStep, NotLater, AlreadyAsked.
    """
    round_ = locked_round(session, round_id, actor.organisation_id)
    require(round_, Step.EXTEND, at)
    if closes_at <= round_.closes_at:
        raise NotLater(round_.closes_at)
    if waiting_extension(session, round_id) is not None:
        raise AlreadyAsked
    if actor.person_id is None:
        raise NotFound
    extension = RoundExtension(
        round_id=round_.id,
        framework_id=round_.framework_id,
        lead_council_id=round_.lead_council_id,
        closes_at=closes_at,
        reason=reason,
        asked_by_id=actor.person_id,
        asked_by_name=actor.name,
        asked_at=at,
    )
    session.add(extension)
    session.flush()
    record(
        session, actor, Event.EXTENSION_ASKED, about(round_), at=at, until=say_datetime(closes_at)
    )
    tell_runners(
        session,
        round_,
        f"{actor.name} asks a second person to agree that {round_.full_title} closes later",
        at=at,
    )
    return extension


def agree(
    session: Session, actor: Actor, round_id: UUID, extension_id: UUID, *, at: datetime
) -> Round:
    """Let the round close later, for everybody; every applicant is told.

    Raises NotFound, IllegalStep once the round has closed, NothingToAnswer, SamePerson.
    """
    round_, extension = _waiting(session, actor, round_id, extension_id)
    require(round_, Step.EXTEND, at)
    require_another(session, actor, extension.asked_by_id)
    extension.agreed_by_id, extension.agreed_by_name = actor.person_id, actor.name
    extension.agreed_at = at
    round_.closes_at = extension.closes_at
    session.flush()
    record(
        session,
        actor,
        Event.EXTENSION_AGREED,
        about(round_),
        at=at,
        until=say_datetime(extension.closes_at),
        asked_by=extension.asked_by_name,
    )
    give_notice(
        session,
        actor,
        round_,
        f"This round now closes on {say_datetime(extension.closes_at)}. {extension.reason}",
        at=at,
    )
    return round_


def refuse(
    session: Session, actor: Actor, round_id: UUID, extension_id: UUID, *, at: datetime
) -> Round:
    """Leave the closing as it stands; whoever asked may also take it back this way.

    Raises NotFound, NothingToAnswer.
    """
    round_, extension = _waiting(session, actor, round_id, extension_id)
    extension.refused_at = at
    session.flush()
    record(session, actor, Event.EXTENSION_REFUSED, about(round_), at=at)
    return round_


def _waiting(
    session: Session, actor: Actor, round_id: UUID, extension_id: UUID
) -> tuple[Round, RoundExtension]:
    round_ = locked_round(session, round_id, actor.organisation_id)
    extension = session.get(RoundExtension, extension_id, populate_existing=True)
    if extension is None or extension.round_id != round_.id:
        raise NotFound
    if extension.agreed_at is not None or extension.refused_at is not None:
        raise NothingToAnswer
    return round_, extension
