"""An agreement moves from one council to another, and what was written before is shared."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.agreements.changing.actions import CouncilDecides
from portal.agreements.changing.forms import TurnDownForm
from portal.agreements.changing.proposals import NotYoursToAnswer
from portal.agreements.changing.rules import (
    PROPOSAL_STATE_NAMES,
    STEPS,
    AgreementStep,
    ProposalState,
    UnfitChange,
)
from portal.agreements.models import Agreement
from portal.agreements.queries import get_agreement
from portal.agreements.transfers import actions, queries, taking
from portal.agreements.transfers.forms import TAKE_FORM_OF, MoveForm, TakeForm
from portal.agreements.transfers.models import Transfer
from portal.agreements.transfers.rules import first_day
from portal.agreements.variations.queries import framework_price
from portal.frameworks.rules import say_parts
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, can, viewer
from portal.kernel.access import requires
from portal.kernel.clock import now
from portal.kernel.fragments import render
from portal.kernel.money import Money
from portal.kernel.session import db
from portal.kernel.transitions import IllegalStep, next_state
from portal.kernel.wording import say_count, say_date

routes = Blueprint("transfers", __name__)


@routes.get("/agreements/<uuid:agreement_id>/transfer")
@requires(Permission.AGREEMENT_CHANGE)
def new(agreement_id: UUID) -> ResponseReturnValue:
    """Ask to which council, and after which day."""
    return _ask_move(_own(agreement_id), MoveForm())


@routes.post("/agreements/<uuid:agreement_id>/transfer")
@requires(Permission.AGREEMENT_CHANGE)
def propose(agreement_id: UUID) -> ResponseReturnValue:
    """Propose it to the other council, or show what to change."""
    agreement, form = _own(agreement_id), MoveForm()
    _offer(form, agreement)
    if not form.validate_on_submit() or (last_day := form.last_day.data) is None:
        return _ask_move(agreement, form), 422
    try:
        transfer = actions.propose(
            db(), actor(), agreement_id, to_id=UUID(form.to.data), last_day=last_day,
            because=form.because.data or "", at=now(),
        )  # fmt: skip
    except UnfitChange as refused:
        form.refuse(refused)
        return _ask_move(agreement, form), refused.status
    flash("The other council is asked. Nothing moves before it takes the agreement.", "success")
    return redirect(url_for(".show", transfer_id=transfer.id), 303)


@routes.get("/transfers/<uuid:transfer_id>")
@requires(Permission.AGREEMENT_READ)
def show(transfer_id: UUID) -> ResponseReturnValue:
    """What moves, from when, and what is still to do."""
    return _page(queries.get_transfer(db(), transfer_id), TurnDownForm())


@routes.get("/transfers/<uuid:transfer_id>/take")
@requires(Permission.AGREEMENT_CHANGE)
def take_form(transfer_id: UUID) -> ResponseReturnValue:
    """Ask for the terms of the new agreement."""
    transfer = queries.get_transfer(db(), transfer_id)
    form = TAKE_FORM_OF[transfer.unit](
        price=_most(transfer),
        authorised_weekly=transfer.authorised_weekly,
        ends_on=transfer.would_end_on,
    )
    return _ask_take(transfer, form)


@routes.post("/transfers/<uuid:transfer_id>/take")
@requires(Permission.AGREEMENT_CHANGE)
def take(transfer_id: UUID) -> ResponseReturnValue:
    """Open the new agreement, or show what to change."""
    transfer = queries.get_transfer(db(), transfer_id)
    form = TAKE_FORM_OF[transfer.unit]()
    if not form.validate_on_submit() or (takeover := form.takeover()) is None:
        return _ask_take(transfer, form), 422
    try:
        agreement = taking.take(db(), actor(), transfer_id, takeover, at=now())
    except UnfitChange as refused:
        if refused.about not in form:
            raise
        form.refuse(refused)
        return _ask_take(transfer, form), refused.status
    since = say_date(agreement.starts_on)
    flash(f"The agreement is yours from {since}. The other side is told.", "success")
    return redirect(url_for("agreements.show", agreement_id=agreement.id), 303)


@routes.post("/transfers/<uuid:transfer_id>/turn-down")
@requires(Permission.AGREEMENT_CHANGE)
def turn_down(transfer_id: UUID) -> ResponseReturnValue:
    """Do not take it over, or take one's own proposal back."""
    form = TurnDownForm()
    if not form.validate_on_submit():
        return _page(queries.get_transfer(db(), transfer_id), form), 422
    actions.turn_down(db(), actor(), transfer_id, because=form.because.data or "", at=now())
    flash("The agreement does not move. The other council is told.", "success")
    return redirect(url_for(".show", transfer_id=transfer_id), 303)


