"""The public pages for young people, read without an account.

They are sent with no-store, since a phone may be shared and its "Back" must show nothing. They set
no cookie, and portal.kernel.reading sends no referrer when somebody follows a link away.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from portal.complaints.guidance import queries
from portal.complaints.guidance.queries import PublicCouncil
from portal.complaints.guidance.rules import ContactDetails, ContactKind, stages
from portal.kernel.access import public_page
from portal.kernel.clock import local_date, now
from portal.kernel.database import enter
from portal.kernel.fragments import render
from portal.kernel.session import db
from portal.kernel.tenancy import Scope, Task

routes = Blueprint("guidance", __name__, url_prefix="/young-people")

SHOWN_AT_ONCE = 20


@routes.before_request
def work_at_the_public_desk() -> None:
    """Whoever is signed in reads what everybody reads."""
    enter(db(), Scope.system(Task.PUBLIC_DESK))


@routes.get("")
@public_page("young people choose their council without an account")
def index() -> ResponseReturnValue:
    """Choose a council; a few are listed, more are searched by name."""
    words = request.args.get("name", "")
    found = queries.councils(db(), words)
    return render(
        "complaints/guidance/index.html",
        words=words,
        councils=found[:SHOWN_AT_ONCE],
        more=len(found) > SHOWN_AT_ONCE,
    )


@routes.get("/<council_slug>")
@public_page("young people read how to complain without an account")
def council(council_slug: str) -> ResponseReturnValue:
    """A council's home for young people."""
    return _page("council", queries.get_council(db(), council_slug))


@routes.get("/<council_slug>/before-you-start")
@public_page("young people learn to leave the page before they need to")
def before_you_start(council_slug: str) -> ResponseReturnValue:
    """What "Exit this page" does and what it does not."""
    return _page("before_you_start", queries.get_council(db(), council_slug))


@routes.get("/<council_slug>/who-can-help")
@public_page("young people find somebody to call without an account")
def help_now(council_slug: str) -> ResponseReturnValue:
    """Everybody who can be asked, and what for."""
    return _page("help_now", queries.get_council(db(), council_slug))


@routes.get("/<council_slug>/what-happens-next")
@public_page("young people read what happens and when without an account")
def what_happens(council_slug: str) -> ResponseReturnValue:
    """The stages, with the days that they would have if somebody wrote today."""
    own = queries.get_council(db(), council_slug)
    return _page(
        "what_happens",
        own,
        procedure=queries.current_procedure(db(), own.id, _today()),
    )


@routes.get("/<council_slug>/easy-read")
@public_page("young people read how to complain in pictures and short words")
def easy_read(council_slug: str) -> ResponseReturnValue:
    """The same with one idea and one picture at a time."""
    return _page("easy_read", queries.get_council(db(), council_slug))


@routes.get("/<council_slug>/who-works-with-you")
@public_page("young people find the service that they complain about")
def providers(council_slug: str) -> ResponseReturnValue:
    """The providers that work for the council."""
    own = queries.get_council(db(), council_slug)
    words = request.args.get("name", "")
    found = queries.providers(db(), own.id, words)
    return _page(
        "providers",
        own,
        words=words,
        providers=found[:SHOWN_AT_ONCE],
        more=len(found) > SHOWN_AT_ONCE,
    )


@routes.get("/<council_slug>/<provider_slug>")
@public_page("young people read a provider's own procedure without an account")
def provider(council_slug: str, provider_slug: str) -> ResponseReturnValue:
    """A provider's own procedure, and everybody else who can be asked about it."""
    own = queries.get_council(db(), council_slug)
    found = queries.get_provider(db(), own.id, provider_slug)
    return _page(
        "provider",
        own,
        provider=found,
        procedure=queries.current_procedure(db(), found.id, _today()),
    )


def _page(name: str, own: PublicCouncil, **context: Any) -> Response:
    contacts = [one for one in queries.contacts(db(), own.id, _today()) if one.shown]
    return render(
        f"complaints/guidance/{name}.html",
        council=own,
        contacts=contacts,
        first=_first(contacts),
        kinds=ContactKind,
        dates=stages(_today()),
        **context,
    )


def _first(contacts: list[ContactDetails]) -> dict[ContactKind, ContactDetails]:
    """The first of each kind: the council's own before the national ones."""
    return {one.kind: one for one in reversed(contacts)}


def _today() -> date:
    return local_date(now())
