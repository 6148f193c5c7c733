"""Notices of change or risk to delivery: per contract, giving one, closing one."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.agreements.models import Agreement
from portal.agreements.queries import get_agreement, other_parties
from portal.delivery.concerns.queries import agreements_to_choose
from portal.delivery.risks import actions, queries
from portal.delivery.risks.forms import CloseForm, GiveForm, RiskFilters
from portal.delivery.risks.models import Risk
from portal.delivery.risks.rules import KIND_TITLES, OUTCOME_NAMES, RiskKind, RiskOutcome
from portal.frameworks.queries import framework_choices
from portal.identity.permissions import Permission
from portal.identity.rules import OrganisationKind
from portal.identity.viewing import actor, can, viewer
from portal.kernel.access import requires
from portal.kernel.clock import now
from portal.kernel.errors import NotFound
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("risks", __name__, url_prefix="/risks")


@routes.get("")
@requires(Permission.RISK_READ)
def index() -> ResponseReturnValue:
    """The open notices of each contract; the closed ones where they are asked for."""
    filters, for_council = RiskFilters(request.args), viewer().is_council
    filters.party.label.text = "Provider" if for_council else "Council"
    filters.framework.offer(framework_choices(db()))
    filters.party.offer(
        other_parties(db(), OrganisationKind.PROVIDER if for_council else OrganisationKind.COUNCIL)
    )
    closed = filters.state.chosen == "closed"
    page = queries.risks(
        db(),
        viewer().organisation_id,
        closed=closed,
        other_party_id=filters.party.chosen_id,
        framework_id=filters.framework.chosen_id,
        cursor=request.args.get("page"),
    )
    return render(
        "delivery/risks/index.html",
        fragment="results",
        filters=filters,
        narrowed=any(field.chosen for field in filters),
        page=page,
        kinds=KIND_TITLES,
        for_council=for_council,
        may_give=can(Permission.RISK_GIVE),
    )


@routes.get("/give")
@requires(Permission.RISK_GIVE)
def give_form() -> ResponseReturnValue:
    """Ask what changes, or may go wrong."""
    agreement = _asked_agreement()
    form = GiveForm(formdata=None, about=str(agreement.id) if agreement else None)
    return _give_page(form, agreement)


@routes.post("/give")
@requires(Permission.RISK_GIVE)
def give() -> ResponseReturnValue:
    """Tell the council."""
    form, agreement = GiveForm(), _asked_agreement()
    _offer(form, agreement)
    if not form.validate_on_submit():
        return _give_page(form, agreement), 422
    given = form.data
    risk = actions.give(
        db(),
        actor(),
        form.chosen,
        RiskKind(given["kind"]),
        words=given["words"],
        doing=given["doing"],
        from_day=given["from_day"],
        at=now(),
    )
    flash("The council has your notice.", "success")
    return redirect(url_for(".show", risk_id=risk.id), 303)


@routes.get("/<uuid:risk_id>")
@requires(Permission.RISK_READ)
def show(risk_id: UUID) -> ResponseReturnValue:
    """One notice; the council closes it here."""
    return _shown(queries.get_risk(db(), risk_id), CloseForm())


@routes.post("/<uuid:risk_id>")
@requires(Permission.RISK_CLOSE)
def close(risk_id: UUID) -> ResponseReturnValue:
    """Close it with what came of it."""
    form = CloseForm()
    if not form.validate_on_submit():
        return _shown(queries.get_risk(db(), risk_id), form), 422
    outcome = RiskOutcome(form.outcome.data)
    actions.close(db(), actor(), risk_id, outcome, words=form.words.data or "", at=now())
    flash("Closed. The provider is told.", "success")
    return redirect(url_for(".show", risk_id=risk_id), 303)


def _asked_agreement() -> Agreement | None:
    """The agreement in the address, if one may see it."""
    try:
        return get_agreement(db(), UUID(request.args.get("agreement", "")))
    except (ValueError, NotFound):
        return None


def _offer(form: GiveForm, agreement: Agreement | None) -> None:
    """The contracts, and the agreement that was asked for; a mentor's own agreements alone."""
    scope = viewer().scope
    if scope is not None and scope.only_assigned:
        form.offer([], agreements_to_choose(db()))
    else:
        form.offer(queries.contracts(db()), [agreement] if agreement else [])


def _give_page(form: GiveForm, agreement: Agreement | None) -> Response:
    _offer(form, agreement)
    return render("delivery/risks/give.html", form=form, agreement=agreement)


def _shown(risk: Risk, form: CloseForm) -> Response:
    return render(
        "delivery/risks/show.html",
        risk=risk,
        kind=KIND_TITLES[risk.kind],
        outcome=OUTCOME_NAMES[risk.outcome] if risk.outcome else None,
        form=form,
        may_close=can(Permission.RISK_CLOSE) and risk.closed_at is None,
        for_council=viewer().is_council,
        may_read_agreement=can(Permission.AGREEMENT_READ),
    )
