"""Pages of invoices: what they are narrowed to, how many there are, and with whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVarTuple
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from portal.frameworks.models import Framework
from portal.identity.models import Organisation
from portal.invoicing.models import (
    Invoice,
    InvoiceLine,
)
from portal.invoicing.rules import InvoiceState
from portal.kernel.keyset import Page, page_of
from portal.kernel.months import Month
from portal.kernel.search import matching

Columns = TypeVarTuple("Columns")


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
