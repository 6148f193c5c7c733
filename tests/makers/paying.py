"""Changes of bank accounts, holds, and payment runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from portal.identity.models import Organisation, Person
from portal.invoicing.banking.models import BankChange, BankHold
from portal.invoicing.banking.rules import ChangeState
from portal.invoicing.models import Invoice, InvoiceLine
from portal.invoicing.runs.models import PaymentRun, RunEntry, RunLine
from portal.invoicing.runs.rules import EntryState, RunState
from portal.kernel.ids import new_id
from portal.kernel.money import Money
from tests.makers.rows import add, numbers

ASKED_AT = datetime(2026, 4, 28, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Ran:
    """A run with one entry."""

    run: PaymentRun
    entry: RunEntry


def make_bank_change(
    session: Session, *, provider: Organisation, by: Person, second: Person
) -> BankChange:
    """A change of account that two people of the provider asked for, and no council verified."""
    return add(
        session,
        BankChange(
            provider_id=provider.id,
            state=ChangeState.CONFIRMED,
            account_name=provider.legal_name[:100],
            account_number=f"{next(numbers):08}",
            sort_code="000000",
            because="We moved to another bank",
            phone="01632 960 999",
            proposed_by=by.id,
            proposed_by_name=by.name,
            proposed_at=ASKED_AT,
            confirmed_by=second.id,
            confirmed_by_name=second.name,
            confirmed_at=ASKED_AT,
        ),
    )


def make_bank_hold(session: Session, *, council: Organisation, days: int = 5) -> BankHold:
    """How long a council holds a changed account."""
    return add(
        session,
        BankHold(council_id=council.id, days=days, set_by_name="Budget Holder", set_at=ASKED_AT),
    )


def make_run(
    session: Session,
    *,
    invoice: Invoice,
    line: InvoiceLine,
    proposed_by: Person,
    approved_by: Person,
    released_by: Person | None = None,
) -> Ran:
    """A run with one line of one invoice, which waits for its release or has it."""
    run = add(
        session,
        PaymentRun(
            id=new_id(),
            council_id=invoice.council_id,
            reference=f"PR-{next(numbers):05}",
            state=RunState.RELEASED if released_by else RunState.PROPOSED,
            total=Money.pounds("42.00"),
            proposed_by=proposed_by.id,
            proposed_by_name=proposed_by.name,
            proposed_at=ASKED_AT,
            released_by=released_by.id if released_by else None,
            released_by_name=released_by.name if released_by else None,
            released_at=ASKED_AT if released_by else None,
        ),
    )
    entry = add(
        session,
        RunEntry(
            id=new_id(),
            run_id=run.id,
            council_id=run.council_id,
            provider_id=invoice.provider_id,
            invoice_id=invoice.id,
            state=EntryState.WAITING,
            amount=run.total,
            account_name="Whoever is paid",
            account_number="00000001",
            sort_code="000000",
        ),
    )
    add(
        session,
        RunLine(
            entry_id=entry.id,
            run_id=run.id,
            council_id=run.council_id,
            provider_id=invoice.provider_id,
            line_id=line.id,
            approved_by=approved_by.id,
            released_by=released_by.id if released_by else None,
        ),
    )
    return Ran(run, entry)
