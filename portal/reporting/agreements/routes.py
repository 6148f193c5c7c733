"""The list of Individual Agreements, and one with all that is known of it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from portal.agreements import queries
from portal.agreements.disclosing.queries import may_know
from portal.agreements.forms import AgreementFilters
from portal.agreements.orders.queries import order_of
from portal.agreements.rules import AGREEMENT_STATE_NAMES, AgreementState, covers
from portal.agreements.substitutes.presenting import working_on
from portal.delivery.cover.queries import uncovered
from portal.delivery.plans.months import against_plan
from portal.delivery.reports.on_agreement import report_lines
from portal.frameworks.prices import history
from portal.frameworks.queries import framework_choices
from portal.frameworks.rules import MECHANISM_NAMES
from portal.identity.permissions import Permission
from portal.identity.rules import OrganisationKind
from portal.identity.viewing import can, viewer
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.fragments import render
from portal.kernel.session import db
from portal.reporting.agreements.care import care_of, links_around
from portal.reporting.agreements.changes import changes_of
from portal.reporting.agreements.queries import delivered

routes = Blueprint("agreements", __name__, url_prefix="/agreements")


@routes.get("")
@requires(Permission.AGREEMENT_READ)
def index() -> ResponseReturnValue:
    """The agreements that one is a party of; a mentor's, those they are assigned to."""
    form = AgreementFilters(request.args)
    for_council = viewer().is_council
    form.party.label.text = "Provider" if for_council else "Council"
    form.framework.offer(framework_choices(db()))
    form.party.offer(
        queries.other_parties(
            db(), OrganisationKind.PROVIDER if for_council else OrganisationKind.COUNCIL
        )
    )
    state = form.state.chosen
    page = queries.agreements(
        db(),
        viewer().organisation_id,
        reference=form.reference.data or "",
        state=AgreementState(state) if state else None,
        framework_id=form.framework.chosen_id,
        other_party_id=form.party.chosen_id,
        cursor=request.args.get("page"),
    )
    return render(
        "reporting/agreements/index.html",
        fragment="results",
        filters=form,
        narrowed=any(field.data for field in form),
        page=page,
        states=AGREEMENT_STATE_NAMES,
        for_council=for_council,
        links=links_around(viewer()),
    )


@routes.get("/<uuid:agreement_id>")
@requires(Permission.AGREEMENT_READ)
def show(agreement_id: UUID) -> ResponseReturnValue:
    """One agreement: parties, prices, units and mentors."""
    agreement = queries.get_agreement(db(), agreement_id)
    today = local_date(now())
    mentors = [
        (one, covers(one.starts_on, one.ends_on, today)) for one in reversed(agreement.assignments)
    ]
    return render(
        "reporting/agreements/show.html",
        agreement=agreement,
        mechanism=MECHANISM_NAMES[agreement.mechanism],
        states=AGREEMENT_STATE_NAMES,
        prices=history(agreement.prices, today),
        units=delivered(db(), agreement, today),
        mentors=mentors,
        working=working_on(db(), agreement, today),
        order=order_of(db(), agreement_id) if can(Permission.ORDER_READ) else None,
        may_read_identity=can(Permission.IDENTITY_READ),
        may_know=can(Permission.IDENTITY_READ) and may_know(db(), agreement),
        may_keep_mentors=can(Permission.MENTOR_KEEP),
        may_reject_mentor=can(Permission.MENTOR_REJECT),
        changes=changes_of(db(), agreement, viewer(), today),
        reports=report_lines(db(), agreement, today) if can(Permission.REPORT_READ) else None,
        care=care_of(db(), agreement, viewer()),
        uncovered=uncovered(db(), agreement, at=now()) if can(Permission.DELIVERY_RECORD) else [],
        planned=against_plan(db(), agreement_id, today) if can(Permission.DELIVERY_READ) else [],
        today=today,
        may_read_frameworks=can(Permission.FRAMEWORK_READ),
        may_read_mentors=can(Permission.MENTOR_READ),
        may_read_delivery=can(Permission.DELIVERY_RECORD),
        may_read_invoices=can(Permission.INVOICE_READ),
        may_read_record=can(Permission.AUDIT_READ),
        may_read_provider=can(Permission.PROVIDER_READ),
    )
