"""A provider's mentors; for a council, those assigned to its agreements."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.agreements.mentors import queries
from portal.agreements.mentors.forms import MentorFilters
from portal.agreements.rules import covers
from portal.identity.people.open_work import Waiting, tells_open_work
from portal.identity.rules import Permission
from portal.identity.viewing import viewer
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.fragments import render
from portal.kernel.session import db
from portal.kernel.wording import say_count

routes = Blueprint("mentors", __name__, url_prefix="/mentors")


@routes.get("")
@requires(Permission.MENTOR_READ)
def index() -> ResponseReturnValue:
    """Mentors by name."""
    form = MentorFilters(request.args)
    today = local_date(now())
    page = queries.mentors(
        db(), name=form.name.data or "", today=today, cursor=request.args.get("page")
    )
    rows = [
        (mentor, queries.dbs_standing(mentor.clearances, today), assigned)
        for mentor, assigned in page.rows
    ]
    return render(
        "agreements/mentors/index.html",
        fragment="results",
        filters=form,
        page=page,
        rows=rows,
        for_council=viewer().is_council,
    )


@routes.get("/<uuid:mentor_id>")
@requires(Permission.MENTOR_READ)
def show(mentor_id: UUID) -> ResponseReturnValue:
    """One mentor with the assignments that one may see."""
    mentor = queries.get_mentor(db(), mentor_id)
    today = local_date(now())
    is_now = [covers(one.starts_on, one.ends_on, today) for one in mentor.assignments]
    return render(
        "agreements/mentors/show.html",
        mentor=mentor,
        dbs=queries.dbs_standing(mentor.clearances, today),
        assigned=sum(is_now),
        assignments=list(zip(mentor.assignments, is_now, strict=True))[::-1],
        for_council=viewer().is_council,
    )


@tells_open_work
def assigned_agreements(
    session: Session, organisation_id: UUID, person_id: UUID, at: datetime
) -> Iterator[Waiting]:
    """The agreements that a person is assigned to today, which somebody else must take over."""
    for mentor, count in queries.caseloads_of(session, organisation_id, person_id, local_date(at)):
        if count:
            yield Waiting(
                f"Assigned to {say_count(count, 'agreement')} as a mentor",
                url_for("mentors.show", mentor_id=mentor.id),
            )