@routes.post("/transfers/<uuid:transfer_id>/notes")
@requires(Permission.AGREEMENT_CHANGE)
def share_notes(transfer_id: UUID) -> ResponseReturnValue:
    """Let the other council read what was written before the move."""
    shared = actions.share_notes(db(), actor(), transfer_id, at=now())
    flash(f"The other council can read {say_count(shared, 'more note')}.", "success")
    return redirect(url_for(".show", transfer_id=transfer_id), 303)


@routes.get("/transfers/<uuid:transfer_id>/notes")
@requires(Permission.DELIVERY_READ)
def notes(transfer_id: UUID) -> ResponseReturnValue:
    """What was written before the move, as far as it is shared."""
    transfer = queries.get_transfer(db(), transfer_id)
    page = queries.notes(db(), transfer_id, cursor=request.args.get("page"))
    return render("agreements/transfers/notes.html", fragment="notes", transfer=transfer, page=page)


def _own(agreement_id: UUID) -> Agreement:
    agreement = get_agreement(db(), agreement_id)
    if agreement.council_id != viewer().organisation_id:
        raise CouncilDecides
    next_state(STEPS, agreement.state, AgreementStep.TRANSFER)
    return agreement


def _offer(form: MoveForm, agreement: Agreement) -> None:
    form.offer(queries.other_councils(db(), agreement.framework_id, agreement.council_id))


def _ask_move(agreement: Agreement, form: MoveForm) -> Response:
    _offer(form, agreement)
    return render("agreements/transfers/new.html", agreement=agreement, form=form)


def _ask_take(transfer: Transfer, form: TakeForm) -> Response:
    if transfer.to_id != viewer().organisation_id:
        raise NotYoursToAnswer
    if transfer.state is not ProposalState.PROPOSED:
        raise IllegalStep
    return render(
        "agreements/transfers/take.html",
        transfer=transfer,
        form=form,
        first=first_day(transfer.last_day),
        most=_most(transfer),
    )


def _most(transfer: Transfer) -> Money:
    """The provider's framework price on the first day; what it is paid now where that is more."""
    first = first_day(transfer.last_day)
    framework = framework_price(db(), transfer.place_id, transfer.band, first)
    return max(transfer.price, framework or transfer.price)


def _page(transfer: Transfer, form: TurnDownForm) -> Response:
    own = viewer().organisation_id
    party = own in (transfer.council_id, transfer.provider_id)
    agreement = get_agreement(db(), transfer.agreement_id) if party else None
    weekly = transfer.authorised_weekly
    return render(
        "agreements/transfers/show.html",
        transfer=transfer,
        agreement=agreement,
        form=form,
        states=PROPOSAL_STATE_NAMES,
        first=first_day(transfer.last_day),
        weekly=None if weekly is None else f"{say_parts(transfer.unit, weekly)} a week",
        giving=own == transfer.council_id,
        receiving=own == transfer.to_id,
        new_agreement_id=None if own == transfer.council_id else transfer.new_agreement_id,
        may_change=can(Permission.AGREEMENT_CHANGE) and own != transfer.provider_id,
        may_read_notes=can(Permission.DELIVERY_READ) and transfer.notes_shared_at is not None,
    )
