"""A person's key, and the rounds that wait for it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.frameworks.rounds.models import OpenerKey, Round, RoundOpener
from portal.kernel.errors import NotFound


def locked_key(session: Session, person_id: UUID | None, council_id: UUID | None) -> OpenerKey:
    """A person's key as it stands now. Raises NotFound where they have none."""
    found = session.scalars(
        select(OpenerKey)
        .where(OpenerKey.person_id == person_id, OpenerKey.council_id == council_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise NotFound
    return found


def rounds_waiting_for(
    session: Session, person_id: UUID | None, council_id: UUID | None
) -> Sequence[Round]:
    """The rounds whose key a person holds a share of, until they are opened or cancelled.

    The first to close is first.
    """
    return session.scalars(
        select(Round)
        .join(RoundOpener, RoundOpener.round_id == Round.id)
        .where(
            RoundOpener.person_id == person_id,
            RoundOpener.council_id == council_id,
            RoundOpener.share.is_not(None),
            RoundOpener.given.is_(None),
            Round.opened_at.is_(None),
            Round.cancelled_at.is_(None),
        )
        .order_by(Round.closes_at, Round.id)
    ).all()
