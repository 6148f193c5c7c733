"""The complaints manager's pages: the queue, a case, each step of it, its letters and files."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.complaints.alerts.queries import taken
from portal.complaints.handling import presenting, queries
from portal.complaints.handling.actions.case import complaint_subject
from portal.complaints.handling.actions.taking_out import letter_taken
from portal.complaints.handling.forms.case import QueueFilters, StepForm
from portal.complaints.handling.letters import letter_pdf
from portal.complaints.handling.queries import Asked, Whole
from portal.complaints.handling.rules import OUTCOME_NAMES, STAGE_NAMES
from portal.complaints.handling.steps import GROUPS, STEPS, StepPage, first_step
from portal.complaints.handling.words import reading_hint
from portal.complaints.learning.queries import learned_from, reports_of
from portal.complaints.rules import State, Track
from portal.complaints.sharing.queries import provider_name, shared_of
from portal.identity.looking import shows_identity
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, can, viewer
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.errors import DomainError, NotFound, Stale
from portal.kernel.files import answer_with
from portal.kernel.fragments import render
from portal.kernel.reading_age import reading_age
from portal.kernel.session import db

CHANGED = (
    "Somebody else changed this complaint while your page was open. Look at it, then send this "
    "once more"
)
routes = Blueprint("complaints", __name__, url_prefix="/complaints")


@routes.get("")
@requires(Permission.COMPLAINT_READ)
def index() -> ResponseReturnValue:
    """The council's complaints, what is due first first."""
    today = local_date(now())
    form = QueueFilters(request.args)
    page = queries.queue(
        db(),
        viewer().organisation_id,
        _asked(form, today),
        today=today,
        cursor=request.args.get("page"),
    )
    return render(
        "complaints/handling/index.html",
        fragment="results",
        filters=form,
        narrowed=any(field.chosen for field in form),
        page=page,
        counts=queries.counts(db(), viewer().organisation_id, today),
        rows=[(row, presenting.due_tag(row, today)) for row in page.rows],
        kinds=presenting.KIND_NAMES,
        states=presenting.STATE_TAGS,
        stages=STAGE_NAMES,
        enters=can(Permission.COMPLAINT_HANDLE),
    )


def _asked(form: QueueFilters, today: date) -> Asked:
    state = form.state.chosen
    return Asked(
        state=State(state) if state and state != "every" else None,
        every_state=state == "every",
        track=Track(form.track.chosen) if form.track.chosen else None,
        stage=int(form.stage.chosen) if form.stage.chosen else None,
        due=form.due.chosen,
        since=today - timedelta(days=int(form.new.chosen)) if form.new.chosen else None,
    )


@routes.get("/<uuid:complaint_id>")
@requires(Permission.COMPLAINT_READ)
def show(complaint_id: UUID) -> ResponseReturnValue:
    """One complaint: what came, its clocks, what can be done, and all that was done."""
    whole, today = _whole(complaint_id), local_date(now())
    complaint = whole.complaint
    handles = can(Permission.COMPLAINT_HANDLE)
    if complaint.tells_who:
        shows_identity(complaint_subject(complaint), reason="reads the case of this complaint")
    steps = [(slug, step) for slug, step in STEPS.items() if step.offered(whole)] if handles else []
    return render(
        "complaints/handling/show.html",
        whole=whole,
        complaint=complaint,
        kind=presenting.KIND_NAMES[complaint.kind],
        state=presenting.STATE_TAGS[complaint.state],
        stage=presenting.stage_title(whole),
        alert=(complaint.urgent, taken(db(), complaint_id)),
        clocks=[presenting.clock_shown(clock, today) for clock in whole.clocks],
        facts=presenting.facts(whole, provider_name(db(), complaint.provider_id)),
        groups=[(group, [s for s in steps if s[1].group == group]) for group in GROUPS],
        first=first_step(whole) if handles else None,
        names={slug: step.title for slug, step in steps},
        outcomes=OUTCOME_NAMES,
        people=presenting.people_rows(whole.people),
        history=presenting.history(whole),
        files=queries.files_of(db(), complaint_id),
        shared=shared_of(db(), complaint_id),
        learned=learned_from(db(), complaint_id),
        reports=reports_of(db(), complaint_id),
        handles=handles,
    )


