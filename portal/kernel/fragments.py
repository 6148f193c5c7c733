"""A page, or the named block of it that htmx asked for."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, render_template, request
from jinja2_fragments.flask import render_block


def wants_fragment() -> bool:
    """Whether htmx asks for a part of the page (never when it restores history)."""
    return (
        "HX-Request" in request.headers
        and "HX-History-Restore-Request" not in request.headers
        and "HX-Boosted" not in request.headers
    )


def render(template: str, *, fragment: str | None = None, **context: Any) -> Response:
    """The whole page; or only the block named ``fragment`` when htmx made the request."""
    if fragment is not None and wants_fragment():
        body = render_block(template, fragment, **context)
    else:
        body = render_template(template, **context)
    response = make_response(body)
    response.vary.add("HX-Request")
    return response
