"""Who a young person is, for those who may know; and which of a provider's people those are."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.agreements.changing.rules import RUNNING
from portal.agreements.disclosing import actions, queries
from portal.agreements.disclosing.forms import TellForm
from portal.agreements.models import Agreement
from portal.agreements.queries import get_agreement
from portal.audit.actions import Subject
from portal.identity.looking import shows_identity
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, can, viewer
from portal.kernel.access import requires
from portal.kernel.clock import now
from portal.kernel.errors import NotFound
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("disclosing", __name__, url_prefix="/agreements/<uuid:agreement_id>")


@routes.get("/young-person")
@requires(Permission.IDENTITY_READ)
def show(agreement_id: UUID) -> ResponseReturnValue:
    """Who it is; each look is recorded with why the looker may know."""
    agreement = get_agreement(db(), agreement_id)
    young_person = queries.identity_of(db(), agreement)
    told = queries.standing_disclosure(db(), agreement_id, viewer().person_id)
    reason = told.because if told else "The council's own agreement"
    shows_identity(
        Subject(
            "young person", young_person.id, young_person.reference, agreement.council_id,
            None if viewer().is_council else agreement.provider_id,
        ),
        reason=f"{reason}, {agreement.reference}",
    )  # fmt: skip
    return render("agreements/disclosing/show.html", agreement=agreement, young_person=young_person)


@routes.get("/known-to")
@requires(Permission.IDENTITY_READ)
def people(agreement_id: UUID) -> ResponseReturnValue:
    """Who was told, when and why, and who is not any more."""
    return _people(get_agreement(db(), agreement_id), TellForm())


@routes.post("/known-to")
@requires(Permission.IDENTITY_GIVE)
def tell(agreement_id: UUID) -> ResponseReturnValue:
    """Let one more of the provider's people know."""
    agreement, form = get_agreement(db(), agreement_id), TellForm()
    form.offer(queries.may_be_told(db(), agreement.provider_id))
    if not form.validate_on_submit():
        return _people(agreement, form), 422
    actions.disclose(
        db(),
        actor(),
        agreement,
        UUID(form.person.data),
        because=form.because.data or "",
        at=now(),
    )
    flash("They may know now who the young person is.", "success")
    return redirect(url_for(".people", agreement_id=agreement_id), 303)


@routes.post("/known-to/<uuid:told_id>/end")
@requires(Permission.IDENTITY_GIVE)
def end(agreement_id: UUID, told_id: UUID) -> ResponseReturnValue:
    """From now on somebody may not know any more."""
    agreement = get_agreement(db(), agreement_id)
    told = {one.id: one for one in queries.disclosures_of(db(), agreement_id)}.get(told_id)
    if told is None:
        raise NotFound
    because = "Ended by the provider"
    actions.end_disclosure(db(), actor(), agreement, told.person_id, because=because, at=now())
    flash("They may not know any more who the young person is.", "success")
    return redirect(url_for(".people", agreement_id=agreement_id), 303)


def _people(agreement: Agreement, form: TellForm) -> Response:
    told = queries.disclosures_of(db(), agreement.id)
    known = {one.person_id for one in told if one.ended_at is None}
    may_end = can(Permission.IDENTITY_GIVE)
    may_tell = may_end and agreement.state in RUNNING
    if may_tell:
        others = queries.may_be_told(db(), agreement.provider_id)
        form.offer([one for one in others if one[0] not in known])
    entered = queries.young_person_of(db(), agreement.id) is not None
    return render(
        "agreements/disclosing/people.html",
        agreement=agreement,
        told=told,
        form=form,
        may_tell=may_tell and entered,
        may_end=may_end,
        knows=queries.may_know(db(), agreement),
    )
