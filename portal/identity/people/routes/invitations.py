"""Inviting people, and what became of each invitation."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.identity.people.actions.membership import RolesRefused
from portal.identity.people.forms import InvitationForm
from portal.identity.people.invitations import queries
from portal.identity.people.invitations.actions import inviting
from portal.identity.people.invitations.rules import STANDING_NAMES, Standing
from portal.identity.people.routes.blueprint import routes
from portal.identity.people.routes.roles import roles_help
from portal.identity.people.words import name_roles
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, can, viewer
from portal.kernel.access import requires
from portal.kernel.clock import now
from portal.kernel.fragments import render
from portal.kernel.session import db


@routes.get("/invitations")
@requires(Permission.PEOPLE_READ)
def invitations() -> ResponseReturnValue:
    """The organisation's invitations, the newest first."""
    at = now()
    page = queries.invitations(db(), viewer().organisation_id, cursor=request.args.get("page"))
    return render(
        "identity/people/invitations.html",
        page=page,
        rows=[(one, queries.standing_of(one, at)) for one in page.rows],
        standings=Standing,
        standing_names=STANDING_NAMES,
        name_roles=name_roles,
        may_change=can(Permission.PEOPLE_CHANGE),
    )


@routes.get("/invitations/new")
@requires(Permission.PEOPLE_CHANGE)
def invitation_form() -> ResponseReturnValue:
    """Ask whom to invite, and to which roles."""
    return _ask(InvitationForm())


@routes.post("/invitations/new")
@requires(Permission.PEOPLE_CHANGE)
def invite() -> ResponseReturnValue:
    """Invite somebody by a letter, or say what to change."""
    form = InvitationForm()
    form.roles.offer(viewer().kind)
    if not form.validate_on_submit():
        return _ask(form), 422
    try:
        inviting.invite(
            db(),
            actor(),
            name=form.name.data,
            email=form.email.data,
            roles=form.roles.chosen,
            difference=form.difference.data,
            at=now(),
        )
    except (RolesRefused, inviting.HereAlready, inviting.SecondAccount) as refused:
        explain(form, refused)
        return _ask(form, alike=isinstance(refused, inviting.SecondAccount)), 422
    flash(f"An invitation was sent to {form.email.data}. It works for 7 days.", "success")
    return redirect(url_for(".invitations"), 303)


@routes.post("/invitations/<uuid:invitation_id>/again")
@requires(Permission.PEOPLE_CHANGE)
def invite_again(invitation_id: UUID) -> ResponseReturnValue:
    """Send the letter again, with a new link."""
    invitation = inviting.send_again(db(), actor(), invitation_id, at=now())
    flash(f"The invitation was sent to {invitation.email} again, with a new link.", "success")
    return redirect(url_for(".invitations"), 303)


@routes.post("/invitations/<uuid:invitation_id>/withdraw")
@requires(Permission.PEOPLE_CHANGE)
def withdraw(invitation_id: UUID) -> ResponseReturnValue:
    """Take the invitation back."""
    invitation = inviting.withdraw(db(), actor(), invitation_id, at=now())
    flash(f"The invitation of {invitation.email} was withdrawn.", "success")
    return redirect(url_for(".invitations"), 303)


def explain(
    form: InvitationForm,
    refused: RolesRefused | inviting.HereAlready | inviting.SecondAccount,
) -> None:
    """Put a refusal at the field that it is about."""
    if isinstance(refused, RolesRefused):
        form.roles.errors = refused.sentences
    elif isinstance(refused, inviting.SecondAccount):
        form.difference.errors = [refused.sentence]
    else:
        form.email.errors = [refused.sentence]


def _ask(form: InvitationForm, *, alike: bool = False) -> Response:
    form.roles.offer(viewer().kind)
    return render(
        "identity/people/invite.html",
        form=form,
        alike=alike or bool(form.difference.data),
        **roles_help(viewer().kind),
    )
