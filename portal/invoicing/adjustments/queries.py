"""Which approved lines a backdated price raises, and which lines charge the difference."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.agreements.models import AgreementPrice
from portal.frameworks.rules import Unit
from portal.invoicing.adjustments.models import ChargedAdjustment
from portal.invoicing.adjustments.rules import Raised
from portal.invoicing.corrections.models import ChargedCorrection
from portal.invoicing.mechanisms import Adjusts
from portal.invoicing.models import ChargedUnit, Invoice, InvoiceLine
from portal.invoicing.rules import GRANTED
from portal.kernel.database import prepared
from portal.kernel.money import Money
from portal.kernel.months import Month


def _owed(*columns: Any) -> Select[*tuple[Any, ...]]:
    """The approved and paid lines of a provider that charge less than a price agreed since."""
    later, done, own = (
        aliased(AgreementPrice),
        aliased(ChargedAdjustment),
        aliased(ChargedAdjustment),
    )
    replaced = select(later.id).where(
        later.agreement_id == InvoiceLine.agreement_id,
        later.starts_on > AgreementPrice.starts_on,
        later.starts_on <= InvoiceLine.first_day,
    )
    adjusted = select(done.id).where(
        done.adjusts_id == InvoiceLine.id, done.price_id == AgreementPrice.id
    )
    adjusts = select(own.id).where(own.line_id == InvoiceLine.id)
    return (
        select(*columns)
        .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
        .join(AgreementPrice, AgreementPrice.agreement_id == InvoiceLine.agreement_id)
        .where(
            AgreementPrice.provider_id == bindparam("provider_id"),
            AgreementPrice.backdated_on.is_not(None),
            AgreementPrice.starts_on <= InvoiceLine.last_day,
            AgreementPrice.price > InvoiceLine.price,
            InvoiceLine.state.in_(GRANTED),
            InvoiceLine.first_day <= bindparam("through"),
            ~replaced.exists(),
            ~adjusted.exists(),
            ~adjusts.exists(),
        )
    )


_LINES = prepared(
    _owed(
        InvoiceLine.id,
        InvoiceLine.agreement_id,
        InvoiceLine.unit,
        InvoiceLine.service_month,
        InvoiceLine.contract_year,
        InvoiceLine.first_day,
        InvoiceLine.last_day,
        InvoiceLine.parts,
        InvoiceLine.price,
        InvoiceLine.hands,
        AgreementPrice.id.label("price_id"),
        AgreementPrice.price.label("after"),
        AgreementPrice.starts_on,
    )
    .where(
        AgreementPrice.council_id == bindparam("council_id"),
        Invoice.framework_id == bindparam("framework_id"),
    )
    .order_by(InvoiceLine.service_month, InvoiceLine.first_day, InvoiceLine.id)
)
_MONTHS = prepared(
    _owed(
        Invoice.council_id,
        Invoice.framework_id,
        InvoiceLine.service_month,
        func.count(InvoiceLine.id),
    )
    .group_by(Invoice.council_id, Invoice.framework_id, InvoiceLine.service_month)
    .order_by(InvoiceLine.service_month, Invoice.council_id, Invoice.framework_id)
)
_UNITS = tuple(
    prepared(
        select(table.line_id, table.first_day, table.last_day, table.parts)
        .where(table.line_id.in_(bindparam("ids", expanding=True)))
        .order_by(table.line_id, table.first_day)
    )
    for table in (ChargedUnit, ChargedCorrection)
)


def raised_since(
    session: Session, stream: Mapping[str, UUID], through: date
) -> dict[UUID, list[Raised]]:
    """What was approved up to a day at a price that rose since, by agreement.

    ``stream`` are the ids of who invoices whom under what. A line that nobody has approved yet
    keeps its price too, and is found once it is approved. At most three queries.
    """
    rows = session.execute(_LINES, {**stream, "through": through}).all()
    cut = [row.id for row in rows if row.starts_on > row.first_day]
    units: dict[UUID, list[tuple[date, date, int]]] = defaultdict(list)
    for question in _UNITS if cut else ():
        for line_id, first, last, parts in session.execute(question, {"ids": cut}):
            units[line_id].append((first, last, parts))
    found: dict[UUID, list[Raised]] = defaultdict(list)
    for row in rows:
        first, last, parts = row.first_day, row.last_day, row.parts
        if row.starts_on > row.first_day:
            first = row.starts_on
            parts = sum(_since(row.unit, first, *unit) for unit in units[row.id])
        if parts:
            adjusts = Adjusts(row.id, row.price_id, row.price, row.after)
            found[row.agreement_id].append(
                Raised(
                    adjusts,
                    row.service_month,
                    row.contract_year,
                    first,
                    last,
                    parts,
                    tuple(row.hands),
                )
            )
    return found


def _since(unit: Unit, day: date, first: date, last: date, parts: int) -> int:
    """The parts of a charged unit from a day on; of nights, those from that night on."""
    if first >= day or last < day:
        return parts if first >= day else 0
    if unit is not Unit.NIGHT:
        return 0
    nights = min((last - day + timedelta(days=1)).days, abs(parts))
    return nights if parts > 0 else -nights


class OwedMonth(NamedTuple):
    """A month of service with lines to adjust, and how many."""

    council_id: UUID
    framework_id: UUID
    month: Month
    lines: int


def months_raised(session: Session, provider_id: UUID, through: date) -> list[OwedMonth]:
    """The months of service of which a provider's next invoices charge a difference. One query."""
    rows = session.execute(_MONTHS, {"provider_id": provider_id, "through": through})
    return [OwedMonth(*row) for row in rows]


_BESIDE = prepared(
    select(InvoiceLine.id, ChargedAdjustment.before)
    .outerjoin(ChargedAdjustment, ChargedAdjustment.line_id == InvoiceLine.id)
    .outerjoin(ChargedCorrection, ChargedCorrection.line_id == InvoiceLine.id)
    .where(
        InvoiceLine.invoice_id == bindparam("invoice_id"),
        or_(ChargedAdjustment.id.is_not(None), ChargedCorrection.id.is_not(None)),
    )
    .distinct()
)


def lines_beside(session: Session, invoice_id: UUID) -> Mapping[UUID, Money | None]:
    """An invoice's lines about earlier ones: adjustments with the price before, corrections None.

    One query.
    """
    rows = session.execute(_BESIDE, {"invoice_id": invoice_id})
    return {row.id: row.before for row in rows}


@dataclass(frozen=True, slots=True)
class Adjusted:
    """An issued line, as far as another one charges its difference."""

    invoice: Invoice
    line: InvoiceLine
    first_day: date
    last_day: date
    parts: int
    adjusts: Adjusts


def adjusted_by(session: Session, line_id: UUID) -> list[Adjusted]:
    """The issued lines whose difference a submitted line charges, by day. One query."""
    rows: Sequence[Row[Invoice, InvoiceLine, ChargedAdjustment]] = session.execute(
        select(Invoice, InvoiceLine, ChargedAdjustment)
        .join(InvoiceLine, InvoiceLine.invoice_id == Invoice.id)
        .join(ChargedAdjustment, ChargedAdjustment.adjusts_id == InvoiceLine.id)
        .where(ChargedAdjustment.line_id == line_id)
        .order_by(ChargedAdjustment.first_day, ChargedAdjustment.id)
    ).all()
    return [
        Adjusted(
            invoice,
            line,
            one.first_day,
            one.last_day,
            one.parts,
            Adjusts(line.id, one.price_id, one.before, one.after),
        )
        for invoice, line, one in rows
    ]
