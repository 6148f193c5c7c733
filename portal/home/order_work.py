"""Offers that wait for a council's choice, and order forms that wait for a provider."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session

from portal.agreements.offers.queries import referrals_to_choose
from portal.agreements.orders.models import OrderForm
from portal.agreements.orders.queries import waiting_orders
from portal.agreements.orders.rules import answer_by
from portal.home.rules import SHOWN, Need, Work
from portal.kernel.local_time import local_date
from portal.kernel.wording import say_count, say_date, say_due


def council(session: Session, council_id: UUID, today: date) -> Work:
    """Referrals with offers to choose among, and order forms that are with a provider."""
    return Work(
        needs=tuple(
            Need(
                f"Choose for {referral.reference}: {say_count(offers, 'offer')}",
                url_for("offers.compare", referral_id=referral.id),
                local_date(referral.respond_by),
                f"answers {say_due(local_date(referral.respond_by), today)}"
                if local_date(referral.respond_by) >= today
                else f"answers were due on {say_date(local_date(referral.respond_by))}",
                "To choose",
                "waiting",
            )
            for referral, offers in referrals_to_choose(session, council_id, limit=SHOWN)
        ),
        elsewhere=tuple(
            _order(order, f"{order.provider.name} answers order form {order.reference}", today)
            for order in waiting_orders(session, council_id, limit=SHOWN)
        ),
    )


def provider(session: Session, provider_id: UUID, today: date) -> Work:
    """Order forms to accept, or to say why not."""
    return Work(
        needs=tuple(
            _order(order, f"Accept order form {order.reference} of {order.council.name}", today)
            for order in waiting_orders(session, provider_id, limit=SHOWN)
        )
    )


def _order(order: OrderForm, title: str, today: date) -> Need:
    due = answer_by(order.issued_on).due
    late = due < today
    return Need(
        title,
        url_for("orders.show", order_id=order.id),
        due,
        f"{say_due(due, today)}, {say_date(due)}",
        "Overdue" if late else "Ordered",
        "bad" if late else "waiting",
    )
