"""The clocks of an agreement, the contacts beneath them, and the open ones of an organisation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from portal.agreements.clocks.models import ContactRecord, KeptClock
from portal.agreements.clocks.rules import ClockKind
from portal.agreements.models import Agreement
from portal.agreements.rules import AgreementState
from portal.kernel.errors import NotFound
from portal.kernel.keyset import Page, page_of


def clocks_of(session: Session, agreement_id: UUID) -> Sequence[KeptClock]:
    """An agreement's clocks, the first to start first."""
    return session.scalars(
        select(KeptClock)
        .where(KeptClock.agreement_id == agreement_id)
        .order_by(KeptClock.starts_on, KeptClock.due_on, KeptClock.id)
    ).all()


def held_clocks(session: Session, agreement_id: UUID) -> Sequence[KeptClock]:
    """All the clocks of an agreement, which nobody else changes until the end."""
    return session.scalars(
        select(KeptClock)
        .where(KeptClock.agreement_id == agreement_id)
        .order_by(KeptClock.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def held_order_clocks(session: Session, agreement_id: UUID) -> dict[ClockKind, KeptClock]:
    """The clocks that the order form started, which nobody else changes until the end."""
    return {
        one.kind: one
        for one in held_clocks(session, agreement_id)
        if one.kind is not ClockKind.SUBSTITUTE
    }


def contacts_of(session: Session, agreement_id: UUID) -> Sequence[ContactRecord]:
    """Everything recorded of reaching the young person, the latest day first."""
    return session.scalars(
        select(ContactRecord)
        .where(ContactRecord.agreement_id == agreement_id)
        .order_by(
            ContactRecord.day.desc(), ContactRecord.recorded_at.desc(), ContactRecord.id.desc()
        )
    ).all()


def get_contact(session: Session, contact_id: UUID, *, held: bool = False) -> ContactRecord:
    """One contact with its agreement, held for a change when asked. Raises NotFound."""
    statement = (
        select(ContactRecord)
        .where(ContactRecord.id == contact_id)
        .options(joinedload(ContactRecord.agreement))
        .execution_options(populate_existing=True)
    )
    if held:
        statement = statement.with_for_update(of=ContactRecord)
    found = session.scalars(statement).first()
    if found is None:
        raise NotFound
    return found


def open_clocks(
    session: Session,
    organisation_id: UUID,
    *,
    for_council: bool,
    kind: ClockKind | None = None,
    missed_on: date | None = None,
    cursor: str | None = None,
) -> Page[KeptClock]:
    """The clocks that wait, the first due first; with ``missed_on`` those missed by that day.

    Each with its agreement and both parties. Nothing is waited for on an agreement that is not
    active.
    """
    statement = (
        select(KeptClock)
        .join(KeptClock.agreement)
        .where(*_open(organisation_id, for_council=for_council))
        .options(
            contains_eager(KeptClock.agreement).options(
                joinedload(Agreement.council),
                joinedload(Agreement.provider),
                selectinload(Agreement.suspensions),
            )
        )
    )
    if kind is not None:
        statement = statement.where(KeptClock.kind == kind)
    if missed_on is not None:
        statement = statement.where(KeptClock.due_on < missed_on)
    return page_of(session, statement, KeptClock.due_on, KeptClock.id, cursor=cursor)


def first_open(
    session: Session, organisation_id: UUID, *, for_council: bool, limit: int
) -> Sequence[KeptClock]:
    """The open clocks that are due first, each with its agreement and its provider."""
    return session.scalars(
        select(KeptClock)
        .join(KeptClock.agreement)
        .where(*_open(organisation_id, for_council=for_council))
        .options(contains_eager(KeptClock.agreement).joinedload(Agreement.provider))
        .order_by(KeptClock.due_on, KeptClock.id)
        .limit(limit)
    ).all()


def _open(organisation_id: UUID, *, for_council: bool) -> tuple[ColumnElement[bool], ...]:
    party = KeptClock.council_id if for_council else KeptClock.provider_id
    return (
        party == organisation_id,
        KeptClock.done_on.is_(None),
        KeptClock.stopped_on.is_(None),
        Agreement.state == AgreementState.ACTIVE,
    )
