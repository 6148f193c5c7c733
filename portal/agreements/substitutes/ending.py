"""Whoever no longer works on an agreement may not know any more who the young person is."""

from __future__ import annotations

from sqlalchemy import or_, select

from portal.agreements.disclosing.actions import end_disclosure
from portal.agreements.disclosing.models import Disclosure
from portal.agreements.models import Agreement, Assignment, Mentor
from portal.agreements.substitutes.actions.assigning import NO_LONGER
from portal.audit.actions import Actor
from portal.identity.rules import OrganisationKind
from portal.kernel.jobs import Work
from portal.kernel.local_time import local_date
from portal.notices.reminding import reminder


@reminder("substitutes:end", daily="00:20", of=OrganisationKind.PROVIDER)
def end_what_is_over(work: Work) -> None:
    """End what a mentor was told for an agreement whose last day with them was before today."""
    today, provider_id = local_date(work.at), work.scope.organisation_id
    session = work.session
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
    portal = Actor(None, "The portal", provider_id)
    for agreement, person_id in over:
        end_disclosure(session, portal, agreement, person_id, because=NO_LONGER, at=work.at)
