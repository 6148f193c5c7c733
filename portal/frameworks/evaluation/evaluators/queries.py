"""Who has a part in evaluating a round, and whom a council may still name."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.frameworks.evaluation.models import Evaluator
from portal.identity.allowed import permissions_of
from portal.identity.models import Membership
from portal.identity.people.queries import current_members
from portal.identity.permissions import Permission


def evaluators(session: Session, round_id: UUID) -> list[Evaluator]:
    """Everybody who was named, the moderator last, each with their council."""
    return list(
        session.scalars(
            select(Evaluator)
            .where(Evaluator.round_id == round_id)
            .options(joinedload(Evaluator.council))
            .order_by(Evaluator.duty, Evaluator.name, Evaluator.person_id)
        )
    )


def part_of(session: Session, round_id: UUID, person_id: UUID) -> Evaluator | None:
    """A person's own part in a round, if they were named."""
    return session.get(Evaluator, (round_id, person_id))


def may_be_named(session: Session, round_id: UUID, council_id: UUID) -> list[Membership]:
    """The council's own people who evaluate and have no part in the round yet, by name."""
    named = set(
        session.scalars(
            select(Evaluator.person_id)
            .where(Evaluator.round_id == round_id)
            .order_by(Evaluator.person_id)
        )
    )
    return [
        member
        for member in current_members(session, council_id)
        if member.person_id not in named
        and Permission.EVALUATION_SCORE in permissions_of(held.role for held in member.roles)
    ]
