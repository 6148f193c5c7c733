"""A provider offers for a referral; the council holds the offers side by side."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form

from portal.agreements.mentors.queries import candidates
from portal.agreements.offers import actions, queries
from portal.agreements.offers.forms import OfferForm, WithdrawForm
from portal.agreements.offers.models import Offer
from portal.agreements.offers.rules import UnfitOffer, cost, say_mentor
from portal.agreements.orders.queries import orders_for
from portal.agreements.orders.rules import ORDER_STATE_NAMES, OrderState, state_of
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, can, viewer
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.fragments import render
from portal.kernel.session import db
from portal.referrals.models import Recipient
from portal.referrals.presenting import summary
from portal.referrals.queries import get_referral, recipient_of
from portal.referrals.rules import RECIPIENT_STATE_NAMES, RecipientState, ReferralState, Route

routes = Blueprint("offers", __name__)


@routes.get("/referrals/<uuid:referral_id>/offers")
@requires(Permission.REFERRAL_READ)
def compare(referral_id: UUID) -> ResponseReturnValue:
    """The offers that stand side by side, and what was ordered."""
    referral = get_referral(db(), referral_id)
    offers = [
        (offer, cost(referral.unit, offer.price, referral.total_parts))
        for offer in queries.offers_for(db(), referral_id)
    ]
    return render(
        "agreements/offers/compare.html",
        referral=referral,
        summary=summary(referral),
        offers=offers,
        orders=[(order, state_of(order)) for order in orders_for(db(), referral_id)],
        order_states=ORDER_STATE_NAMES,
        quotes=referral.route is Route.QUOTES,
        today=local_date(now()),
        may_choose=can(Permission.REFERRAL_MAKE) and referral.state is ReferralState.SENT,
    )


@routes.get("/referrals/<uuid:referral_id>/offer")
@requires(Permission.REFERRAL_ANSWER)
def show(referral_id: UUID) -> ResponseReturnValue:
    """The provider's own offer, or the form for one."""
    recipient = recipient_of(db(), referral_id, viewer().organisation_id)
    offer = queries.standing_offer(db(), recipient.id)
    if offer is not None:
        return _own(recipient, offer, WithdrawForm())
    referral = recipient.referral
    usual = queries.ceiling(db(), recipient, referral.band, referral.starts_on)
    return _ask(recipient, _form(recipient, starts_on=referral.starts_on, price=usual))


@routes.get("/referrals/<uuid:referral_id>/offer/change")
@requires(Permission.REFERRAL_ANSWER)
def change(referral_id: UUID) -> ResponseReturnValue:
    """The form again, with what is offered now."""
    recipient = recipient_of(db(), referral_id, viewer().organisation_id)
    offer = queries.standing_offer(db(), recipient.id)
    if offer is None:
        return redirect(url_for(".show", referral_id=referral_id), 303)
    return _ask(
        recipient,
        _form(
            recipient,
            mentor=str(offer.mentor_id or ""),
            home=offer.home,
            starts_on=offer.starts_on,
            price=offer.price,
            words=offer.words,
        ),
    )


@routes.post("/referrals/<uuid:referral_id>/offer")
@requires(Permission.REFERRAL_ANSWER)
def make(referral_id: UUID) -> ResponseReturnValue:
    """Offer, or show what to change."""
    recipient = recipient_of(db(), referral_id, viewer().organisation_id)
    form = _form(recipient)
    if not form.validate_on_submit() or (terms := form.terms()) is None:
        return _ask(recipient, form), 422
    try:
        actions.make_offer(db(), actor(), referral_id, terms, at=now())
    except UnfitOffer as unfit:
        form[unfit.about].errors = [unfit.sentence]
        return _ask(recipient, form), unfit.status
    flash("Your offer is with the council.", "success")
    return redirect(url_for(".show", referral_id=referral_id), 303)


@routes.post("/offers/<uuid:offer_id>/withdraw")
@requires(Permission.REFERRAL_ANSWER)
def withdraw(offer_id: UUID) -> ResponseReturnValue:
    """Take an offer back with the reason."""
    offer, form = queries.get_offer(db(), offer_id), WithdrawForm()
    if not form.validate_on_submit():
        return _own(offer.recipient, offer, form), 422
    actions.withdraw(db(), actor(), offer_id, because=form.because.data or "", at=now())
    flash("Your offer is taken back. The council is told why.", "success")
    return redirect(url_for(".show", referral_id=offer.recipient.referral_id), 303)


def _form(recipient: Recipient, **given: Any) -> OfferForm:
    form = OfferForm(**given)
    day = form.starts_on.data or recipient.referral.starts_on
    mentors = candidates(db(), recipient.provider_id, day)
    form.fit(
        recipient.referral.unit,
        {one: say_mentor(mentor, day) for one, mentor in mentors.items() if not mentor.volunteer},
    )
    return form


def _ask(recipient: Recipient, form: OfferForm) -> Response:
    referral = recipient.referral
    day = form.starts_on.data or referral.starts_on
    return render(
        "agreements/offers/offer.html",
        form=form,
        referral=referral,
        summary=summary(referral),
        recipient=recipient,
        ceiling=queries.ceiling(db(), recipient, referral.band, day),
        day=day,
        quote=referral.route is Route.QUOTES,
    )


def _own(recipient: Recipient, offer: Offer, form: Form) -> Response:
    referral = recipient.referral
    standing = (OrderState.ISSUED, OrderState.ACCEPTED)
    orders = [one for one in orders_for(db(), referral.id) if state_of(one) in standing]
    return render(
        "agreements/offers/own.html",
        form=form,
        referral=referral,
        recipient=recipient,
        offer=offer,
        states=RECIPIENT_STATE_NAMES,
        order=orders[0] if orders else None,
        cost=cost(referral.unit, offer.price, referral.total_parts),
        may_change=recipient.state is RecipientState.OFFERED
        and referral.state is ReferralState.SENT,
        in_time=recipient.respond_by is not None and now() < recipient.respond_by,
    )
