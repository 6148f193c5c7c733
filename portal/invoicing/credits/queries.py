"""Credit notes: of an invoice, one of them, a page of them, and what they come to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, bindparam, cast, func, select
from sqlalchemy.orm import Session, joinedload

from portal.invoicing.credits.models import CreditDecision, CreditNote, LineCredit
from portal.invoicing.models import Invoice, InvoiceLine
from portal.kernel.columns import Pence
from portal.kernel.database import prepared
from portal.kernel.errors import NotFound
from portal.kernel.keyset import Page, page_of
from portal.kernel.money import ZERO, Money

_OF_INVOICE = prepared(
    select(CreditNote)
    .where(CreditNote.invoice_id == bindparam("invoice_id"))
    .options(joinedload(CreditNote.decision), joinedload(CreditNote.line))
    .order_by(CreditNote.entered_at, CreditNote.id)
    .execution_options(populate_existing=True)
)


def credits_of(session: Session, invoice_id: UUID) -> Sequence[CreditNote]:
    """An invoice's credit notes, the oldest first. One query."""
    return session.scalars(_OF_INVOICE, {"invoice_id": invoice_id}).all()


def get_credit(session: Session, credit_id: UUID) -> CreditNote:
    """One credit note with its line and the council's decision. Raises NotFound."""
    found = session.scalars(
        select(CreditNote)
        .where(CreditNote.id == credit_id)
        .options(joinedload(CreditNote.decision), joinedload(CreditNote.line))
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise NotFound
    return found


def credit_of_number(session: Session, provider_id: UUID, key: str) -> CreditNote | None:
    """The provider's credit note whose number comes to this key."""
    return session.scalars(
        select(CreditNote)
        .where(CreditNote.provider_id == provider_id, CreditNote.number_key == key)
        .order_by(CreditNote.id)
    ).first()


def credited_on(session: Session, line_id: UUID) -> Money:
    """What credit notes take off a line already, net: those entered and those accepted."""
    found = session.scalar(select(LineCredit.credited).where(LineCredit.line_id == line_id))
    return found or ZERO


def credits_page(
    session: Session, organisation_id: UUID, cursor: str | None, *, council: bool
) -> Page[CreditNote]:
    """A page of an organisation's credit notes, the newest first. One query."""
    own = CreditNote.council_id if council else CreditNote.provider_id
    stmt = (
        select(CreditNote)
        .where(own == organisation_id)
        .options(
            joinedload(CreditNote.decision),
            joinedload(CreditNote.line),
            joinedload(CreditNote.invoice).options(
                joinedload(Invoice.council), joinedload(Invoice.provider)
            ),
        )
    )
    return page_of(
        session, stmt, CreditNote.entered_at, CreditNote.id, cursor=cursor, descending=True
    )


def to_decide(session: Session, council_id: UUID, *, limit: int) -> Sequence[CreditNote]:
    """A council's credit notes that nobody has decided on, the oldest first."""
    decided = select(CreditDecision.id).where(CreditDecision.credit_id == CreditNote.id)
    return session.scalars(
        select(CreditNote)
        .where(CreditNote.council_id == council_id, ~decided.exists())
        .options(joinedload(CreditNote.invoice).joinedload(Invoice.provider))
        .order_by(CreditNote.entered_at, CreditNote.id)
        .limit(limit)
    ).all()


def waiting_credits() -> Select[UUID]:
    """The ids of the invoices with a credit note that nobody has decided on."""
    decided = select(CreditDecision.id).where(CreditDecision.credit_id == CreditNote.id)
    return select(CreditNote.invoice_id).where(~decided.exists())


def accepted_in(
    session: Session, framework_id: UUID, council_id: UUID, years: Collection[date]
) -> dict[date, Money]:
    """What a council accepted as credited, net of VAT, by the lines' contract years."""
    found = session.execute(
        select(InvoiceLine.contract_year, cast(func.sum(CreditNote.net), Pence()))
        .select_from(CreditNote)
        .join(CreditDecision, CreditDecision.credit_id == CreditNote.id)
        .join(InvoiceLine, InvoiceLine.id == CreditNote.line_id)
        .join(Invoice, Invoice.id == CreditNote.invoice_id)
        .where(
            Invoice.framework_id == framework_id,
            Invoice.council_id == council_id,
            CreditDecision.accepted,
            InvoiceLine.contract_year.in_(years),
        )
        .group_by(InvoiceLine.contract_year)
    )
    return dict(found.all())
