"""The questions that providers asked about a round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.frameworks.models import Lot
from portal.frameworks.questions.queries import asked
from portal.frameworks.rounds.clarifications.models import Clarification, PublishedAnswer
from portal.frameworks.rounds.models import Round
from portal.identity.models import Organisation, Person
from portal.kernel.database import working_as
from portal.kernel.errors import NotFound
from portal.kernel.keyset import Page, page_of
from portal.kernel.tenancy import Scope, Task


@dataclass(frozen=True, slots=True)
class Topic:
    """What a question can be about: a lot or one of the round's questions, under its code."""

    code: str
    words: str
    lot_id: UUID | None = None
    question_id: UUID | None = None


def topics(session: Session, round_: Round) -> list[Topic]:
    """What a question about a round, got with its categories, can be tied to."""
    lots = sorted(
        {one.category.lot_id: one.category.lot for one in round_.categories}.values(),
        key=lambda lot: lot.number,
    )
    questions = asked(session, round_.id, [lot.id for lot in lots])
    return [
        *(Topic(f"lot-{lot.id}", name_lot(lot), lot_id=lot.id) for lot in lots),
        *(
            Topic(
                f"question-{one.question.id}",
                f"Question: {one.version.wording}",
                lot_id=one.question.lot_id,
                question_id=one.question.id,
            )
            for one in questions
        ),
    ]


def name_lot(lot: Lot) -> str:
    """A lot by its number and title."""
    return f"Lot {lot.number}, {lot.title}"


def topic_of(topics: Sequence[Topic], asked_about: Clarification | PublishedAnswer) -> Topic | None:
    """The topic that a question is tied to; None for the whole round."""
    own = (asked_about.lot_id, asked_about.question_id)
    return next((one for one in topics if (one.lot_id, one.question_id) == own), None)


def own_questions(session: Session, round_id: UUID, provider_id: UUID) -> Sequence[Clarification]:
    """What a provider asked about a round, the newest first."""
    return session.scalars(
        select(Clarification)
        .where(Clarification.round_id == round_id, Clarification.provider_id == provider_id)
        .order_by(Clarification.asked_at.desc(), Clarification.id.desc())
    ).all()


def queue(
    session: Session, round_id: UUID, *, waiting: bool, cursor: str | None
) -> Page[Clarification]:
    """A round's questions that wait for an answer, or those that were dealt with."""
    closed = Clarification.closed_at.is_(None) if waiting else Clarification.closed_at.is_not(None)
    return page_of(
        session,
        select(Clarification).where(Clarification.round_id == round_id, closed),
        Clarification.asked_at,
        Clarification.id,
        cursor=cursor,
    )


def waiting_count(session: Session, round_id: UUID) -> int:
    """How many questions about a round wait for an answer."""
    return session.scalars(
        select(func.count(Clarification.id)).where(
            Clarification.round_id == round_id, Clarification.closed_at.is_(None)
        )
    ).one()


def get_clarification(session: Session, clarification_id: UUID) -> Clarification:
    """A question that a provider asked. Raises NotFound."""
    found = session.get(Clarification, clarification_id)
    if found is None:
        raise NotFound
    return found


def names_of_the_asker(session: Session, clarification: Clarification) -> list[str]:
    """The names that no published wording may hold: the provider's and the person's who asked.

    The council's own session knows neither; they are read for the check alone.
    """
    with working_as(session, Scope.system(Task.ROUNDS)):
        organisation = session.execute(
            select(Organisation.name, Organisation.legal_name).where(
                Organisation.id == clarification.provider_id
            )
        ).one()
        person = session.scalars(
            select(Person.name).where(Person.id == clarification.asked_by_id)
        ).first()
    return [*organisation, *([person] if person else [])]
