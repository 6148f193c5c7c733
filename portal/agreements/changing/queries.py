"""An agreement to be changed, how it ends, and what waits for an answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypeVar
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.agreements.changing.models import Ending, Proposal
from portal.agreements.changing.rules import RUNNING, ProposalState
from portal.agreements.models import Agreement, Assignment, Suspension
from portal.agreements.rules import AgreementState
from portal.kernel.errors import NotFound

P = TypeVar("P", bound=Proposal)


def locked_agreement(session: Session, agreement_id: UUID) -> Agreement:
    """An agreement as it stands now, kept from other writers. Raises NotFound."""
    found = session.scalars(
        select(Agreement)
        .where(Agreement.id == agreement_id)
        .with_for_update(of=Agreement)
        .options(selectinload(Agreement.suspensions))
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise NotFound
    return found


def locked_proposal(session: Session, model: type[P], proposal_id: UUID) -> P:
    """A proposal as it stands now, kept from other writers. Raises NotFound."""
    found = session.scalars(
        select(model)
        .where(model.id == proposal_id)
        .with_for_update(of=model)
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise NotFound
    return found


def waiting(session: Session, model: type[P], organisation_id: UUID) -> Sequence[P]:
    """What an organisation has yet to answer about agreements that run, the oldest first."""
    return session.scalars(
        select(model)
        .join(Agreement, Agreement.id == model.agreement_id)
        .where(
            model.to_id == organisation_id,
            model.state == ProposalState.PROPOSED,
            Agreement.state.in_(RUNNING),
        )
        .options(joinedload(model.agreement))  # type: ignore[attr-defined]
        .order_by(model.proposed_at, model.id)
    ).all()


def endings_of(session: Session, agreement_id: UUID) -> Sequence[Ending]:
    """What was decided about an agreement's end, the newest first."""
    return session.scalars(
        select(Ending)
        .where(Ending.agreement_id == agreement_id)
        .order_by(Ending.at.desc(), Ending.id.desc())
    ).all()


def current_suspension(agreement: Agreement, today: date) -> Suspension | None:
    """The suspension that holds today or is still to come."""
    return next(
        (one for one in agreement.suspensions if one.ends_on is None or one.ends_on >= today), None
    )


def to_turn(session: Session, council_id: UUID, today: date) -> Sequence[UUID]:
    """A council's agreements whose state is no longer what the day says, by their ids."""
    began = select(Suspension.id).where(
        Suspension.agreement_id == Agreement.id, Suspension.starts_on <= today
    )
    holds = began.where(or_(Suspension.ends_on.is_(None), Suspension.ends_on >= today)).exists()
    return session.scalars(
        select(Agreement.id)
        .where(
            Agreement.council_id == council_id,
            Agreement.state.in_(RUNNING),
            or_(
                Agreement.ends_on < today,
                (Agreement.state == AgreementState.ACTIVE) & holds,
                (Agreement.state == AgreementState.SUSPENDED) & began.exists() & ~holds,
            ),
        )
        .order_by(Agreement.id)
    ).all()


def assignments_after(session: Session, agreement_id: UUID, last_day: date) -> Sequence[Assignment]:
    """The mentors' times on an agreement that go beyond a day."""
    return session.scalars(
        select(Assignment)
        .where(
            Assignment.agreement_id == agreement_id,
            or_(Assignment.ends_on.is_(None), Assignment.ends_on > last_day),
        )
        .order_by(Assignment.starts_on, Assignment.id)
    ).all()
