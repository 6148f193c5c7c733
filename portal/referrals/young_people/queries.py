"""The young people that a council knows, and who may look without saying why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.kernel.errors import NotFound
from portal.kernel.keyset import Page, page_of
from portal.referrals.models import Referral, YoungPerson

MOST = 20


def young_people(
    session: Session, council_id: UUID, *, cursor: str | None
) -> Page[tuple[UUID, str, int]]:
    """A council's young people by id and reference, each with how many referrals there were."""
    count = (
        select(func.count(Referral.id))
        .where(Referral.young_person_id == YoungPerson.id)
        .correlate(YoungPerson)
        .scalar_subquery()
    )
    statement = select(YoungPerson.id, YoungPerson.reference, count).where(
        YoungPerson.council_id == council_id
    )
    return page_of(session, statement, YoungPerson.reference, YoungPerson.id, cursor=cursor)


def get_young_person(
    session: Session, young_person_id: UUID, council_id: UUID, *, to_change: bool = False
) -> YoungPerson:
    """Who somebody is, for their council; to change it, held as it is. Raises NotFound."""
    statement = select(YoungPerson).where(
        YoungPerson.id == young_person_id, YoungPerson.council_id == council_id
    )
    if to_change:
        statement = statement.with_for_update()
    found = session.scalars(statement).first()
    if found is None:
        raise NotFound
    return found


def by_reference(session: Session, council_id: UUID, reference: str) -> YoungPerson | None:
    """The young person of a reference, also typed in small letters or without its lines."""
    typed = reference.upper().replace(" ", "")
    return session.scalars(
        select(YoungPerson).where(
            YoungPerson.council_id == council_id, YoungPerson.reference == typed
        )
    ).first()


def by_name(session: Session, council_id: UUID, family_name: str) -> Sequence[YoungPerson]:
    """The young people of a family name, however it is written, the first twenty by given name."""
    return session.scalars(
        select(YoungPerson)
        .where(
            YoungPerson.council_id == council_id,
            func.lower(YoungPerson.family_name) == family_name.lower(),
        )
        .order_by(YoungPerson.given_name, YoungPerson.id)
        .limit(MOST)
    ).all()


def same_person(
    session: Session, council_id: UUID, given_name: str, family_name: str, born_on: date
) -> YoungPerson | None:
    """Somebody of that name and birthday whom the council knows already."""
    return session.scalars(
        select(YoungPerson)
        .where(
            YoungPerson.council_id == council_id,
            func.lower(YoungPerson.given_name) == given_name.lower(),
            func.lower(YoungPerson.family_name) == family_name.lower(),
            YoungPerson.date_of_birth == born_on,
        )
        .order_by(YoungPerson.id)
        .limit(1)
    ).first()


def referrals_for(session: Session, young_person_id: UUID) -> Sequence[Referral]:
    """Every referral for a young person, the newest first."""
    return session.scalars(
        select(Referral)
        .where(Referral.young_person_id == young_person_id)
        .order_by(Referral.made_at.desc(), Referral.id)
    ).all()


def refers(session: Session, young_person_id: UUID, person_id: UUID) -> bool:
    """Whether somebody made a referral for a young person, so that they know who it is."""
    found = session.scalars(
        select(Referral.id)
        .where(Referral.young_person_id == young_person_id, Referral.made_by_id == person_id)
        .limit(1)
    ).first()
    return found is not None
