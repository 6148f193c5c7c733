"""What a credit note may take off a line, and why. Pure."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from portal.kernel.errors import DomainError
from portal.kernel.money import ZERO, Money


class CreditReason(StrEnum):
    """Why something is credited; the code stays when the words change."""

    NOT_DELIVERED = "not-delivered"
    TOO_MUCH = "too-much"
    WRONG_PRICE = "wrong-price"
    CHARGED_TWICE = "charged-twice"
    OTHER = "other"


CREDIT_REASON_NAMES = {
    CreditReason.NOT_DELIVERED: "Not delivered",
    CreditReason.TOO_MUCH: "More was charged than was delivered",
    CreditReason.WRONG_PRICE: "Not the agreed price",
    CreditReason.CHARGED_TWICE: "Charged twice",
    CreditReason.OTHER: "Another reason",
}


class CreditState(StrEnum):
    """Where a credit note stands."""

    ENTERED = "entered"
    ACCEPTED = "accepted"
    REFUSED = "refused"


CREDIT_STATE_NAMES = {
    CreditState.ENTERED: "To decide",
    CreditState.ACCEPTED: "Accepted",
    CreditState.REFUSED: "Not accepted",
}


class TooMuchCredited(DomainError):
    """More would be credited than remains of the line."""

    status = 422

    def __init__(self, remains: Money) -> None:
        super().__init__(f"Enter at most {remains}, which is what remains of the line")


class NothingCredited(DomainError):
    """A credit note takes something off."""

    status = 422
    sentence = "Enter an amount above £0.00"


def remaining(net: Money, credited: Money, asked: Money) -> Money:
    """What remains of a line once this is credited too; all are net of VAT.

    Raises NothingCredited, or TooMuchCredited when it is more than remained before.
    """
    if asked <= ZERO:
        raise NothingCredited
    if asked > net - credited:
        raise TooMuchCredited(net - credited)
    return net - credited - asked


def credited_vat(net: Money, rate: Decimal) -> Money:
    """The VAT that a credit note takes off, rounded once; ``rate`` is the line's, in per cent."""
    return net.percent(rate)
