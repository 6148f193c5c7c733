"""An order form as tagged PDF."""

from __future__ import annotations

from pathlib import Path

from flask import Response

from portal.agreements.orders.models import OrderForm
from portal.agreements.orders.presenting import sheet_of
from portal.kernel.documents.typesetting import typeset

_TEMPLATE = Path(__file__).parent / "order.typ"


def order_pdf(order: OrderForm) -> bytes:
    """The order form; the same order form gives the same bytes."""
    return typeset(_TEMPLATE, sheet_of(order), dated=order.issued_on)


def order_attached(order: OrderForm) -> Response:
    """The same, to keep."""
    answer = Response(order_pdf(order), mimetype="application/pdf")
    answer.headers.set(
        "Content-Disposition", "attachment", filename=f"order-form-{order.reference}.pdf"
    )
    return answer
