"""What needs doing and by when; whether the portal is up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.home import (
    agreement_work,
    bank_work,
    care_work,
    change_work,
    complaint_work,
    contested_work,
    council_work,
    guidance_work,
    order_work,
    people,
    provider_work,
    referral_work,
    round_work,
    term_work,
    uplift_work,
)
from portal.home.rules import Work, merged
from portal.identity.permissions import Permission
from portal.identity.rules import Role
from portal.identity.viewing import Viewer, viewer
from portal.kernel.access import public_page, signed_in
from portal.kernel.clock import ClockSetting, local_date, now
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("home", __name__)

WORK: Mapping[Role, Callable[[Session, Viewer, datetime], Work]] = {
    Role.PROVIDER_ADMINISTRATOR: lambda session, who, at: merged(
        (
            provider_work.administrator(session, who.organisation_id, local_date(at)),
            complaint_work.shared(session, who.organisation_id, local_date(at)),
            agreement_work.provider_deadlines(
                session, who.organisation_id, local_date(at), assigns=True
            ),
            people.administration(session, who.organisation_id, local_date(at)),
            round_work.bids(session, who.organisation_id, at),
        )
    ),
    Role.BIDS: lambda session, who, at: merged(
        (
            round_work.bids(session, who.organisation_id, at),
            provider_work.evidence(session, who.organisation_id, local_date(at)),
        )
    ),
    Role.DELIVERY: lambda session, who, at: merged(
        (
            agreement_work.provider_deadlines(
                session, who.organisation_id, local_date(at), assigns=False
            ),
            provider_work.mentor(session, who.organisation_id, who.person_id, at),
        )
    ),
    Role.FINANCE: lambda session, who, at: provider_work.finance(
        session, who.organisation_id, local_date(at)
    ),
    Role.COMMISSIONER: lambda session, who, at: merged(
        (
            council_work.commissioner(session, who.organisation_id, local_date(at)),
            round_work.runner(session, who.organisation_id, who.person_id, at),
            round_work.opener(session, who.organisation_id, who.person_id, at),
        )
    ),
    Role.EVALUATOR: lambda session, who, _at: round_work.evaluator(
        session, who.organisation_id, who.person_id
    ),
    Role.REFERRER: lambda session, who, at: merged(
        (
            council_work.referrer(session, who.organisation_id, local_date(at)),
            complaint_work.school(session, who.organisation_id),
            agreement_work.council_deadlines(session, who.organisation_id, local_date(at)),
        )
    ),
    Role.APPROVER: lambda session, who, at: council_work.approver(
        session, who.organisation_id, local_date(at)
    ),
    Role.BUDGET_HOLDER: lambda session, who, at: council_work.budget_holder(
        session, who.organisation_id, local_date(at)
    ),
    Role.COMPLAINTS_MANAGER: lambda session, who, at: merged(
        (
            complaint_work.manager(session, who.organisation_id, local_date(at)),
            guidance_work.contacts(session, who.organisation_id, local_date(at)),
        )
    ),
    Role.AUDITOR: lambda session, who, at: council_work.auditor(session, who.organisation_id, at),
    Role.COUNCIL_ADMINISTRATOR: lambda session, who, at: merged(
        (
            council_work.administrator(),
            complaint_work.alerts(session, who.organisation_id),
            round_work.opener(session, who.organisation_id, who.person_id, at),
            people.administration(session, who.organisation_id, local_date(at)),
        )
    ),
}
WITHOUT_A_LIST = frozenset({Role.AUDITOR})


@routes.get("/")
@signed_in("everybody has a home page; it shows only what their roles open")
def show() -> ResponseReturnValue:
    """What needs this person, by when, over all their roles; the first due comes first."""
    person, at = viewer(), now()
    if person.scope is None:
        return redirect(url_for("identity.choose"), 303)
    roles = sorted(person.found.roles)
    works = [WORK[role](db(), person, at) for role in roles]
    if person.is_council:
        today = local_date(at)
        works.append(
            complaint_work.appointed(db(), person.organisation_id, person.person_id, today)
        )
    if person.can(Permission.UPLIFT_AGREE):
        works.append(uplift_work.to_agree(db(), person.organisation_id, person.person_id))
    if person.can(Permission.REFERRAL_MAKE):
        works.append(order_work.council(db(), person.organisation_id, local_date(at)))
    if person.can(Permission.REFERRAL_ANSWER):
        works.append(order_work.provider(db(), person.organisation_id, local_date(at)))
    if person.can(Permission.REFERRAL_MAKE):
        works.append(referral_work.council(db(), person.organisation_id, at))
    if person.can(Permission.REFERRAL_ANSWER):
        works.append(referral_work.provider(db(), person.organisation_id, at))
    if person.can(Permission.AGREEMENT_CHANGE):
        works.append(change_work.to_answer(db(), person.organisation_id, council=person.is_council))
    works.append(term_work.reports_and_meetings(db(), person, local_date(at)))
    works.append(care_work.care(db(), person))
    works.append(bank_work.paying(db(), person, local_date(at)))
    works.append(contested_work.contested(db(), person))
    work = merged(works)
    return render(
        "home/show.html",
        work=work,
        has_list=not WITHOUT_A_LIST.issuperset(roles),
        mentor_only=roles == [Role.DELIVERY],
    )


@routes.get("/health")
@public_page("a load balancer asks without an account")
def health() -> ResponseReturnValue:
    """Whether this process can answer and reach its database."""
    db().execute(select(ClockSetting.id).limit(1))
    return {"status": "ok"}
