"""Asking about a round, answering for everybody, and declining."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record
from portal.frameworks.rounds.clarifications.models import Clarification, PublishedAnswer
from portal.frameworks.rounds.clarifications.queries import Topic, names_of_the_asker
from portal.frameworks.rounds.clarifications.rules import named_in
from portal.frameworks.rounds.events import Event, about
from portal.frameworks.rounds.models import Round
from portal.frameworks.rounds.rules import Step, require
from portal.frameworks.rounds.telling import tell_applicants, tell_runners
from portal.identity.permissions import Permission
from portal.kernel.errors import DomainError, NotFound
from portal.kernel.wording import say_datetime
from portal.notices.actions import tell
from portal.notices.rules import NoticeKind


class TooLateToAsk(DomainError):
    """The time for questions is over."""

    def __init__(self, until: datetime) -> None:
        super().__init__(
            f"Questions could be asked until {say_datetime(until)}. Read the answers that were "
            "published."
        )


class NamesTheAsker(DomainError):
    """What would be published says who asked."""

    status = 422

    def __init__(self, name: str) -> None:
        super().__init__(f"Take out “{name}”: everybody would learn who asked")


class Answered(DomainError):
    """Somebody else dealt with the question first."""

    sentence = "Somebody else has dealt with this question already, so nothing was published."


def ask(
    session: Session,
    actor: Actor,
    round_: Round,
    *,
    asked: str,
    topic: Topic | None,
    at: datetime,
) -> Clarification:
    """Ask in private, as a provider; the council is told that somebody asked, not who.

    Raises IllegalStep and TooLateToAsk.
    """
    require(round_, Step.ASK, at)
    if at >= round_.questions_until:
        raise TooLateToAsk(round_.questions_until)
    if actor.organisation_id is None or actor.person_id is None:
        raise NotFound
    clarification = Clarification(
        round_id=round_.id,
        framework_id=round_.framework_id,
        lead_council_id=round_.lead_council_id,
        provider_id=actor.organisation_id,
        lot_id=topic.lot_id if topic else None,
        question_id=topic.question_id if topic else None,
        asked=asked,
        asked_by_id=actor.person_id,
        asked_at=at,
    )
    session.add(clarification)
    session.flush()
    # In the record of the provider alone: the council's would say who asked.
    subject = Subject("round", round_.id, round_.title, provider_id=actor.organisation_id)
    record(session, actor, Event.QUESTION_ASKED, subject, at=at)
    tell_runners(
        session,
        round_,
        f"A question about {round_.full_title} waits for an answer",
        endpoint="clarifications.index",
        at=at,
    )
    return clarification


def publish(
    session: Session,
    actor: Actor,
    round_: Round,
    clarification_id: UUID,
    *,
    asked: str,
    answer: str,
    at: datetime,
) -> PublishedAnswer:
    """Answer for everybody, in words that do not say who asked; applicants are told.

    Raises NotFound, IllegalStep, Answered, and NamesTheAsker where the wording would say it.
    """
    require(round_, Step.ANSWER, at)
    clarification = _waiting(session, round_, clarification_id)
    names = names_of_the_asker(session, clarification)
    if (name := named_in(f"{asked}\n{answer}", names)) is not None:
        raise NamesTheAsker(name)
    published = PublishedAnswer(
        round_id=round_.id,
        framework_id=round_.framework_id,
        lead_council_id=round_.lead_council_id,
        lot_id=clarification.lot_id,
        question_id=clarification.question_id,
        asked=asked,
        answer=answer,
        published_at=at,
    )
    session.add(published)
    clarification.closed_at = at
    session.flush()
    record(session, actor, Event.QUESTION_ANSWERED, about(round_), at=at)
    tell_applicants(session, round_, f"{round_.full_title}: a question was answered", at=at)
    return published


def decline(
    session: Session,
    actor: Actor,
    round_: Round,
    clarification_id: UUID,
    *,
    reason: str,
    at: datetime,
) -> Clarification:
    """Publish no answer, and say why to whoever asked. Raises NotFound, IllegalStep, Answered."""
    require(round_, Step.ANSWER, at)
    clarification = _waiting(session, round_, clarification_id)
    clarification.closed_at, clarification.closed_because = at, reason
    session.flush()
    record(session, actor, Event.QUESTION_DECLINED, about(round_), at=at)
    tell(
        session,
        NoticeKind.ROUND,
        sentence=f"{round_.full_title}: your question will not be answered for everybody",
        endpoint="rounds.show",
        values={"round_id": round_.id},
        organisation_id=clarification.provider_id,
        permission=Permission.APPLICATION_MAKE,
        at=at,
    )
    return clarification


def _waiting(session: Session, round_: Round, clarification_id: UUID) -> Clarification:
    found = session.scalars(
        select(Clarification)
        .where(Clarification.id == clarification_id, Clarification.round_id == round_.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise NotFound
    if found.closed_at is not None:
        raise Answered
    return found
