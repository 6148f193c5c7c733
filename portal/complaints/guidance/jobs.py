"""What is done by the clock: a council is told when nobody has checked a number for six months."""

from __future__ import annotations

from sqlalchemy import select

from portal.complaints.guidance.queries import stale_contacts
from portal.identity.models import Organisation
from portal.identity.permissions import Permission
from portal.identity.rules import OrganisationKind
from portal.kernel.jobs import Work, every
from portal.kernel.local_time import local_date
from portal.kernel.tenancy import Task
from portal.kernel.wording import say_count
from portal.notices.actions import tell
from portal.notices.rules import NoticeKind


@every("guidance:stale-contacts", daily="06:30", scope=Task.JOBS)
def tell_of_stale_contacts(work: Work) -> None:
    """Tell each council, once a month, how many of its contacts have to be checked."""
    today = local_date(work.at)
    councils = select(Organisation.id).where(Organisation.kind == OrganisationKind.COUNCIL)
    for council_id in work.session.scalars(councils.order_by(Organisation.id)).all():
        if stale := stale_contacts(work.session, council_id, today):
            tell(
                work.session,
                NoticeKind.CONTACTS_STALE,
                sentence=f"{say_count(len(stale), 'contact')} for young people to check again",
                endpoint="contacts.index",
                values={},
                organisation_id=council_id,
                permission=Permission.CONTACT_KEEP,
                at=work.at,
                key=f"stale-contacts-{council_id}-{today:%Y-%m}",
            )
