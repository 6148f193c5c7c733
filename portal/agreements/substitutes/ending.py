"""Whoever no longer works on an agreement sees nothing of it, nor knows who the young person is."""

from __future__ import annotations

from sqlalchemy import or_, select

from portal.agreements.disclosing.actions import end_disclosure
from portal.agreements.disclosing.models import Disclosure
from portal.agreements.models import Agreement, Assignment, Mentor
from portal.agreements.substitutes.actions.assigning import NO_LONGER, about, part
from portal.agreements.substitutes.events import Event
from portal.agreements.substitutes.queries import over_by
from portal.audit.actions import Actor, record
from portal.identity.rules import OrganisationKind
from portal.kernel.jobs import Work
from portal.kernel.local_time import local_date
from portal.notices.reminding import reminder


@reminder("substitutes:end", daily="00:01", of=OrganisationKind.PROVIDER)
def end_what_is_over(work: Work) -> None:
    """End what a mentor sees and was told of an agreement whose last day with them is over.

    Where the agreement ended with them they see it on, for its last report, and know no more who
    the young person is.
    """
    today, provider_id = local_date(work.at), work.scope.organisation_id
    assert provider_id is not None
    session = work.session
    portal = Actor(None, "The portal", provider_id)
    for assignment in over_by(session, provider_id, today):
        part(session, portal, assignment, at=work.at)
        about_it = about(assignment.agreement)
        mentor_id = str(assignment.mentor_id)
        record(session, portal, Event.OVER, about_it, at=work.at, mentor_id=mentor_id)
    own = select(Assignment.id).where(
        Assignment.agreement_id == Disclosure.agreement_id, Assignment.mentor_id == Mentor.id
    )
    lasts = own.where(or_(Assignment.ends_on.is_(None), Assignment.ends_on >= today))
    over = session.execute(
        select(Agreement, Disclosure.person_id)
        .join(Disclosure, Disclosure.agreement_id == Agreement.id)
        .join(Mentor, Mentor.person_id == Disclosure.person_id)
        .where(
            Disclosure.provider_id == provider_id,
            Disclosure.ended_at.is_(None),
            Mentor.provider_id == provider_id,
            own.exists(),
            ~lasts.exists(),
        )
        .order_by(Agreement.id, Disclosure.person_id)
    ).all()
    for agreement, person_id in over:
        end_disclosure(session, portal, agreement, person_id, because=NO_LONGER, at=work.at)
