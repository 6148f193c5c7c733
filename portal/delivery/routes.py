"""This month's work by agreement, and the month of one agreement."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from portal.delivery.corrections import routes as corrections
from portal.delivery.months import queries
from portal.delivery.months.forms import MonthFilter
from portal.delivery.months.page import agreement_page, asked_month
from portal.delivery.nights import routes as nights
from portal.delivery.plans import routes as plans
from portal.delivery.sessions import routes as sessions
from portal.delivery.upload import routes as upload
from portal.identity.permissions import Permission
from portal.identity.viewing import viewer
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.fragments import render
from portal.kernel.months import Month
from portal.kernel.session import db

routes = Blueprint("delivery", __name__, url_prefix="/delivery")
routes.register_blueprint(sessions.routes)
routes.register_blueprint(nights.routes)
routes.register_blueprint(upload.routes)
routes.register_blueprint(plans.routes)
routes.register_blueprint(corrections.routes)


@routes.get("")
@requires(Permission.DELIVERY_RECORD)
def index() -> ResponseReturnValue:
    """What was delivered in a month on each agreement, and what is missing."""
    at = now()
    month = asked_month(at)
    filters = MonthFilter(request.args)
    filters.offer(month, Month.of(local_date(at)))
    if "month" not in request.args:
        filters.month.data = month
    elif filters.month.data is None and filters.month.raw_data:
        filters.validate()
    page = queries.month_of_agreements(
        db(), viewer().organisation_id, month, cursor=request.args.get("page"), at=at
    )
    return render("delivery/index.html", fragment="work", month=month, filters=filters, page=page)


@routes.get("/agreements/<uuid:agreement_id>")
@requires(Permission.DELIVERY_RECORD)
def agreement(agreement_id: UUID) -> ResponseReturnValue:
    """The month of one agreement, with the form that adds to it."""
    at = now()
    found = queries.get_agreement(db(), agreement_id)
    return agreement_page(found, asked_month(at), at=at)
