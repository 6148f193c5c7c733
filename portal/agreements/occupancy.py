"""Each agreement that runs takes up a young person's room on its place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from portal.agreements.models import Agreement
from portal.agreements.rules import AgreementState
from portal.referrals.occupancy import counts_agreements

HOLDING = (AgreementState.ACTIVE, AgreementState.SUSPENDED)


@counts_agreements
def taken(session: Session, place_ids: Sequence[UUID], day: date) -> dict[UUID, int]:
    """How many agreements of each place run on a day or are still to begin, suspended ones too."""
    found = session.execute(
        select(Agreement.place_id, func.count())
        .where(
            Agreement.place_id.in_(place_ids),
            Agreement.state.in_(HOLDING),
            or_(Agreement.ends_on.is_(None), Agreement.ends_on >= day),
        )
        .group_by(Agreement.place_id)
    )
    return dict(found.all())
