"""The contract years of a framework with a council's caps, and what was approved without one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import cast, func, or_, select
from sqlalchemy.orm import Session

from portal.budgets.models import Budget
from portal.budgets.queries import budgets_for
from portal.frameworks.models import Framework
from portal.invoicing.credits.queries import accepted_in, waiting_credits
from portal.invoicing.models import Invoice, InvoiceLine
from portal.invoicing.rules import GRANTED, InvoiceState
from portal.kernel.columns import Pence
from portal.kernel.money import ZERO, Money
from portal.kernel.years import Year, contract_year, contract_years


@dataclass(frozen=True, slots=True)
class YearCap:
    """A contract year with its budget, None where no cap is set; ``approved`` is net of VAT.

    ``stray``: the framework's first day was moved after the cap was set, so no contract year
    begins with it any more.
    """

    year: Year
    budget: Budget | None
    approved: Money
    stray: bool = False

    @property
    def settable(self) -> bool:
        """Whether its cap can be set or changed, rather than only raised."""
        return not self.stray and (self.budget is None or self.approved == ZERO)


def year_caps(session: Session, framework: Framework, council_id: UUID) -> list[YearCap]:
    """Every contract year of the framework with the council's cap, in order."""
    years = {year.first: year for year in contract_years(framework.starts_on, framework.ends_on)}
    budgets = budgets_for(session, framework.id, council_id)
    without = approved_in(session, framework.id, council_id, years.keys() - budgets.keys())
    return [
        YearCap(
            years.get(first) or contract_year(first, first),
            budget := budgets.get(first),
            budget.approved if budget else without.get(first, ZERO),
            stray=first not in years,
        )
        for first in sorted(years.keys() | budgets.keys())
    ]


def approved_in(
    session: Session, framework_id: UUID, council_id: UUID, years: Collection[date]
) -> dict[date, Money]:
    """What a council approved or paid, net of VAT and of credit notes, by contract years."""
    found = session.execute(
        select(InvoiceLine.contract_year, cast(func.sum(InvoiceLine.net), Pence()))
        .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
        .where(
            Invoice.framework_id == framework_id,
            Invoice.council_id == council_id,
            InvoiceLine.state.in_(GRANTED),
            InvoiceLine.contract_year.in_(years),
        )
        .group_by(InvoiceLine.contract_year)
    )
    credited = accepted_in(session, framework_id, council_id, years)
    return {first: net - credited.get(first, ZERO) for first, net in found}


def hold_approvals(session: Session, framework_id: UUID, council_id: UUID) -> None:
    """Wait for whoever is approving or accepts a credit, and let nobody until the end."""
    session.execute(
        select(Invoice.id)
        .where(
            Invoice.framework_id == framework_id,
            Invoice.council_id == council_id,
            or_(
                Invoice.state.in_({InvoiceState.TO_DECIDE, InvoiceState.QUERIED}),
                Invoice.id.in_(waiting_credits()),
            ),
        )
        .order_by(Invoice.id)
        .with_for_update()
    ).all()
