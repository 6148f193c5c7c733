"""Asking about a referral, and answering: the one who asked, or everybody who was asked."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.actions import Actor, record
from portal.kernel.errors import DomainError, NotFound
from portal.kernel.jobs import Work, enqueue, job
from portal.kernel.transitions import IllegalStep
from portal.referrals.anonymity import say_given_away
from portal.referrals.asking.models import ReferralAnswer, ReferralQuestion
from portal.referrals.events import Event, about, about_one
from portal.referrals.making.waiting import tell_council, tell_provider
from portal.referrals.models import (
    Recipient,
    Referral,
    YoungPerson,
)
from portal.referrals.rules import RecipientState, ReferralState, Unfit

MAY_ASK = (RecipientState.WAITING, RecipientState.OFFERED)


class Answered(DomainError):
    """Somebody else answered first."""

    sentence = "Somebody else has answered this question already, so yours was not sent."


def ask(
    session: Session, actor: Actor, recipient: Recipient, asked: str, *, at: datetime
) -> ReferralQuestion:
    """Ask the council, as a provider that may still answer. Raises IllegalStep where it may not."""
    referral = recipient.referral
    if recipient.state not in MAY_ASK or referral.state is not ReferralState.SENT:
        raise IllegalStep("The council is not waiting for your answer any more.")
    question = ReferralQuestion(
        recipient_id=recipient.id,
        referral_id=recipient.referral_id,
        council_id=recipient.council_id,
        provider_id=recipient.provider_id,
        asked=asked,
        asked_by_name=actor.name,
        asked_at=at,
    )
    session.add(question)
    session.flush()
    record(session, actor, Event.ASKED, about_one(recipient, referral.reference), at=at)
    tell_council(session, referral, f"A provider asks about {referral.reference}", at)
    return question


def answer(
    session: Session,
    actor: Actor,
    referral: Referral,
    question_id: UUID,
    answer: str,
    *,
    to_all: str | None,
    at: datetime,
) -> ReferralQuestion:
    """Answer who asked; with ``to_all``, the question reworded, everybody else who was asked too.

    Raises Answered, NotFound, and Unfit for words that give away who the young person is.
    """
    young_person = session.get_one(YoungPerson, referral.young_person_id)
    for name, words in (("answer", answer), ("reworded", to_all or "")):
        if (said := young_person.given_away_by(words)) is not None:
            raise Unfit(name, say_given_away(said))
    question = _waiting(session, referral.id, question_id)
    question.answer, question.answered_by_name, question.answered_at = answer, actor.name, at
    session.flush()
    if to_all is not None:
        published = ReferralAnswer(
            question_id=question.id,
            referral_id=referral.id,
            council_id=referral.council_id,
            asked=to_all,
            answer=answer,
            published_at=at,
        )
        session.add(published)
        session.flush()
    record(
        session,
        actor,
        Event.QUESTION_ANSWERED,
        about(referral),
        at=at,
        to_all=to_all is not None,
    )
    enqueue(
        session,
        "referrals:tell-answered",
        at=at,
        arguments={"question_id": question.id.hex, "to_all": to_all is not None},
    )
    return question


@job("referrals:tell-answered")
def tell_answered(work: Work, *, question_id: str, to_all: bool) -> None:
    """Tell who asked; and where everybody reads the answer, those who may still offer."""
    question = work.session.get_one(ReferralQuestion, UUID(question_id))
    referral = work.session.get_one(Referral, question.referral_id)
    for one in work.session.scalars(
        select(Recipient)
        .where(Recipient.referral_id == referral.id, Recipient.sent_at.is_not(None))
        .order_by(Recipient.id)
    ).all():
        if one.id == question.recipient_id:
            sentence = f"The council answered your question about {referral.reference}"
            tell_provider(work.session, one, sentence, at=work.at)
        elif to_all and one.state in MAY_ASK:
            sentence = f"The council says more about {referral.reference}"
            tell_provider(work.session, one, sentence, at=work.at)


def _waiting(session: Session, referral_id: UUID, question_id: UUID) -> ReferralQuestion:
    found = session.scalars(
        select(ReferralQuestion)
        .where(ReferralQuestion.id == question_id, ReferralQuestion.referral_id == referral_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise NotFound
    if found.answered_at is not None:
        raise Answered
    return found
