"""Moves of agreements between councils."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.agreements.changing.rules import ProposalState
from portal.agreements.models import Assignment
from portal.agreements.queries import works_on
from portal.agreements.transfers.models import SharedNote, Transfer
from portal.frameworks.models import FrameworkCouncil, Place
from portal.identity.models import Organisation
from portal.kernel.errors import NotFound
from portal.kernel.keyset import Page, page_of


def get_transfer(session: Session, transfer_id: UUID) -> Transfer:
    """A transfer with its councils, provider, place and category. Raises NotFound."""
    found = session.scalars(
        select(Transfer)
        .where(Transfer.id == transfer_id)
        .options(
            joinedload(Transfer.council),
            joinedload(Transfer.receiving),
            joinedload(Transfer.provider),
            joinedload(Transfer.category),
            joinedload(Transfer.place).options(
                joinedload(Place.framework), selectinload(Place.prices)
            ),
        )
    ).first()
    if found is None:
        raise NotFound
    return found


def open_transfer(session: Session, agreement_id: UUID) -> Transfer | None:
    """The move of an agreement that waits for the other council."""
    return session.scalars(
        select(Transfer).where(
            Transfer.agreement_id == agreement_id, Transfer.state == ProposalState.PROPOSED
        )
    ).first()


def takes_over(session: Session, agreement_id: UUID) -> bool:
    """Whether another council takes an agreement over after its last day."""
    taken = select(Transfer.id).where(
        Transfer.agreement_id == agreement_id, Transfer.state == ProposalState.AGREED
    )
    return session.scalars(taken).first() is not None


def transfers_of(session: Session, agreement_id: UUID) -> Sequence[Transfer]:
    """The moves of an agreement, and the one that it was opened by, the newest first."""
    return session.scalars(
        select(Transfer)
        .where(
            or_(Transfer.agreement_id == agreement_id, Transfer.new_agreement_id == agreement_id)
        )
        .options(joinedload(Transfer.council), joinedload(Transfer.receiving))
        .order_by(Transfer.proposed_at.desc(), Transfer.id.desc())
    ).all()


def waiting_transfers(session: Session, council_id: UUID) -> Sequence[Transfer]:
    """The agreements that a council is asked to take over, the first to come first."""
    return session.scalars(
        select(Transfer)
        .where(Transfer.to_id == council_id, Transfer.state == ProposalState.PROPOSED)
        .options(joinedload(Transfer.council), joinedload(Transfer.provider))
        .order_by(Transfer.last_day, Transfer.id)
    ).all()


def other_councils(session: Session, framework_id: UUID, council_id: UUID) -> list[tuple[str, str]]:
    """The other councils of a framework as (id, name), for a choice."""
    found = session.execute(
        select(Organisation.id, Organisation.name)
        .join(FrameworkCouncil, FrameworkCouncil.council_id == Organisation.id)
        .where(FrameworkCouncil.framework_id == framework_id, Organisation.id != council_id)
        .order_by(Organisation.name, Organisation.id)
    )
    return [(str(own), name) for own, name in found]


def mentor_on(session: Session, agreement_id: UUID, day: date) -> UUID | None:
    """Who is an agreement's mentor on a day, nobody whom the council rejected since."""
    return session.scalars(
        select(Assignment.mentor_id)
        .where(Assignment.agreement_id == agreement_id, works_on(day))
        .order_by(Assignment.starts_on.desc())
        .limit(1)
    ).first()


def shared_ids(session: Session, transfer_id: UUID) -> set[UUID]:
    """The sessions whose notes are shared already."""
    return set(
        session.scalars(select(SharedNote.session_id).where(SharedNote.transfer_id == transfer_id))
    )


def notes(session: Session, transfer_id: UUID, *, cursor: str | None) -> Page[SharedNote]:
    """The notes that the first council shared, the earliest first."""
    return page_of(
        session,
        select(SharedNote).where(SharedNote.transfer_id == transfer_id),
        SharedNote.day,
        SharedNote.id,
        cursor=cursor,
    )
