"""A copy of one's own data, and for an administrator, of what is kept about a colleague."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from portal.identity.models import Person
from portal.identity.people.queries import get_member
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, viewer
from portal.kernel.access import requires, signed_in
from portal.kernel.clock import now
from portal.kernel.fragments import render
from portal.kernel.session import db
from portal.rights.copies import actions, queries
from portal.rights.copies.making import packed, unpacked
from portal.rights.rules import COPY_DAYS

routes = Blueprint("copies", __name__, url_prefix="/copies")

OWN = "everybody may have a copy of what is kept about them"
ASKED = "only whoever asked for a copy finds it"


@routes.get("")
@signed_in(OWN)
def index() -> ResponseReturnValue:
    """What was asked for, and asking for a copy of one's own data."""
    found = queries.copies_asked_by(db(), viewer().person_id)
    return render("rights/copies/index.html", form=FlaskForm(), copies=found, days=COPY_DAYS)


@routes.post("")
@signed_in(OWN)
def ask() -> ResponseReturnValue:
    """Have a copy of one's own data made."""
    person = db().get_one(Person, viewer().person_id)
    job_id = actions.ask(db(), actor(), person, whole=True, at=now())
    return redirect(url_for("jobs.show", job_id=job_id), 303)


@routes.get("/of/<uuid:member_id>")
@requires(Permission.PEOPLE_CHANGE)
def ask_about(member_id: UUID) -> ResponseReturnValue:
    """Say what a copy about somebody who works or worked here holds."""
    member = get_member(db(), viewer().organisation_id, member_id)
    return render("rights/copies/of.html", form=FlaskForm(), member=member, days=COPY_DAYS)


@routes.post("/of/<uuid:member_id>")
@requires(Permission.PEOPLE_CHANGE)
def make_about(member_id: UUID) -> ResponseReturnValue:
    """Have a copy made of what this organisation keeps about somebody."""
    member = get_member(db(), viewer().organisation_id, member_id)
    job_id = actions.ask(db(), actor(), member.person, whole=False, at=now())
    return redirect(url_for("jobs.show", job_id=job_id), 303)


@routes.get("/<uuid:copy_id>")
@signed_in(ASKED)
def show(copy_id: UUID) -> ResponseReturnValue:
    """A copy, to read."""
    copy = queries.get_copy(db(), copy_id)
    content = unpacked(queries.text_of(db(), copy))
    tables = [
        (title, list(dict.fromkeys(label for row in rows for label in row)), rows)
        for title, rows in content.items()
    ]
    return render(
        "rights/copies/show.html", form=FlaskForm(), copy=copy, tables=tables, days=COPY_DAYS
    )


@routes.post("/<uuid:copy_id>/download")
@signed_in(ASKED)
def download(copy_id: UUID) -> ResponseReturnValue:
    """The same as a ZIP, as text and as JSON; that it was taken is recorded."""
    copy = queries.get_copy(db(), copy_id)
    content = packed(unpacked(queries.text_of(db(), copy)))
    actions.taken(db(), actor(), copy, at=now())
    answer = Response(content, mimetype="application/zip")
    answer.headers.set("Content-Disposition", "attachment", filename="personal-data.zip")
    answer.headers["Cache-Control"] = "no-store"
    return answer
