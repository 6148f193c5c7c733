"""Where an invoice stands: its sums, its payment clock in words, and what happens next for whom."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from portal.frameworks.rules import Regime
from portal.invoicing.history import positions_in_words
from portal.invoicing.models import Invoice, InvoiceLine
from portal.invoicing.rules import OPEN, TO_DECIDE, InvoiceState, LineState, payment_due
from portal.invoicing.vat import vat_sums
from portal.kernel.money import Money
from portal.kernel.wording import say_count, say_date, say_due


@dataclass(frozen=True, slots=True)
class Viewing:
    """What whoever looks at the invoice may do with it."""

    council: bool
    decides: bool
    replies: bool
    pays: bool


@dataclass(frozen=True, slots=True)
class NextStep:
    """A sentence of what happens next; with a link when it is the viewer's to do."""

    sentence: str
    href: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class PaymentClock:
    """When payment is due and how that was counted, with the kit's tone for it."""

    due: str
    counted: str
    tone: str = "neutral"


def in_state(lines: Iterable[InvoiceLine], *states: LineState) -> list[InvoiceLine]:
    """The lines that stand in one of these states, in their order."""
    return [line for line in lines if line.state in states]


def gross(lines: Iterable[InvoiceLine]) -> Money:
    """Net and VAT of some lines, VAT once per category on their sum."""
    return Money.total(each.net + each.vat for each in vat_sums(lines))


def payment_clock(invoice: Invoice, *, today: date) -> PaymentClock:
    """When the council has to pay, by the regime of the framework (rules.md B2 and B3)."""
    days = say_count(invoice.payment_days, "day")
    due = payment_due(
        invoice.regime,
        invoice.payment_days,
        received_on=invoice.received_on,
        verified_on=invoice.verified_on,
    )
    if invoice.regime is Regime.ACT_2023:
        counted = (
            f"{days} from receipt on {say_date(invoice.received_on)}; the day after is day 1 "
            "(Procurement Act 2023, section 68)"
        )
    elif invoice.verified_on is not None:
        counted = (
            f"{days} from {say_date(invoice.verified_on)}, when every line had been decided; "
            "the day after is day 1 (Public Contracts Regulations 2015, regulation 113)"
        )
    else:
        counted = (
            "Counted from the day that every line has been decided (Public Contracts "
            "Regulations 2015, regulation 113)"
        )
    if due is None:
        return PaymentClock(f"{days} after verification", counted)
    if invoice.state in {InvoiceState.PAID, InvoiceState.REFUSED}:
        return PaymentClock(say_date(due), counted)
    late = due < today
    tone = "bad" if late else "warn" if (due - today).days <= 7 else "neutral"
    return PaymentClock(f"{say_date(due)}, {say_due(due, today)}", counted, tone)


def next_steps(
    invoice: Invoice,
    lines: Sequence[InvoiceLine],
    viewing: Viewing,
    *,
    own: int,
    blocked: int,
    line_href: Callable[[InvoiceLine], str],
    payment_href: str,
    disputes: Collection[UUID],
) -> list[NextStep]:
    """What happens next, for whoever is looking.

    Of the lines to decide ``own`` are the viewer's own, and ``blocked`` cannot be approved.
    ``disputes`` are the ids of the lines whose refusal was ever disputed.
    """
    if not viewing.council:
        return list(_for_provider(invoice, lines, viewing, line_href, disputes))
    return list(_for_council(invoice, lines, viewing, own, blocked, line_href, payment_href))


