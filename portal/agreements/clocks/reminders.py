"""Both sides are reminded of an agreement's deadlines: the provider before, both after (C6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from functools import partial
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.agreements.clocks.models import KeptClock
from portal.agreements.clocks.queries import first_open
from portal.agreements.clocks.rules import CLOCK_NAMES, remind_from
from portal.agreements.models import Assignment, Mentor
from portal.agreements.queries import works_on
from portal.identity.permissions import Permission
from portal.identity.rules import OrganisationKind
from portal.kernel.jobs import Work
from portal.kernel.local_time import local_date
from portal.kernel.wording import say_date, say_due
from portal.notices.actions import tell
from portal.notices.reminding import reminder
from portal.notices.rules import NoticeKind

MOST = 500


@reminder("clocks:remind", daily="06:40", of=OrganisationKind.PROVIDER)
def remind(work: Work) -> None:
    """Tell of each deadline on the last working day before it, and once it is missed."""
    today, provider_id = local_date(work.at), work.scope.organisation_id
    assert provider_id is not None
    with work.reading() as session:
        due = [
            one
            for one in first_open(session, provider_id, for_council=False, limit=MOST)
            if remind_from(one.due_on) <= today
        ]
        mentors = _mentors_of(session, due, today)
    for one in due:
        tell_of = partial(_tell, work, one, today)
        tell_of(provider_id, permission=Permission.DELIVERY_RECORD)
        for person_id in mentors[one.agreement_id]:
            tell_of(provider_id, person_id=person_id)
        if one.due_on < today:
            tell_of(one.council_id, permission=Permission.MENTOR_REJECT)


def _mentors_of(
    session: Session, clocks: Sequence[KeptClock], today: date
) -> dict[UUID, list[UUID]]:
    """The accounts of the mentors who work on the agreements today: they are told by name."""
    found: dict[UUID, list[UUID]] = defaultdict(list)
    for agreement_id, person_id in session.execute(
        select(Assignment.agreement_id, Mentor.person_id)
        .join(Mentor, Mentor.id == Assignment.mentor_id)
        .where(
            Assignment.agreement_id.in_([one.agreement_id for one in clocks]),
            works_on(today),
        )
        .order_by(Assignment.id)
    ):
        if person_id is not None:
            found[agreement_id].append(person_id)
    return found


def _tell(
    work: Work,
    one: KeptClock,
    today: date,
    organisation_id: UUID,
    *,
    permission: Permission | None = None,
    person_id: UUID | None = None,
) -> None:
    missed = one.due_on < today
    said = "was due" if missed else f"is {say_due(one.due_on, today)}"
    tell(
        work.session,
        NoticeKind.DEADLINE,
        sentence=f"{CLOCK_NAMES[one.kind]} on {one.agreement.reference} {said}"
        f"{' by ' if missed else ', '}{say_date(one.due_on)}",
        endpoint="clocks.show",
        values={"agreement_id": one.agreement_id},
        organisation_id=organisation_id,
        permission=permission,
        person_id=person_id,
        at=work.at,
        key=f"{one.id.hex} {one.due_on} {'missed' if missed else 'before'}",
    )
