"""Rounds: the list, the page of one, making and announcing it, telling everybody, cancelling."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.frameworks.leading import led
from portal.frameworks.queries import framework_choices, get_framework
from portal.frameworks.rounds import actions, queries, telling
from portal.frameworks.rounds.forms import (
    AnnounceForm,
    CancelForm,
    NoticeForm,
    RoundFilters,
    RoundForm,
    filled_in,
)
from portal.frameworks.rounds.models import Round
from portal.frameworks.rounds.opportunities.forms import OpportunityFilters
from portal.frameworks.rounds.presenting import council_page, list_page, provider_page, state_tag
from portal.frameworks.rounds.rules import Step, require
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, can, viewer
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.errors import NotFound, Stale
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("rounds", __name__)


@routes.get("/rounds")
@requires(Permission.ROUND_READ)
def index() -> ResponseReturnValue:
    """A council's rounds; a provider is shown what it can apply for, as everybody is."""
    at, cursor = now(), request.args.get("page")
    if not viewer().is_council:
        found = list_page(
            db(), OpportunityFilters(request.args), "rounds.show", cursor=cursor, at=at
        )
        return render("frameworks/rounds/opportunities/index.html", fragment="results", **found)
    form = RoundFilters(request.args)
    form.framework.offer(framework_choices(db()))
    page = queries.rounds_of(
        db(),
        viewer().organisation_id,
        states=form.states,
        framework_id=form.framework.chosen_id,
        at=at,
        cursor=cursor,
    )
    return render(
        "frameworks/rounds/index.html",
        fragment="results",
        filters=form,
        page=page,
        rows=[(round_, state_tag(round_, at)) for round_ in page.rows],
        reopenings=queries.reopenings(db(), viewer().organisation_id),
        today=local_date(at),
    )


@routes.get("/rounds/<uuid:round_id>")
@requires(Permission.ROUND_READ)
def show(round_id: UUID) -> ResponseReturnValue:
    """A round as the framework's councils see it, or as somebody who may apply does."""
    round_ = queries.get_round(db(), round_id)
    if not viewer().is_council:
        return render(
            "frameworks/rounds/for_providers.html",
            **provider_page(db(), round_, viewer().organisation_id, at=now()),
        )
    if viewer().organisation_id not in {one.council_id for one in round_.framework.councils}:
        raise NotFound
    leads = round_.lead_council_id == viewer().organisation_id
    return render(
        "frameworks/rounds/show.html",
        **council_page(db(), round_, at=now()),
        may_run=leads and can(Permission.ROUND_RUN),
        may_open=can(Permission.ROUND_OPEN),
        may_compare=can(Permission.PROVIDER_READ),
    )


@routes.get("/frameworks/<uuid:framework_id>/rounds/new")
@requires(Permission.ROUND_RUN)
def new(framework_id: UUID) -> ResponseReturnValue:
    """Ask what the round is to be."""
    return _ask_new(RoundForm(), framework_id)


@routes.post("/frameworks/<uuid:framework_id>/rounds/new")
@requires(Permission.ROUND_RUN)
def make(framework_id: UUID) -> ResponseReturnValue:
    """Make it as a draft."""
    form = RoundForm()
    form.offer(get_framework(db(), framework_id))
    if not form.validate_on_submit() or (plan := form.plan()) is None:
        return _ask_new(form, framework_id), 422
    try:
        round_ = actions.make_round(db(), actor(), framework_id, plan, at=now())
    except actions.WrongDates as refused:
        form.refuse(refused.wrong)
        return _ask_new(form, framework_id), 422
    except actions.TitleTaken as refused:
        form.title.errors = [refused.sentence]
        return _ask_new(form, framework_id), 422
    flash("The round is a draft. Nobody outside the framework's councils sees it.", "success")
    return redirect(url_for(".show", round_id=round_.id), 303)


@routes.get("/rounds/<uuid:round_id>/edit")
@requires(Permission.ROUND_RUN)
def edit(round_id: UUID) -> ResponseReturnValue:
    """The same questions with what was answered."""
    round_ = queries.led_round(db(), round_id, viewer().organisation_id)
    require(round_, Step.EDIT, now())
    return _ask_again(RoundForm(data=filled_in(round_)), round_)


@routes.post("/rounds/<uuid:round_id>/edit")
@requires(Permission.ROUND_RUN)
def change(round_id: UUID) -> ResponseReturnValue:
    """Change a draft; a stale form keeps what was typed, beside what was saved meanwhile."""
    round_ = queries.led_round(db(), round_id, viewer().organisation_id)
    form = RoundForm()
    form.offer(get_framework(db(), round_.framework_id))
    if not form.validate_on_submit() or (plan := form.plan()) is None:
        return _ask_again(form, round_), 422
    try:
        actions.change_round(db(), actor(), round_id, plan, version=form.opened_on, at=now())
    except actions.WrongDates as refused:
        form.refuse(refused.wrong)
        return _ask_again(form, round_), 422
    except actions.TitleTaken as refused:
        form.title.errors = [refused.sentence]
        return _ask_again(form, round_), 422
    except Stale:
        form.version.data, form.version.raw_data = str(round_.version), None
        return _ask_again(form, round_, changed=filled_in(round_)), 409
    flash("The round was changed.", "success")
    return redirect(url_for(".show", round_id=round_id), 303)