def _for_council(
    invoice: Invoice,
    lines: Sequence[InvoiceLine],
    viewing: Viewing,
    own: int,
    blocked: int,
    line_href: Callable[[InvoiceLine], str],
    payment_href: str,
) -> Iterator[NextStep]:
    waiting = [line for line in lines if line.state in TO_DECIDE - {LineState.DISPUTED}]
    answered = in_state(lines, LineState.ANSWERED)
    queried = in_state(lines, LineState.QUERIED)
    unpaid = invoice.approved - invoice.paid
    if waiting and viewing.decides:
        how = "tick and approve below, or open a line to query or refuse it"
        if own + blocked >= len(waiting):
            how = "open a line to query or refuse it"
        yield NextStep(f"{_count(waiting)} to decide: {how}.")
        if own:
            yield NextStep(
                f"{say_count(own, 'line')} of these {_are(own)} yours: somebody else must approve."
            )
        if blocked:
            yield NextStep(
                f"A check blocks {say_count(blocked, 'line')} of these: query or refuse it."
                if blocked == 1
                else f"Checks block {say_count(blocked, 'line')} of these: query or refuse them."
            )
    elif waiting:
        yield NextStep(f"{_count(waiting)} {_wait(waiting)} for your council's invoice approver.")
    for line in answered[:3]:
        yield NextStep(
            f"{invoice.provider.name} has answered your query.",
            line_href(line),
            f"Read the answer on line {line.position}",
        )
    yield from _disputed(invoice, lines, line_href)
    if queried:
        yield NextStep(
            f"{invoice.provider.name} has to reply on {_positions(queried)}. The other lines can "
            "go on meanwhile."
        )
    if unpaid:
        step = NextStep(f"{unpaid} is approved and waits to be paid.")
        if viewing.pays:
            step = NextStep(step.sentence, payment_href, "Record the payment")
        yield step
    yield from _finished(invoice, lines)


def _disputed(
    invoice: Invoice, lines: Sequence[InvoiceLine], line_href: Callable[[InvoiceLine], str]
) -> Iterator[NextStep]:
    for line in in_state(lines, LineState.DISPUTED)[:5]:
        yield NextStep(
            f"{invoice.provider.name} disputes a refusal. Somebody other than who refused it "
            "decides.",
            f"{line_href(line)}/dispute",
            f"Read the dispute of line {line.position}",
        )


def _for_provider(
    invoice: Invoice,
    lines: Sequence[InvoiceLine],
    viewing: Viewing,
    line_href: Callable[[InvoiceLine], str],
    disputes: Collection[UUID],
) -> Iterator[NextStep]:
    waiting = [line for line in lines if line.state in TO_DECIDE]
    queried = in_state(lines, LineState.QUERIED)
    unpaid = invoice.approved - invoice.paid
    if queried and viewing.replies:
        for line in queried[:5]:
            yield NextStep(
                f"{invoice.council.name} has a question about line {line.position}.",
                line_href(line),
                f"Answer or amend line {line.position}",
            )
    elif queried:
        yield NextStep(f"Your finance person has to reply on {_positions(queried)}.")
    refused = [one for one in in_state(lines, LineState.REFUSED) if one.id not in disputes]
    for line in refused[: 5 if viewing.replies else 0]:
        yield NextStep(
            f"{invoice.council.name} has refused line {line.position}. You can dispute it once.",
            f"{line_href(line)}/dispute",
            f"Dispute the refusal of line {line.position}",
        )
    if waiting:
        yield NextStep(
            f"{_count(waiting)} {_wait(waiting)} for {invoice.council.name} to decide. There is "
            "nothing for you to do about them."
        )
    if unpaid:
        yield NextStep(f"{unpaid} is approved and waits to be paid by {invoice.council.name}.")
    yield from _finished(invoice, lines)


def _finished(invoice: Invoice, lines: Sequence[InvoiceLine]) -> Iterator[NextStep]:
    if any(line.state in OPEN for line in lines) or invoice.approved > invoice.paid:
        return
    if invoice.state is InvoiceState.PAID:
        yield NextStep("Everything that was approved has been paid. Nothing more is to be done.")
    elif invoice.state is InvoiceState.REFUSED:
        yield NextStep("Every line was refused, so nothing is paid on this invoice.")
    else:
        yield NextStep("Everything is decided, and nothing is left to pay.")


def _count(lines: Sequence[InvoiceLine]) -> str:
    return say_count(len(lines), "line")


def _positions(lines: Sequence[InvoiceLine]) -> str:
    if len(lines) > 6:
        return _count(lines)
    return positions_in_words([line.position for line in lines])


def _wait(lines: Sequence[InvoiceLine]) -> str:
    return "waits" if len(lines) == 1 else "wait"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
