"""Recording, changing and removing nights of a placement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.agreements.models import Agreement
from portal.audit.actions import Actor, Subject, record, record_all
from portal.delivery.models import Stay
from portal.delivery.nights.queries import nights_recorded
from portal.delivery.nights.rules import (
    nights_refusals,
    order_refusal,
    within_a_month_refusal,
)
from portal.delivery.queries import agreement_now, term_of
from portal.delivery.rules import Invoiced, Nights, Refused, require_kind
from portal.frameworks.rules import Unit
from portal.kernel.errors import NotFound, Stale
from portal.kernel.ids import new_id
from portal.kernel.local_time import local_date
from portal.kernel.wording import say_period


class Event(StrEnum):
    """What happens to nights."""

    RECORDED = "delivery:nights:recorded"
    CHANGED = "delivery:nights:changed"
    REMOVED = "delivery:nights:removed"


def record_nights(
    session: Session,
    actor: Actor,
    agreement: Agreement,
    nights: Nights,
    *,
    present: bool,
    at: datetime,
) -> list[Stay]:
    """Record nights on an agreement, cut where a month ends.

    Raises Refused with a sentence for each field that breaks a rule, and WrongKind.
    """
    require_kind(agreement.unit, Unit.NIGHT)
    _held_against_the_rules(session, agreement, nights, at=at)
    stays = new_stays(actor, agreement, nights, present=present, at=at)
    session.add_all(stays)
    session.flush()
    happenings = [(subject(stay, agreement), figures(stay)) for stay in stays]
    record_all(session, actor, Event.RECORDED, happenings, at=at)
    return stays


def change_nights(
    session: Session,
    actor: Actor,
    stay: Stay,
    nights: Nights,
    *,
    present: bool,
    version: int,
    at: datetime,
) -> None:
    """Change nights that are on no invoice yet, within their month.

    Raises Invoiced, Stale when the page showed an older version, Refused as record_nights.
    """
    _locked_for_change(session, stay, version)
    wrong = order_refusal(nights.first, nights.last) or within_a_month_refusal(nights)
    if wrong is not None:
        raise Refused([wrong])
    _held_against_the_rules(session, stay.agreement, nights, at=at, without=stay.id)
    before = figures(stay)
    stay.first_night, stay.last_night, stay.present = nights.first, nights.last, present
    stay.version += 1
    stay.hands = sorted({*stay.hands, str(actor.person_id)})
    session.flush()
    after = figures(stay)
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    record(session, actor, Event.CHANGED, subject(stay, stay.agreement), at=at, **changed)


def remove_nights(
    session: Session, actor: Actor, stay: Stay, *, version: int, at: datetime
) -> None:
    """Take away nights that are on no invoice yet. Raises Invoiced, Stale."""
    _locked_for_change(session, stay, version)
    record(session, actor, Event.REMOVED, subject(stay, stay.agreement), at=at, **figures(stay))
    session.delete(stay)
    session.flush()


def new_stays(
    actor: Actor, agreement: Agreement, nights: Nights, *, present: bool, at: datetime
) -> list[Stay]:
    """The stays of these nights, one for each month, not yet added."""
    return [
        Stay(
            id=new_id(),
            agreement_id=agreement.id,
            council_id=agreement.council_id,
            provider_id=agreement.provider_id,
            first_night=part.first,
            last_night=part.last,
            present=present,
            recorded_by_name=actor.name,
            recorded_at=at,
            hands=[str(actor.person_id)],
        )
        for part in nights.by_month()
    ]


def subject(stay: Stay, agreement: Agreement) -> Subject:
    """A stay as the audit record names it."""
    return Subject(
        "stay",
        stay.id,
        f"{agreement.reference}, nights of {say_period(stay.first_night, stay.last_night)}",
        council_id=stay.council_id,
        provider_id=stay.provider_id,
    )


def figures(stay: Stay) -> dict[str, Any]:
    """Figures and codes of a stay for the audit record."""
    return {
        "first_night": stay.first_night.isoformat(),
        "last_night": stay.last_night.isoformat(),
        "nights": len(Nights(stay.first_night, stay.last_night)),
        "present": stay.present,
    }


def keep_others_out(session: Session, agreement_ids: Sequence[UUID]) -> None:
    """Let nobody else record nights on these agreements until this transaction ends.

    SQLite's writer is alone already; PostgreSQL locks the agreements' rows in one order.
    """
    session.execute(
        select(Agreement.id)
        .where(Agreement.id.in_(agreement_ids))
        .order_by(Agreement.id)
        .with_for_update()
    ).all()


def _held_against_the_rules(
    session: Session,
    agreement: Agreement,
    nights: Nights,
    *,
    at: datetime,
    without: UUID | None = None,
) -> None:
    if (wrong := order_refusal(nights.first, nights.last)) is not None:
        raise Refused([wrong])
    keep_others_out(session, [agreement.id])
    recorded = nights_recorded(session, [agreement.id], nights.first, nights.last, without=without)
    others = [other for other, _present in recorded[agreement.id]]
    term = term_of(agreement_now(session, agreement.id))
    if refusals := nights_refusals(nights, term, others, today=local_date(at)):
        raise Refused(refusals)


def _locked_for_change(session: Session, stay: Stay, version: int) -> None:
    """The row as it is now, which nobody else changes until this transaction ends."""
    now_there = session.execute(
        select(Stay.version, Stay.locked_at).where(Stay.id == stay.id).with_for_update()
    ).one_or_none()
    if now_there is None:
        raise NotFound
    if now_there.locked_at is not None:
        raise Invoiced
    if now_there.version != version:
        session.refresh(stay)
        raise Stale
