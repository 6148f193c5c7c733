"""Credit notes in words, for invoices, lines and lists."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from portal.invoicing.credits.models import CreditNote
from portal.invoicing.credits.rules import CREDIT_STATE_NAMES, CreditState
from portal.invoicing.history import Happening
from portal.invoicing.models import Invoice
from portal.invoicing.presenting import Tag
from portal.kernel.money import Money

STATE_TONES = {
    CreditState.ENTERED: "waiting",
    CreditState.ACCEPTED: "good",
    CreditState.REFUSED: "bad",
}


def state_tag(credit: CreditNote) -> Tag:
    """Where a credit note stands."""
    return Tag(CREDIT_STATE_NAMES[credit.state], STATE_TONES[credit.state])


@dataclass(frozen=True, slots=True)
class Credits:
    """What is credited of an invoice: each note with its tag, and what they come to with VAT.

    ``spend`` is what was approved less what was accepted as credited.
    """

    rows: list[tuple[CreditNote, Tag]]
    accepted: Money
    spend: Money


def credits_on(invoice: Invoice, found: Iterable[CreditNote]) -> Credits:
    """The credit notes of an invoice; the invoice itself stays as it was issued."""
    notes = list(found)
    accepted = Money.total(one.total for one in notes if one.state is CreditState.ACCEPTED)
    return Credits([(one, state_tag(one)) for one in notes], accepted, invoice.approved - accepted)


def happenings(found: Iterable[CreditNote]) -> list[Happening]:
    """Each credit note, and the decision on it, as entries of a history."""
    entries = []
    for one in found:
        said = f"{one.total} of line {one.line.position}"
        entries.append(
            Happening(
                one.entered_at, f"Credit note {one.number}: {said}", one.entered_by_name, one.words
            )
        )
        if one.decision is not None:
            done = "accepted" if one.decision.accepted else "not accepted"
            entries.append(
                Happening(
                    one.decision.decided_at,
                    f"Credit note {one.number} {done}",
                    one.decision.decided_by_name,
                    one.decision.words,
                )
            )
    return entries
