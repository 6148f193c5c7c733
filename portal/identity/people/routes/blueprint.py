"""The blueprint that the pages about an organisation's people share."""

from __future__ import annotations

from flask import Blueprint

routes = Blueprint("people", __name__, url_prefix="/people")
