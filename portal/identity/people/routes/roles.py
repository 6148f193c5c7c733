"""Changing somebody's roles, and ending their access."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.identity.models import Membership
from portal.identity.people import queries
from portal.identity.people.actions import membership
from portal.identity.people.forms import LeaveForm, RolesForm
from portal.identity.people.open_work import open_work
from portal.identity.people.routes.blueprint import routes
from portal.identity.people.rules import APART_BY_CASE, KEPT_APART, roles_of
from portal.identity.people.words import name_roles, what_may
from portal.identity.permissions import Permission
from portal.identity.rules import ROLE_NAMES, OrganisationKind
from portal.identity.viewing import actor, viewer
from portal.kernel.access import requires
from portal.kernel.clock import now
from portal.kernel.errors import NotFound, Stale
from portal.kernel.fragments import render
from portal.kernel.session import db


def roles_help(kind: OrganisationKind) -> dict[str, Any]:
    """What a page that asks for roles says of them: what each may do, what is kept apart."""
    council = kind is OrganisationKind.COUNCIL
    return {
        "role_words": [(ROLE_NAMES[role], what_may(role)) for role in roles_of(kind)],
        "kept_apart": sorted({apart.sentence for apart in KEPT_APART}) if council else [],
        "apart_by_case": APART_BY_CASE,
    }


def _working_here(member_id: UUID) -> Membership:
    member = queries.get_member(db(), viewer().organisation_id, member_id)
    if member.ended_at is not None:
        raise NotFound
    return member


@routes.get("/<uuid:member_id>/roles")
@requires(Permission.PEOPLE_CHANGE)
def roles_form(member_id: UUID) -> ResponseReturnValue:
    """Ask which roles a person shall have."""
    member = _working_here(member_id)
    held = [role.value for role in queries.held_roles(member)]
    return _ask_roles(RolesForm(roles=held, version=str(member.version)), member)


@routes.post("/<uuid:member_id>/roles")
@requires(Permission.PEOPLE_CHANGE)
def change_roles(member_id: UUID) -> ResponseReturnValue:
    """Give a person these roles, or say why not; a stale form shows both."""
    member = _working_here(member_id)
    form = RolesForm()
    form.roles.offer(viewer().kind)
    if not form.validate_on_submit():
        return _ask_roles(form, member), 422
    try:
        membership.change_roles(
            db(), actor(), member_id, roles=form.roles.chosen, version=form.opened_on, at=now()
        )
    except membership.RolesRefused as refused:
        form.roles.errors = refused.sentences
        return _ask_roles(form, member), 422
    except (membership.LastAdministrator, membership.OwnRoles) as refused:
        form.roles.errors = [refused.sentence]
        return _ask_roles(form, member), refused.status
    except Stale:
        form.version.data = str(member.version)
        held = ", ".join(name_roles(queries.held_roles(member)))
        changed = (
            f"Somebody else changed these roles while your page was open. They are now: {held}. "
            "What you chose is kept below: check it, then save again."
        )
        form.form_errors = [changed]
        return _ask_roles(form, member), Stale.status
    flash(f"The roles of {member.person.name} were changed.", "success")
    return redirect(url_for(".show", member_id=member_id), 303)


@routes.get("/<uuid:member_id>/leave")
@requires(Permission.PEOPLE_CHANGE)
def leave_form(member_id: UUID) -> ResponseReturnValue:
    """Show what waits for a person before their access ends."""
    member = _working_here(member_id)
    return _ask_leave(LeaveForm(version=str(member.version)), member)


@routes.post("/<uuid:member_id>/leave")
@requires(Permission.PEOPLE_CHANGE)
def leave(member_id: UUID) -> ResponseReturnValue:
    """End a person's access from their next request on."""
    member = _working_here(member_id)
    form = LeaveForm()
    if not form.validate_on_submit():
        return _ask_leave(form, member), 422
    try:
        membership.end_membership(db(), actor(), member_id, version=form.opened_on, at=now())
    except (membership.LastAdministrator, Stale) as refused:
        form.form_errors = [refused.sentence]
        return _ask_leave(form, member), refused.status
    flash(f"{member.person.name} can no longer work as {viewer().organisation_name}.", "success")
    return redirect(url_for(".index"), 303)


def _ask_roles(form: RolesForm, member: Membership) -> Response:
    form.roles.offer(viewer().kind)
    return render(
        "identity/people/roles.html", form=form, member=member, **roles_help(viewer().kind)
    )


def _ask_leave(form: LeaveForm, member: Membership) -> Response:
    waiting = open_work(db(), viewer().organisation_id, member.person_id, now())
    return render("identity/people/leave.html", form=form, member=member, waiting=waiting)
