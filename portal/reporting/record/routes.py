"""The record of who did what, for auditors and administrators."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, request, url_for
from flask.typing import ResponseReturnValue

from portal.audit.models import AuditEvent
from portal.audit.queries import events
from portal.identity.queries import colleagues
from portal.identity.rules import Permission
from portal.identity.viewing import viewer
from portal.kernel.access import Kind, mark_of, requires
from portal.kernel.fragments import render
from portal.kernel.keyset import Page
from portal.kernel.session import db
from portal.reporting.record.forms import RecordFilters
from portal.reporting.record.sentences import say_details, say_event

routes = Blueprint("audit", __name__, url_prefix="/audit")

PAGES = {
    "agreement": ("agreements.show", "agreement_id"),
    "budget": ("budgets.show", "budget_id"),
    "invoice": ("invoicing.show", "invoice_id"),
    "mentor": ("mentors.show", "mentor_id"),
}


@routes.get("")
@requires(Permission.AUDIT_READ)
def index() -> ResponseReturnValue:
    """What happened to one's own things, the newest first."""
    form = RecordFilters(request.args)
    form.person.offer(colleagues(db(), viewer().organisation_id))
    page: Page[AuditEvent] = Page([], None, None)
    if form.validate():
        page = events(
            db(),
            viewer().organisation_id,
            person_id=form.person.chosen_id,
            group=form.group.chosen,
            subject_id=form.thing_id,
            first=form.first.data,
            last=form.last.data,
            cursor=request.args.get("page"),
        )
    answer = render(
        "reporting/record/index.html",
        fragment="results",
        form=form,
        narrowed=any(field.data for field in form),
        page=page,
        rows=[
            (one, say_event(one.event), say_details(one.details), _page_of(one))
            for one in page.rows
        ],
    )
    if form.errors:
        answer.status_code = 422
    return answer


def _page_of(event: AuditEvent) -> str | None:
    """The page of the thing, where there is one that the viewer may open."""
    endpoint, name = PAGES.get(event.subject_kind, ("", ""))
    if event.subject_id is None or endpoint not in current_app.view_functions:
        return None
    mark = mark_of(current_app, endpoint)
    if mark is None or mark.kind is not Kind.PERMISSION or mark.permission is None:
        return None
    if not viewer().can(mark.permission):
        return None
    values: dict[str, Any] = {name: event.subject_id}
    return url_for(endpoint, **values)
