"""What a council may approve on a framework, and has approved, by contract year."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.budgets.models import Budget
from portal.frameworks.models import Framework
from portal.frameworks.queries import get_framework
from portal.kernel.database import prepared
from portal.kernel.errors import NotFound
from portal.kernel.keyset import Page, page_of

_BUDGETS = prepared(
    select(Budget)
    .where(
        Budget.framework_id == bindparam("framework_id"),
        Budget.council_id == bindparam("council_id"),
    )
    .order_by(Budget.year_starts_on)
)


def budgets_for(session: Session, framework_id: UUID, council_id: UUID) -> dict[date, Budget]:
    """A council's budgets on a framework by the first day of their contract year, in order.

    A year without a budget has no cap, and is not in the answer.
    """
    found = session.scalars(_BUDGETS, {"framework_id": framework_id, "council_id": council_id})
    return {budget.year_starts_on: budget for budget in found}


_LOCKED = prepared(
    select(Budget)
    .where(
        Budget.framework_id == bindparam("framework_id"),
        Budget.council_id == bindparam("council_id"),
        Budget.year_starts_on.in_(bindparam("years", expanding=True)),
    )
    .order_by(Budget.year_starts_on)
    .with_for_update()
    .execution_options(populate_existing=True)
)


def locked_budgets(
    session: Session, framework_id: UUID, council_id: UUID, years: Iterable[date]
) -> dict[date, Budget]:
    """The same for these years as they stand now, kept from other writers until the end.

    Always locked in the order of their years, so that two approvers never wait for each other.
    """
    asked = {"framework_id": framework_id, "council_id": council_id, "years": list(years)}
    found = session.scalars(_LOCKED, asked)
    return {budget.year_starts_on: budget for budget in found}


def locked_budget(session: Session, budget_id: UUID) -> Budget:
    """One budget as it stands now, kept from other writers until the end. Raises NotFound."""
    budget = session.scalars(
        select(Budget)
        .where(Budget.id == budget_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if budget is None:
        raise NotFound
    return budget


def framework_of_buyer(session: Session, framework_id: UUID, council_id: UUID) -> Framework:
    """A framework that the council buys from. Raises NotFound."""
    framework = get_framework(session, framework_id)
    if all(one.council_id != council_id for one in framework.councils):
        raise NotFound
    return framework


def get_budget(session: Session, budget_id: UUID, council_id: UUID) -> Budget:
    """A council's budget with its framework and its raises. Raises NotFound."""
    budget = session.scalars(
        select(Budget)
        .where(Budget.id == budget_id, Budget.council_id == council_id)
        .options(joinedload(Budget.framework), selectinload(Budget.raises))
    ).first()
    if budget is None:
        raise NotFound
    return budget


def council_budgets(
    session: Session, council_id: UUID, *, framework_id: UUID | None, cursor: str | None
) -> Page[Budget]:
    """A council's budgets, the newest contract year first, each with its framework."""
    statement = (
        select(Budget).where(Budget.council_id == council_id).options(joinedload(Budget.framework))
    )
    if framework_id is not None:
        statement = statement.where(Budget.framework_id == framework_id)
    return page_of(
        session, statement, Budget.year_starts_on, Budget.id, cursor=cursor, descending=True
    )
