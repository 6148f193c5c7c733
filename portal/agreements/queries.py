"""Individual Agreements: a list by reference, and one with all that stands on it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.agreements.models import Agreement, AgreementPrice, Assignment
from portal.agreements.rules import AgreementState
from portal.frameworks.models import Category
from portal.identity.models import Organisation
from portal.identity.rules import OrganisationKind
from portal.kernel.errors import NotFound
from portal.kernel.filters import begins_with
from portal.kernel.keyset import Page, page_of


def agreements(
    session: Session,
    organisation_id: UUID,
    *,
    reference: str,
    state: AgreementState | None,
    framework_id: UUID | None,
    other_party_id: UUID | None,
    place_id: UUID | None = None,
    cursor: str | None,
) -> Page[Agreement]:
    """An organisation's agreements by reference, each with its parties and category.

    A mentor's scope holds only the agreements they are assigned to.
    """
    statement = select(Agreement).options(
        joinedload(Agreement.council),
        joinedload(Agreement.provider),
        joinedload(Agreement.category),
    )
    if state is not None:
        statement = statement.where(Agreement.state == state)
    if framework_id is not None:
        statement = statement.where(Agreement.framework_id == framework_id)
    if place_id is not None:
        statement = statement.where(Agreement.place_id == place_id)
    if other_party_id is not None:
        statement = statement.where(
            (Agreement.council_id == other_party_id) | (Agreement.provider_id == other_party_id)
        )
    if (begins := begins_with(Agreement.reference, reference)) is not None:
        statement = statement.where(begins)
    return page_of(
        session,
        statement,
        Agreement.reference,
        Agreement.id,
        cursor=cursor,
        among=[Agreement.council_id == organisation_id, Agreement.provider_id == organisation_id],
    )


def other_parties(session: Session, kind: OrganisationKind) -> list[tuple[str, str]]:
    """The councils or the providers of the scope's agreements as (id, name), for a filter."""
    ours = select(Agreement.id).where(
        Agreement.council_id == Organisation.id
        if kind is OrganisationKind.COUNCIL
        else Agreement.provider_id == Organisation.id
    )
    found = session.execute(
        select(Organisation.id, Organisation.name)
        .where(Organisation.kind == kind, ours.exists())
        .order_by(Organisation.name, Organisation.id)
    )
    return [(str(party_id), name) for party_id, name in found]


def get_agreement(session: Session, agreement_id: UUID) -> Agreement:
    """An agreement with parties, category, prices and assignments. Raises NotFound."""
    found = session.scalars(
        select(Agreement)
        .where(Agreement.id == agreement_id)
        .options(
            joinedload(Agreement.council),
            joinedload(Agreement.provider),
            joinedload(Agreement.framework),
            joinedload(Agreement.category).joinedload(Category.lot),
            selectinload(Agreement.prices),
            selectinload(Agreement.suspensions),
            selectinload(Agreement.assignments).joinedload(Assignment.mentor),
        )
    ).first()
    if found is None:
        raise NotFound
    return found


def works_on(day: date) -> ColumnElement[bool]:
    """The assignments in which a mentor works on a day, and was not rejected on it."""
    return and_(
        Assignment.over_at.is_(None),
        Assignment.starts_on <= day,
        or_(Assignment.ends_on.is_(None), Assignment.ends_on >= day),
    )


def price_on(session: Session, agreement_id: UUID, day: date) -> AgreementPrice | None:
    """The agreement's own price on a day; None before its first."""
    return session.scalars(
        select(AgreementPrice)
        .where(AgreementPrice.agreement_id == agreement_id, AgreementPrice.starts_on <= day)
        .order_by(AgreementPrice.starts_on.desc())
        .limit(1)
    ).first()
