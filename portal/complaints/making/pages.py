"""What every page of somebody without an account is given, and what keeps it from others."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for
from flask_wtf import FlaskForm

from portal.complaints.browser import remembered_draft
from portal.complaints.guidance import queries as guidance
from portal.complaints.guidance.queries import PublicCouncil
from portal.complaints.guidance.rules import ContactDetails, ContactKind
from portal.complaints.making import queries
from portal.complaints.making.asking import TITLES
from portal.complaints.making.sealing import Draft, WrongKey
from portal.complaints.making.steps import Step, step_before
from portal.complaints.models import UnsentComplaint
from portal.kernel.clock import now
from portal.kernel.database import enter
from portal.kernel.fragments import render
from portal.kernel.local_time import local_date
from portal.kernel.session import db
from portal.kernel.tenancy import Scope, Task

NOT_TYPED = frozenset({"csrf_token", "_nonce", "then"})


def council_at(slug: str) -> PublicCouncil:
    """The council at an address, as the public desk: whoever is signed in is anybody here.

    Raises NotFound.
    """
    enter(db(), Scope.system(Task.PUBLIC_DESK))
    return guidance.get_council(db(), slug)


def written(
    council: PublicCouncil, *, locked: bool = False
) -> tuple[UnsentComplaint, str, Draft] | None:
    """What this browser writes to this council, with its key; None when there is nothing."""
    remembered = remembered_draft()
    if remembered is None:
        return None
    unsent_id, key = remembered
    unsent = queries.unsent_complaint(db(), unsent_id, at=now(), locked=locked)
    if unsent is None:
        return None
    try:
        draft = Draft.open(unsent.sealed, key)
    except WrongKey:
        return None
    return (unsent, key, draft) if draft.council_id == council.id else None


def page(template: str, council: PublicCouncil, **context: Any) -> Response:
    """A page of a council's, on which somebody writes or reads."""
    return render(f"complaints/{template}.html", council=council, **context)


def question(council: PublicCouncil, step: Step, draft: Draft | None, form: FlaskForm) -> Response:
    """The page of one question."""
    before = step_before(draft.answers, step) if draft else None
    return page(
        f"making/{step.name.lower()}",
        council,
        form=form,
        title=TITLES[step],
        step=step,
        draft=draft,
        back=url_for("making.ask", council_slug=council.slug, question_name=before)
        if before
        else url_for("making.start", council_slug=council.slug),
    )


def gone(council: PublicCouncil) -> Response:
    """There is nothing to go on with; what was just typed is shown, so that it can be copied."""
    words = [value for name, value in request.form.items() if name not in NOT_TYPED and value]
    return page("making/gone", council, words=words)


def tell_nobody_where_from(response: Response) -> Response:
    """A page that somebody goes on to does not learn that they were here."""
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def helplines(council: PublicCouncil) -> list[ContactDetails]:
    """Whom to call now: who the council has for danger at any hour, then the helplines."""
    wanted = (ContactKind.SAFEGUARDING, ContactKind.HELPLINE)
    found = guidance.contacts(db(), council.id, local_date(now()))
    return [one for kind in wanted for one in found if one.shown and one.kind is kind]
