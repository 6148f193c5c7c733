"""What a recovery link leads to; all asked as the sign-in's task."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from portal.identity.factors.models import Authenticator, Passkey, RecoveryCode
from portal.identity.models import Person, SignIn
from portal.identity.people.queries import person_with
from portal.identity.recovery.models import AddressChange, RecoveryLink
from portal.identity.recovery.rules import COUNTED_FOR, LinkKind


def link_behind(session: Session, kind: LinkKind, secret_digest: str) -> RecoveryLink | None:
    """The link of this kind with that secret, with its person."""
    return session.scalars(
        select(RecoveryLink)
        .where(RecoveryLink.secret_digest == secret_digest, RecoveryLink.kind == kind)
        .options(joinedload(RecoveryLink.person, innerjoin=True))
        .execution_options(populate_existing=True)
    ).first()


def links_sent(session: Session, person_id: UUID, at: datetime) -> int:
    """How many links a person was sent in the last hour."""
    return session.execute(
        select(func.count(RecoveryLink.id)).where(
            RecoveryLink.person_id == person_id, RecoveryLink.made_at > at - COUNTED_FOR
        )
    ).scalar_one()


def unused_links(session: Session, person_id: UUID) -> Sequence[RecoveryLink]:
    """A person's links that were not used."""
    return session.scalars(
        select(RecoveryLink)
        .where(RecoveryLink.person_id == person_id, RecoveryLink.used_at.is_(None))
        .order_by(RecoveryLink.id)
    ).all()


def open_sign_ins(session: Session, person_id: UUID) -> Sequence[SignIn]:
    """The browsers in which a person is signed in."""
    return session.scalars(
        select(SignIn)
        .where(SignIn.person_id == person_id, SignIn.ended_at.is_(None))
        .order_by(SignIn.id)
    ).all()


def change_behind(session: Session, secret_digest: str) -> AddressChange | None:
    """The change of address that a link sent to either address belongs to, with its person."""
    return session.scalars(
        select(AddressChange)
        .where(
            or_(
                AddressChange.old_digest == secret_digest,
                AddressChange.new_digest == secret_digest,
            )
        )
        .options(joinedload(AddressChange.person, innerjoin=True))
        .execution_options(populate_existing=True)
    ).first()


def open_change(session: Session, person_id: UUID) -> AddressChange | None:
    """The change of address that a person has asked for and that was not made yet."""
    return session.scalars(
        select(AddressChange)
        .where(AddressChange.person_id == person_id, AddressChange.ended_at.is_(None))
        .options(joinedload(AddressChange.person, innerjoin=True))
        .execution_options(populate_existing=True)
    ).first()


def lock_person(session: Session, person_id: UUID) -> Person:
    """A person, kept from others who use their links or change their address at this moment."""
    return session.scalars(
        select(Person)
        .where(Person.id == person_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()


def people_past_stopping(session: Session, at: datetime) -> Sequence[UUID]:
    """Whose open changes can no longer be stopped, the oldest first."""
    return session.scalars(
        select(AddressChange.person_id)
        .where(AddressChange.ended_at.is_(None), AddressChange.stoppable_until <= at)
        .order_by(AddressChange.asked_at, AddressChange.id)
    ).all()


def is_taken(session: Session, email: str) -> bool:
    """Whether somebody signs in with an address."""
    return person_with(session, email) is not None


def factors_of(
    session: Session, person_id: UUID
) -> Sequence[Authenticator | Passkey | RecoveryCode]:
    """Everything that a person proves themselves with beyond the password."""
    found: list[Authenticator | Passkey | RecoveryCode] = []
    found += session.scalars(select(Authenticator).where(Authenticator.person_id == person_id))
    found += session.scalars(select(Passkey).where(Passkey.person_id == person_id))
    found += session.scalars(select(RecoveryCode).where(RecoveryCode.person_id == person_id))
    return found
