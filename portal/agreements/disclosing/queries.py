"""Who may know who a young person is, and the young person themselves."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from portal.agreements.disclosing.models import Disclosure
from portal.agreements.models import Agreement
from portal.agreements.orders.models import OrderForm
from portal.identity.models import Membership, MembershipRole, Person
from portal.identity.permissions import Permission
from portal.kernel.errors import NotFound
from portal.notices.rules import roles_with
from portal.referrals.models import Referral, YoungPerson


def disclosures_of(session: Session, agreement_id: UUID) -> Sequence[Disclosure]:
    """Everybody who was ever told for an agreement, the latest first."""
    return session.scalars(
        select(Disclosure)
        .where(Disclosure.agreement_id == agreement_id)
        .order_by(Disclosure.given_at.desc(), Disclosure.id.desc())
    ).all()


def standing_disclosure(session: Session, agreement_id: UUID, person_id: UUID) -> Disclosure | None:
    """Whether a person may know, for an agreement, who the young person is."""
    return session.scalars(
        select(Disclosure).where(
            Disclosure.agreement_id == agreement_id,
            Disclosure.person_id == person_id,
            Disclosure.ended_at.is_(None),
        )
    ).first()


def young_person_of(session: Session, agreement_id: UUID) -> UUID | None:
    """The id of an agreement's young person: of its order form, or of an earlier disclosure.

    None for an agreement that was brought in from a file.
    """
    ordered = session.scalars(
        select(Referral.young_person_id)
        .join(OrderForm, OrderForm.referral_id == Referral.id)
        .where(OrderForm.agreement_id == agreement_id)
    ).first()
    if ordered is not None:
        return ordered
    return session.scalars(
        select(Disclosure.young_person_id)
        .where(Disclosure.agreement_id == agreement_id)
        .order_by(Disclosure.given_at)
        .limit(1)
    ).first()


def may_know(session: Session, agreement: Agreement) -> bool:
    """Whether the scope sees who an agreement's young person is."""
    return session.scalars(select(YoungPerson.id).where(*_theirs(agreement))).first() is not None


def identity_of(session: Session, agreement: Agreement) -> YoungPerson:
    """Who an agreement's young person is, for the council or somebody who was told.

    Raises NotFound for everybody else, and where nobody has entered it.
    """
    found = session.scalars(select(YoungPerson).where(*_theirs(agreement))).first()
    if found is None:
        raise NotFound
    return found


def _theirs(agreement: Agreement) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (
        YoungPerson.council_id == agreement.council_id,
        YoungPerson.reference == agreement.young_person,
    )


def may_be_told(session: Session, provider_id: UUID) -> list[tuple[UUID, str]]:
    """The people of a provider whose role lets them know an identity, as (id, name)."""
    found = session.execute(
        select(Person.id, Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .join(MembershipRole, MembershipRole.membership_id == Membership.id)
        .where(
            Membership.organisation_id == provider_id,
            Membership.ended_at.is_(None),
            MembershipRole.role.in_(sorted(roles_with(Permission.IDENTITY_READ))),
        )
        .distinct()
        .order_by(Person.name, Person.id)
    )
    return [(person_id, name) for person_id, name in found]
