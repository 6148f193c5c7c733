"""Finding a young person, and who they are: each look is recorded, with its reason."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.identity.looking import shows_identity
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, viewer
from portal.kernel.access import requires
from portal.kernel.clock import now
from portal.kernel.fragments import render
from portal.kernel.session import db
from portal.referrals.models import YoungPerson
from portal.referrals.rules import REFERRAL_STATE_NAMES, Unfit
from portal.referrals.young_people import actions, queries
from portal.referrals.young_people.forms import FindForm, IdentityForm, LookForm
from portal.referrals.young_people.rules import Identity

routes = Blueprint("young_people", __name__, url_prefix="/young-people-known")


@routes.get("")
@requires(Permission.REFERRAL_MAKE)
def index() -> ResponseReturnValue:
    """The young people by reference alone, and a way to find one by name."""
    return _index(FindForm())


@routes.post("/find")
@requires(Permission.REFERRAL_MAKE)
def find() -> ResponseReturnValue:
    """Those of a family name; a name never stands in an address, and each look is recorded."""
    form = FindForm()
    if not form.validate_on_submit():
        return _index(form), 422
    found = actions.find(
        db(), actor(), viewer().organisation_id, form.family_name.data or "", at=now()
    )
    return render("referrals/young_people/found.html", form=form, found=found)


@routes.get("/<uuid:young_person_id>")
@requires(Permission.IDENTITY_READ)
def show(young_person_id: UUID) -> ResponseReturnValue:
    """Who it is, to whoever referred them; somebody else says first why they need to know."""
    young_person = _one(young_person_id)
    if not queries.refers(db(), young_person_id, viewer().person_id):
        return _ask_why(young_person, LookForm())
    shows_identity(actions.subject_of(young_person), reason="Referred the young person")
    return _shown(young_person)


@routes.post("/<uuid:young_person_id>")
@requires(Permission.IDENTITY_READ)
def look(young_person_id: UUID) -> ResponseReturnValue:
    """Show who it is to somebody who said why."""
    young_person, form = _one(young_person_id), LookForm()
    if not form.validate_on_submit():
        return _ask_why(young_person, form), 422
    actions.look(db(), actor(), young_person, reason=form.reason.data or "", at=now())
    return _shown(young_person)


@routes.get("/<uuid:young_person_id>/edit")
@requires(Permission.REFERRAL_MAKE)
def edit_form(young_person_id: UUID) -> ResponseReturnValue:
    """What is known, to put it right."""
    young_person = _one(young_person_id)
    known = asdict(_identity(young_person))
    return _edit(young_person, IdentityForm(data={"version": str(young_person.version), **known}))


@routes.post("/<uuid:young_person_id>/edit")
@requires(Permission.REFERRAL_MAKE)
def edit(young_person_id: UUID) -> ResponseReturnValue:
    """Keep what was put right, unless somebody else was quicker."""
    young_person, form = _one(young_person_id, to_change=True), IdentityForm()
    if not form.validate_on_submit():
        return _edit(young_person, form), 422
    if form.opened_on != young_person.version:
        form.version.data = str(young_person.version)
        return _edit(young_person, form, meanwhile=True), 409
    try:
        actions.change(db(), actor(), young_person, form.identity, at=now())
    except Unfit as unfit:
        form[unfit.about].errors = [unfit.sentence]
        return _edit(young_person, form), unfit.status
    flash("What is known of the young person is saved.", "success")
    return redirect(url_for(".show", young_person_id=young_person_id), 303)


def _one(young_person_id: UUID, *, to_change: bool = False) -> YoungPerson:
    own = viewer().organisation_id
    return queries.get_young_person(db(), young_person_id, own, to_change=to_change)


def _identity(young_person: YoungPerson) -> Identity:
    return Identity(
        young_person.given_name,
        young_person.family_name,
        young_person.date_of_birth,
        young_person.school,
        young_person.contacts,
    )


def _index(form: FindForm) -> Response:
    page = queries.young_people(db(), viewer().organisation_id, cursor=request.args.get("page"))
    return render("referrals/young_people/index.html", form=form, page=page)


def _ask_why(young_person: YoungPerson, form: LookForm) -> Response:
    return render("referrals/young_people/why.html", form=form, young_person=young_person)


def _shown(young_person: YoungPerson) -> Response:
    return render(
        "referrals/young_people/show.html",
        young_person=young_person,
        referrals=queries.referrals_for(db(), young_person.id),
        states=REFERRAL_STATE_NAMES,
    )


def _edit(young_person: YoungPerson, form: IdentityForm, *, meanwhile: bool = False) -> Response:
    shows_identity(actions.subject_of(young_person), reason="To put right what is known")
    return render(
        "referrals/young_people/edit.html",
        form=form,
        young_person=young_person,
        now_known=_identity(young_person) if meanwhile else None,
    )
