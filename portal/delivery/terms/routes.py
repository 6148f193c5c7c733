"""The council's term calendar."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.delivery.terms import actions, queries
from portal.delivery.terms.forms import TermForm, WithinForm
from portal.delivery.terms.models import ReportSetting, SchoolTerm
from portal.delivery.terms.rules import DEFAULT_WITHIN, WrongTerm, report_due
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, viewer
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.errors import Stale
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("terms", __name__, url_prefix="/terms")


@routes.get("")
@requires(Permission.TERMS_KEEP)
def index() -> ResponseReturnValue:
    """Every term with the day its reports are due."""
    setting = queries.setting_of(db(), viewer().organisation_id)
    within = setting.within if setting else DEFAULT_WITHIN
    terms = queries.terms_of(db(), viewer().organisation_id)
    return render(
        "delivery/terms/index.html",
        terms=[(term, report_due(term.last_day, within)) for term in terms],
        within=within,
        today=local_date(now()),
    )


@routes.get("/add")
@requires(Permission.TERMS_KEEP)
def add_form() -> ResponseReturnValue:
    """Ask for a new term."""
    return _ask(TermForm(), None)


@routes.post("/add")
@requires(Permission.TERMS_KEEP)
def add() -> ResponseReturnValue:
    """Add a term, or show what to change."""
    form = TermForm()
    if not form.validate_on_submit():
        return _ask(form, None), 422
    try:
        actions.add_term(db(), actor(), **_given(form), at=now())
    except WrongTerm as wrong:
        form[wrong.field].errors = [wrong.sentence]
        return _ask(form, None), 422
    flash(f"{form.name.data} is in the calendar.", "success")
    return redirect(url_for(".index"), 303)


@routes.get("/<uuid:term_id>")
@requires(Permission.TERMS_KEEP)
def edit(term_id: UUID) -> ResponseReturnValue:
    """A term in its form."""
    term = queries.get_term(db(), term_id, viewer().organisation_id)
    form = TermForm(
        name=term.name,
        first_day=term.first_day,
        last_day=term.last_day,
        version=str(term.version),
    )
    return _ask(form, term)


@routes.post("/<uuid:term_id>")
@requires(Permission.TERMS_KEEP)
def change(term_id: UUID) -> ResponseReturnValue:
    """Change a term; a stale form keeps what was typed beside what stands now."""
    term = queries.get_term(db(), term_id, viewer().organisation_id)
    form = TermForm()
    if not form.validate_on_submit():
        return _ask(form, term), 422
    try:
        actions.change_term(db(), actor(), term, **_given(form), version=form.opened_on, at=now())
    except WrongTerm as wrong:
        form[wrong.field].errors = [wrong.sentence]
        return _ask(form, term), 422
    except Stale:
        form.version.data, form.version.raw_data = str(term.version), None
        return _ask(form, term, stale=True), 409
    flash(f"{form.name.data} is changed.", "success")
    return redirect(url_for(".index"), 303)


@routes.post("/<uuid:term_id>/remove")
@requires(Permission.TERMS_KEEP)
def remove(term_id: UUID) -> ResponseReturnValue:
    """Take a term out of the calendar that nobody has written about."""
    term = queries.get_term(db(), term_id, viewer().organisation_id)
    name = term.name
    actions.remove_term(db(), actor(), term, at=now())
    flash(f"{name} is removed.", "success")
    return redirect(url_for(".index"), 303)


@routes.get("/time-limit")
@requires(Permission.TERMS_KEEP)
def within_form() -> ResponseReturnValue:
    """Ask how soon after a term its reports are due."""
    setting = queries.setting_of(db(), viewer().organisation_id)
    return _ask_within(WithinForm(formdata=None, **_stands(setting)))


@routes.post("/time-limit")
@requires(Permission.TERMS_KEEP)
def set_within() -> ResponseReturnValue:
    """Set it, or show what to change."""
    form = WithinForm()
    if not form.validate_on_submit():
        return _ask_within(form), 422
    try:
        actions.set_within(db(), actor(), form.within.data or 0, version=form.opened_on, at=now())
    except Stale:
        stands = _stands(queries.setting_of(db(), viewer().organisation_id))
        form.version.data, form.version.raw_data = stands["version"], None
        changed = (
            f"Somebody else set it to {stands['within']} while your page was open. "
            "Check the number, then send it again"
        )
        form.within.errors = [changed]
        return _ask_within(form), 409
    flash("The time limit for reports is set.", "success")
    return redirect(url_for(".index"), 303)


def _given(form: TermForm) -> dict[str, Any]:
    return {name: form[name].data for name in ("name", "first_day", "last_day")}


def _stands(setting: ReportSetting | None) -> dict[str, object]:
    if setting is None:
        return {"within": DEFAULT_WITHIN, "version": "0"}
    return {"within": setting.within, "version": str(setting.version)}


def _ask(form: TermForm, term: SchoolTerm | None, *, stale: bool = False) -> Response:
    return render("delivery/terms/edit.html", form=form, term=term, stale=stale)


def _ask_within(form: WithinForm) -> Response:
    return render("delivery/terms/within.html", form=form, default=DEFAULT_WITHIN)
