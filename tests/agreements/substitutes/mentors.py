"""Larkspur's mentors, and who knows whom they work with."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.agreements.disclosing.models import Disclosure
from portal.agreements.models import Mentor
from portal.kernel.tenancy import Scope, Task
from tests.dealings import AT
from tests.makers import (
    make_mentor,
)
from tests.support.visits import Visits

OPERATOR = Scope.system(Task.OPERATOR)
EASTER = date(2026, 4, 2)
LATER = AT + timedelta(hours=1)
on_sqlite = pytest.mark.parametrize("visits", ["sqlite"], indirect=True, scope="module")


def day(name: str, when: date) -> dict[str, str]:
    """A day as the three boxes of a form."""
    return {f"{name}-{part}": str(getattr(when, part)) for part in ("day", "month", "year")}


def a_mentor(visits: Visits, name: str, **options: object) -> Mentor:
    """A mentor of Larkspur's, cleared unless said otherwise."""
    with visits.standing.owner.transaction(OPERATOR) as session:
        return make_mentor(session, provider=visits.world.larkspur, name=name, **options)  # type: ignore[arg-type]


def knows(visits: Visits, agreement_id: UUID) -> list[UUID]:
    """Who of the provider knows who the young person of an agreement is."""
    with visits.standing.owner.transaction(OPERATOR) as session:
        return list(
            session.scalars(
                select(Disclosure.person_id).where(
                    Disclosure.agreement_id == agreement_id, Disclosure.ended_at.is_(None)
                )
            )
        )
