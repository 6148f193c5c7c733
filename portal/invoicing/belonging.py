"""To which invoice or line of one a row belongs: it cannot disagree about the parties."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint


def of_invoice() -> ForeignKeyConstraint:
    """The row names an invoice, and the same council and provider as that invoice does."""
    return ForeignKeyConstraint(
        ["invoice_id", "council_id", "provider_id"],
        ["invoice.id", "invoice.council_id", "invoice.provider_id"],
    )


def of_line() -> ForeignKeyConstraint:
    """The row names a line of an invoice, and the same council and provider as that line does."""
    return ForeignKeyConstraint(
        ["line_id", "council_id", "provider_id"],
        ["invoice_line.id", "invoice_line.council_id", "invoice_line.provider_id"],
    )
