"""How far a job is, for whoever started it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from portal.kernel.access import signed_in
from portal.kernel.database import scope_of
from portal.kernel.errors import NotFound
from portal.kernel.fragments import render
from portal.kernel.jobs.models import Job
from portal.kernel.jobs.registry import title_of
from portal.kernel.jobs.rules import JobState
from portal.kernel.session import db

routes = Blueprint("jobs", __name__, url_prefix="/jobs")


@routes.get("/<uuid:job_id>")
@signed_in("whoever started a job may see how far it is")
def show(job_id: UUID) -> ResponseReturnValue:
    """One job; its part of the page asks for itself again every two seconds until it has ended.

    Raises NotFound for a job that is gone, or that somebody else started.
    """
    scope, job = scope_of(db()), db().get(Job, job_id)
    own = (scope.person_id, scope.organisation_id)
    if job is None or None in own or own != (job.person_id, job.organisation_id):
        raise NotFound
    made = job.made or {}
    return render(
        "kernel/jobs/show.html",
        fragment="state",
        job=job,
        title=title_of(job.name),
        states=JobState,
        made=made.get("label"),
        made_url=url_for(made["endpoint"], **made["values"]) if made else None,
    )
