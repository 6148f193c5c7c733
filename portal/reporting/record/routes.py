"""The record of who did what, for auditors and administrators."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, request, url_for
from flask.typing import ResponseReturnValue

from portal.audit.models import AuditEvent
from portal.audit.queries import (
    Wanted,
    chain_ends,
    counted,
    events,
    last_stated,
    whole_record,
)
from portal.identity.permissions import Permission
from portal.identity.queries import colleagues
from portal.identity.viewing import actor, viewer
from portal.kernel.access import Kind, mark_of, requires
from portal.kernel.clock import local_date, now
from portal.kernel.database import Database, scope_of
from portal.kernel.errors import NotFound
from portal.kernel.fragments import render
from portal.kernel.keyset import Page
from portal.kernel.session import database, db
from portal.kernel.tenancy import Scope
from portal.kernel.wording import say_date
from portal.reporting.record.actions import exported
from portal.reporting.record.forms import RecordFilters
from portal.reporting.record.sentences import say_details, say_event
from portal.reporting.record.tables import Linked, record_csv, record_xlsx

routes = Blueprint("audit", __name__, url_prefix="/audit")

PAGES = {
    "agreement": ("agreements.show", "agreement_id"),
    "budget": ("budgets.show", "budget_id"),
    "complaint": ("complaints.show", "complaint_id"),
    "shared-complaint": ("shared.show", "shared_id"),
    "invoice": ("invoicing.show", "invoice_id"),
    "mentor": ("mentors.show", "mentor_id"),
}
NOT_FILTERS = {"page", "kind", "csrf_token"}
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@routes.get("")
@requires(Permission.AUDIT_READ)
def index() -> ResponseReturnValue:
    """What happened to one's own things, the newest first."""
    form = RecordFilters(request.args)
    form.person.offer(colleagues(db(), viewer().organisation_id))
    page: Page[AuditEvent] = Page([], None, None)
    if form.validate():
        page = events(db(), viewer().organisation_id, form.wanted, cursor=request.args.get("page"))
    answer = render(
        "reporting/record/index.html",
        fragment="results",
        form=form,
        narrowed=any(field.data for field in form),
        page=page,
        state=_state(),
        kept=[pair for pair in request.args.items(multi=True) if pair[0] not in NOT_FILTERS],
        rows=[
            (one, say_event(one.event), say_details(one.details), _page_of(one))
            for one in page.rows
        ],
    )
    if form.errors:
        answer.status_code = 422
    return answer


@routes.post("/export")
@requires(Permission.AUDIT_READ)
def export() -> ResponseReturnValue:
    """Every event that the form's filters describe, as CSV or XLSX; that it was taken is recorded.

    CSV is sent as it is read, however long it is. Raises NotFound for another kind, and for
    filters that cannot be read.
    """
    kind = request.form.get("kind", "")
    form = RecordFilters(request.form)
    form.person.offer(colleagues(db(), viewer().organisation_id))
    if kind not in TYPES or not form.validate():
        raise NotFound
    person, at = viewer(), now()
    number = counted(db(), person.organisation_id, form.wanted, before=at)
    exported(db(), actor(), person.organisation_id, kind, events=number, at=at)
    found = _read(database(), scope_of(db()), person.organisation_id, form.wanted, before=at)
    content = record_csv(found) if kind == "csv" else record_xlsx(found)
    response = Response(content, content_type=TYPES[kind])
    name = f"record-{local_date(at).isoformat()}.{kind}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _read(
    opened: Database, scope: Scope, organisation_id: UUID, wanted: Wanted, *, before: datetime
) -> Iterator[Linked]:
    """The record, read in a session of its own that writes nothing and may take minutes."""
    with opened.session(scope) as reading:
        yield from whole_record(reading, organisation_id, wanted, before=before)


def _state() -> str:
    """How far the record is linked and stated, for the head of the page."""
    linked = next(iter(chain_ends(db())), None)
    stated = last_stated(db(), viewer().organisation_id)
    if linked is None:
        return "Nothing is linked yet."
    until = f"last statement {say_date(local_date(stated.at))}" if stated else "no statement yet"
    return f"Linked: record {linked.position:,} of {viewer().organisation_name}, {until}."


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
