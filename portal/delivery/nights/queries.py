"""Stays, and what must be known to say whether nights can be recorded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import select, true
from sqlalchemy.orm import Session, joinedload

from portal.agreements.models import Agreement
from portal.delivery.models import Stay
from portal.delivery.rules import Nights
from portal.kernel.errors import NotFound


def get_stay(session: Session, stay_id: UUID) -> Stay:
    """A stay with its agreement. Raises NotFound."""
    found = session.scalars(
        select(Stay)
        .where(Stay.id == stay_id)
        .options(
            joinedload(Stay.agreement, innerjoin=True).joinedload(Agreement.council, innerjoin=True)
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def nights_recorded(
    session: Session,
    agreement_ids: Collection[UUID],
    first: date,
    last: date,
    *,
    without: UUID | None = None,
) -> dict[UUID, list[tuple[Nights, bool]]]:
    """The nights of each agreement that touch these days, and whether the child was present.

    ``without`` is the stay being edited, which is not held against itself.
    """
    recorded: dict[UUID, list[tuple[Nights, bool]]] = defaultdict(list)
    for row in session.execute(
        select(Stay.agreement_id, Stay.first_night, Stay.last_night, Stay.present)
        .where(
            Stay.agreement_id.in_(agreement_ids),
            Stay.first_night <= last,
            Stay.last_night >= first,
            true() if without is None else Stay.id != without,
        )
        .order_by(Stay.first_night, Stay.id)
    ):
        recorded[row.agreement_id].append((Nights(row.first_night, row.last_night), row.present))
    return recorded
