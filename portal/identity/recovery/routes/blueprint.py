"""The blueprint that the ways back in share with a person's own details."""

from __future__ import annotations

from flask import Blueprint

routes = Blueprint("recovery", __name__)
