"""A file of sessions or nights: sent, shown as it would be saved, and then saved."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.delivery.upload import actions, queries
from portal.delivery.upload.forms import UploadForm
from portal.delivery.upload.preview import Preview, preview_nights, preview_sessions
from portal.delivery.upload.reading import LARGEST, MOST_ROWS, UnreadableFile, read_table
from portal.delivery.upload.rows import COLUMNS, Kind, NightsRow, Read, SessionRow, read_rows
from portal.delivery.upload.sealing import TooLongToSeal, seal, unseal
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, viewer
from portal.kernel.access import requires
from portal.kernel.clock import now
from portal.kernel.database import scope_of
from portal.kernel.documents.tables import csv_chunks
from portal.kernel.fragments import render
from portal.kernel.months import Month
from portal.kernel.sealing import signing_keys
from portal.kernel.session import database, db
from portal.kernel.wording import say_count

routes = Blueprint("upload", __name__, url_prefix="/upload")


@routes.get("")
@requires(Permission.DELIVERY_RECORD)
def show() -> ResponseReturnValue:
    """Ask for a file, and say what it must hold."""
    return _upload_page(UploadForm())


@routes.post("")
@requires(Permission.DELIVERY_RECORD)
def preview() -> ResponseReturnValue:
    """Show what the file would save. Nothing is saved, and no other writer waits for it."""
    at, scope = now(), scope_of(db())
    db().rollback()
    form = UploadForm()
    if not form.validate_on_submit():
        return _upload_page(form), 422
    try:
        read = read_rows(read_table(form.file.data.stream.read(LARGEST + 1)))
        with database().session(scope) as reading:
            shown, rows = _check(reading, read, at)
        sealed = _sealed(rows, read.kind)
    except (UnreadableFile, TooLongToSeal) as refusal:
        form.file.errors = [refusal.sentence]
        return _upload_page(form), 422
    return _preview_page(shown, sealed, read.unused)


@routes.post("/confirm")
@requires(Permission.DELIVERY_RECORD)
def confirm() -> ResponseReturnValue:
    """Save the rows of a preview, all or none; those recorded meanwhile are left out."""
    at = now()
    kind, rows = unseal(
        request.form.get("rows", ""),
        keys=signing_keys(),
        person_id=viewer().person_id,
        organisation_id=viewer().organisation_id,
    )
    shown = _save(rows, at)
    if shown.errors:
        return _preview_page(shown, _sealed(rows, kind), [], changed=True), 409
    if shown.sound:
        flash(f"{say_count(shown.sound, shown.noun)} saved.", "success")
    else:
        flash("Everything in this file was already recorded. Nothing new was saved.", "info")
    month = shown.months[-1] if shown.months else Month.of(at.date())
    return redirect(url_for("delivery.index", month=month.code), 303)


@routes.get("/template/<kind>.csv")
@requires(Permission.DELIVERY_RECORD)
def template(kind: str) -> ResponseReturnValue:
    """A file with the columns and one example row."""
    if kind not in {one.value for one in Kind}:
        abort(404)
    columns = COLUMNS[Kind(kind)]
    lines = csv_chunks([c.name for c in columns], [[c.example for c in columns]])
    return Response(
        b"".join(lines),
        mimetype="text/csv",
        headers={"Content-Disposition": f"attachment; filename={kind}.csv"},
    )


def _check(
    session: Session, read: Read, at: datetime
) -> tuple[Preview, list[SessionRow] | list[NightsRow]]:
    """What a file would save, and the rows to be saved."""
    provider_id = viewer().organisation_id
    if read.kind is Kind.SESSIONS:
        sessions = [row for row in read.rows if isinstance(row, SessionRow)]
        checked = queries.check_sessions(session, provider_id, sessions, at=at)
        return preview_sessions(checked, read.errors), [sound.row for sound in checked.sound]
    nights = [row for row in read.rows if isinstance(row, NightsRow)]
    held = queries.check_nights(session, provider_id, nights, at=at)
    return preview_nights(held, read.errors), [sound.row for sound in held.sound]


def _save(rows: list[SessionRow] | list[NightsRow], at: datetime) -> Preview:
    provider_id = viewer().organisation_id
    sessions = [row for row in rows if isinstance(row, SessionRow)]
    nights = [row for row in rows if isinstance(row, NightsRow)]
    if nights:
        return preview_nights(actions.save_nights(db(), actor(), provider_id, nights, at=at), [])
    return preview_sessions(actions.save_sessions(db(), actor(), provider_id, sessions, at=at), [])


def _sealed(rows: list[SessionRow] | list[NightsRow], kind: Kind) -> str:
    return seal(
        rows,
        kind,
        keys=signing_keys(),
        person_id=viewer().person_id,
        organisation_id=viewer().organisation_id,
    )


def _upload_page(form: UploadForm) -> Response:
    return render(
        "delivery/upload.html", form=form, columns=COLUMNS, kinds=list(Kind), most_rows=MOST_ROWS
    )


def _preview_page(
    shown: Preview, sealed: str, unused: list[str], *, changed: bool = False
) -> Response:
    return render(
        "delivery/preview.html", preview=shown, sealed=sealed, unused=unused, changed=changed
    )
