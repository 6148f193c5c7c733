"""The public list of opportunities, and the public page of each."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.frameworks.rounds import queries
from portal.frameworks.rounds.opportunities.forms import OpportunityFilters
from portal.frameworks.rounds.presenting import list_page
from portal.frameworks.rounds.presenting import public_page as page_of_round
from portal.identity.permissions import Permission
from portal.identity.viewing import can, viewer
from portal.kernel.access import public_page
from portal.kernel.clock import now
from portal.kernel.database import working_as
from portal.kernel.errors import NotFound
from portal.kernel.fragments import render
from portal.kernel.session import db
from portal.kernel.tenancy import Scope, Task

routes = Blueprint("opportunities", __name__, url_prefix="/opportunities")

PUBLIC_DESK = Scope.system(Task.PUBLIC_DESK)


@routes.get("")
@public_page("providers find what they can apply for before they have an account")
def index() -> ResponseReturnValue:
    """The rounds that take applications now or later, the first to close first."""
    form = OpportunityFilters(request.args)
    with working_as(db(), PUBLIC_DESK):
        found = list_page(
            db(), form, "opportunities.show", cursor=request.args.get("page"), at=now()
        )
    return render("frameworks/rounds/opportunities/index.html", fragment="results", **found)


@routes.get("/<uuid:opportunity_id>")
@public_page("providers read what a round asks before they have an account")
def show(opportunity_id: UUID) -> ResponseReturnValue:
    """What a round asks, its dates, and how to apply; whoever can apply goes to the round."""
    if can(Permission.APPLICATION_MAKE) and viewer().scope is not None:
        return redirect(url_for("rounds.show", round_id=opportunity_id), 303)
    with working_as(db(), PUBLIC_DESK):
        round_ = queries.get_round(db(), opportunity_id)
        if round_.announced_at is None:
            raise NotFound
        context = page_of_round(db(), round_, at=now())
    return render("frameworks/rounds/opportunities/show.html", **context)
