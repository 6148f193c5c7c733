"""Finding invoices: one, a page of them, what waits, and the months that can be drafted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVarTuple
from uuid import UUID

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.delivery.queries import chargeable_totals
from portal.frameworks.models import Framework
from portal.identity.models import Organisation
from portal.invoicing.gathering import Stream
from portal.invoicing.models import (
    ChargedUnit,
    Decision,
    Invoice,
    InvoiceLine,
    Reply,
)
from portal.invoicing.rules import InvoiceState
from portal.kernel.database import prepared
from portal.kernel.errors import NotFound
from portal.kernel.keyset import Page, page_of
from portal.kernel.months import Month
from portal.kernel.search import matching

Columns = TypeVarTuple("Columns")


_OF_MONTH = prepared(
    select(Invoice)
    .where(
        Invoice.provider_id == bindparam("provider_id"),
        Invoice.council_id == bindparam("council_id"),
        Invoice.framework_id == bindparam("framework_id"),
        Invoice.month == bindparam("month"),
    )
    .order_by(Invoice.id)
)


def invoice_of_month(session: Session, stream: Stream, month: Month) -> Invoice | None:
    """The one invoice of this provider, council, framework and month, if there is one."""
    return session.scalars(_OF_MONTH, {**stream.parameters, "month": month}).first()


_OF_NUMBER = prepared(
    select(Invoice)
    .where(
        Invoice.provider_id == bindparam("provider_id"),
        Invoice.provider_number_key == bindparam("key"),
    )
    .order_by(Invoice.id)
)


def invoice_of_number(session: Session, provider_id: UUID, key: str) -> Invoice | None:
    """The provider's invoice whose number comes to this key."""
    return session.scalars(_OF_NUMBER, {"provider_id": provider_id, "key": key}).first()


_INVOICE = prepared(
    select(Invoice)
    .where(Invoice.id == bindparam("invoice_id"))
    .options(
        joinedload(Invoice.council),
        joinedload(Invoice.provider),
        joinedload(Invoice.framework),
        selectinload(Invoice.sections),
        selectinload(Invoice.payments),
    )
)


def get_invoice(session: Session, invoice_id: UUID) -> Invoice:
    """An invoice with its parties, framework, sections and payments, but without its lines.

    Raises NotFound.
    """
    invoice = session.scalars(_INVOICE, {"invoice_id": invoice_id}).first()
    if invoice is None:
        raise NotFound
    return invoice


_LINES = prepared(
    select(InvoiceLine)
    .where(InvoiceLine.invoice_id == bindparam("invoice_id"))
    .order_by(InvoiceLine.position)
)


def lines_of(session: Session, invoice: Invoice) -> Sequence[InvoiceLine]:
    """The invoice's lines in order."""
    return session.scalars(_LINES, {"invoice_id": invoice.id}).all()


def get_line(session: Session, invoice_id: UUID, line_id: UUID) -> InvoiceLine:
    """One line of an invoice. Raises NotFound."""
    line = session.scalars(
        select(InvoiceLine).where(InvoiceLine.id == line_id, InvoiceLine.invoice_id == invoice_id)
    ).first()
    if line is None:
        raise NotFound
    return line


def line_among(lines: Sequence[InvoiceLine], line_id: UUID) -> InvoiceLine:
    """The line of this id. Raises NotFound."""
    for line in lines:
        if line.id == line_id:
            return line
    raise NotFound


def units_of(session: Session, line: InvoiceLine) -> Sequence[ChargedUnit]:
    """What a line charges, by day."""
    return session.scalars(
        select(ChargedUnit)
        .where(ChargedUnit.line_id == line.id)
        .order_by(ChargedUnit.first_day, ChargedUnit.id)
    ).all()


_DECISIONS = prepared(
    select(Decision)
    .where(Decision.invoice_id == bindparam("invoice_id"))
    .order_by(Decision.decided_at, Decision.id)
)


def decisions_of(session: Session, invoice_id: UUID) -> Sequence[Decision]:
    """Every decision on an invoice's lines, the oldest first."""
    return session.scalars(_DECISIONS, {"invoice_id": invoice_id}).all()


_REPLIES = prepared(
    select(Reply)
    .where(Reply.invoice_id == bindparam("invoice_id"))
    .order_by(Reply.replied_at, Reply.id)
)


