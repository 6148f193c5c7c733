"""What drafts ask besides what is charged: draftable months, parties, a number, units."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload

from portal.delivery.corrections.models import DeliveryCorrection
from portal.delivery.models import DeliverySession, Stay
from portal.delivery.queries import chargeable_totals
from portal.frameworks.models import Framework, FrameworkCouncil
from portal.identity.models import Organisation
from portal.invoicing.corrections.queries import TakenIn
from portal.invoicing.gathering import Stream
from portal.invoicing.mechanisms import DraftLine
from portal.invoicing.models import Invoice
from portal.invoicing.queries import invoice_of_number
from portal.invoicing.rules import number_key
from portal.kernel.database import prepared
from portal.kernel.errors import NotFound
from portal.kernel.months import Month


@dataclass(frozen=True, slots=True)
class Parties:
    """Whom a provider invoices, and under what."""

    council: Organisation
    framework: Framework


_PARTIES = prepared(
    select(Organisation, Framework)
    .join(FrameworkCouncil, FrameworkCouncil.council_id == Organisation.id)
    .join(Framework, Framework.id == FrameworkCouncil.framework_id)
    .where(Organisation.id == bindparam("council_id"), Framework.id == bindparam("framework_id"))
    .order_by(Organisation.id)
)


def parties_of(session: Session, stream: Stream) -> Parties:
    """The council and the framework of a stream.

    Raises NotFound for a framework that the session may not see, or a council that is not on it.
    """
    found = session.execute(_PARTIES, stream.parameters).first()
    if found is None:
        raise NotFound
    return Parties(found[0], found[1])


_LAST_NUMBER = prepared(
    select(Invoice.provider_number)
    .where(Invoice.provider_id == bindparam("provider_id"))
    .order_by(Invoice.submitted_at.desc(), Invoice.id.desc())
    .limit(1)
)


def next_number(session: Session, provider_id: UUID) -> str:
    """A number to suggest: the provider's last one counted on, "INV-0012" after "INV-0011".

    Empty before the first invoice, after a number that does not end in figures, and where the
    one that would follow is taken.
    """
    last = session.scalar(_LAST_NUMBER, {"provider_id": provider_id})
    following = _counted_on(last or "")
    if following and invoice_of_number(session, provider_id, number_key(following)) is not None:
        return ""
    return following


def _counted_on(number: str) -> str:
    ending = re.search(r"[0-9]+$", number)
    if ending is None:
        return ""
    figures = ending[0]
    return f"{number[: ending.start()]}{int(figures) + 1:0{len(figures)}}"[:40]


def sessions_of(session: Session, line: DraftLine) -> Sequence[DeliverySession]:
    """The sessions that a drafted line charges, each with its mentor, in order."""
    ids = [charge.unit.session_id for charge in line.charges if charge.unit.session_id]
    return session.scalars(
        select(DeliverySession)
        .where(DeliverySession.id.in_(ids))
        .options(joinedload(DeliverySession.mentor))
        .order_by(DeliverySession.starts_at, DeliverySession.id)
    ).all()


def stays_of(session: Session, line: DraftLine) -> dict[UUID, Stay]:
    """The stays whose nights a drafted line charges, by id."""
    ids = [charge.unit.stay_id for charge in line.charges if charge.unit.stay_id]
    return {
        stay.id: stay
        for stay in session.scalars(
            select(Stay).where(Stay.id.in_(ids)).order_by(Stay.first_night, Stay.id)
        )
    }


def corrections_of(session: Session, line: DraftLine) -> Sequence[TakenIn]:
    """The corrections that a drafted line takes in, each with what it corrects, by day."""
    parts = {
        charge.unit.correction_id: charge.parts
        for charge in line.charges
        if charge.unit.correction_id
    }
    if not parts:
        return []
    return [
        TakenIn(one, parts[one.id])
        for one in session.scalars(
            select(DeliveryCorrection)
            .where(DeliveryCorrection.id.in_(parts))
            .order_by(DeliveryCorrection.first_day, DeliveryCorrection.id)
        )
    ]


@dataclass(frozen=True, slots=True)
class Draftable:
    """A month that can be invoiced: what has been delivered up to its end and is on no invoice."""

    stream: Stream
    council_name: str
    framework_title: str
    month: Month
    sessions: int
    minutes: int
    nights: int
    corrections: int


def draftable(session: Session, provider_id: UUID, *, through: date) -> list[Draftable]:
    """A provider's months with something to invoice, the oldest first.

    What was delivered in a month that already has its invoice is late, and goes to the next
    month without one.
    """
    totals = chargeable_totals(session, provider_id=provider_id, through=through)
    if not totals:
        return []
    names = {
        row.id: row.name
        for row in session.execute(
            select(Organisation.id, Organisation.name)
            .where(Organisation.id.in_({total.council_id for total in totals}))
            .order_by(Organisation.name)
        )
    }
    titles = {
        row.id: row.title
        for row in session.execute(
            select(Framework.id, Framework.title)
            .where(Framework.id.in_({total.framework_id for total in totals}))
            .order_by(Framework.title)
        )
    }
    invoiced = {
        (row.council_id, row.framework_id, row.month)
        for row in session.execute(
            select(Invoice.council_id, Invoice.framework_id, Invoice.month)
            .where(
                Invoice.provider_id == provider_id,
                Invoice.month >= min(total.month for total in totals),
            )
            .order_by(Invoice.month, Invoice.id)
        )
    }
    drafts: dict[tuple[UUID, UUID, Month], Draftable] = {}
    for total in totals:
        month = total.month
        while (total.council_id, total.framework_id, month) in invoiced:
            month = month.next
        key = (total.council_id, total.framework_id, month)
        known = drafts.get(key)
        drafts[key] = Draftable(
            Stream(provider_id, total.council_id, total.framework_id),
            names[total.council_id],
            titles[total.framework_id],
            month,
            total.sessions + (known.sessions if known else 0),
            total.minutes + (known.minutes if known else 0),
            total.nights + (known.nights if known else 0),
            total.corrections + (known.corrections if known else 0),
        )
    return sorted(
        drafts.values(), key=lambda draft: (draft.month, draft.council_name, draft.framework_title)
    )
