"""The pages of the month end, one module a journey; all in the blueprint ``invoicing``."""

from __future__ import annotations

from portal.invoicing.routes import (
    decisions,
    downloads,
    drafts,
    invoices,
    lines,
    listing,
    payments,
    replies,
)
from portal.invoicing.routes.blueprint import routes

__all__ = [
    "decisions",
    "downloads",
    "drafts",
    "invoices",
    "lines",
    "listing",
    "payments",
    "replies",
    "routes",
]