def replies_of(session: Session, invoice_id: UUID) -> Sequence[Reply]:
    """Every reply on an invoice's lines, the oldest first."""
    return session.scalars(_REPLIES, {"invoice_id": invoice_id}).all()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to. ``by_due`` orders by what is due, else the newest first."""

    state: InvoiceState | None = None
    month: Month | None = None
    other_party: UUID | None = None
    agreement: UUID | None = None
    words: str = ""
    by_due: bool = False


def invoices_page(
    session: Session, organisation_id: UUID, wanted: Wanted, cursor: str | None, *, council: bool
) -> Page[Invoice]:
    """A page of an organisation's invoices, each with its parties and framework. One query."""
    stmt = _narrowed(session, select(Invoice), organisation_id, wanted, council=council).options(
        joinedload(Invoice.council), joinedload(Invoice.provider), joinedload(Invoice.framework)
    )
    if wanted.by_due:
        return page_of(session, stmt, Invoice.act_by, Invoice.id, cursor=cursor)
    return page_of(session, stmt, Invoice.submitted_at, Invoice.id, cursor=cursor, descending=True)


def _narrowed(
    session: Session,
    stmt: Select[*Columns],
    organisation_id: UUID,
    wanted: Wanted,
    *,
    council: bool,
) -> Select[*Columns]:
    own = Invoice.council_id if council else Invoice.provider_id
    other = Invoice.provider_id if council else Invoice.council_id
    stmt = stmt.where(own == organisation_id)
    if wanted.state is not None:
        stmt = stmt.where(Invoice.state == wanted.state)
    if wanted.month is not None:
        stmt = stmt.where(Invoice.month == wanted.month)
    if wanted.other_party is not None:
        stmt = stmt.where(other == wanted.other_party)
    if wanted.agreement is not None:
        stmt = stmt.where(
            Invoice.id.in_(
                select(InvoiceLine.invoice_id).where(InvoiceLine.agreement_id == wanted.agreement)
            )
        )
    if wanted.words and (found := matching(session, Invoice, wanted.words)) is not None:
        stmt = stmt.where(found)
    return stmt


@dataclass(frozen=True, slots=True)
class Counted:
    """How long a list is."""

    invoices: int
    lines: int


def counted(session: Session, organisation_id: UUID, wanted: Wanted, *, council: bool) -> Counted:
    """How many invoices a list has, and how many lines they have. One query."""
    stmt = (
        select(func.count(Invoice.id.distinct()), func.count(InvoiceLine.id))
        .select_from(Invoice)
        .join(InvoiceLine, InvoiceLine.invoice_id == Invoice.id)
    )
    found = session.execute(
        _narrowed(session, stmt, organisation_id, wanted, council=council)
    ).one()
    return Counted(found[0], found[1])


def first_month(session: Session) -> Month | None:
    """The first month that an invoice can be for: when the earliest framework in sight began."""
    started = session.scalar(select(func.min(Framework.starts_on)))
    return Month.of(started) if started else None


def other_parties(
    session: Session, organisation_id: UUID, *, council: bool
) -> Sequence[Organisation]:
    """The organisations that this one exchanges invoices with, by name.

    An index is asked once for each organisation in sight, however many invoices there are.
    """
    own = Invoice.council_id if council else Invoice.provider_id
    other = Invoice.provider_id if council else Invoice.council_id
    exchanged = select(Invoice.id).where(own == organisation_id, other == Organisation.id).exists()
    return session.scalars(select(Organisation).where(exchanged).order_by(Organisation.name)).all()


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
        )
    return sorted(
        drafts.values(), key=lambda draft: (draft.month, draft.council_name, draft.framework_title)
    )


def counts_by_state(
    session: Session, organisation_id: UUID, *, council: bool
) -> dict[InvoiceState, int]:
    """How many of an organisation's invoices stand in each state but the finished ones."""
    own = Invoice.council_id if council else Invoice.provider_id
    waiting = (InvoiceState.TO_DECIDE, InvoiceState.QUERIED, InvoiceState.APPROVED)
    rows = session.execute(
        select(Invoice.state, func.count())
        .where(own == organisation_id, Invoice.state.in_(waiting))
        .group_by(Invoice.state)
        .order_by(Invoice.state)
    )
    return dict(rows.all())
