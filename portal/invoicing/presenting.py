"""What the pages of a draft and of an invoice both show: sections, lines, words and tones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from portal.frameworks.rules import Regime, Unit
from portal.invoicing.checks import Check, Severity
from portal.invoicing.gathering import Gathered
from portal.invoicing.models import Invoice, InvoiceLine, InvoiceSection
from portal.invoicing.rules import LINE_STATE_NAMES, InvoiceState, LineState, payment_due
from portal.invoicing.vat import VatCategory, VatSum
from portal.kernel.money import Money
from portal.kernel.months import Month
from portal.kernel.wording import say_count, say_date, say_due, say_hours


@dataclass(frozen=True, slots=True)
class Tag:
    """A state in a word or two, with the kit's tone for it."""

    text: str
    tone: str


LINE_TONES = {
    LineState.SUBMITTED: "waiting",
    LineState.QUERIED: "warn",
    LineState.ANSWERED: "waiting",
    LineState.APPROVED: "good",
    LineState.REFUSED: "bad",
    LineState.DISPUTED: "waiting",
    LineState.PAID: "neutral",
}

INVOICE_TONES = {
    InvoiceState.TO_DECIDE: "waiting",
    InvoiceState.QUERIED: "warn",
    InvoiceState.APPROVED: "good",
    InvoiceState.PAID: "neutral",
    InvoiceState.REFUSED: "bad",
}

SEVERITY_TAGS = {
    Severity.BLOCKS: Tag("Blocked", "bad"),
    Severity.HOLDS: Tag("Needs a budget holder", "info"),
    Severity.WARNS: Tag("Warning", "warn"),
}


@dataclass(frozen=True, slots=True)
class LineView:
    """A line as a table shows it. ``checks`` are those about this line, the gravest first.

    ``quantity`` and ``price`` are in words ("5.5 hours", "£42.00 an hour"). ``tag`` is the state
    of a submitted line; a drafted one has none. ``id`` and ``version`` are a submitted line's.
    ``heading`` is the month of service that begins with this line, where a section has several.
    """

    position: int
    description: str
    quantity: str
    price: str
    net: Money
    href: str
    tag: Tag | None = None
    checks: tuple[Check, ...] = ()
    id: UUID | None = None
    version: int = 0
    state: LineState | None = None
    heading: str = ""

    @property
    def check_tag(self) -> Tag | None:
        """The gravest of the line's checks in a word; None when it is clean."""
        return SEVERITY_TAGS.get(self.checks[0].severity) if self.checks else None


@dataclass(frozen=True, slots=True)
class SectionView:
    """One Individual Agreement's part of an invoice."""

    reference: str
    title: str
    lines: list[LineView]
    net: Money


def sections_of_draft(
    gathered: Gathered, checks: Iterable[Check], href: Callable[[int], str]
) -> list[SectionView]:
    """The draft's sections; ``href`` gives the address of the line at a position."""
    about = checks_by_line(checks)
    views = []
    position = 0
    for section in gathered.draft.sections:
        lines = []
        headings = _headings([line.service_month for line in section.lines], gathered.draft.month)
        for line, heading in zip(section.lines, headings, strict=True):
            position += 1
            unit = line.terms.unit
            lines.append(
                LineView(
                    position=position,
                    description=line.description,
                    quantity=quantity_in_words(unit, line.parts),
                    price=price_in_words(unit, line.price),
                    net=line.net,
                    href=href(position),
                    checks=about.get(position, ()),
                    heading=heading,
                )
            )
        views.append(SectionView(section.terms.reference, section.terms.title, lines, section.net))
    return views


