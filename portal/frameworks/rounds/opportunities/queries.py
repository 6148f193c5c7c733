"""The councils that have opportunities to offer."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.frameworks.models import FrameworkCouncil
from portal.frameworks.rounds.models import Round
from portal.identity.models import Organisation


def councils(session: Session) -> list[tuple[str, str]]:
    """The councils with a round that was announced as (id, name), for a filter."""
    found = session.execute(
        select(Organisation.id, Organisation.name)
        .join(FrameworkCouncil, FrameworkCouncil.council_id == Organisation.id)
        .join(Round, Round.framework_id == FrameworkCouncil.framework_id)
        .where(Round.announced_at.is_not(None))
        .distinct()
        .order_by(Organisation.name, Organisation.id)
    )
    return [(str(council_id), name) for council_id, name in found]
