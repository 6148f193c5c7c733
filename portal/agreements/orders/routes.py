"""The order form: issued by a council, answered by a provider, read and printed by both."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form

from portal.agreements.mentors.rules import NotAssignable
from portal.agreements.offers.forms import WithdrawForm
from portal.agreements.offers.models import Offer
from portal.agreements.offers.queries import check_stands, get_offer
from portal.agreements.offers.rules import cost
from portal.agreements.orders import actions, forming, queries
from portal.agreements.orders.documents import order_attached
from portal.agreements.orders.forms import FORM_OF, OrderTermsForm, RefuseForm
from portal.agreements.orders.models import OrderForm
from portal.agreements.orders.presenting import sheet_of
from portal.agreements.orders.rules import (
    ORDER_STATE_NAMES,
    OrderState,
    UnfitOrder,
    answer_by,
    state_of,
)
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, can, viewer
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.errors import NotFound
from portal.kernel.fragments import render
from portal.kernel.session import db
from portal.referrals.rules import ReferralState

routes = Blueprint("orders", __name__)


@routes.get("/offers/<uuid:offer_id>/order")
@requires(Permission.REFERRAL_MAKE)
def new(offer_id: UUID) -> ResponseReturnValue:
    """Ask what is authorised, with what the referral asked for filled in."""
    offer = _own_offer(offer_id)
    referral = offer.recipient.referral
    return _ask(
        offer,
        FORM_OF[referral.unit](
            authorised_weekly=referral.weekly_parts,
            authorised_total=referral.total_parts,
            ends_on=referral.expected_ends_on,
        ),
    )


@routes.post("/offers/<uuid:offer_id>/order")
@requires(Permission.REFERRAL_MAKE)
def issue(offer_id: UUID) -> ResponseReturnValue:
    """Issue the order form, or show what to change."""
    offer = _own_offer(offer_id)
    form = FORM_OF[offer.recipient.referral.unit]()
    if not form.validate_on_submit():
        return _ask(offer, form), 422
    try:
        order = actions.issue(db(), actor(), offer_id, form.terms(), at=now())
    except UnfitOrder as unfit:
        form[unfit.about].errors = [unfit.sentence]
        return _ask(offer, form), unfit.status
    flash("The order form is issued. The provider is told.", "success")
    return redirect(url_for(".show", order_id=order.id), 303)


@routes.get("/orders/<uuid:order_id>")
@requires(Permission.ORDER_READ)
def show(order_id: UUID) -> ResponseReturnValue:
    """An order form, and what can be done with it."""
    return _page(queries.get_order(db(), order_id), RefuseForm())


@routes.get("/orders/<uuid:order_id>/pdf")
@requires(Permission.ORDER_READ)
def pdf(order_id: UUID) -> ResponseReturnValue:
    """The same as a PDF."""
    return order_attached(queries.get_order(db(), order_id))


@routes.post("/orders/<uuid:order_id>/accept")
@requires(Permission.REFERRAL_ANSWER)
def accept(order_id: UUID) -> ResponseReturnValue:
    """Form the agreement, or show why the mentor cannot be assigned."""
    try:
        agreement = forming.accept(db(), actor(), order_id, at=now())
    except NotAssignable as refused:
        db().rollback()
        page = _page(queries.get_order(db(), order_id), RefuseForm(), problem=refused.sentence)
        return page, refused.status
    flash(f"Agreement {agreement.reference} is formed, and its clocks have started.", "success")
    if can(Permission.AGREEMENT_READ):
        return redirect(url_for("agreements.show", agreement_id=agreement.id), 303)
    return redirect(url_for(".show", order_id=order_id), 303)


@routes.post("/orders/<uuid:order_id>/refuse")
@requires(Permission.REFERRAL_ANSWER)
def refuse(order_id: UUID) -> ResponseReturnValue:
    """Do not accept, with the reason."""
    form = RefuseForm()
    if not form.validate_on_submit():
        return _page(queries.get_order(db(), order_id), form), 422
    actions.refuse(db(), actor(), order_id, because=form.because.data or "", at=now())
    flash("The order form is not accepted. The council is told why.", "success")
    return redirect(url_for(".show", order_id=order_id), 303)


@routes.post("/orders/<uuid:order_id>/withdraw")
@requires(Permission.REFERRAL_MAKE)
def withdraw(order_id: UUID) -> ResponseReturnValue:
    """Take an order form back that is not answered yet."""
    form = WithdrawForm()
    if not form.validate_on_submit():
        return _page(queries.get_order(db(), order_id), form), 422
    try:
        order = actions.withdraw(db(), actor(), order_id, because=form.because.data or "", at=now())
    except UnfitOrder as unfit:
        form[unfit.about].errors = [unfit.sentence]
        return _page(queries.get_order(db(), order_id), form), unfit.status
    flash("The order form is withdrawn. The provider's offer stands.", "success")
    return redirect(url_for("offers.compare", referral_id=order.referral_id), 303)


def _own_offer(offer_id: UUID) -> Offer:
    offer = get_offer(db(), offer_id)
    if offer.council_id != viewer().organisation_id:
        raise NotFound
    check_stands(offer)
    return offer


def _ask(offer: Offer, form: OrderTermsForm) -> Response:
    referral = offer.recipient.referral
    return render(
        "agreements/orders/new.html",
        form=form,
        offer=offer,
        referral=referral,
        reason_needed=actions.needs_reason(db(), referral),
        cost=cost(referral.unit, offer.price, referral.total_parts),
    )


def _page(order: OrderForm, form: Form, **more: Any) -> Response:
    state = state_of(order)
    waits = state is OrderState.ISSUED and order.referral.state is ReferralState.ORDERED
    ours = order.council_id == viewer().organisation_id
    if waits and ours and isinstance(form, RefuseForm):
        form = WithdrawForm()
    return render(
        "agreements/orders/show.html",
        form=form,
        order=order,
        sheet=sheet_of(order),
        state=state,
        states=ORDER_STATE_NAMES,
        answer_by=answer_by(order.issued_on),
        today=local_date(now()),
        withdrawn=order.referral.state is ReferralState.WITHDRAWN,
        because=queries.reason_of(db(), order.id) if ours else "",
        for_council=ours,
        may_answer=waits and not ours and can(Permission.REFERRAL_ANSWER),
        may_withdraw=waits and ours and can(Permission.REFERRAL_MAKE),
        may_read_agreement=order.agreement_id is not None and can(Permission.AGREEMENT_READ),
        **{"problem": "", **more},
    )
