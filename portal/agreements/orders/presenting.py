"""What an order form says, once for its page and its PDF. It names no young person."""

from __future__ import annotations

from typing import TypedDict

from portal.agreements.clocks.rules import Clock, ClockKind
from portal.agreements.offers.rules import cost
from portal.agreements.orders.models import OrderForm
from portal.agreements.orders.rules import say_authorised
from portal.kernel.wording import say_date, say_datetime
from portal.referrals.presenting import summary

Rows = list[tuple[str, str]]


class OrderSheet(TypedDict):
    """An order form as plain words."""

    reference: str
    referral: str
    council: str
    provider: str
    address: list[str]
    date: str
    ordered: Rows
    asked: Rows
    need: str
    outcomes: list[str]
    arrangements: str
    duties: list[str]
    accepted: str


def sheet_of(order: OrderForm) -> OrderSheet:
    """Everything that both sides agree to."""
    referral, provider = order.referral, order.provider
    accepted = ""
    if order.accepted_at is not None:
        accepted = f"{order.accepted_by_name}, {say_datetime(order.accepted_at)}"
    return OrderSheet(
        reference=order.reference,
        referral=referral.reference,
        council=order.council.name,
        provider=provider.legal_name,
        address=[provider.street, provider.city, provider.postcode],
        date=say_date(order.issued_on),
        ordered=_ordered(order),
        asked=summary(referral),
        need=referral.need,
        outcomes=list(referral.outcomes),
        arrangements=order.arrangements,
        duties=_duties(order),
        accepted=accepted,
    )


def _ordered(order: OrderForm) -> Rows:
    offer, unit = order.offer, order.unit
    whole = cost(unit, order.price, order.authorised_total)
    said = [
        ("Home or family" if offer.home else "Mentor", offer.home or offer.mentor_name),
        ("First day", say_date(order.starts_on)),
        ("Last day", say_date(order.ends_on) if order.ends_on else "Not set"),
        ("Price", f"{order.price} {unit.price_name}"),
        ("Authorised", say_authorised(unit, order.authorised_weekly, order.authorised_total)),
        ("In all at most", str(whole) if whole else ""),
        ("Cost code", order.cost_code),
        ("Purchase order", order.purchase_order),
        ("Sub-contractors agreed", order.subcontracting or "None"),
    ]
    return [(name, words) for name, words in said if words]


def _duties(order: OrderForm) -> list[str]:
    """What the provider takes on with it (rules.md C6)."""
    contact = Clock(ClockKind.CONTACT, order.issued_on)
    return [
        f"Contact with the young person by {say_date(contact.due_on)}. {contact.counted()}.",
        "A first meeting within 10 working days of that contact.",
        "A substitute within 7 calendar days where the mentor cannot go on.",
        "No sub-contractor but those agreed here or later in writing.",
    ]
