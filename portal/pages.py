"""What all pages are given, how often they may be asked for, and how errors are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from flask import Flask, current_app, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from portal.blueprints import blueprints
from portal.complaints.browser import leaves_a_trace
from portal.complaints.guidance.rules import DEFAULT_EXIT
from portal.identity.viewing import viewer
from portal.kernel.clock import now
from portal.kernel.errors import DomainError, SignedOut
from portal.kernel.fragments import render
from portal.kernel.reading.ways import way
from portal.kernel.session import close_session, db
from portal.kernel.wording import say_datetime
from portal.navigation import Link, navigation_for
from portal.notices.queries import unread

if TYPE_CHECKING:
    from flask.typing import RouteCallable

PUBLIC_SECTIONS = ("young-people", "accessibility", "privacy", "cookies")

# How often one address on the internet may send these; who is asked about has limits of its own.
THROTTLED = {
    "opening.give": "60 per hour",
    "opening_keys.change_phrase": "60 per hour",
    "identity.start": "30 per minute",
    "identity.start_with_passkey": "30 per minute",
    "joining.accept_as_new": "30 per hour",
    "joining.ask": "10 per hour",
    "recovery.ask_for_password": "20 per hour",
    "registration.register": "10 per hour",
    "registration.confirm_as_new": "30 per hour",
    "making.begin": "60 per hour",
    "making.send": "20 per hour",
    "following.open_it": "30 per 15 minutes",
}

HEADINGS = {
    400: "Nothing was saved",
    401: "You are no longer signed in",
    403: "You cannot do this",
    404: "Page not found",
    405: "Page not found",
    409: "That cannot be done now",
    410: "This link does not work any more",
    413: "The file is too large",
    422: "That cannot be saved as it is",
    429: "Too many attempts",
    500: "Something went wrong",
    503: "The portal cannot save at the moment",
}
SENTENCES = {
    400: "The portal could not understand what was sent.",
    403: "Your role does not let you do this. An administrator of your organisation can change it.",
    404: "There is nothing at this address that you can see.",
    405: "This address cannot be used that way.",
    413: "The file is too large. Send at most 20 MB at once, or send it in parts.",
    429: "There have been many attempts from here. Wait a minute, then try again.",
    500: "Something went wrong on our side. Nothing of what you sent was saved.",
    503: "The portal cannot save at the moment. Nothing was lost: try again in a minute.",
}


def register_pages(app: Flask, limiter: Limiter) -> None:
    """Add the blueprints, the shared context and the error pages."""
    for blueprint in blueprints():
        app.register_blueprint(blueprint)
    for endpoint, most in THROTTLED.items():
        throttled = limiter.limit(most)(app.view_functions[endpoint])
        app.view_functions[endpoint] = cast("RouteCallable", throttled)
    app.context_processor(_shared)
    app.register_error_handler(CSRFError, _signed_out)
    app.register_error_handler(SignedOut, _signed_out)
    app.register_error_handler(DomainError, _refused)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(IntegrityError, _changed_meanwhile)
    app.register_error_handler(StaleDataError, _changed_meanwhile)
    app.register_error_handler(OperationalError, _cannot_save)


def _shared() -> dict[str, Any]:
    """What the layout shows: who is signed in, where they can go, which clock this is."""
    person = viewer() if current_user and current_user.is_authenticated else None
    clock = None
    if current_app.config["DEMONSTRATION"]:
        clock = f"The clock is set to {say_datetime(now())}. Nothing here is real."
    return {
        "viewer": person,
        "navigation": navigation_for(person) if person and person.scope else [],
        "footer_links": [
            Link("Accessibility", url_for("statements.accessibility")),
            Link("Privacy", url_for("statements.privacy")),
            Link("Cookies", url_for("statements.cookies")),
        ],
        "demonstration_clock": clock,
        "unread_notices": _unread_notices,
        "usual_exit": DEFAULT_EXIT,
        "leaves_a_trace": way() is not None and leaves_a_trace(),
    }


def _unread_notices() -> int:
    """Asked by the layout alone, so that a fragment does not count them."""
    person = viewer()
    if person.scope is None:
        return 0
    return unread(db(), person.person_id, person.organisation_id)


def _answer(status: int, sentence: str) -> Response:
    response = render(
        "_kit/public_error.html" if way() else "_kit/error.html",
        status=status,
        heading=HEADINGS.get(status, HEADINGS[500]),
        sentence=sentence,
        what_next=None,
        unread_notices=None,  # the database may be what is wrong
    )
    response.status_code = status
    return response


def _refused(error: Exception) -> ResponseReturnValue:
    assert isinstance(error, DomainError)
    return _answer(error.status, error.sentence)


def _http_error(error: Exception) -> ResponseReturnValue:
    assert isinstance(error, HTTPException)
    if error.response is not None:
        return error
    status = error.code or 500
    return _answer(status, SENTENCES.get(status, error.description or SENTENCES[400]))


def _signed_out(error: Exception) -> ResponseReturnValue:
    """A form sent by htmx stays on the page, so what was typed in it can still be copied."""
    kept = "HX-Request" in request.headers
    then = "Copy what you typed, sign in" if kept else "Sign in"
    status = 400 if isinstance(error, CSRFError) else SignedOut.status
    return _answer(status, f"{SignedOut.sentence} {then} again and send it once more.")


def _changed_meanwhile(error: Exception) -> ResponseReturnValue:
    current_app.logger.warning(
        "refused by the database: %s", type(error.__cause__ or error).__name__
    )
    return _answer(
        409,
        "Somebody else saved something at the same moment, so this was not saved. "
        "Open the page again to see it as it is now.",
    )


def _cannot_save(error: Exception) -> ResponseReturnValue:
    current_app.logger.error("the database did not answer: %s", type(error.__cause__).__name__)
    close_session()
    return _answer(503, SENTENCES[503])
