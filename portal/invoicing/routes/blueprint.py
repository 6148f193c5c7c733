"""The blueprint that the month end's pages share."""

from __future__ import annotations

from flask import Blueprint

routes = Blueprint("invoicing", __name__, url_prefix="/invoices")
