"""A provider's side: what councils share with it, its answers, and its own log."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.complaints.handling.rules import OUTCOME_NAMES
from portal.complaints.sharing import actions, queries
from portal.complaints.sharing.forms import AnswerForm, OutcomeForm, OwnForm
from portal.complaints.sharing.models import OwnComplaint, SharedComplaint
from portal.complaints.sharing.rules import CATEGORY_NAMES
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, viewer
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.errors import Stale
from portal.kernel.files import answer_with
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("shared", __name__, url_prefix="/shared-complaints")
CHANGED = "Somebody else changed this while your page was open. Check it, then send it again"


@routes.get("")
@requires(Permission.SHARED_COMPLAINT_ANSWER)
def index() -> ResponseReturnValue:
    """What councils share with this provider, and its own log."""
    provider_id, today = viewer().organisation_id, local_date(now())
    page = queries.shared_with(db(), provider_id, cursor=request.args.get("page"))
    return render("complaints/sharing/index.html", page=page, today=today)


@routes.get("/<uuid:shared_id>")
@requires(Permission.SHARED_COMPLAINT_ANSWER)
def show(shared_id: UUID) -> ResponseReturnValue:
    """One complaint as far as it is shared."""
    shared = queries.get_shared(db(), shared_id, viewer().organisation_id)
    return _shown(shared, AnswerForm(version=str(shared.version)))


@routes.post("/<uuid:shared_id>")
@requires(Permission.SHARED_COMPLAINT_ANSWER)
def answer(shared_id: UUID) -> ResponseReturnValue:
    """Answer the council, once."""
    shared = queries.get_shared(db(), shared_id, viewer().organisation_id)
    form = AnswerForm()
    if not form.validate_on_submit():
        return _shown(shared, form), 422
    try:
        actions.answer_shared(
            db(),
            actor(),
            shared_id,
            answer=form.answer.data or "",
            learning=form.learning.data or "",
            version=_version(form.version.data),
            at=now(),
        )
    except Stale:
        form.version.data, form.version.raw_data = str(shared.version), None
        form.form_errors.append(CHANGED)
        return _shown(shared, form), 409
    flash("Your answer is with the council.", "success")
    return redirect(url_for(".show", shared_id=shared_id), 303)


@routes.get("/<uuid:shared_id>/files/<uuid:shared_file_id>")
@requires(Permission.SHARED_COMPLAINT_ANSWER)
def file(shared_id: UUID, shared_file_id: UUID) -> ResponseReturnValue:
    """A file that was shared, under a name that says nothing of who sent it."""
    shared = queries.get_shared(db(), shared_id, viewer().organisation_id)
    answered = answer_with(queries.stored_file(db(), shared.id, shared_file_id))
    label = next(one.label for one in shared.files if one.id == shared_file_id)
    answered.headers.set("Content-Disposition", "attachment", filename=label)
    return answered


@routes.post("/<uuid:shared_id>/take-back")
@requires(Permission.COMPLAINT_HANDLE)
def take_back(shared_id: UUID) -> ResponseReturnValue:
    """The council hides it from the provider again."""
    version = _version(request.form.get("version"))
    shared = actions.take_back(db(), actor(), shared_id, version=version, at=now())
    flash("The provider no longer sees it.", "success")
    return redirect(url_for("complaints.show", complaint_id=shared.complaint_id), 303)


@routes.get("/log")
@requires(Permission.OWN_COMPLAINT_KEEP)
def log() -> ResponseReturnValue:
    """The complaints that came to this provider itself."""
    page = queries.own_log(db(), viewer().organisation_id, cursor=request.args.get("page"))
    return render(
        "complaints/sharing/log.html",
        page=page,
        today=local_date(now()),
        categories=CATEGORY_NAMES,
        outcomes=OUTCOME_NAMES,
    )


@routes.get("/log/new")
@requires(Permission.OWN_COMPLAINT_KEEP)
def new() -> ResponseReturnValue:
    """Ask for a complaint that came to the provider."""
    return render("complaints/sharing/new.html", form=_own_form())


@routes.post("/log/new")
@requires(Permission.OWN_COMPLAINT_KEEP)
def add() -> ResponseReturnValue:
    """Add it to the log; a council named is told."""
    form = _own_form()
    if form.validate_on_submit():
        try:
            actions.log_own(db(), actor(), **form.said, at=now())
        except actions.NotNow as refused:
            form.form_errors.append(refused.sentence)
        else:
            flash("It is in your log.", "success")
            return redirect(url_for(".log"), 303)
    return render("complaints/sharing/new.html", form=form), 422


@routes.get("/log/<uuid:own_id>")
@requires(Permission.OWN_COMPLAINT_KEEP)
def own(own_id: UUID) -> ResponseReturnValue:
    """One entry of the log, and what came of it."""
    entry = queries.get_own(db(), own_id, viewer().organisation_id)
    form = OutcomeForm(
        version=str(entry.version),
        answered_on=entry.answered_on,
        looked_into_by=entry.looked_into_by,
        outcome=entry.outcome.value if entry.outcome else None,
        action=entry.action,
        learning=entry.learning,
    )
    return _own_shown(entry, form)


@routes.post("/log/<uuid:own_id>")
@requires(Permission.OWN_COMPLAINT_KEEP)
def finish(own_id: UUID) -> ResponseReturnValue:
    """Save what came of it."""
    entry = queries.get_own(db(), own_id, viewer().organisation_id)
    form = OutcomeForm()
    if not form.validate_on_submit():
        return _own_shown(entry, form), 422
    try:
        version = _version(form.version.data)
        actions.finish_own(db(), actor(), own_id, **form.said, version=version, at=now())
    except actions.NotNow as refused:
        form.form_errors.append(refused.sentence)
        return _own_shown(entry, form), 422
    except Stale:
        form.version.data, form.version.raw_data = str(entry.version), None
        form.form_errors.append(CHANGED)
        return _own_shown(entry, form), 409
    flash("Your log is up to date.", "success")
    return redirect(url_for(".log"), 303)


def _shown(shared: SharedComplaint, form: AnswerForm) -> Response:
    return render("complaints/sharing/show.html", shared=shared, form=form, today=local_date(now()))


def _own_form() -> OwnForm:
    form = OwnForm()
    form.offer(queries.councils_of(db(), viewer().organisation_id))
    return form


def _own_shown(entry: OwnComplaint, form: OutcomeForm) -> Response:
    return render(
        "complaints/sharing/own.html",
        entry=entry,
        category=CATEGORY_NAMES[entry.category],
        form=form,
    )


def _version(text: str | None) -> int:
    """The version a form was opened on; -1, which is none, for anything but a number."""
    return int(text) if text and text.isdecimal() and len(text) < 10 else -1
