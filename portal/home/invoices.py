"""The invoices that wait for whom, each answer a few rows from an index, in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, cast, func, select
from sqlalchemy.orm import Session, joinedload

from portal.budgets.models import Budget
from portal.home.rules import SHOWN
from portal.identity.models import Organisation
from portal.invoicing.models import Decision, Invoice, InvoiceLine, Reply
from portal.invoicing.rules import OPEN, InvoiceState, LineState
from portal.invoicing.runs.models import RunEntry
from portal.invoicing.runs.rules import EntryState
from portal.kernel.columns import Pence
from portal.kernel.money import Money

UNDECIDED = (InvoiceState.TO_DECIDE, InvoiceState.QUERIED)


@dataclass(frozen=True, slots=True)
class Asked:
    """An invoice with lines that wait for words of one side, and since when (UTC)."""

    invoice_id: UUID
    reference: str
    other_party: str
    act_by: date
    lines: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """An invoice whose open lines do not fit under the cap of a contract year."""

    invoice_id: UUID
    reference: str
    provider: str
    budget_id: UUID
    over: Money
    act_by: date


def invoices_by_due(
    session: Session, organisation_id: UUID, state: InvoiceState, *, council: bool
) -> Sequence[Invoice]:
    """The first few of an organisation's invoices in a state, by the day payment is due."""
    own = Invoice.council_id if council else Invoice.provider_id
    return session.scalars(
        select(Invoice)
        .where(own == organisation_id, Invoice.state == state)
        .options(joinedload(Invoice.council), joinedload(Invoice.provider))
        .order_by(Invoice.act_by, Invoice.id)
        .limit(SHOWN)
    ).all()


def to_pay(session: Session, council_id: UUID) -> Sequence[Invoice]:
    """The first few approved invoices that no payment run is about to pay, by their due day."""
    about_to = select(RunEntry.id).where(
        RunEntry.invoice_id == Invoice.id, RunEntry.state == EntryState.WAITING
    )
    return session.scalars(
        select(Invoice)
        .where(
            Invoice.council_id == council_id,
            Invoice.state == InvoiceState.APPROVED,
            ~about_to.exists(),
        )
        .options(joinedload(Invoice.council), joinedload(Invoice.provider))
        .order_by(Invoice.act_by, Invoice.id)
        .limit(SHOWN)
    ).all()


def queried(session: Session, provider_id: UUID) -> list[Asked]:
    """A provider's invoices with a query it has not answered, the longest waiting first."""
    return _waiting_lines(
        session,
        Invoice.provider_id == provider_id,
        Invoice.council,
        LineState.QUERIED,
        Decision,
        Decision.decided_at,
    )


def replied(session: Session, council_id: UUID) -> list[Asked]:
    """A council's invoices with a reply that nobody has decided on, the oldest reply first."""
    return _waiting_lines(
        session,
        Invoice.council_id == council_id,
        Invoice.provider,
        LineState.ANSWERED,
        Reply,
        Reply.replied_at,
    )


def _waiting_lines(
    session: Session,
    whose: ColumnElement[bool],
    other: Any,
    state: LineState,
    words: type[Decision | Reply],
    at: Any,
) -> list[Asked]:
    """Open invoices with lines in a state, and since when: each line's last words count."""
    by_line = (
        select(
            Invoice.id,
            Invoice.reference,
            Organisation.name,
            Invoice.act_by,
            InvoiceLine.id.label("line_id"),
            func.max(at).label("at"),
        )
        .join(other)
        .join(InvoiceLine, InvoiceLine.invoice_id == Invoice.id)
        .join(words, words.line_id == InvoiceLine.id)
        .where(whose, Invoice.state.in_(UNDECIDED), InvoiceLine.state == state)
        .group_by(Invoice.id, Invoice.reference, Organisation.name, Invoice.act_by, InvoiceLine.id)
        .subquery()
    )
    columns = by_line.c
    whole = (columns.id, columns.reference, columns.name, columns.act_by)
    since = func.min(columns.at)
    found = session.execute(
        select(*whole, func.count(), since)
        .group_by(*whole)
        .order_by(since, columns.id)
        .limit(SHOWN)
    )
    return [Asked(*row) for row in found]


def held_by_a_cap(session: Session, council_id: UUID) -> list[Held]:
    """Open invoices whose undecided lines do not fit what is left of a year, by due day."""
    asked = cast(func.sum(InvoiceLine.net), Pence())
    left = Budget.cap - Budget.approved
    found = session.execute(
        select(
            Invoice.id,
            Invoice.reference,
            Organisation.name,
            Budget.id,
            asked,
            Budget.cap,
            Budget.approved,
            Invoice.act_by,
        )
        .join(Invoice.provider)
        .join(InvoiceLine, InvoiceLine.invoice_id == Invoice.id)
        .join(
            Budget,
            and_(
                Budget.framework_id == Invoice.framework_id,
                Budget.council_id == Invoice.council_id,
                Budget.year_starts_on == InvoiceLine.contract_year,
            ),
        )
        .where(
            Invoice.council_id == council_id,
            Invoice.state.in_(UNDECIDED),
            InvoiceLine.state.in_(OPEN),
        )
        .group_by(
            Invoice.id,
            Invoice.reference,
            Organisation.name,
            Budget.id,
            Budget.cap,
            Budget.approved,
            Invoice.act_by,
        )
        .having(asked > left)
        .order_by(Invoice.act_by, Invoice.id)
        .limit(SHOWN)
    )
    return [
        Held(invoice_id, reference, name, budget_id, asked - (cap - approved), act_by)
        for invoice_id, reference, name, budget_id, asked, cap, approved, act_by in found
    ]
