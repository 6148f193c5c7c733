"""What the operator may know of organisations: that they are there, and how many work for them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from portal.identity.models import Membership, Organisation
from portal.identity.rules import OrganisationKind


def organisations(session: Session) -> Sequence[tuple[OrganisationKind, str, int]]:
    """Every organisation by kind and name, with how many people work for it now."""
    rows = session.execute(
        select(Organisation.kind, Organisation.name, func.count(Membership.id))
        .outerjoin(
            Membership,
            and_(Membership.organisation_id == Organisation.id, Membership.ended_at.is_(None)),
        )
        .group_by(Organisation.id, Organisation.kind, Organisation.name)
        .order_by(Organisation.kind, Organisation.name)
    )
    return [(kind, name, count) for kind, name, count in rows]
