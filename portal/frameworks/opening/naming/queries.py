"""Who can be named to open a round."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.orm import Session

from portal.identity.allowed import permissions_of
from portal.identity.models import Person
from portal.identity.people.queries import current_members
from portal.identity.permissions import Permission


def who_may_open(session: Session, council_id: UUID, *, besides: Collection[UUID]) -> list[Person]:
    """The people of one's own council whose roles let them open bids, by name."""
    return [
        member.person
        for member in current_members(session, council_id)
        if Permission.ROUND_OPEN in permissions_of(own.role for own in member.roles)
        and member.person_id not in besides
    ]
