"""Whom a report concerns: the two organisations, and the mentors who work on the agreement."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.agreements.models import Assignment, Mentor
from portal.agreements.queries import works_on
from portal.delivery.reports.queries import ReportPaper
from portal.identity.permissions import Permission
from portal.kernel.local_time import local_date
from portal.notices.actions import tell
from portal.notices.rules import NoticeKind


def tell_council(session: Session, paper: ReportPaper, sentence: str, *, at: datetime) -> None:
    """Tell whoever decides on reports."""
    tell(
        session,
        NoticeKind.REPORT,
        sentence=sentence,
        endpoint="reports.show",
        values={"agreement_id": paper.agreement.id, "term_id": paper.term.id},
        organisation_id=paper.agreement.council_id,
        permission=Permission.REPORT_DECIDE,
        at=at,
    )


def tell_provider(session: Session, paper: ReportPaper, sentence: str, *, at: datetime) -> None:
    """Tell whoever writes reports for all of the provider, and the mentors of the agreement."""
    agreement = paper.agreement
    mentors = mentors_of(session, [agreement.id], local_date(at)).get(agreement.id, ())
    for person_id in (None, *sorted(mentors)):
        tell(
            session,
            NoticeKind.REPORT,
            sentence=sentence,
            endpoint="reports.show",
            values={"agreement_id": agreement.id, "term_id": paper.term.id},
            organisation_id=agreement.provider_id,
            permission=None if person_id else Permission.REPORT_WRITE,
            person_id=person_id,
            at=at,
        )


def mentors_of(
    session: Session, agreement_ids: Collection[UUID], today: date
) -> dict[UUID, set[UUID]]:
    """The people who work as mentors on these agreements now, by the agreement."""
    found: dict[UUID, set[UUID]] = {}
    working = session.execute(
        select(Assignment.agreement_id, Mentor.person_id)
        .join(Mentor, Mentor.id == Assignment.mentor_id)
        .where(
            Assignment.agreement_id.in_(agreement_ids),
            works_on(today),
        )
        .order_by(Assignment.agreement_id, Mentor.person_id)
    )
    for agreement_id, person_id in working:
        if person_id is not None:
            found.setdefault(agreement_id, set()).add(person_id)
    return found