@routes.get("/rounds/<uuid:round_id>/announce")
@requires(Permission.ROUND_RUN)
def announce_form(round_id: UUID) -> ResponseReturnValue:
    """What is ready and what is not, beside the button."""
    round_ = queries.led_round(db(), round_id, viewer().organisation_id)
    require(round_, Step.ANNOUNCE, now())
    return _ask_to_announce(AnnounceForm(version=str(round_.version)), round_)


@routes.post("/rounds/<uuid:round_id>/announce")
@requires(Permission.ROUND_RUN)
def announce(round_id: UUID) -> ResponseReturnValue:
    """Announce it, or say what is missing."""
    round_ = queries.led_round(db(), round_id, viewer().organisation_id)
    form = AnnounceForm()
    if not form.validate_on_submit():
        return _ask_to_announce(form, round_), 422
    try:
        actions.announce(db(), actor(), round_id, version=form.opened_on, at=now())
    except actions.NotReady as refused:
        form.form_errors = list(refused.missing)
        return _ask_to_announce(form, round_), 422
    flash("The round is announced. Everybody can read it now.", "success")
    return redirect(url_for(".show", round_id=round_id), 303)


@routes.get("/rounds/<uuid:round_id>/notice")
@requires(Permission.ROUND_RUN)
def notice_form(round_id: UUID) -> ResponseReturnValue:
    """Write what everybody is told."""
    round_ = queries.led_round(db(), round_id, viewer().organisation_id)
    require(round_, Step.TELL, now())
    return _ask_for_notice(NoticeForm(), round_)


@routes.post("/rounds/<uuid:round_id>/notice")
@requires(Permission.ROUND_RUN)
def give_notice(round_id: UUID) -> ResponseReturnValue:
    """Publish it on the round's page and tell every applicant."""
    round_ = queries.led_round(db(), round_id, viewer().organisation_id)
    form = NoticeForm()
    if not form.validate_on_submit():
        return _ask_for_notice(form, round_), 422
    telling.give_notice(db(), actor(), round_, form.sentence.data or "", at=now())
    flash("The notice is on the round's page, and every applicant is told.", "success")
    return redirect(url_for(".show", round_id=round_id), 303)


@routes.get("/rounds/<uuid:round_id>/cancel")
@requires(Permission.ROUND_RUN)
def cancel_form(round_id: UUID) -> ResponseReturnValue:
    """Ask why."""
    round_ = queries.led_round(db(), round_id, viewer().organisation_id)
    require(round_, Step.CANCEL, now())
    return _ask_to_cancel(CancelForm(version=str(round_.version)), round_)


@routes.post("/rounds/<uuid:round_id>/cancel")
@requires(Permission.ROUND_RUN)
def cancel(round_id: UUID) -> ResponseReturnValue:
    """Cancel it, and tell everybody why."""
    round_ = queries.led_round(db(), round_id, viewer().organisation_id)
    form = CancelForm()
    if not form.validate_on_submit():
        return _ask_to_cancel(form, round_), 422
    reason = form.reason.data or ""
    actions.cancel(db(), actor(), round_id, reason=reason, version=form.opened_on, at=now())
    flash("The round is cancelled.", "success")
    return redirect(url_for(".show", round_id=round_id), 303)


def _ask_new(form: RoundForm, framework_id: UUID) -> Response:
    framework = led(db(), actor(), framework_id)
    form.offer(framework)
    return render("frameworks/rounds/new.html", form=form, framework=framework)


def _ask_again(
    form: RoundForm, round_: Round, *, changed: dict[str, object] | None = None
) -> Response:
    form.offer(get_framework(db(), round_.framework_id))
    return render("frameworks/rounds/edit.html", form=form, round=round_, changed=changed)


def _ask_to_announce(form: AnnounceForm, round_: Round) -> Response:
    missing = actions.lacks(db(), round_, at=now())
    return render("frameworks/rounds/announce.html", form=form, round=round_, missing=missing)


def _ask_for_notice(form: NoticeForm, round_: Round) -> Response:
    return render("frameworks/rounds/notice.html", form=form, round=round_)


def _ask_to_cancel(form: CancelForm, round_: Round) -> Response:
    return render("frameworks/rounds/cancel.html", form=form, round=round_)
