"""A council refers a young person: who and what, the need, who can be asked, and sending it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.frameworks.models import Category
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, viewer
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.errors import DomainError
from portal.kernel.fragments import render
from portal.kernel.session import db
from portal.kernel.transitions import IllegalStep
from portal.referrals.eligibility import say_room
from portal.referrals.making import actions, queries, sending
from portal.referrals.making.forms import (
    KNOWN,
    MoreTimeForm,
    NeedForm,
    SendForm,
    StartForm,
    WithdrawForm,
    entered,
    moment_of,
    need_form,
)
from portal.referrals.making.rules import missing
from portal.referrals.models import Referral, YoungPerson
from portal.referrals.presenting import say_deadline, summary
from portal.referrals.rules import NAMED, ROUTE_NAMES, ReferralState, Route, Unfit
from portal.referrals.young_people import actions as young_people
from portal.referrals.young_people.queries import by_reference

routes = Blueprint("referring", __name__, url_prefix="/referrals")


@routes.get("/new")
@requires(Permission.REFERRAL_MAKE)
def start_form() -> ResponseReturnValue:
    """For whom, and what is bought."""
    reference = request.args.get("for", "")
    return _start(StartForm(data={"who": KNOWN, "reference": reference} if reference else None))


@routes.post("/new")
@requires(Permission.REFERRAL_MAKE)
def start() -> ResponseReturnValue:
    """Begin a draft with what is usual, which the next page shows."""
    form = StartForm()
    categories = _offer(form)
    if not form.validate_on_submit():
        return _start(form), 422
    try:
        young_person = _young_person(form)
    except Unfit as unfit:
        form[unfit.about].errors = [unfit.sentence]
        return _start(form), unfit.status
    category = next(one for one in categories if str(one.id) == form.category_id.data)
    referral = actions.draft(db(), actor(), young_person, category, at=now())
    return redirect(url_for(".edit_form", referral_id=referral.id), 303)


@routes.get("/<uuid:referral_id>/edit")
@requires(Permission.REFERRAL_MAKE)
def edit_form(referral_id: UUID) -> ResponseReturnValue:
    """What is needed, with what is usual filled in."""
    referral = _draft(referral_id)
    return _edit(referral, need_form(referral.unit, data=entered(referral)))


@routes.post("/<uuid:referral_id>/edit")
@requires(Permission.REFERRAL_MAKE)
def edit(referral_id: UUID) -> ResponseReturnValue:
    """Keep the draft, also where something is still missing."""
    referral = _draft(referral_id, to_change=True)
    form = need_form(referral.unit)
    form.offer(queries.bands(db(), referral.category_id))
    if not form.validate_on_submit():
        return _edit(referral, form), 422
    if form.opened_on != referral.version:
        form.version.data = str(referral.version)
        return _edit(referral, form, meanwhile=True), 409
    at = now()
    try:
        details = form.details(at)
        actions.change(db(), actor(), referral, referral.young_person, details, at=at)
    except Unfit as unfit:
        form[unfit.about].errors = [unfit.sentence]
        return _edit(referral, form), unfit.status
    except DomainError as refused:
        return _edit(referral, form), refused.status
    return redirect(url_for(".check", referral_id=referral_id), 303)


@routes.get("/<uuid:referral_id>/check")
@requires(Permission.REFERRAL_MAKE)
def check(referral_id: UUID) -> ResponseReturnValue:
    """What the providers would read, who can be asked, and who is left out and why."""
    return _check(_draft(referral_id), SendForm())


@routes.post("/<uuid:referral_id>/send")
@requires(Permission.REFERRAL_MAKE)
def send(referral_id: UUID) -> ResponseReturnValue:
    """Send it to everybody eligible, or to those who were chosen."""
    chosen = {one for one in map(_as_id, request.form.getlist("chosen")) if one}
    try:
        referral = sending.send(db(), actor(), referral_id, chosen, at=now())
    except Unfit as unfit:
        form = SendForm()
        form.chosen.errors = [unfit.sentence]
        return _check(_draft(referral_id), form), unfit.status
    flash(f"{referral.reference} is sent. You are told of each answer.", "success")
    return redirect(url_for("referrals.show", referral_id=referral_id), 303)


@routes.get("/<uuid:referral_id>/more-time")
@requires(Permission.REFERRAL_MAKE)
def more_time_form(referral_id: UUID) -> ResponseReturnValue:
    """Ask for the new deadline."""
    return _more_time(queries.get_draft(db(), referral_id), MoreTimeForm())


@routes.post("/<uuid:referral_id>/more-time")
@requires(Permission.REFERRAL_MAKE)
def more_time(referral_id: UUID) -> ResponseReturnValue:
    """Let providers answer until then."""
    referral, form = queries.get_draft(db(), referral_id), MoreTimeForm()
    if not form.validate_on_submit():
        return _more_time(referral, form), 422
    try:
        respond_by = moment_of(form.respond_on, form.respond_at)
        sending.give_more_time(db(), actor(), referral_id, respond_by, at=now())
    except IllegalStep:
        raise
    except DomainError as refused:
        form.respond_on.errors = form.respond_on.errors or [refused.sentence]
        return _more_time(referral, form), refused.status
    flash("Providers have more time, and are told.", "success")
    return redirect(url_for("referrals.show", referral_id=referral_id), 303)


@routes.get("/<uuid:referral_id>/withdraw")
@requires(Permission.REFERRAL_MAKE)
def withdraw_form(referral_id: UUID) -> ResponseReturnValue:
    """Ask why."""
    return _withdraw(queries.get_draft(db(), referral_id), WithdrawForm())


@routes.post("/<uuid:referral_id>/withdraw")
@requires(Permission.REFERRAL_MAKE)
def withdraw(referral_id: UUID) -> ResponseReturnValue:
    """Ask nobody any more."""
    referral, form = queries.get_draft(db(), referral_id), WithdrawForm()
    if not form.validate_on_submit():
        return _withdraw(referral, form), 422
    sending.withdraw(db(), actor(), referral_id, form.because.data or "", at=now())
    flash(f"{referral.reference} is withdrawn.", "success")
    return redirect(url_for("referrals.show", referral_id=referral_id), 303)


def _draft(referral_id: UUID, *, to_change: bool = False) -> Referral:
    referral = queries.get_draft(db(), referral_id, to_change=to_change)
    if referral.state is not ReferralState.DRAFT:
        raise IllegalStep("This referral was sent, so it cannot be changed any more.")
    return referral


def _offer(form: StartForm) -> list[Category]:
    found = queries.categories(db(), viewer().organisation_id, local_date(now()))
    form.offer(found)
    return found


def _young_person(form: StartForm) -> YoungPerson:
    own = viewer().organisation_id
    if form.who.data != KNOWN:
        return young_people.add(db(), actor(), own, form.identity, at=now())
    found = by_reference(db(), own, form.reference.data or "")
    if found is None:
        raise Unfit("reference", "Your council knows nobody by this reference. Check it")
    return found


def _start(form: StartForm) -> Response:
    _offer(form)
    return render("referrals/making/start.html", form=form)


def _edit(referral: Referral, form: NeedForm, *, meanwhile: bool = False) -> Response:
    if "band" in form:
        form.offer(queries.bands(db(), referral.category_id))
    return render(
        "referrals/making/edit.html",
        form=form,
        referral=referral,
        now_saved=summary(referral) if meanwhile else None,
    )


def _check(referral: Referral, form: SendForm) -> Response:
    field = queries.field_of(db(), referral, local_date(now()))
    form.offer([(str(one.provider_id), one.name) for one in field.eligible])
    parts = (referral.weekly_parts, referral.total_parts)
    return render(
        "referrals/making/check.html",
        form=form,
        referral=referral,
        summary=summary(referral),
        lacks=missing(referral.need, referral.outcomes, parts),
        eligible=field.eligible,
        left_out=[(one.candidate.name, one.because) for one in field.left_out],
        room=say_room,
        named=referral.route in NAMED,
        one_only=referral.route is Route.DIRECT,
        quotes=referral.route is Route.QUOTES,
        route_name=ROUTE_NAMES[referral.route],
        answers_by=say_deadline(referral),
    )


def _more_time(referral: Referral, form: MoreTimeForm) -> Response:
    return render("referrals/making/more_time.html", form=form, referral=referral)


def _withdraw(referral: Referral, form: WithdrawForm) -> Response:
    return render("referrals/making/withdraw.html", form=form, referral=referral)


def _as_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
