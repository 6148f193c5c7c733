"""Counting what is approved against its cap, and raising a cap."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record
from portal.budgets.models import Budget, CapRaise
from portal.budgets.queries import locked_budget, locked_budgets
from portal.budgets.rules import CapState
from portal.kernel.errors import DomainError, NotFound, Stale
from portal.kernel.money import ZERO, Money
from portal.kernel.wording import say_date


class Event(StrEnum):
    """What happens to budgets."""

    CAP_RAISED = "budgets:cap:raised"


class CapExceeded(DomainError):
    """The sum does not fit under the cap of its contract year (rules.md B21)."""

    def __init__(self, year_starts_on: date, state: CapState) -> None:
        super().__init__(
            f"This would take the contract year from {say_date(year_starts_on)} to {state.over} "
            f"over its cap of {state.cap}. Up to {state.left} can be approved; "
            "a budget holder can raise the cap."
        )
        self.year_starts_on = year_starts_on
        self.state = state


class CapNotRaised(DomainError):
    """The new cap is not above the one that stands."""

    status = 422

    def __init__(self, cap: Money) -> None:
        super().__init__(f"Enter a cap above {cap}, which is the cap now")


def add_approved(
    session: Session, *, framework_id: UUID, council_id: UUID, sums: Mapping[date, Money]
) -> None:
    """Count sums as approved, net of VAT, each in the contract year that starts on its date.

    The budgets stay locked until the transaction ends. A sum below nothing (a credit) gives
    room back. A year that has no budget has no cap, and nothing is counted. Whoever calls
    records the audit event. Raises CapExceeded, before anything is counted, when a year's sum
    does not fit.
    """
    budgets = locked_budgets(session, framework_id, council_id, sums)
    for year, budget in budgets.items():
        state = CapState(budget.cap, budget.approved, sums[year])
        if sums[year] > ZERO and state.over > ZERO:
            raise CapExceeded(year, state)
    for year, budget in budgets.items():
        budget.approved += sums[year]
    session.flush()


def raise_cap(
    session: Session,
    actor: Actor,
    budget_id: UUID,
    *,
    cap: Money,
    reason: str,
    version: int,
    at: datetime,
) -> Budget:
    """A budget holder's authority for a higher cap; the raise before stays in the history.

    Raises NotFound for another council's budget, Stale when somebody changed the cap since the
    form of that version was opened, CapNotRaised when the cap is not above the one that stands.
    """
    budget = locked_budget(session, budget_id)
    if budget.council_id != actor.organisation_id or actor.person_id is None:
        raise NotFound
    if budget.version != version:
        raise Stale
    if cap <= budget.cap:
        raise CapNotRaised(budget.cap)
    before = budget.cap
    session.add(
        CapRaise(
            budget_id=budget.id,
            council_id=budget.council_id,
            cap_before=before,
            cap_after=cap,
            reason=reason,
            by_person_id=actor.person_id,
            by_name=actor.name,
            at=at,
        )
    )
    budget.cap = cap
    budget.version += 1
    record(
        session,
        actor,
        Event.CAP_RAISED,
        Subject(
            "budget",
            budget.id,
            f"contract year from {say_date(budget.year_starts_on)}",
            council_id=budget.council_id,
        ),
        at=at,
        before_pence=before.pence,
        after_pence=cap.pence,
    )
    return budget
