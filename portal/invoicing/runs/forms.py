"""What is asked about payment runs: which invoices, and the file of remittances."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired

from portal.kernel.errors import NotFound
from portal.kernel.money import Money


class RemittancesForm(FlaskForm):
    """The file that the finance system gives."""

    file = FileField("CSV file", [FileRequired("Choose the file of remittances")])


def ticked(values: Iterable[str]) -> dict[UUID, Money]:
    """The invoices that were ticked with what the page said of each: "id:pence".

    Raises NotFound for what no page has made.
    """
    chosen: dict[UUID, Money] = {}
    for value in values:
        invoice_id, _, pence = value.partition(":")
        try:
            chosen[UUID(invoice_id)] = Money(int(pence))
        except ValueError:
            raise NotFound from None
    return chosen
