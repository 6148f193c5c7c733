"""The compliance check: every application's standing, and the verdicts on one."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.frameworks.evaluation import opened
from portal.frameworks.evaluation.compliance import actions, queries
from portal.frameworks.evaluation.compliance.actions import Verdict
from portal.frameworks.evaluation.compliance.forms import (
    ComplianceForm,
    compliance_form,
    fields_of,
)
from portal.frameworks.evaluation.compliance.queries import Sheet
from portal.frameworks.rounds.models import Round
from portal.frameworks.rounds.rules import RoundState, state
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, can, viewer
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.errors import Stale
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("compliance", __name__, url_prefix="/rounds/<uuid:opened_id>/compliance")
CHANGED = "Somebody else saved checks of this application meanwhile. Look at each, then save again"


@routes.get("")
@requires(Permission.ROUND_READ)
def index(opened_id: UUID) -> ResponseReturnValue:
    """Every application with how many of its parts passed, failed and wait."""
    round_ = _round(opened_id)
    return render(
        "frameworks/evaluation/compliance/index.html",
        round=round_,
        sheets=queries.sheets(db(), round_, local_date(now())),
    )


@routes.get("/<uuid:applied_id>")
@requires(Permission.ROUND_READ)
def show(opened_id: UUID, applied_id: UUID) -> ResponseReturnValue:
    """One application's parts, each with what was asked and given, and its verdict."""
    round_ = _round(opened_id)
    sheet = queries.sheet_of(db(), round_, applied_id, local_date(now()))
    return _page(compliance_form(sheet), round_, sheet)


@routes.post("/<uuid:applied_id>")
@requires(Permission.EVALUATION_RUN)
def check(opened_id: UUID, applied_id: UUID) -> ResponseReturnValue:
    """Keep the verdicts, or show what is missing with everything that was chosen."""
    round_ = _round(opened_id)
    sheet = queries.sheet_of(db(), round_, applied_id, local_date(now()))
    form = compliance_form(sheet)
    if not form.validate_on_submit():
        return _page(form, round_, sheet), 422
    try:
        checked = actions.check(
            db(),
            actor(),
            opened_id,
            applied_id,
            {part: Verdict(*said) for part, said in form.verdicts.items()},
            version=form.opened_on,
            at=now(),
        )
    except Stale:
        form.renew(sheet.version, CHANGED)
        return _page(form, round_, sheet), 409
    flash(_said(checked), "success")
    return redirect(url_for(".index", opened_id=opened_id), 303)


def _round(opened_id: UUID) -> Round:
    return opened.opened_round(db(), opened_id, viewer().organisation_id)


def _page(form: ComplianceForm, round_: Round, sheet: Sheet) -> Response:
    return render(
        "frameworks/evaluation/compliance/show.html",
        form=form,
        round=round_,
        sheet=sheet,
        fields_of=fields_of,
        may_check=can(Permission.EVALUATION_RUN)
        and viewer().organisation_id == round_.lead_council_id
        and state(round_, now()) is RoundState.OPENED,
    )


def _said(sheet: Sheet) -> str:
    name = sheet.applicant.name
    if sheet.unchecked:
        return f"Saved. {name} still has parts to check."
    if not sheet.failed:
        return f"{name} passes the compliance check."
    if sheet.live_bids:
        return f"Saved. Some bids of {name} go no further."
    return f"{name} fails the compliance check and is not scored."
