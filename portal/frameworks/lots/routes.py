"""Setting a framework up: what it is, who buys from it, how it is awarded, and what is missing."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.frameworks.lots import actions, queries
from portal.frameworks.lots.comparing import Clashes, clashes
from portal.frameworks.lots.forms import (
    SAVED_MEANWHILE,
    AwardForm,
    ChangeForm,
    CouncilsForm,
    DetailsForm,
)
from portal.frameworks.lots.words import words
from portal.frameworks.models import Framework
from portal.frameworks.queries import get_framework
from portal.frameworks.rules import Unfit
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, viewer
from portal.kernel.access import requires
from portal.kernel.clock import now
from portal.kernel.errors import Stale
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("lots", __name__, url_prefix="/frameworks")
routes.context_processor(words)


@routes.get("/new")
@requires(Permission.FRAMEWORK_EDIT)
def new_form() -> ResponseReturnValue:
    """Ask what the framework is."""
    return _ask(None, DetailsForm(published=False))


@routes.post("/new")
@requires(Permission.FRAMEWORK_EDIT)
def make() -> ResponseReturnValue:
    """Make a framework that one's council leads."""
    form = DetailsForm(published=False)
    if not form.validate_on_submit():
        return _ask(None, form), 422
    try:
        framework = actions.make_framework(db(), actor(), form.details, at=now())
    except actions.ReferenceTaken as taken:
        form.reference.errors = [taken.sentence]
        return _ask(None, form), taken.status
    flash("The framework is made. Nobody else sees it until a round of it is announced.", "success")
    return redirect(url_for(".show", framework_id=framework.id), 303)


@routes.get("/<uuid:framework_id>/set-up")
@requires(Permission.FRAMEWORK_EDIT)
def show(framework_id: UUID) -> ResponseReturnValue:
    """Everything that is said of a framework, what is missing, and what was changed since."""
    framework = get_framework(db(), framework_id)
    terms = queries.terms_or_usual(db(), framework)
    return render(
        "frameworks/lots/show.html",
        framework=framework,
        terms=terms,
        details=queries.details_of(framework, terms).words,
        award=queries.award_of(terms).words,
        asks=queries.category_asks(db(), framework_id),
        demands=queries.demands_for(db(), framework_id, None),
        lacks=queries.lacks(db(), framework, terms),
        changes=queries.changes_since(db(), framework_id, None),
        leads=_leads(framework),
    )


@routes.get("/<uuid:framework_id>/set-up/details")
@requires(Permission.FRAMEWORK_EDIT)
def details_form(framework_id: UUID) -> ResponseReturnValue:
    """Ask anew what the framework is."""
    framework = get_framework(db(), framework_id)
    return _ask(framework, _details_form(framework))


@routes.post("/<uuid:framework_id>/set-up/details")
@requires(Permission.FRAMEWORK_EDIT)
def change_details(framework_id: UUID) -> ResponseReturnValue:
    """Keep it, or show what to change."""
    framework = get_framework(db(), framework_id)
    form = _details_form(framework)
    if not form.validate_on_submit():
        return _ask(framework, form), 422
    try:
        actions.change_details(
            db(), actor(), framework_id, form.details,
            version=form.opened_on, because=form.reason, at=now(),
        )  # fmt: skip
    except actions.ReferenceTaken as taken:
        form.reference.errors = [taken.sentence]
        return _ask(framework, form), taken.status
    except Stale:
        terms = queries.terms_or_usual(db(), framework)
        form.renew(terms.version)
        stands = queries.details_of(framework, terms)
        return _ask(framework, form, stale=clashes(stands.words, form.details.words)), 409
    return _kept(framework_id)


@routes.get("/<uuid:framework_id>/set-up/award")
@requires(Permission.FRAMEWORK_EDIT)
def award_form(framework_id: UUID) -> ResponseReturnValue:
    """Ask how bids are weighed and prices rise."""
    framework = get_framework(db(), framework_id)
    return _award_page(framework, _award_form(framework))


@routes.post("/<uuid:framework_id>/set-up/award")
@requires(Permission.FRAMEWORK_EDIT)
def change_award(framework_id: UUID) -> ResponseReturnValue:
    """Keep it, or show what to change."""
    framework = get_framework(db(), framework_id)
    form = _award_form(framework)
    if not form.validate_on_submit():
        return _award_page(framework, form), 422
    try:
        actions.change_award(
            db(), actor(), framework_id, form.award,
            version=form.opened_on, because=form.reason, at=now(),
        )  # fmt: skip
    except Stale:
        terms = queries.terms_or_usual(db(), framework)
        form.renew(terms.version)
        stands = queries.award_of(terms)
        return _award_page(framework, form, stale=clashes(stands.words, form.award.words)), 409
    return _kept(framework_id)


@routes.get("/<uuid:framework_id>/set-up/councils")
@requires(Permission.FRAMEWORK_EDIT)
def councils_form(framework_id: UUID) -> ResponseReturnValue:
    """Ask which councils buy from the framework."""
    framework = get_framework(db(), framework_id)
    return _councils_page(framework, _councils_form(framework))


@routes.post("/<uuid:framework_id>/set-up/councils")
@requires(Permission.FRAMEWORK_EDIT)
def set_councils(framework_id: UUID) -> ResponseReturnValue:
    """Keep them, or show what to change."""
    framework = get_framework(db(), framework_id)
    form = _councils_form(framework)
    if not form.validate_on_submit():
        return _councils_page(framework, form), 422
    try:
        actions.set_councils(
            db(), actor(), framework_id, form.partner_ids,
            version=form.opened_on, because=form.reason, at=now(),
        )  # fmt: skip
    except Stale as stale:
        form.renew(queries.terms_or_usual(db(), framework).version)
        form.partners.errors = [SAVED_MEANWHILE]
        return _councils_page(framework, form), stale.status
    except Unfit as unfit:
        form.partners.errors = [unfit.sentence]
        return _councils_page(framework, form), unfit.status
    return _kept(framework_id)


def _leads(framework: Framework) -> bool:
    return framework.lead_council_id == viewer().organisation_id


def _kept(framework_id: UUID) -> ResponseReturnValue:
    flash("Saved.", "success")
    return redirect(url_for(".show", framework_id=framework_id), 303)


def _details_form(framework: Framework) -> DetailsForm:
    terms = queries.terms_or_usual(db(), framework)
    return DetailsForm(
        queries.details_of(framework, terms),
        published=terms.published_at is not None,
        version=terms.version,
    )


def _award_form(framework: Framework) -> AwardForm:
    terms = queries.terms_or_usual(db(), framework)
    return AwardForm(
        queries.award_of(terms), published=terms.published_at is not None, version=terms.version
    )


def _councils_form(framework: Framework) -> CouncilsForm:
    terms = queries.terms_or_usual(db(), framework)
    return CouncilsForm(
        queries.possible_partners(db(), framework),
        [one for one in framework.councils if one.council_id != framework.lead_council_id],
        published=terms.published_at is not None,
        version=terms.version,
    )


def _ask(
    framework: Framework | None, form: DetailsForm, *, stale: Clashes | None = None
) -> Response:
    return render("frameworks/lots/details.html", framework=framework, form=form, stale=stale)


def _award_page(framework: Framework, form: AwardForm, *, stale: Clashes | None = None) -> Response:
    return render("frameworks/lots/award.html", framework=framework, form=form, stale=stale)


def _councils_page(framework: Framework, form: ChangeForm) -> Response:
    return render("frameworks/lots/councils.html", framework=framework, form=form)
