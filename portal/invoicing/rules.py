"""States of invoice lines, what an invoice's state follows from, and its payment clock. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from portal.frameworks.rules import Regime


class LineState(StrEnum):
    """Where one line stands."""

    SUBMITTED = "submitted"
    QUERIED = "queried"
    ANSWERED = "answered"
    APPROVED = "approved"
    REFUSED = "refused"
    DISPUTED = "disputed"
    PAID = "paid"


class LineStep(StrEnum):
    """What can be done with a line: by the council, but the provider answers, amends, disputes.

    A dispute ends with the refusal upheld or the line allowed.
    """

    QUERY = "query"
    ANSWER = "answer"
    AMEND = "amend"
    APPROVE = "approve"
    REFUSE = "refuse"
    DISPUTE = "dispute"
    UPHOLD = "uphold"
    ALLOW = "allow"
    PAY = "pay"


LINE_TRANSITIONS: dict[tuple[LineState, LineStep], LineState] = {
    (LineState.SUBMITTED, LineStep.QUERY): LineState.QUERIED,
    (LineState.SUBMITTED, LineStep.APPROVE): LineState.APPROVED,
    (LineState.SUBMITTED, LineStep.REFUSE): LineState.REFUSED,
    (LineState.QUERIED, LineStep.ANSWER): LineState.ANSWERED,
    (LineState.QUERIED, LineStep.AMEND): LineState.ANSWERED,
    (LineState.QUERIED, LineStep.APPROVE): LineState.APPROVED,
    (LineState.QUERIED, LineStep.REFUSE): LineState.REFUSED,
    (LineState.ANSWERED, LineStep.QUERY): LineState.QUERIED,
    (LineState.ANSWERED, LineStep.APPROVE): LineState.APPROVED,
    (LineState.ANSWERED, LineStep.REFUSE): LineState.REFUSED,
    (LineState.REFUSED, LineStep.DISPUTE): LineState.DISPUTED,
    (LineState.DISPUTED, LineStep.UPHOLD): LineState.REFUSED,
    (LineState.DISPUTED, LineStep.ALLOW): LineState.APPROVED,
    (LineState.APPROVED, LineStep.PAY): LineState.PAID,
}

LINE_STATE_NAMES = {
    LineState.SUBMITTED: "To decide",
    LineState.QUERIED: "Queried",
    LineState.ANSWERED: "Answered",
    LineState.APPROVED: "Approved",
    LineState.REFUSED: "Refused",
    LineState.DISPUTED: "Disputed",
    LineState.PAID: "Paid",
}

TO_DECIDE = frozenset({LineState.SUBMITTED, LineState.ANSWERED, LineState.DISPUTED})
OPEN = TO_DECIDE | {LineState.QUERIED}
# What nobody has decided yet: a disputed line was refused once.
UNDECIDED = OPEN - {LineState.DISPUTED}
GRANTED = frozenset({LineState.APPROVED, LineState.PAID})


class InvoiceState(StrEnum):
    """What the states of its lines make of an invoice."""

    TO_DECIDE = "to-decide"
    QUERIED = "queried"
    APPROVED = "approved"
    PAID = "paid"
    REFUSED = "refused"


INVOICE_STATE_NAMES = {
    InvoiceState.TO_DECIDE: "To decide",
    InvoiceState.QUERIED: "Queried",
    InvoiceState.APPROVED: "Approved",
    InvoiceState.PAID: "Paid",
    InvoiceState.REFUSED: "Refused",
}


def invoice_state(lines: Iterable[LineState]) -> InvoiceState:
    """An invoice waits for the council while a line does, then for the provider, then for payment.

    Raises ValueError for an invoice without lines.
    """
    states = set(lines)
    if not states:
        raise ValueError("an invoice has lines")
    if states & TO_DECIDE:
        return InvoiceState.TO_DECIDE
    if LineState.QUERIED in states:
        return InvoiceState.QUERIED
    if LineState.APPROVED in states:
        return InvoiceState.APPROVED
    return InvoiceState.PAID if LineState.PAID in states else InvoiceState.REFUSED


class RefusalReason(StrEnum):
    """Why a line is refused; the code stays when the words change."""

    NOT_DELIVERED = "not-delivered"
    NOT_AUTHORISED = "not-authorised"
    WRONG_PRICE = "wrong-price"
    DUPLICATE = "duplicate"
    OUTSIDE_AGREEMENT = "outside-agreement"
    MENTOR_NOT_CLEARED = "mentor-not-cleared"
    OTHER = "other"


REFUSAL_NAMES = {
    RefusalReason.NOT_DELIVERED: "Not delivered as charged",
    RefusalReason.NOT_AUTHORISED: "Not authorised",
    RefusalReason.WRONG_PRICE: "Not the agreed price",
    RefusalReason.DUPLICATE: "Charged already",
    RefusalReason.OUTSIDE_AGREEMENT: "Outside the agreement's dates",
    RefusalReason.MENTOR_NOT_CLEARED: "Mentor not cleared that day",
    RefusalReason.OTHER: "Another reason, written below",
}


def payment_due(
    regime: Regime, payment_days: int, *, received_on: date, verified_on: date | None
) -> date | None:
    """When payment is due: days after receipt (2023 Act, B2) or after verification (PCR, B3).

    Day 1 is the day after. None while a PCR invoice has not been verified.
    """
    start = received_on if regime is Regime.ACT_2023 else verified_on
    return None if start is None else start + timedelta(days=payment_days)


def act_by(
    regime: Regime, payment_days: int, *, received_on: date, verified_on: date | None
) -> date:
    """When payment is due, or, while a PCR invoice waits, when it would be if verified at once."""
    due = payment_due(regime, payment_days, received_on=received_on, verified_on=verified_on)
    return due or received_on + timedelta(days=payment_days)


LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})


def number_key(number: str) -> str:
    """A provider's invoice number without what disguises it: case, spaces, O for 0, I for 1.

    ``inv-0012``, ``INV 12`` and ``INV-OO12`` have the same key. Whatever parts two runs of
    figures counts as one mark, so that 2026-1-11 is not 2026-11-1; other marks do not count.
    """
    plain = unicodedata.normalize("NFKC", number).upper()
    figures = plain.translate(LOOKALIKES)
    key, ended, was_figures = "", 0, False
    for group in re.finditer(r"[^\W\d_]+|\d+", figures):
        is_figures = bool(re.search(r"\d", plain[slice(*group.span())]))
        if was_figures and is_figures and group.start() > ended:
            key += "-"
        key += (group[0].lstrip("0") or "0") if group[0].isdigit() else group[0]
        ended, was_figures = group.end(), is_figures
    return key
