"""Sending a referral, on down its ranking, giving more time and withdrawing it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.audit.actions import Actor, record
from portal.kernel.bulk import insert_rows
from portal.kernel.errors import NotFound
from portal.kernel.ids import new_id
from portal.kernel.jobs import enqueue
from portal.kernel.local_time import local_date
from portal.kernel.transitions import next_state
from portal.referrals.deadlines import BadDeadline, check_deadline, check_later, tier_deadline
from portal.referrals.eligibility import Candidate
from portal.referrals.events import Event, about
from portal.referrals.making.queries import Excluded, field_of
from portal.referrals.making.rules import check_anonymous, chosen_among, missing, tier_of
from portal.referrals.models import LeftOut, Recipient, Referral, YoungPerson
from portal.referrals.rules import (
    REFERRAL_STEPS,
    RecipientState,
    ReferralStep,
    Route,
    Unfit,
)

NOT_ANSWERED = (RecipientState.WAITING, RecipientState.LAPSED)


def send(
    session: Session,
    actor: Actor,
    referral_id: UUID,
    chosen: Collection[UUID],
    *,
    at: datetime,
) -> Referral:
    """Send a draft to those who are asked, the first tier of them where it goes down the ranking.

    Everybody eligible on the routes that name nobody, else those ``chosen``. Who is left out is
    kept with the reason. The providers are told by a job. Raises IllegalStep once it is sent, and
    Unfit where something is missing, past, says who the young person is as they are known by now,
    or nobody can be asked.
    """
    referral = locked(session, referral_id)
    sent = next_state(REFERRAL_STEPS, referral.state, ReferralStep.SEND)
    check_anonymous(session.get_one(YoungPerson, referral.young_person_id), referral)
    parts = (referral.weekly_parts, referral.total_parts)
    if lacks := missing(referral.need, referral.outcomes, parts):
        raise Unfit("need", lacks[0])
    field = field_of(session, referral, local_date(at))
    asked = chosen_among(referral.route, field.eligible, chosen)
    size = referral.tier_size if referral.route is Route.RANKING else None
    tiers = tier_of(len(asked) - 1, size)
    respond_by = referral.respond_by
    if size is not None and not referral.emergency:
        respond_by = at + timedelta(hours=(referral.tier_hours or 0) * tiers)
    try:
        check_deadline(respond_by, at, emergency=referral.emergency)
    except BadDeadline as bad:
        raise Unfit("respond_by", bad.sentence) from bad
    referral.state, referral.sent_at, referral.respond_by = sent, at, respond_by
    session.flush()
    _keep(session, referral, asked, field.left_out, size)
    asked_now = send_tier(session, referral, 1, last=tiers == 1, at=at)
    record(
        session,
        actor,
        Event.SENT,
        about(referral),
        at=at,
        route=referral.route.value,
        asked=len(asked_now),
        in_all=len(asked),
        left_out=len(field.left_out),
    )
    return referral


def send_tier(
    session: Session, referral: Referral, tier: int, *, last: bool, at: datetime
) -> Sequence[UUID]:
    """Let one tier see the referral, with its deadline, and have it told; whom, by their ids."""
    hours = referral.tier_hours if referral.route is Route.RANKING else None
    until = tier_deadline(at, hours, referral.respond_by, last=last)
    here = (Recipient.referral_id == referral.id, Recipient.tier == tier)
    session.execute(
        update(Recipient)
        .where(*here)
        .values(sent_at=at, respond_by=until)
        .execution_options(synchronize_session=False)
    )
    ids = session.scalars(select(Recipient.id).where(*here).order_by(Recipient.id)).all()
    enqueue(
        session,
        "referrals:tell",
        at=at,
        arguments={"referral_id": referral.id.hex, "tier": tier},
    )
    await_deadline(session, referral, until, at=at)
    return ids


def await_deadline(session: Session, referral: Referral, until: datetime, *, at: datetime) -> None:
    """Have the referral looked at again when the time of those asked is over."""
    enqueue(
        session,
        "referrals:time-is-over",
        at=at,
        run_at=until,
        arguments={"referral_id": referral.id.hex},
    )


def give_more_time(
    session: Session, actor: Actor, referral_id: UUID, respond_by: datetime, *, at: datetime
) -> Referral:
    """Let those who were asked and have not answered do so until a later moment; they are told.

    Raises IllegalStep, and BadDeadline for a moment that is past, or before they could already.
    """
    referral = locked(session, referral_id)
    referral.state = next_state(REFERRAL_STEPS, referral.state, ReferralStep.EXTEND)
    check_deadline(respond_by, at, emergency=False)
    check_later(respond_by, referral.respond_by)
    referral.respond_by = respond_by
    session.flush()
    session.execute(
        update(Recipient)
        .where(
            Recipient.referral_id == referral.id,
            Recipient.sent_at.is_not(None),
            Recipient.state.in_(NOT_ANSWERED),
        )
        .values(state=RecipientState.WAITING, respond_by=respond_by)
        .execution_options(synchronize_session=False)
    )
    enqueue(session, "referrals:tell", at=at, arguments={"referral_id": referral.id.hex})
    await_deadline(session, referral, respond_by, at=at)
    record(session, actor, Event.EXTENDED, about(referral), at=at)
    return referral


def withdraw(
    session: Session, actor: Actor, referral_id: UUID, because: str, *, at: datetime
) -> Referral:
    """Ask nobody any more. Those who were asked are told that it is withdrawn, not why.

    Raises IllegalStep once it is agreed or withdrawn.
    """
    referral = locked(session, referral_id)
    referral.state = next_state(REFERRAL_STEPS, referral.state, ReferralStep.WITHDRAW)
    referral.withdrawn_at, referral.withdrawn_because = at, because
    session.flush()
    if referral.sent_at is not None:
        enqueue(
            session, "referrals:tell-withdrawn", at=at, arguments={"referral_id": referral.id.hex}
        )
    record(session, actor, Event.WITHDRAWN, about(referral), at=at)
    return referral


def locked(session: Session, referral_id: UUID) -> Referral:
    """A referral that nobody else changes until this transaction ends. Raises NotFound."""
    found = session.scalars(
        select(Referral)
        .where(Referral.id == referral_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise NotFound
    return found


def next_tier(session: Session, referral_id: UUID) -> tuple[int, bool] | None:
    """The first tier that was not asked yet and whether it is the last; None after that."""
    tiers = session.scalars(
        select(Recipient.tier)
        .where(Recipient.referral_id == referral_id, Recipient.sent_at.is_(None))
        .distinct()
        .order_by(Recipient.tier)
    ).all()
    return (tiers[0], len(tiers) == 1) if tiers else None


def _keep(
    session: Session,
    referral: Referral,
    asked: Sequence[Candidate],
    left_out: Sequence[Excluded],
    size: int | None,
) -> None:
    """Who is asked in which tier, and who is not and why, in two statements."""
    insert_rows(
        session,
        Recipient,
        [
            {
                "id": new_id(),
                "referral_id": referral.id,
                "council_id": referral.council_id,
                "provider_id": one.provider_id,
                "place_id": one.place_id,
                "tier": tier_of(position, size),
                "state": RecipientState.WAITING,
                "declined_words": "",
            }
            for position, one in enumerate(asked)
        ],
    )
    insert_rows(
        session,
        LeftOut,
        [
            {
                "referral_id": referral.id,
                "provider_id": one.candidate.provider_id,
                "council_id": referral.council_id,
                "because": one.because[:300],
            }
            for one in left_out
        ],
    )