def sections_of_invoice(
    sections: Sequence[InvoiceSection],
    lines: Sequence[InvoiceLine],
    checks: Iterable[Check],
    href: Callable[[InvoiceLine], str],
    month: Month,
) -> list[SectionView]:
    """A submitted invoice's sections; ``href`` gives the address of a line."""
    about = checks_by_line(checks)
    by_section: dict[UUID, list[LineView]] = {section.id: [] for section in sections}
    months: dict[UUID, list[Month]] = {section.id: [] for section in sections}
    for line in lines:
        months[line.section_id].append(line.service_month)
    headings = {section_id: iter(_headings(own, month)) for section_id, own in months.items()}
    for line in lines:
        by_section[line.section_id].append(
            LineView(
                position=line.position,
                description=line.description,
                quantity=quantity_in_words(line.unit, line.parts),
                price=price_in_words(line.unit, line.price),
                net=line.net,
                href=href(line),
                tag=Tag(LINE_STATE_NAMES[line.state], LINE_TONES[line.state]),
                checks=about.get(line.position, ()),
                id=line.id,
                version=line.version,
                state=line.state,
                heading=next(headings[line.section_id]),
            )
        )
    return [
        SectionView(
            section.agreement_reference,
            section.title,
            by_section[section.id],
            Money.total(view.net for view in by_section[section.id]),
        )
        for section in sections
    ]


def _headings(months: Sequence[Month], own: Month) -> list[str]:
    """For each line of a section the month that begins with it, where one is not the invoice's."""
    if all(month == own for month in months):
        return [""] * len(months)
    before = [None, *months[:-1]]
    pairs = zip(before, months, strict=True)
    return ["" if month == last else f"Service in {month}" for last, month in pairs]


def checks_by_line(checks: Iterable[Check]) -> Mapping[int, tuple[Check, ...]]:
    """The checks about each line, by its position, in their order."""
    about: dict[int, tuple[Check, ...]] = {}
    for each in checks:
        for position in each.lines:
            about[position] = (*about.get(position, ()), each)
    return about


def quantity_in_words(unit: Unit, parts: int) -> str:
    """Minutes as "5.5 hours", else "3 sessions", "30 nights"."""
    return say_hours(parts) if unit is Unit.HOUR else say_count(parts, unit.value)


def price_in_words(unit: Unit, price: Money) -> str:
    """As "£42.00 an hour", "£820.00 a week"."""
    return f"{price} {unit.price_name}"


def vat_in_words(each: VatSum) -> str:
    """One VAT category of an invoice: "VAT at 20 %", or why there is none."""
    return each.exemption_reason or vat_label(each)


def vat_label(each: VatSum) -> str:
    """The same for a total: "VAT at 20 %", "VAT (exempt)", "VAT (not registered)"."""
    if each.category is VatCategory.STANDARD:
        return f"VAT at {each.rate.normalize():f} %"
    return "VAT (exempt)" if each.category is VatCategory.EXEMPT else "VAT (not registered)"


@dataclass(frozen=True, slots=True)
class Due:
    """When an invoice is due as a list says it: the day, how it was counted, how near it is."""

    day: str
    counted: str = ""
    tag: Tag | None = None


DUE_SOON_DAYS = 7


def due_in_list(invoice: Invoice, *, today: date) -> Due:
    """When the council has to pay, by the regime of the framework (rules.md B2 and B3).

    Under PCR 2015 the days run from verification, so before it the day is provisional.
    """
    if invoice.state in {InvoiceState.PAID, InvoiceState.REFUSED}:
        return Due("Nothing more")
    days = say_count(invoice.payment_days, "day")
    due = payment_due(
        invoice.regime,
        invoice.payment_days,
        received_on=invoice.received_on,
        verified_on=invoice.verified_on,
    )
    if due is None:
        provisional = say_date(today + timedelta(days=invoice.payment_days))
        waited = (today - invoice.received_on).days
        tag = Tag(f"Waiting {say_count(waited, 'day')}", "bad") if today > invoice.act_by else None
        return Due(f"{days} from verification", f"{provisional} if verified today", tag)
    start = (
        f"receipt on {say_date(invoice.received_on)}"
        if invoice.regime is Regime.ACT_2023 or invoice.verified_on is None
        else f"verification on {say_date(invoice.verified_on)}"
    )
    return Due(say_date(due), f"{days} from {start}", _nearness(due, today))


def _nearness(due: date, today: date) -> Tag | None:
    left = (due - today).days
    if left > DUE_SOON_DAYS:
        return None
    words = say_due(due, today)
    return Tag(f"{words[:1].upper()}{words[1:]}", "bad" if left < 0 else "warn")
