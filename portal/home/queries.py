"""What ends or lapses, and whose work it is: each answer a few rows, in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from portal.agreements.models import Agreement, Assignment, Clearance, Mentor
from portal.agreements.queries import works_on
from portal.agreements.rules import AgreementState
from portal.audit.models import AuditEvent
from portal.budgets.models import Budget
from portal.evidence.models import Evidence
from portal.evidence.queries import COUNTS_UNTIL
from portal.evidence.rules import EvidenceKind
from portal.frameworks.models import Category, FrameworkCouncil, Place
from portal.frameworks.rules import PlaceState
from portal.home.rules import SHOWN
from portal.identity.models import Organisation

NO_END = date(9999, 12, 31)
NEVER = date(1, 1, 1)
TWO_YEARS = timedelta(days=731)
LIVE_PLACES = (PlaceState.ACTIVE, PlaceState.RESERVE)


@dataclass(frozen=True, slots=True)
class Lapse:
    """Something that ends on a day: whose or what, and its own id where it has a page."""

    name: str
    on: date
    id: UUID | None = None


def evidence_lapses(session: Session, provider_id: UUID) -> Sequence[tuple[EvidenceKind, date]]:
    """The last day of each kind of a provider's evidence that has one, the earliest first.

    A kind of which only what was not accepted is held comes first, with NOTHING.
    """
    until = func.max(COUNTS_UNTIL)
    return session.execute(
        select(Evidence.kind, until)
        .where(Evidence.provider_id == provider_id)
        .group_by(Evidence.kind)
        .having(until < NO_END)
        .order_by(until, Evidence.kind)
    ).all()


def clearance_lapses(
    session: Session, provider_id: UUID, today: date, through: date
) -> tuple[list[Lapse], int]:
    """Assigned mentors whose DBS check is good until this day at most, the first five of them.

    And how many there are. A mentor without any check comes first, with the day NEVER.
    """
    until = func.max(Clearance.valid_until)
    is_assigned = (
        select(Assignment.id)
        .where(
            Assignment.mentor_id == Mentor.id,
            or_(Assignment.ends_on.is_(None), Assignment.ends_on >= today),
        )
        .exists()
    )
    found = session.execute(
        select(Mentor.name, func.coalesce(until, NEVER), Mentor.id, func.count().over())
        .outerjoin(Clearance, Clearance.mentor_id == Mentor.id)
        .where(Mentor.provider_id == provider_id, is_assigned)
        .group_by(Mentor.id, Mentor.name)
        .having(or_(until.is_(None), until <= through))
        .order_by(func.coalesce(until, NEVER), Mentor.name, Mentor.id)
        .limit(SHOWN)
    ).all()
    lapses = [Lapse(name, on, mentor_id) for name, on, mentor_id, _ in found]
    return lapses, found[0][3] if found else 0


def assigned_to(person_id: UUID, today: date) -> ColumnElement[bool]:
    """The agreements to which this person is assigned as a mentor today."""
    return (
        select(Assignment.id)
        .join(Mentor, Mentor.id == Assignment.mentor_id)
        .where(
            Assignment.agreement_id == Agreement.id,
            Mentor.person_id == person_id,
            works_on(today),
        )
        .exists()
    )


def recent_budgets(session: Session, council_id: UUID, today: date) -> Sequence[Budget]:
    """The council's budgets of this contract year and the last, each with its framework."""
    return session.scalars(
        select(Budget)
        .where(Budget.council_id == council_id, Budget.year_starts_on > today - TWO_YEARS)
        .options(joinedload(Budget.framework))
        .order_by(Budget.year_starts_on, Budget.id)
    ).all()


def places_ending(session: Session, council_id: UUID, today: date) -> Sequence[Place]:
    """Live places on the council's frameworks whose end is to come, the first five of them."""
    return session.scalars(
        select(Place)
        .join(FrameworkCouncil, FrameworkCouncil.framework_id == Place.framework_id)
        .join(Place.provider)
        .join(Place.category)
        .where(
            FrameworkCouncil.council_id == council_id,
            Place.state.in_(LIVE_PLACES),
            Place.ends_on >= today,
        )
        .options(contains_eager(Place.provider), contains_eager(Place.category))
        .order_by(Place.ends_on, Organisation.name, Category.code, Place.id)
        .limit(SHOWN)
    ).all()


def lapsed_providers(
    session: Session, council_id: UUID, today: date
) -> tuple[list[tuple[Lapse, int]], int]:
    """Providers with a live place of the council's frameworks and evidence that has lapsed.

    The longest lapsed first, each with how many kinds have; and how many providers there are.
    """
    until = func.max(COUNTS_UNTIL).label("until")
    has_place = (
        select(Place.id)
        .join(FrameworkCouncil, FrameworkCouncil.framework_id == Place.framework_id)
        .where(
            Place.provider_id == Evidence.provider_id,
            FrameworkCouncil.council_id == council_id,
            Place.state.in_(LIVE_PLACES),
            or_(Place.ends_on.is_(None), Place.ends_on >= today),
        )
        .exists()
    )
    by_kind = (
        select(Evidence.provider_id, until)
        .where(has_place)
        .group_by(Evidence.provider_id, Evidence.kind)
        .having(until < today)
        .subquery()
    )
    since = func.min(by_kind.c.until)
    found = session.execute(
        select(Organisation.name, since, Organisation.id, func.count(), func.count().over())
        .join(by_kind, by_kind.c.provider_id == Organisation.id)
        .group_by(Organisation.id, Organisation.name)
        .order_by(since, Organisation.name, Organisation.id)
        .limit(SHOWN)
    ).all()
    lapses = [(Lapse(name, on, own), kinds) for name, on, own, kinds, _ in found]
    return lapses, found[0][4] if found else 0


def agreements_ending(session: Session, council_id: UUID, today: date) -> Sequence[Agreement]:
    """The council's active agreements with an end that has not come, the first five of them."""
    return session.scalars(
        select(Agreement)
        .where(
            Agreement.council_id == council_id,
            Agreement.state == AgreementState.ACTIVE,
            Agreement.ends_on >= today,
        )
        .options(joinedload(Agreement.provider))
        .order_by(Agreement.ends_on, Agreement.reference, Agreement.id)
        .limit(SHOWN)
    ).all()


def events_since(
    session: Session, organisation_id: UUID, at: datetime
) -> tuple[int, datetime | None]:
    """How many events an organisation may read of since a moment, and when the last was."""
    row = session.execute(
        select(func.count(), func.max(AuditEvent.at)).where(
            or_(
                AuditEvent.organisation_id == organisation_id,
                AuditEvent.council_id == organisation_id,
            ),
            AuditEvent.at >= at,
        )
    ).one()
    return row[0], row[1]
