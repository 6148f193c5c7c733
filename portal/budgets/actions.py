"""Setting a cap, counting what is approved against it, and raising it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record
from portal.budgets.models import Budget, CapRaise
from portal.budgets.queries import framework_of_buyer, locked_budget, locked_budgets
from portal.budgets.rules import CapState
from portal.kernel.errors import DomainError, NotFound, Stale
from portal.kernel.money import ZERO, Money
from portal.kernel.wording import say_date
from portal.kernel.years import Year, contract_years


class Event(StrEnum):
    """What happens to budgets."""

    CAP_SET = "budgets:cap:set"
    CAP_CHANGED = "budgets:cap:changed"
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


class CapTooLow(DomainError):
    """The first cap does not cover what was approved before there was one."""

    status = 422

    def __init__(self, approved: Money) -> None:
        super().__init__(f"Enter a cap of at least {approved}, which is approved already")


class CapCounts(DomainError):
    """Something is approved against the cap, so that it is only raised from now on."""

    sentence = (
        "Something has been approved against this cap, so a budget holder can raise it and nobody "
        "can change it otherwise"
    )


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


def set_cap(
    session: Session,
    actor: Actor,
    framework_id: UUID,
    year: Year,
    *,
    cap: Money,
    funding_source: str,
    approved: Money,
    version: int,
    at: datetime,
) -> Budget:
    """Give a contract year its first cap, or another one while nothing is approved against it.

    A first cap counts ``approved``, what was approved net of VAT while there was none. ``version``
    is that of the budget the form was opened on, 0 where there was none. Raises NotFound for a
    framework that the actor's council does not buy from or another's year, Stale, CapTooLow,
    CapCounts.
    """
    if actor.organisation_id is None:
        raise NotFound
    framework = framework_of_buyer(session, framework_id, actor.organisation_id)
    if year not in contract_years(framework.starts_on, framework.ends_on):
        raise NotFound
    council_id = actor.organisation_id
    budget = locked_budgets(session, framework_id, council_id, [year.first]).get(year.first)
    if version != (budget.version if budget else 0):
        raise Stale
    before = None
    if budget is None:
        if cap < approved:
            raise CapTooLow(approved)
        budget = Budget(
            framework_id=framework_id,
            council_id=council_id,
            year_starts_on=year.first,
            cap=cap,
            approved=approved,
            funding_source=funding_source,
        )
        session.add(budget)
    else:
        if budget.approved != ZERO:
            raise CapCounts
        before = budget.cap
        budget.cap, budget.funding_source = cap, funding_source
        budget.version += 1
    session.flush()
    record(
        session,
        actor,
        Event.CAP_SET if before is None else Event.CAP_CHANGED,
        _subject(budget),
        at=at,
        before_pence=before.pence if before else None,
        after_pence=cap.pence,
        funding_source=funding_source,
    )
    return budget


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
        _subject(budget),
        at=at,
        before_pence=before.pence,
        after_pence=cap.pence,
    )
    return budget


def _subject(budget: Budget) -> Subject:
    label = f"contract year from {say_date(budget.year_starts_on)}"
    return Subject("budget", budget.id, label, council_id=budget.council_id)
