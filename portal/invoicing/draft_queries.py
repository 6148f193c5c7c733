"""What drafts ask besides what is charged: draftable months, parties, a number, units."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload

from portal.delivery.corrections.models import DeliveryCorrection
from portal.delivery.models import DeliverySession, Stay
from portal.delivery.queries import ChargeableTotal, chargeable_totals
from portal.frameworks.models import Framework, FrameworkCouncil
from portal.identity.models import Organisation
from portal.invoicing.adjustments.queries import Adjusted, OwedMonth, months_raised
from portal.invoicing.corrections.queries import TakenIn
from portal.invoicing.gathering import Stream
from portal.invoicing.mechanisms import DraftLine
from portal.invoicing.models import Invoice, InvoiceLine
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


def adjusted_of(session: Session, line: DraftLine) -> list[Adjusted]:
    """The issued lines whose difference a drafted line charges, by day."""
    charges = {
        charge.unit.adjusts.line_id: charge for charge in line.charges if charge.unit.adjusts
    }
    if not charges:
        return []
    rows = session.execute(
        select(Invoice, InvoiceLine)
        .join(InvoiceLine, InvoiceLine.invoice_id == Invoice.id)
        .where(InvoiceLine.id.in_(charges))
        .order_by(InvoiceLine.first_day, InvoiceLine.id)
    )
    return [
        Adjusted(invoice, issued, charge.first_day, charge.last_day, charge.parts, adjusts)
        for invoice, issued in rows
        for charge in (charges[issued.id],)
        if (adjusts := charge.unit.adjusts) is not None
    ]


@dataclass(frozen=True, slots=True)
class Draftable:
    """A month that can be invoiced: what has been delivered up to its end and is on no invoice.

    ``adjustments`` are the lines of earlier invoices whose price rose since.
    """

    stream: Stream
    council_name: str
    framework_title: str
    month: Month
    sessions: int
    minutes: int
    nights: int
    corrections: int
    adjustments: int = 0


def draftable(session: Session, provider_id: UUID, *, through: date) -> list[Draftable]:
    """A provider's months with something to invoice, the oldest first.

    What was delivered in a month that already has its invoice is late, and goes to the next
    month without one.
    """
    totals = chargeable_totals(session, provider_id=provider_id, through=through)
    raised = months_raised(session, provider_id, through)
    if not totals and not raised:
        return []
    waiting: list[ChargeableTotal | OwedMonth] = [*totals, *raised]
    names = {
        row.id: row.name
        for row in session.execute(
            select(Organisation.id, Organisation.name)
            .where(Organisation.id.in_({one.council_id for one in waiting}))
            .order_by(Organisation.name)
        )
    }
    titles = {
        row.id: row.title
        for row in session.execute(
            select(Framework.id, Framework.title)
            .where(Framework.id.in_({one.framework_id for one in waiting}))
            .order_by(Framework.title)
        )
    }
    invoiced = {
        (row.council_id, row.framework_id, row.month)
        for row in session.execute(
            select(Invoice.council_id, Invoice.framework_id, Invoice.month)
            .where(
                Invoice.provider_id == provider_id,
                Invoice.month >= min(one.month for one in waiting),
            )
            .order_by(Invoice.month, Invoice.id)
        )
    }
    drafts: dict[tuple[UUID, UUID, Month], Draftable] = {}
    for one in waiting:
        month = one.month
        while (one.council_id, one.framework_id, month) in invoiced:
            month = month.next
        key = (one.council_id, one.framework_id, month)
        known = drafts.get(key) or Draftable(
            Stream(provider_id, one.council_id, one.framework_id),
            names[one.council_id],
            titles[one.framework_id],
            month,
            sessions=0,
            minutes=0,
            nights=0,
            corrections=0,
        )
        drafts[key] = (
            replace(known, adjustments=known.adjustments + one.lines)
            if isinstance(one, OwedMonth)
            else replace(
                known,
                sessions=known.sessions + one.sessions,
                minutes=known.minutes + one.minutes,
                nights=known.nights + one.nights,
                corrections=known.corrections + one.corrections,
            )
        )
    return sorted(
        drafts.values(), key=lambda draft: (draft.month, draft.council_name, draft.framework_title)
    )
