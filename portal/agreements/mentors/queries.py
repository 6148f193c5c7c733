"""Mentors with their caseload, as far as the scope sees them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ScalarSelect, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.agreements.mentors.models import Absence, Hours, Training
from portal.agreements.mentors.rules import Candidate
from portal.agreements.models import Agreement, Assignment, Clearance, Mentor
from portal.agreements.queries import works_on
from portal.agreements.rules import AgreementState, covers
from portal.evidence.rules import Standing, Validity, standing
from portal.kernel.errors import NotFound
from portal.kernel.filters import begins_with
from portal.kernel.keyset import Page, page_of


def mentors(
    session: Session, *, name: str, today: date, cursor: str | None
) -> Page[tuple[Mentor, int]]:
    """Mentors by name with their clearances, each with how many agreements they have today.

    A council sees the mentors assigned to its agreements, and counts only those assignments.
    """
    statement = select(Mentor, _assigned(today)).options(selectinload(Mentor.clearances))
    if (named := begins_with(Mentor.name, name)) is not None:
        statement = statement.where(named)
    return page_of(session, statement, Mentor.name, Mentor.id, cursor=cursor)


def caseloads_of(
    session: Session, provider_id: UUID, person_id: UUID, today: date
) -> list[tuple[Mentor, int]]:
    """The mentors that a person is for a provider, each with how many agreements today."""
    found = session.execute(
        select(Mentor, _assigned(today))
        .where(Mentor.provider_id == provider_id, Mentor.person_id == person_id)
        .order_by(Mentor.name, Mentor.id)
    )
    return [(mentor, count) for mentor, count in found]


def _assigned(day: date, *, later: bool = False) -> ScalarSelect[int]:
    """How many agreements a mentor is assigned to on a day, or then and later."""
    begun = () if later else (Assignment.starts_on <= day,)
    return (
        select(func.count(Assignment.agreement_id.distinct()))
        .where(
            Assignment.mentor_id == Mentor.id,
            or_(Assignment.ends_on.is_(None), Assignment.ends_on >= day),
            *begun,
        )
        .correlate(Mentor)
        .scalar_subquery()
    )


def get_mentor(session: Session, mentor_id: UUID) -> Mentor:
    """A mentor with clearances and, newest last, the assignments one may see. Raises NotFound."""
    found = session.scalars(
        select(Mentor)
        .where(Mentor.id == mentor_id)
        .options(
            selectinload(Mentor.clearances),
            selectinload(Mentor.assignments)
            .joinedload(Assignment.agreement)
            .options(joinedload(Agreement.council), joinedload(Agreement.category)),
        )
    ).first()
    if found is None:
        raise NotFound
    return found


def held_mentor(session: Session, mentor_id: UUID) -> Mentor:
    """A mentor as they are now, whom nobody else changes or assigns until the end.

    Raises NotFound.
    """
    found = session.scalars(
        select(Mentor)
        .where(Mentor.id == mentor_id)
        .options(selectinload(Mentor.clearances))
        .with_for_update(of=Mentor)
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise NotFound
    return found


def standing_assignments(session: Session, mentor_id: UUID) -> Sequence[Assignment]:
    """The assignments in which a mentor sees an agreement, each with it."""
    return session.scalars(
        select(Assignment)
        .where(Assignment.mentor_id == mentor_id, Assignment.over_at.is_(None))
        .options(joinedload(Assignment.agreement))
        .order_by(Assignment.starts_on, Assignment.id)
    ).all()


@dataclass(frozen=True, slots=True)
class Kept:
    """What else is kept of a mentor: training, the hours of the week, absences."""

    training: Sequence[Training]
    hours: Sequence[Hours]
    absences: Sequence[Absence]


def kept_of(session: Session, mentor_id: UUID) -> Kept:
    """The freshest training of each kind, hours from Monday on, absences with the latest first."""
    freshest: dict[tuple[str, str], Training] = {}
    for one in session.scalars(
        select(Training)
        .where(Training.mentor_id == mentor_id)
        .order_by(Training.fresh_until.desc(), Training.id.desc())
    ):
        freshest.setdefault((one.kind, one.title), one)
    return Kept(
        training=list(freshest.values()),
        hours=session.scalars(
            select(Hours).where(Hours.mentor_id == mentor_id).order_by(Hours.weekday)
        ).all(),
        absences=absences_of(session, mentor_id),
    )


def absences_of(session: Session, mentor_id: UUID) -> Sequence[Absence]:
    """When a mentor was, is or will be away; the latest first."""
    return session.scalars(
        select(Absence)
        .where(Absence.mentor_id == mentor_id)
        .order_by(Absence.first_day.desc(), Absence.id.desc())
    ).all()


def candidates(
    session: Session,
    provider_id: UUID,
    day: date,
    *,
    rejected: frozenset[UUID] = frozenset(),
    only: UUID | None = None,
) -> dict[UUID, Candidate]:
    """A provider's mentors by name, each with what decides whether they may be assigned.

    ``rejected`` are those whom the council does not want on the agreement; ``only`` asks of one
    mentor. Three statements.
    """
    wanted = Mentor.provider_id == provider_id if only is None else Mentor.id == only
    found = session.execute(
        select(Mentor, _assigned(day, later=True))
        .where(wanted)
        .options(selectinload(Mentor.clearances))
        .order_by(Mentor.name, Mentor.id)
    ).all()
    absences = defaultdict(list)
    for away in session.scalars(
        select(Absence)
        .where(
            Absence.provider_id == provider_id,
            or_(Absence.last_day.is_(None), Absence.last_day >= day),
        )
        .order_by(Absence.first_day, Absence.id)
    ):
        absences[away.mentor_id].append((away.first_day, away.last_day))
    return {
        mentor.id: Candidate(
            name=mentor.name,
            volunteer=mentor.volunteer,
            checks=[(one.checked_on, one.valid_until) for one in mentor.clearances],
            absences=absences[mentor.id],
            assigned=assigned,
            caseload_limit=mentor.caseload_limit,
            rejected=mentor.id in rejected,
        )
        for mentor, assigned in found
    }


def alarms(mentor: Mentor, absences: Sequence[Absence], today: date) -> list[str]:
    """What is wrong with somebody's being assigned today, as sentences for both sides."""
    name, said = mentor.name, []
    if mentor.volunteer:
        said.append(f"{name} is a volunteer, who cannot work on an agreement.")
    dbs = dbs_standing(mentor.clearances, today)
    if dbs.validity in (Validity.LAPSED, Validity.MISSING):
        lapsed = f"The enhanced DBS check of {name} has lapsed: {dbs.words.lower()}."
        missing = f"No enhanced DBS check of {name} is held."
        said.append(lapsed if dbs.validity is Validity.LAPSED else missing)
    if any(covers(one.first_day, one.last_day, today) for one in absences):
        said.append(f"{name} is not available.")
    return said


