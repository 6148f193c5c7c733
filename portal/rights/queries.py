"""What organisations set, which holds stand, and so what is over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from portal.identity.models import Membership, Person
from portal.kernel.columns import Instant
from portal.kernel.errors import NotFound
from portal.kernel.keyset import Page, page_of
from portal.kernel.local_time import start_of_day
from portal.rights.models import KeptFor, LegalHold
from portal.rights.rules import SETTABLE, Category, Standing, standing


def numbers_set(session: Session, organisation_id: UUID) -> dict[Category, int]:
    """What an organisation set, by category; where it set nothing, nothing."""
    found = session.scalars(
        select(KeptFor).where(KeptFor.organisation_id == organisation_id).order_by(KeptFor.category)
    )
    return {one.category: one.number for one in found if one.category in SETTABLE}


def holds(session: Session, organisation_id: UUID, cursor: str | None) -> Page[LegalHold]:
    """An organisation's holds, the newest first."""
    found = (
        select(LegalHold)
        .where(LegalHold.organisation_id == organisation_id)
        .options(joinedload(LegalHold.person))
    )
    return page_of(
        session, found, LegalHold.placed_at, LegalHold.id, cursor=cursor, descending=True
    )


def get_hold(
    session: Session, organisation_id: UUID, hold_id: UUID, *, lock: bool = False
) -> LegalHold:
    """One hold of an organisation. Raises NotFound."""
    wanted = (
        select(LegalHold)
        .where(LegalHold.id == hold_id, LegalHold.organisation_id == organisation_id)
        .execution_options(populate_existing=True)
    )
    found = session.scalars(wanted.with_for_update() if lock else wanted).first()
    if found is None:
        raise NotFound
    return found


def _stand(today: date) -> ColumnElement[bool]:
    return and_(
        LegalHold.lifted_at.is_(None), or_(LegalHold.until.is_(None), LegalHold.until >= today)
    )


def held_organisations(session: Session, today: date) -> Sequence[UUID]:
    """Organisations of which nothing may be erased today."""
    return session.scalars(
        select(LegalHold.organisation_id)
        .where(LegalHold.person_id.is_(None), _stand(today))
        .order_by(LegalHold.organisation_id)
    ).all()


def held_people(today: date) -> ColumnElement[bool]:
    """For a statement about Person: nothing of this person may be erased today."""
    own = select(LegalHold.id).where(LegalHold.person_id == Person.id, _stand(today))
    theirs = (
        select(LegalHold.id)
        .join(Membership, Membership.organisation_id == LegalHold.organisation_id)
        .where(Membership.person_id == Person.id, LegalHold.person_id.is_(None), _stand(today))
    )
    return or_(own.exists(), theirs.exists())


def _held_alone(session: Session, today: date) -> Sequence[UUID]:
    found = session.scalars(
        select(LegalHold.person_id)
        .where(LegalHold.person_id.is_not(None), _stand(today))
        .order_by(LegalHold.person_id)
    )
    return [one for one in found if one is not None]


def standing_of(session: Session, category: Category, today: date) -> Standing:
    """What every organisation together makes of a category today; asked as the retention task."""
    set_longer = session.execute(
        select(KeptFor.organisation_id, KeptFor.number)
        .where(KeptFor.category == category)
        .order_by(KeptFor.organisation_id)
    )
    return standing(
        category, today, [(one, number) for one, number in set_longer],
        held_organisations(session, today),
        _held_alone(session, today),
    )  # fmt: skip


def is_over(stands: Standing, party: Any, when: Any) -> ColumnElement[bool]:
    """Whether what happened at ``when``, a day or a moment, is over for the organisation there."""

    def since(day: date) -> date | datetime:
        return start_of_day(day) if isinstance(when.type, Instant) else day

    longer = [
        and_(party == organisation_id, when < since(day))
        for organisation_id, day in stands.longer.items()
    ]
    usual = and_(party.not_in(stands.longer), when < since(stands.usually))
    return and_(party.not_in(stands.held), or_(usual, *longer))


def held_person_ids(session: Session, today: date) -> Sequence[UUID]:
    """People of whom nothing may be erased today."""
    return session.scalars(select(Person.id).where(held_people(today)).order_by(Person.id)).all()