@routes.get("/<uuid:complaint_id>/do/<step>")
@requires(Permission.COMPLAINT_HANDLE)
def step_form(complaint_id: UUID, step: str) -> ResponseReturnValue:
    """Ask what one step needs."""
    whole, page = _whole(complaint_id), _step(step)
    if not page.offered(whole):
        return redirect(url_for(".show", complaint_id=complaint_id), 303)
    form = _form(page, whole)
    form.version.data = str(whole.complaint.version)
    return _ask(page, whole, form)


@routes.post("/<uuid:complaint_id>/do/<step>")
@requires(Permission.COMPLAINT_HANDLE)
def take_step(complaint_id: UUID, step: str) -> ResponseReturnValue:
    """Take one step, or show what to change; a stale form keeps what was typed."""
    whole, page = _whole(complaint_id), _step(step)
    form = _form(page, whole)
    if "check" in request.form:
        return _ask(page, whole, form, hint=_reads(page, form))
    if not form.validate_on_submit():
        return _ask(page, whole, form, hint=_reads(page, form)), 422
    try:
        page.action(db(), actor(), complaint_id, **form.said, version=form.opened_on, at=now())
    except NotFound:
        raise
    except Stale:
        form.version.data = str(whole.complaint.version)
        form.version.raw_data = None
        form.form_errors.append(CHANGED)
        return _ask(page, whole, form), 409
    except DomainError as refused:
        db().rollback()
        form.form_errors.append(refused.sentence)
        return _ask(page, _whole(complaint_id), form), refused.status
    flash(page.done, "success")
    return redirect(url_for(".show", complaint_id=complaint_id), 303)


@routes.get("/<uuid:complaint_id>/files/<uuid:attachment_id>")
@requires(Permission.COMPLAINT_READ)
def file(complaint_id: UUID, attachment_id: UUID) -> ResponseReturnValue:
    """A file that came with a complaint, as a download."""
    whole = _whole(complaint_id)
    stored = next(
        (
            stored
            for attachment, stored in queries.files_of(db(), whole.complaint.id)
            if attachment.id == attachment_id
        ),
        None,
    )
    return answer_with(stored)


@routes.post("/<uuid:complaint_id>/letters/<uuid:message_id>/download")
@requires(Permission.COMPLAINT_HANDLE)
def download(complaint_id: UUID, message_id: UUID) -> ResponseReturnValue:
    """One message to whoever complained as a letter, in PDF; that it was taken is recorded."""
    complaint, message = queries.letter_of(db(), complaint_id, message_id)
    content = letter_pdf(viewer().organisation_name, complaint, message)
    letter_taken(db(), actor(), complaint, at=now())
    answer = Response(content, mimetype="application/pdf")
    answer.headers.set(
        "Content-Disposition", "attachment", filename=f"letter-{complaint.reference}.pdf"
    )
    return answer


def _whole(complaint_id: UUID) -> Whole:
    return queries.whole_of(db(), complaint_id, viewer().organisation_id)


def _step(step: str) -> StepPage:
    if step not in STEPS:
        abort(404)
    return STEPS[step]


def _form(page: StepPage, whole: Whole) -> StepForm:
    form = page.form()
    form.offer(whole)
    page.prepare(db(), whole, form, local_date(now()))
    return form


def _reads(page: StepPage, form: StepForm) -> str | None:
    if not page.writes or not form[page.writes].data:
        return None
    return reading_hint(reading_age(form[page.writes].data))


def _ask(page: StepPage, whole: Whole, form: StepForm, *, hint: str | None = None) -> Response:
    return render(
        "complaints/handling/step.html",
        page=page,
        form=form,
        complaint=whole.complaint,
        stage=presenting.stage_title(whole),
        clocks=[
            shown
            for clock in whole.clocks
            if (shown := presenting.clock_shown(clock, local_date(now()))).running
        ],
        reading=hint,
    )
