"""The addresses of making a complaint, and what is said when something cannot be taken."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

from portal.complaints.making.asking import kept_form, step_at
from portal.complaints.making.pages import (
    council_at,
    gone,
    helplines,
    page,
    question,
    tell_nobody_where_from,
    written,
)
from portal.complaints.making.steps import Step
from portal.kernel.files.oversized import LARGEST_READ
from portal.kernel.reading.ways import lazy_gettext as _

WITHOUT_ACCOUNT = "young people tell us what is wrong without an account"
FILE_TOO_LARGE = _("That file is too big to send. Choose a smaller one. Nothing else is lost.")
TEXT_TOO_LONG = _("That was too much to send at once. Make it shorter.")

routes = Blueprint("making", __name__, url_prefix="/young-people/<council_slug>/tell-us")
routes.after_request(tell_nobody_where_from)


@routes.errorhandler(413)
def too_large(_error: Exception) -> ResponseReturnValue:
    """A file that is much too large costs nothing of what was typed: it is asked for again."""
    given = request.view_args or {}
    council, step = (
        council_at(given["council_slug"]),
        step_at(given.get("question_name", Step.KIND)),
    )
    _drain()
    found = written(council)
    draft = found[2] if found else None
    form = kept_form(step, draft, ())
    first = next(iter(form))
    first.errors = [FILE_TOO_LARGE if step is Step.FILES else TEXT_TOO_LONG]
    return question(council, step, draft, form), 413


@routes.errorhandler(429)
def too_many(_error: Exception) -> ResponseReturnValue:
    """A place that many people share has sent a lot: who to call, and that nothing is lost."""
    council = council_at((request.view_args or {})["council_slug"])
    return page("making/busy", council, contacts=helplines(council)), 429


@routes.errorhandler(CSRFError)
def cookie_lost(_error: Exception) -> tuple[Response, int]:
    """The browser sent no cookie, or an old one: what was typed is shown, to be copied."""
    return gone(council_at((request.view_args or {})["council_slug"])), 400


def _drain() -> None:
    """Read what is still being sent, since a browser shows no answer before it has sent it all."""
    left = min(request.content_length or 0, LARGEST_READ)
    while left > 0 and (part := request.environ["wsgi.input"].read(min(left, 64 * 1024))):
        left -= len(part)
