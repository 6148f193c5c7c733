"""What happens by the clock while a referral waits: telling, the next tier, the end of its time.

All of it works as the council that made the referral.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from portal.audit.actions import Actor, record
from portal.identity.models import Organisation
from portal.identity.permissions import Permission
from portal.kernel.jobs import Work, job
from portal.kernel.transitions import next_state
from portal.kernel.wording import say_count, say_datetime
from portal.notices.actions import tell
from portal.notices.rules import NoticeKind
from portal.referrals.events import Event, about
from portal.referrals.making.sending import locked, next_tier, send_tier
from portal.referrals.models import Recipient, Referral
from portal.referrals.rules import (
    REFERRAL_STEPS,
    RecipientState,
    ReferralState,
    ReferralStep,
    Route,
)


@job("referrals:tell")
def tell_asked(work: Work, *, referral_id: str, tier: int | None = None) -> None:
    """Tell the providers that have not answered, of one tier or of all, until when they may."""
    referral = work.session.get_one(Referral, UUID(referral_id))
    if referral.state is not ReferralState.SENT:
        return
    council = work.session.get_one(Organisation, referral.council_id)
    urgent = "Emergency: " if referral.emergency else ""
    for one in _sent(work.session, referral):
        if one.state is RecipientState.WAITING and tier in (None, one.tier):
            assert one.respond_by is not None
            tell_provider(
                work.session,
                one,
                f"{urgent}{council.name} asks you about {referral.service}, {referral.reference}. "
                f"Answer by {say_datetime(one.respond_by)}",
                at=work.at,
            )


@job("referrals:tell-withdrawn")
def tell_withdrawn(work: Work, *, referral_id: str) -> None:
    """Tell the providers that had not declined that there is nothing to answer any more."""
    referral = work.session.get_one(Referral, UUID(referral_id))
    council = work.session.get_one(Organisation, referral.council_id)
    for one in _sent(work.session, referral):
        if one.state is not RecipientState.DECLINED:
            sentence = f"{council.name} has withdrawn its referral {referral.reference}"
            tell_provider(work.session, one, sentence, at=work.at)


@job("referrals:time-is-over")
def time_is_over(work: Work, *, referral_id: str) -> None:
    """Ask the next tier where nobody of the last has offered; else end the time to answer."""
    session, at = work.session, work.at
    referral = locked(session, UUID(referral_id))
    if referral.state is not ReferralState.SENT:
        return
    session.execute(
        update(Recipient)
        .where(
            Recipient.referral_id == referral.id,
            Recipient.state == RecipientState.WAITING,
            Recipient.respond_by <= at,
        )
        .values(state=RecipientState.LAPSED)
        .execution_options(synchronize_session=False)
    )
    offers = session.scalar(
        select(func.count(Recipient.id)).where(
            Recipient.referral_id == referral.id, Recipient.state == RecipientState.OFFERED
        )
    )
    if not offers and referral.route is Route.RANKING and at < referral.respond_by:
        _send_on(session, referral, at)
    elif at >= referral.respond_by:
        _end(session, referral, offers or 0, at)


def _send_on(session: Session, referral: Referral, at: datetime) -> None:
    """Ask the next tier, unless the one that was asked still has time."""
    still_asked = session.scalar(
        select(func.count(Recipient.id)).where(
            Recipient.referral_id == referral.id,
            Recipient.state == RecipientState.WAITING,
            Recipient.sent_at.is_not(None),
        )
    )
    following = next_tier(session, referral.id)
    if still_asked or following is None:
        return
    tier, last = following
    asked = send_tier(session, referral, tier, last=last, at=at)
    record(
        session,
        _portal(referral),
        Event.SENT_ON,
        about(referral),
        at=at,
        tier=tier,
        asked=len(asked),
    )


def _end(session: Session, referral: Referral, offers: int, at: datetime) -> None:
    if not offers:
        referral.state = next_state(REFERRAL_STEPS, referral.state, ReferralStep.LAPSE)
        session.flush()
    record(session, _portal(referral), Event.LAPSED, about(referral), at=at, offers=offers)
    came = f"{say_count(offers, 'offer')} to choose from" if offers else "nobody has offered"
    tell_council(session, referral, f"The time to answer {referral.reference} is over: {came}", at)


def tell_provider(session: Session, recipient: Recipient, sentence: str, *, at: datetime) -> None:
    """Tell those who answer a provider's referrals of something about one."""
    tell(
        session,
        NoticeKind.REFERRAL,
        sentence=sentence,
        endpoint="inbox.show",
        values={"referral_id": recipient.referral_id},
        organisation_id=recipient.provider_id,
        permission=Permission.REFERRAL_ANSWER,
        at=at,
    )


def tell_council(session: Session, referral: Referral, sentence: str, at: datetime) -> None:
    """Tell those who make a council's referrals of something about one."""
    tell(
        session,
        NoticeKind.REFERRAL_ANSWERED,
        sentence=sentence,
        endpoint="referrals.show",
        values={"referral_id": referral.id},
        organisation_id=referral.council_id,
        permission=Permission.REFERRAL_MAKE,
        at=at,
    )


def _sent(session: Session, referral: Referral) -> Sequence[Recipient]:
    return session.scalars(
        select(Recipient)
        .where(Recipient.referral_id == referral.id, Recipient.sent_at.is_not(None))
        .order_by(Recipient.id)
    ).all()


def _portal(referral: Referral) -> Actor:
    return Actor(None, "The portal", referral.council_id)