def uncleared(
    session: Session, council_id: UUID, today: date, *, limit: int
) -> Sequence[tuple[Agreement, Mentor]]:
    """A council's active agreements whose mentor of today has no check in date, the first few."""
    return _pairs(session, _uncleared(today).where(Agreement.council_id == council_id).limit(limit))


def uncleared_of(
    session: Session, provider_id: UUID, today: date
) -> Sequence[tuple[Agreement, Mentor]]:
    """The same of a provider, all of them, each mentor with their checks."""
    asked = _uncleared(today).where(Agreement.provider_id == provider_id)
    return _pairs(session, asked.options(selectinload(Mentor.clearances)))


def _uncleared(today: date) -> Select[Agreement, Mentor]:
    in_date = select(Clearance.id).where(
        Clearance.mentor_id == Mentor.id,
        Clearance.checked_on <= today,
        Clearance.valid_until >= today,
    )
    return (
        select(Agreement, Mentor)
        .join(Assignment, Assignment.agreement_id == Agreement.id)
        .join(Mentor, Mentor.id == Assignment.mentor_id)
        .where(
            Agreement.state == AgreementState.ACTIVE,
            works_on(today),
            or_(Agreement.ends_on.is_(None), Agreement.ends_on >= today),
            ~in_date.exists(),
        )
        .order_by(Agreement.reference, Agreement.id)
    )


def _pairs(session: Session, asked: Select[Agreement, Mentor]) -> list[tuple[Agreement, Mentor]]:
    return [(agreement, mentor) for agreement, mentor in session.execute(asked)]


def dbs_standing(clearances: list[Clearance], today: date) -> Standing:
    """How the enhanced DBS check that is relied on the longest stands; never its number (C5)."""
    last = max(clearances, key=lambda one: one.valid_until, default=None)
    if last is None:
        return standing(None, None, today)
    return standing(last.checked_on, last.valid_until, today)
