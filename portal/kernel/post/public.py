"""Addresses of pages as somebody outside the portal reaches them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import current_app


def public_url(endpoint: str, **values: Any) -> str:
    """The full address of a page, for a letter; made without a request, so in a job too.

    It begins with the setting PORTAL_PUBLIC_URL, and never with what a request says its host is:
    a forged Host header must not lead somebody's reset link elsewhere.
    """
    base = urlsplit(current_app.config["PUBLIC_URL"])
    adapter = current_app.url_map.bind(
        base.netloc, script_name=base.path or "/", url_scheme=base.scheme
    )
    return adapter.build(endpoint, values, force_external=True)
