"""Asking about a round, the queue of what was asked, answering and declining."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.frameworks.rounds import queries as rounds
from portal.frameworks.rounds.clarifications import actions, queries
from portal.frameworks.rounds.clarifications.forms import (
    AnswerForm,
    AskForm,
    DeclineForm,
    QueueFilters,
)
from portal.frameworks.rounds.clarifications.models import Clarification
from portal.frameworks.rounds.models import Round
from portal.frameworks.rounds.rules import Step, may, require
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, viewer
from portal.kernel.access import requires
from portal.kernel.clock import now
from portal.kernel.errors import NotFound
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("clarifications", __name__, url_prefix="/rounds/<uuid:round_id>/clarifications")


@routes.get("/ask")
@requires(Permission.APPLICATION_MAKE)
def ask_form(round_id: UUID) -> ResponseReturnValue:
    """Ask about a round that is announced and takes questions."""
    round_ = rounds.get_round(db(), round_id)
    require(round_, Step.ASK, now())
    if now() >= round_.questions_until:
        raise actions.TooLateToAsk(round_.questions_until)
    return _ask(AskForm(), round_, queries.topics(db(), round_))


@routes.post("/ask")
@requires(Permission.APPLICATION_MAKE)
def ask(round_id: UUID) -> ResponseReturnValue:
    """Send the question to the lead council, without the provider's name."""
    round_ = rounds.get_round(db(), round_id)
    topics = queries.topics(db(), round_)
    form = AskForm()
    form.offer(topics)
    if not form.validate_on_submit():
        return _ask(form, round_, topics), 422
    actions.ask(
        db(), actor(), round_, asked=form.asked.data or "", topic=form.topic(topics), at=now()
    )
    flash("Your question was sent. You are told when there is an answer.", "success")
    return redirect(url_for("rounds.show", round_id=round_id), 303)


@routes.get("")
@requires(Permission.ROUND_RUN)
def index(round_id: UUID) -> ResponseReturnValue:
    """The questions that wait for an answer, the oldest first; or those dealt with."""
    round_ = rounds.led_round(db(), round_id, viewer().organisation_id)
    form = QueueFilters(request.args)
    waiting = form.state.chosen is None
    page = queries.queue(db(), round_id, waiting=waiting, cursor=request.args.get("page"))
    topics = queries.topics(db(), round_)
    return render(
        "frameworks/rounds/clarifications/index.html",
        fragment="results",
        filters=form,
        round=round_,
        page=page,
        waiting=waiting,
        rows=[(one, queries.topic_of(topics, one)) for one in page.rows],
        may_answer=may(round_, Step.ANSWER, now()),
    )


@routes.get("/<uuid:clarification_id>")
@requires(Permission.ROUND_RUN)
def answer_form(round_id: UUID, clarification_id: UUID) -> ResponseReturnValue:
    """Word the question for everybody, and answer it."""
    round_, clarification = _one(round_id, clarification_id)
    return _answer(AnswerForm(asked=clarification.asked), round_, clarification)


@routes.post("/<uuid:clarification_id>")
@requires(Permission.ROUND_RUN)
def publish(round_id: UUID, clarification_id: UUID) -> ResponseReturnValue:
    """Publish both, unless they say who asked."""
    round_, clarification = _one(round_id, clarification_id)
    form = AnswerForm()
    if not form.validate_on_submit():
        return _answer(form, round_, clarification), 422
    try:
        actions.publish(
            db(),
            actor(),
            round_,
            clarification_id,
            asked=form.asked.data or "",
            answer=form.answer.data or "",
            at=now(),
        )
    except actions.NamesTheAsker as refused:
        form.asked.errors = [refused.sentence]
        return _answer(form, round_, clarification), 422
    flash("The answer is published, and every applicant is told.", "success")
    return redirect(url_for(".index", round_id=round_id), 303)


@routes.get("/<uuid:clarification_id>/decline")
@requires(Permission.ROUND_RUN)
def decline_form(round_id: UUID, clarification_id: UUID) -> ResponseReturnValue:
    """Ask why there is no answer."""
    round_, clarification = _one(round_id, clarification_id)
    return _decline(DeclineForm(), round_, clarification)


@routes.post("/<uuid:clarification_id>/decline")
@requires(Permission.ROUND_RUN)
def decline(round_id: UUID, clarification_id: UUID) -> ResponseReturnValue:
    """Close the question; whoever asked reads the reason."""
    round_, clarification = _one(round_id, clarification_id)
    form = DeclineForm()
    if not form.validate_on_submit():
        return _decline(form, round_, clarification), 422
    actions.decline(
        db(), actor(), round_, clarification_id, reason=form.reason.data or "", at=now()
    )
    flash("The question is closed, and whoever asked it is told why.", "success")
    return redirect(url_for(".index", round_id=round_id), 303)


def _one(round_id: UUID, clarification_id: UUID) -> tuple[Round, Clarification]:
    round_ = rounds.led_round(db(), round_id, viewer().organisation_id)
    clarification = queries.get_clarification(db(), clarification_id)
    if clarification.round_id != round_.id:
        raise NotFound
    if clarification.closed_at is not None:
        raise actions.Answered
    require(round_, Step.ANSWER, now())
    return round_, clarification


def _ask(form: AskForm, round_: Round, topics: list[queries.Topic]) -> Response:
    form.offer(topics)
    return render("frameworks/rounds/clarifications/ask.html", form=form, round=round_)


def _answer(form: AnswerForm, round_: Round, clarification: Clarification) -> Response:
    return render(
        "frameworks/rounds/clarifications/answer.html",
        form=form,
        round=round_,
        clarification=clarification,
        topic=queries.topic_of(queries.topics(db(), round_), clarification),
    )


def _decline(form: DeclineForm, round_: Round, clarification: Clarification) -> Response:
    return render(
        "frameworks/rounds/clarifications/decline.html",
        form=form,
        round=round_,
        clarification=clarification,
    )
