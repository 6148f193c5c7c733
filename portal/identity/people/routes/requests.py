"""Who asks to join, and the answer."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.identity.people.actions.membership import RolesRefused
from portal.identity.people.forms import InvitationForm
from portal.identity.people.invitations import queries
from portal.identity.people.invitations.actions import inviting, joining
from portal.identity.people.invitations.models import JoinRequest
from portal.identity.people.routes.blueprint import routes
from portal.identity.people.routes.invitations import explain
from portal.identity.people.routes.roles import roles_help
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, viewer
from portal.kernel.access import requires
from portal.kernel.clock import now
from portal.kernel.fragments import render
from portal.kernel.session import db


@routes.get("/requests")
@requires(Permission.PEOPLE_CHANGE)
def requests() -> ResponseReturnValue:
    """Who asks to join and waits for an answer."""
    page = queries.requests(db(), viewer().organisation_id, cursor=request.args.get("page"))
    return render("identity/people/requests.html", page=page)


@routes.get("/requests/<uuid:request_id>")
@requires(Permission.PEOPLE_CHANGE)
def join_request(request_id: UUID) -> ResponseReturnValue:
    """One request, with the roles to invite to."""
    asked = queries.get_request(db(), viewer().organisation_id, request_id)
    if asked.decided_at is not None:
        raise joining.Answered
    return _ask(InvitationForm(), asked)


@routes.post("/requests/<uuid:request_id>")
@requires(Permission.PEOPLE_CHANGE)
def accept_request(request_id: UUID) -> ResponseReturnValue:
    """Answer with an invitation, or say what to change."""
    asked = queries.get_request(db(), viewer().organisation_id, request_id)
    form = InvitationForm(name=asked.name, email=asked.email)
    form.roles.offer(viewer().kind)
    try:
        joining.accept(
            db(),
            actor(),
            request_id,
            roles=form.roles.chosen if form.roles.validate(form) else frozenset(),
            difference=form.difference.data,
            at=now(),
        )
    except (RolesRefused, inviting.HereAlready, inviting.SecondAccount) as refused:
        explain(form, refused)
        return _ask(form, asked, alike=isinstance(refused, inviting.SecondAccount)), 422
    flash(f"An invitation was sent to {asked.email}. It works for 7 days.", "success")
    return redirect(url_for(".requests"), 303)


@routes.post("/requests/<uuid:request_id>/decline")
@requires(Permission.PEOPLE_CHANGE)
def decline_request(request_id: UUID) -> ResponseReturnValue:
    """Answer with no."""
    declined = joining.decline(db(), actor(), request_id, at=now())
    flash(f"The request of {declined.name} was declined. They are not told.", "success")
    return redirect(url_for(".requests"), 303)


def _ask(form: InvitationForm, asked: JoinRequest, *, alike: bool = False) -> Response:
    form.roles.offer(viewer().kind)
    return render(
        "identity/people/request.html",
        form=form,
        asked=asked,
        alike=alike or bool(form.difference.data),
        **roles_help(viewer().kind),
    )
