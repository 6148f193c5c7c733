"""A provider asks about a referral; the council answers."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.identity.permissions import Permission
from portal.identity.viewing import actor, viewer
from portal.kernel.access import requires
from portal.kernel.clock import now
from portal.kernel.fragments import render
from portal.kernel.session import db
from portal.referrals import queries
from portal.referrals.asking import actions
from portal.referrals.asking.forms import AnswerForm, AskForm
from portal.referrals.asking.models import ReferralQuestion
from portal.referrals.models import Recipient, Referral
from portal.referrals.rules import Route, Unfit

routes = Blueprint("referral_questions", __name__)


@routes.get("/referrals-received/<uuid:referral_id>/ask")
@requires(Permission.REFERRAL_ANSWER)
def ask_form(referral_id: UUID) -> ResponseReturnValue:
    """Ask the council about a referral."""
    return _ask(_recipient(referral_id), AskForm())


@routes.post("/referrals-received/<uuid:referral_id>/ask")
@requires(Permission.REFERRAL_ANSWER)
def ask(referral_id: UUID) -> ResponseReturnValue:
    """Send the question."""
    recipient, form = _recipient(referral_id), AskForm()
    if not form.validate_on_submit():
        return _ask(recipient, form), 422
    actions.ask(db(), actor(), recipient, form.asked.data or "", at=now())
    flash("Your question is with the council. You are told when it answers.", "success")
    return redirect(url_for("inbox.show", referral_id=referral_id), 303)


@routes.get("/referrals/<uuid:referral_id>/questions/<uuid:asked_about_id>")
@requires(Permission.REFERRAL_MAKE)
def answer_form(referral_id: UUID, asked_about_id: UUID) -> ResponseReturnValue:
    """Answer a question, to the one who asked or to all."""
    referral, question = _question(referral_id, asked_about_id)
    return _answer(referral, question, AnswerForm(data={"reworded": question.asked}))


@routes.post("/referrals/<uuid:referral_id>/questions/<uuid:asked_about_id>")
@requires(Permission.REFERRAL_MAKE)
def answer(referral_id: UUID, asked_about_id: UUID) -> ResponseReturnValue:
    """Send the answer, unless it says who the young person is."""
    referral, question = _question(referral_id, asked_about_id)
    form = AnswerForm()
    if not form.validate_on_submit():
        return _answer(referral, question, form), 422
    try:
        actions.answer(
            db(),
            actor(),
            referral,
            asked_about_id,
            form.answer.data or "",
            to_all=form.to_all,
            at=now(),
        )
    except Unfit as unfit:
        form[unfit.about].errors = [unfit.sentence]
        return _answer(referral, question, form), unfit.status
    flash("Your answer is sent.", "success")
    return redirect(url_for("referrals.show", referral_id=referral_id), 303)


def _recipient(referral_id: UUID) -> Recipient:
    return queries.recipient_of(db(), referral_id, viewer().organisation_id)


def _question(referral_id: UUID, question_id: UUID) -> tuple[Referral, ReferralQuestion]:
    referral = queries.get_referral(db(), referral_id)
    question = queries.get_question(db(), referral_id, question_id)
    if question.answered_at is not None:
        raise actions.Answered
    return referral, question


def _ask(recipient: Recipient, form: AskForm) -> Response:
    return render("referrals/asking/ask.html", form=form, referral=recipient.referral)


def _answer(referral: Referral, question: ReferralQuestion, form: AnswerForm) -> Response:
    return render(
        "referrals/asking/answer.html",
        form=form,
        referral=referral,
        question=question,
        alone=referral.route is Route.DIRECT,
    )
