"""Referrals as their council and their providers see them, and the questions about them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from portal.identity.models import Organisation
from portal.kernel.errors import NotFound
from portal.kernel.filters import begins_with
from portal.kernel.keyset import Page, page_of
from portal.referrals.asking.models import ReferralAnswer, ReferralQuestion
from portal.referrals.models import LeftOut, Recipient, Referral
from portal.referrals.rules import RecipientState, ReferralState

OVER = (ReferralState.AGREED, ReferralState.WITHDRAWN)


def get_referral(session: Session, referral_id: UUID) -> Referral:
    """A referral with its council and category; a provider sees those that were sent to it.

    Raises NotFound.
    """
    found = session.scalars(
        select(Referral)
        .where(Referral.id == referral_id)
        .options(joinedload(Referral.council), joinedload(Referral.category))
    ).first()
    if found is None:
        raise NotFound
    return found


def recipient_of(session: Session, referral_id: UUID, provider_id: UUID) -> Recipient:
    """Where one provider stands with a referral. Raises NotFound where it was not asked."""
    found = session.scalars(
        select(Recipient)
        .where(Recipient.referral_id == referral_id, Recipient.provider_id == provider_id)
        .options(joinedload(Recipient.referral).joinedload(Referral.council))
    ).first()
    if found is None:
        raise NotFound
    return found


def recipients(session: Session, referral_id: UUID) -> Sequence[Recipient]:
    """The providers that a referral goes to, tier by tier, by name. A provider sees itself."""
    return session.scalars(
        select(Recipient)
        .join(Recipient.provider)
        .where(Recipient.referral_id == referral_id)
        .options(contains_eager(Recipient.provider))
        .order_by(Recipient.tier, Organisation.name, Recipient.id)
    ).all()


def referrals(
    session: Session,
    council_id: UUID,
    *,
    state: ReferralState | None,
    reference: str,
    cursor: str | None,
) -> Page[tuple[Referral, int, int]]:
    """A council's referrals, the newest first, each with how many were asked and have offered."""
    statement = select(
        Referral,
        _count(Recipient.sent_at.is_not(None)),
        _count(Recipient.state.in_((RecipientState.OFFERED, RecipientState.CHOSEN))),
    ).where(Referral.council_id == council_id)
    if state is not None:
        statement = statement.where(Referral.state == state)
    if (begins := begins_with(Referral.reference, reference)) is not None:
        statement = statement.where(begins)
    return page_of(
        session, statement, Referral.made_at, Referral.id, cursor=cursor, descending=True
    )


def received(
    session: Session, provider_id: UUID, *, open_only: bool, cursor: str | None
) -> Page[Recipient]:
    """What a provider was sent, by deadline, each with its referral and council.

    ``open_only``: what it can still answer or is waiting on, the most urgent first.
    """
    statement = (
        select(Recipient)
        .join(Recipient.referral)
        .where(Recipient.provider_id == provider_id, Recipient.sent_at.is_not(None))
        .options(contains_eager(Recipient.referral).joinedload(Referral.council))
    )
    if open_only:
        statement = statement.where(
            Recipient.state.in_(
                (RecipientState.WAITING, RecipientState.OFFERED, RecipientState.CHOSEN)
            ),
            Referral.state.not_in(OVER),
        )
    return page_of(
        session,
        statement,
        Recipient.respond_by,
        Recipient.id,
        cursor=cursor,
        descending=not open_only,
    )


def left_out(session: Session, referral_id: UUID) -> list[tuple[str, str]]:
    """Who a referral was not sent to and why, by name."""
    found = session.execute(
        select(Organisation.name, LeftOut.because)
        .join(Organisation, Organisation.id == LeftOut.provider_id)
        .where(LeftOut.referral_id == referral_id)
        .order_by(Organisation.name, Organisation.id)
    )
    return [(name, because) for name, because in found]


def questions(session: Session, referral_id: UUID) -> Sequence[ReferralQuestion]:
    """What was asked about a referral, the newest first; a provider sees what it asked."""
    return session.scalars(
        select(ReferralQuestion)
        .where(ReferralQuestion.referral_id == referral_id)
        .options(joinedload(ReferralQuestion.provider))
        .order_by(ReferralQuestion.asked_at.desc(), ReferralQuestion.id)
    ).all()


def published(session: Session, referral_id: UUID) -> Sequence[ReferralAnswer]:
    """What the council answered to everybody who was asked, the newest first."""
    return session.scalars(
        select(ReferralAnswer)
        .where(ReferralAnswer.referral_id == referral_id)
        .order_by(ReferralAnswer.published_at.desc(), ReferralAnswer.question_id)
    ).all()


def get_question(session: Session, referral_id: UUID, question_id: UUID) -> ReferralQuestion:
    """One question about a referral, with who asked. Raises NotFound."""
    found = session.scalars(
        select(ReferralQuestion)
        .where(ReferralQuestion.id == question_id, ReferralQuestion.referral_id == referral_id)
        .options(joinedload(ReferralQuestion.provider))
    ).first()
    if found is None:
        raise NotFound
    return found


def to_answer(
    session: Session, provider_id: UUID, at: datetime, *, limit: int
) -> Sequence[Recipient]:
    """What a provider can still answer, the most urgent first, each with its council."""
    return session.scalars(
        select(Recipient)
        .join(Recipient.referral)
        .where(
            Recipient.provider_id == provider_id,
            Recipient.state == RecipientState.WAITING,
            Recipient.respond_by > at,
            Referral.state == ReferralState.SENT,
        )
        .options(contains_eager(Recipient.referral).joinedload(Referral.council))
        .order_by(Recipient.respond_by, Recipient.id)
        .limit(limit)
    ).all()


def in_state(
    session: Session, council_id: UUID, state: ReferralState, *, limit: int
) -> Sequence[Referral]:
    """A council's referrals in one state, by deadline."""
    return session.scalars(
        select(Referral)
        .where(Referral.council_id == council_id, Referral.state == state)
        .order_by(Referral.respond_by, Referral.id)
        .limit(limit)
    ).all()


def unanswered(
    session: Session, council_id: UUID, *, limit: int
) -> Sequence[tuple[ReferralQuestion, Referral]]:
    """Questions that a council has not answered while providers can answer, the oldest first."""
    found = session.execute(
        select(ReferralQuestion, Referral)
        .join(Referral, Referral.id == ReferralQuestion.referral_id)
        .where(
            ReferralQuestion.council_id == council_id,
            ReferralQuestion.answered_at.is_(None),
            Referral.state == ReferralState.SENT,
        )
        .order_by(ReferralQuestion.asked_at, ReferralQuestion.id)
        .limit(limit)
    )
    return [(question, referral) for question, referral in found]


def _count(wanted: ColumnElement[bool]) -> ColumnElement[int]:
    return (
        select(func.count(Recipient.id))
        .where(Recipient.referral_id == Referral.id, wanted)
        .correlate(Referral)
        .scalar_subquery()
    )
