"""A provider is reminded 60, 30 and 7 days before a mentor's DBS check lapses (rules.md C5).

Once it has lapsed, both sides of each agreement that the mentor works on are told.
"""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import func, or_, select

from portal.agreements.mentors import queries
from portal.agreements.models import Assignment, Clearance, Mentor
from portal.identity.permissions import Permission
from portal.identity.rules import OrganisationKind
from portal.kernel.jobs import Work
from portal.kernel.local_time import local_date
from portal.kernel.wording import say_date
from portal.notices.actions import tell
from portal.notices.reminding import reminder
from portal.notices.rules import LAPSE_STEPS, NoticeKind, lapse_step


@reminder("mentors:remind", daily="06:35", of=OrganisationKind.PROVIDER)
def remind(work: Work) -> None:
    """Tell of each assigned mentor whose check that is relied on the longest lapses soon."""
    today, provider_id = local_date(work.at), work.scope.organisation_id
    assert provider_id is not None
    until = func.max(Clearance.valid_until)
    is_assigned = (
        select(Assignment.id)
        .where(
            Assignment.mentor_id == Mentor.id,
            or_(Assignment.ends_on.is_(None), Assignment.ends_on >= today),
        )
        .exists()
    )
    with work.reading() as session:
        uncleared = queries.uncleared_of(session, provider_id, today)
        lapsing = session.execute(
            select(Mentor.id, Mentor.name, until)
            .join(Clearance, Clearance.mentor_id == Mentor.id)
            .where(Mentor.provider_id == provider_id, is_assigned)
            .group_by(Mentor.id, Mentor.name)
            .having(until >= today, until <= today + timedelta(days=max(LAPSE_STEPS)))
            .order_by(until, Mentor.name, Mentor.id)
        ).all()
    for mentor_id, name, last in lapsing:
        tell(
            work.session,
            NoticeKind.CLEARANCE_EXPIRING,
            sentence=f"The DBS check of {name} lapses after {say_date(last)}",
            endpoint="mentors.show",
            values={"mentor_id": mentor_id},
            organisation_id=provider_id,
            permission=Permission.MENTOR_READ,
            at=work.at,
            key=f"{mentor_id.hex} {last} {lapse_step((last - today).days)}",
        )
    for agreement, mentor in uncleared:
        for organisation_id, permission in (
            (provider_id, Permission.MENTOR_KEEP),
            (agreement.council_id, Permission.MENTOR_REJECT),
        ):
            tell(
                work.session,
                NoticeKind.MENTOR,
                sentence=f"{mentor.name} works on {agreement.reference} without an enhanced DBS "
                "check in date",
                endpoint="agreements.show",
                values={"agreement_id": agreement.id},
                organisation_id=organisation_id,
                permission=permission,
                at=work.at,
                key=f"{mentor.id.hex} {agreement.id.hex} {_last_check(mentor)}",
            )


def _last_check(mentor: Mentor) -> date | None:
    return max((one.valid_until for one in mentor.clearances), default=None)
