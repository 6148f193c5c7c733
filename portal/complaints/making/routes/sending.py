"""Coming back later, checking, sending once, and leaving."""

from __future__ import annotations

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from portal.complaints.browser import forget_draft, forget_everything
from portal.complaints.guidance import queries as guidance
from portal.complaints.making import actions, queries
from portal.complaints.making.asking import answered, next_open
from portal.complaints.making.pages import council_at, gone, helplines, page, written
from portal.complaints.making.routes.blueprint import WITHOUT_ACCOUNT, routes
from portal.complaints.making.steps import is_urgent
from portal.complaints.rules import Kind, answer_days
from portal.kernel.access import public_page
from portal.kernel.clock import now
from portal.kernel.local_time import local_date
from portal.kernel.session import db


@routes.get("/saved")
@public_page(WITHOUT_ACCOUNT)
def saved(council_slug: str) -> ResponseReturnValue:
    """The code and the four words with which somebody comes back."""
    council = council_at(council_slug)
    found = written(council)
    if found is None or not found[2].saved:
        return redirect(url_for(".start", council_slug=council_slug), 303)
    unsent, _key, draft = found
    return page(
        "making/saved",
        council,
        unsent=unsent,
        passphrase=draft.passphrase,
        kept_until=local_date(unsent.kept_until),
    )


@routes.get("/check")
@public_page(WITHOUT_ACCOUNT)
def check(council_slug: str) -> ResponseReturnValue:
    """All the answers, before they are sent."""
    council = council_at(council_slug)
    found = written(council)
    if found is None:
        return redirect(url_for(".start", council_slug=council_slug), 303)
    draft = found[2]
    if draft.sent:
        return redirect(url_for(".receipt", council_slug=council_slug), 303)
    providers = guidance.providers(db(), council.id)
    if (missing := next_open(draft, providers)) is not None:
        return redirect(url_for(".ask", council_slug=council_slug, question_name=missing), 303)
    return page(
        "making/check",
        council,
        rows=list(answered(draft, providers)),
        urgent=is_urgent(draft.answers),
    )


@routes.post("/send")
@public_page(WITHOUT_ACCOUNT)
def send(council_slug: str) -> ResponseReturnValue:
    """Send it, once however often the button is pressed."""
    council = council_at(council_slug)
    found = written(council, locked=True)
    if found is None:
        return gone(council), 422
    unsent, key, draft = found
    if not draft.sent:
        missing = next_open(draft, guidance.providers(db(), council.id))
        if missing is not None:
            return redirect(url_for(".ask", council_slug=council_slug, question_name=missing), 303)
        actions.send(db(), unsent, key, draft, at=now())
    return redirect(url_for(".receipt", council_slug=council_slug), 303)


@routes.get("/sent")
@public_page(WITHOUT_ACCOUNT)
def receipt(council_slug: str) -> ResponseReturnValue:
    """The code and the four words, and when there will be an answer."""
    council = council_at(council_slug)
    found = written(council)
    if found is None or not found[2].sent:
        return redirect(url_for(".start", council_slug=council_slug), 303)
    complaint = queries.sent_complaint(db(), found[0].id)
    assert complaint is not None
    return page(
        "making/receipt",
        council,
        complaint=complaint,
        passphrase=found[2].passphrase,
        days=None if complaint.kind is Kind.COMPLIMENT else answer_days(complaint.received_on),
        contacts=helplines(council) if complaint.urgent else [],
    )


@routes.post("/finish")
@public_page(WITHOUT_ACCOUNT)
def finish(council_slug: str) -> ResponseReturnValue:
    """The code and the words are written down: this browser shows them no more."""
    council = council_at(council_slug)
    found = written(council, locked=True)
    if found is not None and found[2].sent:
        actions.remove(db(), found[0], at=now())
    forget_draft()
    return redirect(url_for("guidance.council", council_slug=council_slug), 303)


@routes.get("/leave")
@public_page(WITHOUT_ACCOUNT)
def leave(council_slug: str) -> ResponseReturnValue:
    """Make this browser forget, and go where "Exit this page" leads."""
    address = council_at(council_slug).exit_address
    forget_everything()
    return redirect(address, 303)
