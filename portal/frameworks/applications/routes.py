"""A provider's applications: the list, beginning one, its task list."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.frameworks.applications import completeness, queries, rules, tasks
from portal.frameworks.applications.answering import routes as answering
from portal.frameworks.applications.pricing import routes as pricing
from portal.frameworks.applications.starting import actions
from portal.frameworks.applications.starting import queries as starting
from portal.frameworks.applications.starting.forms import StartForm
from portal.frameworks.applications.submitting import routes as submitting
from portal.frameworks.applications.viewing import own_draft
from portal.frameworks.rounds.models import Round
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, viewer
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("applications", __name__, url_prefix="/applications")
routes.register_blueprint(answering.routes)
routes.register_blueprint(pricing.routes)
routes.register_blueprint(submitting.routes)


@routes.get("")
@requires(Permission.APPLICATION_MAKE)
def index() -> ResponseReturnValue:
    """What one's organisation has applied for, the round that closes last first."""
    page = queries.applications_of(
        db(), viewer().organisation_id, at=now(), cursor=request.args.get("page")
    )
    return render("frameworks/applications/index.html", page=page, words=rules.STANDING_WORDS)


@routes.get("/rounds/<uuid:opportunity_id>")
@requires(Permission.APPLICATION_MAKE)
def begin(opportunity_id: UUID) -> ResponseReturnValue:
    """What applying will take; one that is begun already goes on where it was left."""
    round_ = starting.get_round(db(), opportunity_id)
    there = queries.application_to(db(), viewer().organisation_id, opportunity_id)
    if there is not None:
        return redirect(url_for(".show", application_id=there.id), 303)
    return _begin_page(round_, StartForm(data={"lend": "yes"}))


@routes.post("/rounds/<uuid:opportunity_id>")
@requires(Permission.APPLICATION_MAKE)
def start(opportunity_id: UUID) -> ResponseReturnValue:
    """Begin, with or without what was said before."""
    round_ = starting.get_round(db(), opportunity_id)
    earlier = starting.earlier_application(db(), viewer().organisation_id, round_)
    form = StartForm()
    if earlier is not None and not form.validate_on_submit():
        return _begin_page(round_, form), 422
    lent_by = earlier if form.lend.data == "yes" else None
    application = actions.start(db(), actor(), round_, lent_by=lent_by, at=now())
    return redirect(url_for(".show", application_id=application.id), 303)


@routes.get("/<uuid:application_id>")
@requires(Permission.APPLICATION_MAKE)
def show(application_id: UUID) -> ResponseReturnValue:
    """The task list: what is done, what is missing, until when."""
    draft, at = own_draft(application_id), now()
    missing = completeness.missing(draft, local_date(at))
    days_left = (local_date(draft.until) - local_date(at)).days
    return render(
        "frameworks/applications/show.html",
        draft=draft,
        standing=draft.standing(at),
        words=rules.STANDING_WORDS,
        writable=draft.is_writable(at),
        until=draft.until,
        days_left=days_left,
        closes_in=rules.say_left(days_left),
        at=at,
        missing=tasks.to_do(draft, missing),
        bidding=tasks.bidding_tasks(draft, missing),
        questions=tasks.question_tasks(draft, missing),
        evidence=tasks.evidence_task(draft, missing),
        submissions=queries.submissions(db(), application_id),
        notices=starting.notices_of(db(), draft.round.id),
    )


def _begin_page(round_: Round, form: StartForm) -> Response:
    own, at = viewer().organisation_id, now()
    return render(
        "frameworks/applications/begin.html",
        form=form,
        opening=starting.opening(db(), round_),
        earlier=starting.earlier_application(db(), own, round_),
        open_=queries.may_begin(db(), own, round_, at=at),
        early=at < round_.opens_at,
    )
