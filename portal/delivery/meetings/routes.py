"""Meetings between a council and a provider."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from portal.delivery.meetings import actions, queries
from portal.delivery.meetings.forms import ActionForm, MeetingForm
from portal.delivery.meetings.models import Meeting
from portal.delivery.meetings.rules import HOW_OFTEN, MEETING_NAMES, Side, WrongMeeting
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, can, viewer
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.errors import Stale
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("meetings", __name__, url_prefix="/meetings")


@routes.get("")
@requires(Permission.MEETING_READ)
def index() -> ResponseReturnValue:
    """Which meetings this term and this year ask for, and those that were held."""
    today = local_date(now())
    return render(
        "delivery/meetings/index.html",
        due=queries.due(db(), queries.pairs(db(), today), today),
        page=queries.meetings(db(), viewer().organisation_id, cursor=request.args.get("page")),
        names=MEETING_NAMES,
        how_often=HOW_OFTEN,
        council=viewer().is_council,
        today=today,
        may_keep=can(Permission.MEETING_KEEP),
    )


@routes.get("/add")
@requires(Permission.MEETING_KEEP)
def add_form() -> ResponseReturnValue:
    """Ask for a meeting; the address may say with whom and of which kind."""
    form = MeetingForm(
        formdata=None, party=request.args.get("party"), kind=request.args.get("kind")
    )
    return _ask(form, None)


@routes.post("/add")
@requires(Permission.MEETING_KEEP)
def add() -> ResponseReturnValue:
    """Keep it, or show what to change."""
    form = MeetingForm()
    pairs = _offer(form)
    if not form.validate_on_submit():
        return _ask(form, None), 422
    try:
        meeting = actions.keep_meeting(
            db(), actor(), pairs[form.party.data], form.minutes, at=now()
        )
    except WrongMeeting as wrong:
        form[wrong.field].errors = [wrong.sentence]
        return _ask(form, None), 422
    return redirect(url_for(".show", meeting_id=meeting.id), 303)


@routes.get("/<uuid:meeting_id>")
@requires(Permission.MEETING_READ)
def show(meeting_id: UUID) -> ResponseReturnValue:
    """A meeting: its notes, and what follows from it."""
    return _show_page(queries.get_meeting(db(), meeting_id), None)


@routes.get("/<uuid:meeting_id>/edit")
@requires(Permission.MEETING_KEEP)
def edit(meeting_id: UUID) -> ResponseReturnValue:
    """A meeting in its form."""
    meeting = queries.get_meeting(db(), meeting_id)
    form = MeetingForm(
        formdata=None,
        kind=meeting.kind.value,
        held_on=meeting.held_on,
        present=meeting.present,
        notes=meeting.notes,
        version=str(meeting.version),
    )
    del form.party
    return _ask(form, meeting)


@routes.post("/<uuid:meeting_id>/edit")
@requires(Permission.MEETING_KEEP)
def change(meeting_id: UUID) -> ResponseReturnValue:
    """Change it, or write its notes; a stale form keeps what was typed."""
    meeting = queries.get_meeting(db(), meeting_id)
    form = MeetingForm()
    del form.party
    if not form.validate_on_submit():
        return _ask(form, meeting), 422
    try:
        actions.change_meeting(
            db(), actor(), meeting, form.minutes, version=form.opened_on, at=now()
        )
    except WrongMeeting as wrong:
        form[wrong.field].errors = [wrong.sentence]
        return _ask(form, meeting), 422
    except Stale:
        form.version.data, form.version.raw_data = str(meeting.version), None
        return _ask(form, meeting, stale=True), 409
    return redirect(url_for(".show", meeting_id=meeting_id), 303)


@routes.post("/<uuid:meeting_id>/actions")
@requires(Permission.MEETING_KEEP)
def add_action(meeting_id: UUID) -> ResponseReturnValue:
    """Note what one side does, or show what to change."""
    meeting = queries.get_meeting(db(), meeting_id)
    form = _action_form(meeting)
    if not form.validate_on_submit():
        return _show_page(meeting, form), 422
    assert form.due_on.data is not None
    actions.add_action(
        db(),
        actor(),
        meeting,
        words=form.words.data or "",
        side=Side(form.side.data),
        due_on=form.due_on.data,
        at=now(),
    )
    flash("Added.", "success")
    return redirect(url_for(".show", meeting_id=meeting_id), 303)


@routes.post("/<uuid:meeting_id>/actions/<uuid:todo_id>/done")
@requires(Permission.MEETING_KEEP)
def finish_action(meeting_id: UUID, todo_id: UUID) -> ResponseReturnValue:
    """Say that something is done."""
    meeting = queries.get_meeting(db(), meeting_id)
    actions.finish_action(db(), actor(), meeting, queries.get_action(meeting, todo_id), at=now())
    return redirect(url_for(".show", meeting_id=meeting_id), 303)


def _offer(form: MeetingForm) -> dict[str, queries.Pair]:
    """Let everybody be chosen whom the organisation works with today, by their codes."""
    council = viewer().is_council
    found = {pair.code(council=council): pair for pair in queries.pairs(db(), local_date(now()))}
    form.party.choices = [
        SelectChoice("", "Choose"),
        *(
            SelectChoice(code, f"{pair.other(council=council)}, {pair.framework}")
            for code, pair in found.items()
        ),
    ]
    return found


def _ask(form: MeetingForm, meeting: Meeting | None, *, stale: bool = False) -> Response:
    if meeting is None:
        _offer(form)
    return render("delivery/meetings/edit.html", form=form, meeting=meeting, stale=stale)


def _action_form(meeting: Meeting, **options: None) -> ActionForm:
    form = ActionForm(**options)
    form.offer(meeting.council.name, meeting.provider.name)
    return form


def _show_page(meeting: Meeting, form: ActionForm | None) -> Response:
    keeps = can(Permission.MEETING_KEEP)
    return render(
        "delivery/meetings/show.html",
        meeting=meeting,
        name=MEETING_NAMES[meeting.kind],
        today=local_date(now()),
        form=(form or _action_form(meeting, formdata=None)) if keeps else None,
    )
