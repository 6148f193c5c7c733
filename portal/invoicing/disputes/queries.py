"""The disputes of an invoice's lines."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload

from portal.invoicing.disputes.models import Dispute, DisputeOutcome
from portal.invoicing.models import Invoice
from portal.kernel.database import prepared
from portal.kernel.errors import NotFound

_OF_INVOICE = prepared(
    select(Dispute)
    .where(Dispute.invoice_id == bindparam("invoice_id"))
    .options(joinedload(Dispute.refusal), joinedload(Dispute.outcome), joinedload(Dispute.file))
    .order_by(Dispute.disputed_at, Dispute.id)
    .execution_options(populate_existing=True)
)


def disputes_of(session: Session, invoice_id: UUID) -> dict[UUID, Dispute]:
    """An invoice's disputes by their lines, the oldest first. One query."""
    found = session.scalars(_OF_INVOICE, {"invoice_id": invoice_id})
    return {dispute.line_id: dispute for dispute in found}


def to_decide(session: Session, council_id: UUID, *, limit: int) -> Sequence[Dispute]:
    """A council's disputes that nobody has decided, the oldest first, with their invoices."""
    decided = select(DisputeOutcome.id).where(DisputeOutcome.dispute_id == Dispute.id)
    return session.scalars(
        select(Dispute)
        .where(Dispute.council_id == council_id, ~decided.exists())
        .options(joinedload(Dispute.invoice).joinedload(Invoice.provider))
        .order_by(Dispute.disputed_at, Dispute.id)
        .limit(limit)
    ).all()


def get_dispute(session: Session, dispute_id: UUID) -> Dispute:
    """One dispute. Raises NotFound."""
    dispute = session.get(Dispute, dispute_id)
    if dispute is None:
        raise NotFound
    return dispute
