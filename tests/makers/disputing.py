"""A dispute that was decided, and a credit note that was accepted, on an issued invoice."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.identity.models import Person
from portal.invoicing.credits.models import CreditDecision, CreditNote, LineCredit
from portal.invoicing.credits.rules import CreditReason
from portal.invoicing.disputes.models import Dispute, DisputeOutcome
from portal.invoicing.models import Decision, Invoice, InvoiceLine
from portal.invoicing.rules import LineStep, RefusalReason, number_key
from portal.kernel.money import Money
from tests.makers.files import make_stored_file
from tests.makers.rows import RECORDED_AT, add


@dataclass(frozen=True)
class Settled:
    """What was disputed, and what was credited."""

    dispute: Dispute
    credit: CreditNote


def make_settled(
    session: Session,
    *,
    invoice: Invoice,
    line: InvoiceLine,
    paid: InvoiceLine,
    by: Person,
    refused_by: Person,
    decided_by: Person,
) -> Settled:
    """The refusal of ``line`` was disputed and upheld; £1.00 of ``paid`` was credited."""
    of_parties = {"council_id": invoice.council_id, "provider_id": invoice.provider_id}
    refusal, upheld = (
        add(
            session,
            Decision(
                **of_parties,
                line_id=line.id,
                invoice_id=invoice.id,
                step=LineStep.REFUSE,
                reason=RefusalReason.NOT_DELIVERED,
                words=f"Nobody came for {invoice.reference}.",
                net=line.net,
                submitted_by=invoice.submitted_by,
                decided_by=person.id,
                decided_by_name=person.name,
                decided_at=invoice.submitted_at,
            ),
        )
        for person in (refused_by, decided_by)
    )
    stored = make_stored_file(session, council=invoice.council, provider=invoice.provider)
    dispute = add(
        session,
        Dispute(
            **of_parties,
            line_id=line.id,
            invoice_id=invoice.id,
            refusal_id=refusal.id,
            refused_by=refused_by.id,
            words=f"Sam was there for {invoice.reference}.",
            file_id=stored.id,
            disputed_by=by.id,
            disputed_by_name=by.name,
            disputed_at=invoice.submitted_at,
        ),
    )
    add(
        session,
        DisputeOutcome(
            **of_parties,
            dispute_id=dispute.id,
            decision_id=upheld.id,
            refused_by=refused_by.id,
            decided_by=decided_by.id,
        ),
    )
    number = f"CN-{invoice.reference}"
    credit = add(
        session,
        CreditNote(
            **of_parties,
            line_id=paid.id,
            invoice_id=invoice.id,
            number=number,
            number_key=number_key(number),
            reason=CreditReason.TOO_MUCH,
            words=f"Counted twice in {invoice.reference}.",
            net=Money.pounds("1.00"),
            vat=Money(0),
            entered_by=by.id,
            entered_by_name=by.name,
            entered_at=RECORDED_AT,
        ),
    )
    add(
        session,
        CreditDecision(
            **of_parties,
            credit_id=credit.id,
            invoice_id=invoice.id,
            accepted=True,
            entered_by=by.id,
            decided_by=decided_by.id,
            decided_by_name=decided_by.name,
            decided_at=RECORDED_AT,
        ),
    )
    add(
        session,
        LineCredit(**of_parties, line_id=paid.id, net=paid.net, credited=credit.net),
    )
    return Settled(dispute, credit)
