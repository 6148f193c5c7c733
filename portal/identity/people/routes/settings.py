"""What the organisation asks of everybody; a new second factor for somebody who lost theirs."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.identity.models import Membership
from portal.identity.people.actions.settings import change_settings
from portal.identity.people.forms import FactorResetForm, SettingsForm
from portal.identity.people.queries import (
    current_members,
    get_member,
    with_second_factor,
)
from portal.identity.people.routes.blueprint import routes
from portal.identity.permissions import Permission
from portal.identity.queries import setting_of
from portal.identity.recovery.actions.links import OwnFactor, start_factor_reset
from portal.identity.viewing import actor, viewer
from portal.kernel.access import requires
from portal.kernel.clock import now
from portal.kernel.errors import NotFound, Stale
from portal.kernel.fragments import render
from portal.kernel.session import db


@routes.get("/settings")
@requires(Permission.PEOPLE_CHANGE)
def settings() -> ResponseReturnValue:
    """What the organisation has decided, to change."""
    setting = setting_of(db(), viewer().organisation_id)
    return _ask(SettingsForm(obj=setting))


@routes.post("/settings")
@requires(Permission.PEOPLE_CHANGE)
def save_settings() -> ResponseReturnValue:
    """Keep the settings, or say what to change."""
    form = SettingsForm()
    if not form.validate_on_submit():
        return _ask(form), 422
    try:
        change_settings(
            db(),
            actor(),
            second_factor_for_all=form.second_factor_for_all.data,
            contact_email=form.contact_email.data or "",
            version=form.opened_on,
            at=now(),
        )
    except Stale:
        setting = setting_of(db(), viewer().organisation_id)
        said = "on" if setting.second_factor_for_all else "off"
        form.version.data = str(setting.version)
        changed = (
            "Somebody else changed the settings while your page was open. The second factor for "
            f"everybody is now {said}, and the contact address is "
            f"{setting.contact_email or 'empty'}. Check what you chose below, then save again."
        )
        form.form_errors = [changed]
        return _ask(form), Stale.status
    flash("The settings were saved.", "success")
    return redirect(url_for(".settings"), 303)


@routes.get("/<uuid:member_id>/second-factor")
@requires(Permission.PEOPLE_CHANGE)
def factor_form(member_id: UUID) -> ResponseReturnValue:
    """Ask how the administrator knows that the person lost their second factor."""
    return _ask_reset(FactorResetForm(), _somebody_else(member_id))


@routes.post("/<uuid:member_id>/second-factor")
@requires(Permission.PEOPLE_CHANGE)
def reset_factor(member_id: UUID) -> ResponseReturnValue:
    """Send the person a link with which they remove what they lost."""
    member = _somebody_else(member_id)
    form = FactorResetForm()
    if not form.validate_on_submit():
        return _ask_reset(form, member), 422
    start_factor_reset(db(), actor(), member_id, reason=form.reason.data, at=now())
    flash(f"A link was sent to {member.person.email}. It works for 24 hours.", "success")
    return redirect(url_for(".show", member_id=member_id), 303)


def _somebody_else(member_id: UUID) -> Membership:
    member = get_member(db(), viewer().organisation_id, member_id)
    if member.ended_at is not None:
        raise NotFound
    if member.person_id == viewer().person_id:
        raise OwnFactor
    return member


def _ask(form: SettingsForm) -> Response:
    own = viewer().organisation_id
    has_one = with_second_factor(db(), own)
    without = [m.person.name for m in current_members(db(), own) if m.person_id not in has_one]
    return render("identity/people/settings.html", form=form, without=without)


def _ask_reset(form: FactorResetForm, member: Membership) -> Response:
    return render("identity/people/second_factor.html", form=form, member=member)
