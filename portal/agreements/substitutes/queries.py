"""Who works on an agreement, and each time that it needed somebody else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.agreements.changing.rules import RUNNING
from portal.agreements.clocks.models import KeptClock
from portal.agreements.mentors.models import Absence
from portal.agreements.models import Agreement, Assignment
from portal.agreements.rules import covers
from portal.agreements.substitutes.models import Substitution
from portal.agreements.substitutes.rules import Cause
from portal.evidence.queries import pieces_begun
from portal.evidence.rules import NEEDED_TO_DELIVER, wanting
from portal.frameworks.lots.demands.queries import asked_in
from portal.kernel.errors import NotFound


def substitutions_of(session: Session, agreement_id: UUID) -> Sequence[Substitution]:
    """Each time that an agreement needed another mentor, the latest first, with its clock."""
    return session.scalars(
        select(Substitution)
        .where(Substitution.agreement_id == agreement_id)
        .options(joinedload(Substitution.clock))
        .order_by(Substitution.told_at.desc(), Substitution.id.desc())
    ).all()


def open_among(substitutions: Sequence[Substitution]) -> Substitution | None:
    """The one that still waits for a mentor, if there is one."""
    return next((one for one in substitutions if one.clock.is_open), None)


def rejected_among(substitutions: Sequence[Substitution]) -> frozenset[UUID]:
    """The mentors whom the council does not want on the agreement."""
    return frozenset(one.mentor_id for one in substitutions if one.cause is Cause.REJECTED)


def held_agreement(session: Session, agreement_id: UUID) -> Agreement:
    """An agreement with everybody assigned to it, held until the end. Raises NotFound."""
    found = session.scalars(
        select(Agreement)
        .where(Agreement.id == agreement_id)
        .options(
            joinedload(Agreement.council),
            selectinload(Agreement.assignments).options(
                joinedload(Assignment.mentor), joinedload(Assignment.agreement)
            ),
        )
        .with_for_update(of=Agreement)
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise NotFound
    return found


def standing_assignment(agreement: Agreement, today: date) -> Assignment | None:
    """Who works on an agreement today, or, before anybody does, who will."""
    standing = [one for one in agreement.assignments if one.ends_on is None or one.ends_on >= today]
    now = [one for one in standing if covers(one.starts_on, one.ends_on, today)]
    return next(iter([*now, *standing]), None)


def assignments_from(session: Session, mentor_id: UUID, day: date) -> Sequence[Assignment]:
    """A mentor's assignments to agreements that run, suspended or not, until a day or longer.

    Not those from which the council rejected them: whether they are back matters no more.
    """
    return session.scalars(
        select(Assignment)
        .join(Assignment.agreement)
        .where(
            Assignment.mentor_id == mentor_id,
            Assignment.over_at.is_(None),
            or_(Assignment.ends_on.is_(None), Assignment.ends_on >= day),
            Agreement.state.in_(RUNNING),
        )
        .options(
            joinedload(Assignment.agreement).selectinload(Agreement.suspensions),
            joinedload(Assignment.mentor),
        )
        .order_by(Assignment.starts_on, Assignment.id)
    ).all()


def over_by(session: Session, provider_id: UUID, today: date) -> Sequence[Assignment]:
    """A provider's assignments whose last day is over, on agreements that went on without them."""
    return session.scalars(
        select(Assignment)
        .join(Assignment.agreement)
        .where(
            Assignment.provider_id == provider_id,
            Assignment.over_at.is_(None),
            Assignment.ends_on < today,
            or_(Agreement.ends_on.is_(None), Agreement.ends_on > Assignment.ends_on),
        )
        .options(joinedload(Assignment.agreement), joinedload(Assignment.mentor))
        .order_by(Assignment.id)
    ).all()


def open_for(session: Session, agreement_ids: Sequence[UUID]) -> dict[UUID, Substitution]:
    """What still waits for another mentor, by agreement."""
    found = session.scalars(
        select(Substitution)
        .join(Substitution.clock)
        .where(
            Substitution.agreement_id.in_(agreement_ids),
            KeptClock.done_on.is_(None),
            KeptClock.stopped_on.is_(None),
        )
        .options(joinedload(Substitution.clock))
        .order_by(Substitution.id)
        .execution_options(populate_existing=True)
    )
    return {one.agreement_id: one for one in found}


def get_absence(session: Session, mentor_id: UUID, absence_id: UUID) -> Absence:
    """One absence of a mentor. Raises NotFound."""
    found = session.get(Absence, absence_id)
    if found is None or found.mentor_id != mentor_id:
        raise NotFound
    return found


def wanting_evidence(session: Session, agreement: Agreement, today: date) -> list[str]:
    """What is wrong with the insurances, without which nobody new is assigned, as sentences."""
    covers = asked_in(session, agreement.category_id)
    held = pieces_begun(session, [agreement.provider_id], NEEDED_TO_DELIVER, today)
    found = [
        wanting(kind, held[agreement.provider_id].get(kind, ()), covers[kind], today)
        for kind in NEEDED_TO_DELIVER
    ]
    return [sentence for sentence in found if sentence]
