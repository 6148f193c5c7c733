"""Who works here, and one person's page."""

from __future__ import annotations

from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from portal.identity.people import queries
from portal.identity.people.events import WORDS
from portal.identity.people.forms import PeopleFilters
from portal.identity.people.invitations.queries import waiting_requests
from portal.identity.people.reviews.queries import open_review
from portal.identity.people.reviews.rules import is_near, is_overdue
from portal.identity.people.routes.blueprint import routes
from portal.identity.people.rules import roles_of
from portal.identity.people.words import name_roles, say_change, what_may
from portal.identity.permissions import Permission
from portal.identity.rules import ROLE_NAMES, Role
from portal.identity.viewing import can, viewer
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.fragments import render
from portal.kernel.session import db
from portal.kernel.wording import say_datetime


@routes.get("")
@requires(Permission.PEOPLE_READ)
def index() -> ResponseReturnValue:
    """The people of one's organisation, by name."""
    form = PeopleFilters(request.args)
    own, today = viewer().organisation_id, local_date(now())
    form.role.offer([(role.value, ROLE_NAMES[role]) for role in roles_of(viewer().kind)])
    page = queries.members(
        db(),
        own,
        words=form.words.data or "",
        role=Role(form.role.chosen) if form.role.chosen else None,
        left=form.state.chosen == "left",
        cursor=request.args.get("page"),
    )
    review = open_review(db(), own)
    waiting, _since = waiting_requests(db(), own)
    return render(
        "identity/people/index.html",
        fragment="results",
        filters=form,
        page=page,
        last_sign_ins=queries.last_sign_ins(db(), own, [member.id for member in page.rows]),
        with_factor=queries.with_second_factor(db(), own),
        name_roles=name_roles,
        narrowed=any(field.data for field in form),
        waiting=waiting,
        review=review,
        review_near=review is not None and is_near(review.due_on, today),
        review_overdue=review is not None and is_overdue(review.due_on, today),
        may_change=can(Permission.PEOPLE_CHANGE),
    )


@routes.get("/<uuid:member_id>")
@requires(Permission.PEOPLE_READ)
def show(member_id: UUID) -> ResponseReturnValue:
    """One person: what they may do here, since when, and what administrators did about them."""
    own = viewer().organisation_id
    member = queries.get_member(db(), own, member_id)
    roles = queries.held_roles(member)
    return render(
        "identity/people/show.html",
        member=member,
        roles=[(ROLE_NAMES[role], what_may(role)) for role in Role if role in roles],
        last_sign_in=queries.last_sign_ins(db(), own, [member.id]).get(member.id),
        has_factor=member.person_id in queries.with_second_factor(db(), own),
        twins=queries.twins_of(
            db(),
            own,
            name=member.person.name,
            email=member.person.email,
            besides=member.person_id,
        )
        if member.ended_at is None
        else [],
        history=[
            {
                "what": WORDS.get(event.event, event.event),
                "when": say_datetime(event.at),
                "who": event.person_name,
                "note": say_change(event.details),
            }
            for event in queries.history_of(db(), own, member.person_id)
        ],
        is_self=member.person_id == viewer().person_id,
        may_change=can(Permission.PEOPLE_CHANGE) and member.ended_at is None,
        may_copy=can(Permission.PEOPLE_CHANGE),
        may_read_record=can(Permission.AUDIT_READ),
    )
