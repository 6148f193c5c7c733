"""A provider's inbox: what councils ask, until when, and declining."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.identity.permissions import Permission
from portal.identity.viewing import actor, viewer
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.fragments import render
from portal.kernel.session import db
from portal.kernel.wording import say_due
from portal.referrals import queries
from portal.referrals.answering import actions
from portal.referrals.answering.forms import DeclineForm
from portal.referrals.answering.standing import Standing, standing_of
from portal.referrals.asking.actions import MAY_ASK
from portal.referrals.forms import InboxFilters
from portal.referrals.models import Recipient
from portal.referrals.presenting import say_amount, summary
from portal.referrals.rules import DeclineCode, RecipientState, ReferralState, Unfit

routes = Blueprint("inbox", __name__, url_prefix="/referrals-received")


@routes.get("")
@requires(Permission.REFERRAL_ANSWER)
def index() -> ResponseReturnValue:
    """What councils ask, the most urgent first."""
    form = InboxFilters(request.args)
    open_only = form.show.chosen is None
    page = queries.received(
        db(), viewer().organisation_id, open_only=open_only, cursor=request.args.get("page")
    )
    at = now()
    return render(
        "referrals/answering/index.html",
        fragment="results",
        filters=form,
        page=page,
        open_only=open_only,
        rows=[_row(one, at) for one in page.rows],
    )


@routes.get("/<uuid:referral_id>")
@requires(Permission.REFERRAL_ANSWER)
def show(referral_id: UUID) -> ResponseReturnValue:
    """The need, without a word of who it is; until when to answer, and what was asked."""
    recipient = _recipient(referral_id)
    referral = recipient.referral
    asked = queries.questions(db(), referral_id)
    own = {one.id for one in asked}
    is_open = referral.state is ReferralState.SENT
    in_time = recipient.respond_by is not None and now() < recipient.respond_by
    return render(
        "referrals/answering/show.html",
        recipient=recipient,
        referral=referral,
        summary=summary(referral),
        standing=standing_of(recipient, now()),
        asked=asked,
        published=[
            one for one in queries.published(db(), referral_id) if one.question_id not in own
        ],
        may_answer=is_open and in_time and recipient.state is RecipientState.WAITING,
        may_offer_again=is_open
        and in_time
        and recipient.state in (RecipientState.DECLINED, RecipientState.WITHDRAWN),
        may_ask=is_open and recipient.state in MAY_ASK,
        has_offered=recipient.state in (RecipientState.OFFERED, RecipientState.CHOSEN),
    )


@routes.get("/<uuid:referral_id>/decline")
@requires(Permission.REFERRAL_ANSWER)
def decline_form(referral_id: UUID) -> ResponseReturnValue:
    """Ask why."""
    return _decline(_recipient(referral_id), DeclineForm())


@routes.post("/<uuid:referral_id>/decline")
@requires(Permission.REFERRAL_ANSWER)
def decline(referral_id: UUID) -> ResponseReturnValue:
    """Say that this provider cannot help."""
    recipient, form = _recipient(referral_id), DeclineForm()
    if not form.validate_on_submit():
        return _decline(recipient, form), 422
    try:
        code = DeclineCode(form.code.data)
        actions.decline(db(), actor(), recipient, code, form.words.data or "", at=now())
    except Unfit as unfit:
        form[unfit.about].errors = [unfit.sentence]
        return _decline(recipient, form), unfit.status
    flash("You declined. The council is told why.", "success")
    return redirect(url_for(".index"), 303)


def _recipient(referral_id: UUID) -> Recipient:
    return queries.recipient_of(db(), referral_id, viewer().organisation_id)


def _row(recipient: Recipient, at: datetime) -> tuple[Recipient, str, Standing, str]:
    """What a line of the list says: how much, where it stands, and how soon to answer."""
    standing = standing_of(recipient, at)
    due = ""
    if standing.tone == "waiting" and recipient.respond_by is not None:
        due = say_due(local_date(recipient.respond_by), local_date(at)).capitalize()
    return recipient, say_amount(recipient.referral), standing, due


def _decline(recipient: Recipient, form: DeclineForm) -> Response:
    return render("referrals/answering/decline.html", form=form, referral=recipient.referral)
