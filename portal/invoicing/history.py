"""What happened to an invoice and to each of its lines, newest first, with names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from portal.invoicing.models import Decision, Invoice, InvoiceLine, Payment, Reply
from portal.invoicing.presenting import quantity_in_words
from portal.invoicing.rules import REFUSAL_NAMES, LineStep
from portal.kernel.money import Money
from portal.kernel.wording import say_count, say_date, say_datetime, say_list


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry of the history, as the kit's timeline shows it."""

    at: datetime
    what: str
    who: str
    note: str = ""

    @property
    def when(self) -> str:
        """The moment in words, in London time."""
        return say_datetime(self.at)


def history_of_invoice(
    invoice: Invoice,
    lines: Iterable[InvoiceLine],
    decisions: Iterable[Decision],
    replies: Iterable[Reply],
    payments: Iterable[Payment],
    others: Iterable[Happening] = (),
) -> list[Happening]:
    """Everything from the submission on; lines that were approved in one click are one entry.

    ``others`` are disputes and credit notes in words.
    """
    by_id = {line.id: line for line in lines}
    happened = [
        _submitted(invoice),
        *_decisions(decisions, by_id, name_lines=True),
        *(_reply(reply, by_id[reply.line_id], name_line=True) for reply in replies),
        *map(_payment, payments),
        *others,
    ]
    return _newest_first(happened)


def history_of_line(
    invoice: Invoice,
    line: InvoiceLine,
    decisions: Iterable[Decision],
    replies: Iterable[Reply],
    payments: Iterable[Payment],
    others: Iterable[Happening] = (),
) -> list[Happening]:
    """The same of one line; ``decisions``, ``replies`` and ``payments`` are the invoice's."""
    by_id = {line.id: line}
    happened = [
        _submitted(invoice),
        *_decisions((each for each in decisions if each.line_id == line.id), by_id),
        *(_reply(reply, line) for reply in replies if reply.line_id == line.id),
        *(_payment(each) for each in payments if each.id == line.payment_id),
        *others,
    ]
    return _newest_first(happened)


def positions_in_words(positions: Sequence[int]) -> str:
    """As "line 3", "lines 3 and 5", "lines 1 to 50"."""
    if len(positions) == 1:
        return f"line {positions[0]}"
    if len(positions) > 2 and positions[-1] - positions[0] == len(positions) - 1:
        return f"lines {positions[0]} to {positions[-1]}"
    return f"lines {say_list([str(each) for each in positions])}"


def _newest_first(happened: list[Happening]) -> list[Happening]:
    return sorted(happened, key=lambda each: each.at)[::-1]


def _submitted(invoice: Invoice) -> Happening:
    return Happening(
        invoice.submitted_at, f"Submitted as {invoice.reference}", invoice.submitted_by_name
    )


DONE = {LineStep.APPROVE: "approved", LineStep.QUERY: "queried", LineStep.REFUSE: "refused"}


def _decisions(
    decisions: Iterable[Decision], lines: Mapping[UUID, InvoiceLine], *, name_lines: bool = False
) -> Iterator[Happening]:
    def together(decision: Decision) -> tuple[datetime, str, str]:
        own = "" if decision.step is LineStep.APPROVE else str(decision.id)
        return decision.decided_at, str(decision.decided_by), own

    for _, group in groupby(decisions, key=together):
        taken = list(group)
        first = taken[0]
        positions = sorted(lines[each.line_id].position for each in taken)
        said = positions_in_words(positions) if name_lines else "this line"
        if len(positions) > 6:
            said = say_count(len(positions), "line")
        net = Money.total(each.net for each in taken)
        words = first.words
        if first.reason is not None:
            reason = REFUSAL_NAMES[first.reason].partition(",")[0]
            words = f"{reason}: {words}" if words else reason
        yield Happening(
            first.decided_at,
            f"{said[:1].upper()}{said[1:]} {DONE[first.step]}, {net}",
            first.decided_by_name,
            words,
        )


def _reply(reply: Reply, line: InvoiceLine, *, name_line: bool = False) -> Happening:
    said = f"Line {line.position}" if name_line else "This line"
    if reply.step is LineStep.ANSWER:
        return Happening(reply.replied_at, f"{said} answered", reply.replied_by_name, reply.words)
    before = quantity_in_words(line.unit, reply.parts_before)
    after = quantity_in_words(line.unit, reply.parts_after)
    return Happening(
        reply.replied_at,
        f"{said} amended from {before}, {reply.net_before}, to {after}, {reply.net_after}",
        reply.replied_by_name,
        reply.words,
    )


def _payment(payment: Payment) -> Happening:
    return Happening(
        payment.recorded_at,
        f"{payment.amount} paid on {say_date(payment.paid_on)}",
        payment.recorded_by_name,
        f"Remittance {payment.remittance}",
    )
