"""The yearly uplifts of a framework: proposed, looked through, agreed by a second person."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.agreements.uplifts import actions, queries
from portal.agreements.uplifts.forms import SOURCE, RefuseForm, UpliftForm
from portal.agreements.uplifts.models import UpliftRun
from portal.agreements.uplifts.rules import (
    STATE_NAMES,
    UnfitPlan,
    UpliftState,
    asks_for_review,
    reaches_back,
    rule_rate,
    say_rate,
    state_of,
    uplifted,
)
from portal.frameworks.leading import led
from portal.frameworks.lots.queries import terms_of
from portal.frameworks.models import Framework
from portal.frameworks.queries import get_framework
from portal.frameworks.uplifting import prices_before
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, can, viewer
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.errors import NotFound
from portal.kernel.fragments import render
from portal.kernel.money import Money
from portal.kernel.months import Month
from portal.kernel.session import db
from portal.kernel.wording import say_date

routes = Blueprint("uplifts", __name__)


@routes.get("/frameworks/<uuid:framework_id>/uplifts")
@requires(Permission.BUDGET_READ)
def index(framework_id: UUID) -> ResponseReturnValue:
    """A framework's uplifts over the years, for its councils."""
    framework = get_framework(db(), framework_id)
    if viewer().organisation_id not in {one.council_id for one in framework.councils}:
        raise NotFound
    runs = queries.runs_of(db(), framework_id)
    leads = framework.lead_council_id == viewer().organisation_id
    return render(
        "agreements/uplifts/index.html",
        framework=framework,
        runs=[(run, state_of(run)) for run in runs],
        state_names=STATE_NAMES,
        say_rate=say_rate,
        month_of=_month,
        may_propose=leads and can(Permission.UPLIFT_RUN),
    )


@routes.get("/frameworks/<uuid:framework_id>/uplifts/new")
@requires(Permission.UPLIFT_RUN)
def new(framework_id: UUID) -> ResponseReturnValue:
    """Ask for the figure and the day."""
    month = Month.of(local_date(now())).plus(-2)  # out by the middle of the month after it
    return _ask(UpliftForm(cpi_source=SOURCE, cpi_month=month), led(db(), actor(), framework_id))


@routes.post("/frameworks/<uuid:framework_id>/uplifts/new")
@requires(Permission.UPLIFT_RUN)
def propose(framework_id: UUID) -> ResponseReturnValue:
    """Work it out and ask a second person, or show what to change."""
    framework = led(db(), actor(), framework_id)
    form = UpliftForm()
    form.offer(local_date(now()))
    if not form.validate_on_submit() or (plan := form.plan()) is None:
        return _ask(form, framework), 422
    try:
        run = actions.propose(db(), actor(), framework_id, plan, at=now())
    except UnfitPlan as refused:
        form[refused.about].errors = [refused.sentence]
        return _ask(form, framework), 422
    flash("The uplift is worked out. No price changes before a second person agrees.", "success")
    return redirect(url_for(".show", uplift_id=run.id), 303)


@routes.get("/uplifts/<uuid:uplift_id>")
@requires(Permission.BUDGET_READ)
def show(uplift_id: UUID) -> ResponseReturnValue:
    """Every price before and after, the cost per council, and who decided it."""
    return _page(queries.get_run(db(), uplift_id), RefuseForm())


@routes.post("/uplifts/<uuid:uplift_id>/agree")
@requires(Permission.UPLIFT_AGREE)
def agree(uplift_id: UUID) -> ResponseReturnValue:
    """Put it in force from its day."""
    run = actions.agree(db(), actor(), uplift_id, at=now())
    rises = f"Prices rise by {say_rate(run.rate)} from {say_date(run.starts_on)}."
    flash(f"{rises} Every council and provider is told.", "success")
    return redirect(url_for(".show", uplift_id=uplift_id), 303)


@routes.post("/uplifts/<uuid:uplift_id>/refuse")
@requires(Permission.UPLIFT_AGREE)
def refuse(uplift_id: UUID) -> ResponseReturnValue:
    """Do not agree, with the reason; or take one's own back."""
    form = RefuseForm()
    if not form.validate_on_submit():
        return _page(queries.get_run(db(), uplift_id), form), 422
    actions.refuse(db(), actor(), uplift_id, because=form.because.data or "", at=now())
    flash("The uplift is not agreed. No price changed.", "success")
    return redirect(url_for(".show", uplift_id=uplift_id), 303)


def _ask(form: UpliftForm, framework: Framework) -> Response:
    form.offer(local_date(now()))
    terms = terms_of(db(), framework.id)
    return render(
        "agreements/uplifts/new.html",
        form=form,
        framework=framework,
        cap=say_rate(terms.uplift_cap),
        review_above=say_rate(terms.uplift_review_above),
    )


def _page(run: UpliftRun, form: RefuseForm) -> Response:
    page = prices_before(db(), run.framework_id, run.starts_on, cursor=request.args.get("page"))
    state = state_of(run)
    leads = run.lead_council_id == viewer().organisation_id
    waits = leads and state is UpliftState.PROPOSED and can(Permission.UPLIFT_AGREE)
    before, after = (
        Money.total(getattr(cost, side) for cost in run.costs) for side in ("before", "after")
    )
    return render(
        "agreements/uplifts/show.html",
        fragment="prices",
        form=form,
        run=run,
        state=state,
        state_names=STATE_NAMES,
        by_rule=rule_rate(run.cpi, run.cap),
        review=asks_for_review(run.cpi, run.review_above),
        say_rate=say_rate,
        month=_month(run),
        page=page,
        prices=[
            (price, place, uplifted(price.price, run.rate) - price.price)
            for price, place in page.rows
        ],
        costs=sorted(run.costs, key=lambda cost: cost.council.name),
        before=before,
        after=after,
        waits=waits,
        own=run.asked_by_id == viewer().person_id,
        reaches_back=reaches_back(run.starts_on, local_date(run.agreed_at or now())),
    )


def _month(run: UpliftRun) -> str:
    return str(Month.parse(run.cpi_month))
