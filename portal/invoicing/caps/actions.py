"""Setting a cap with what was approved before there was one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor
from portal.budgets import actions as budgets
from portal.budgets.models import Budget
from portal.invoicing.caps.queries import approved_in, hold_approvals
from portal.kernel.errors import NotFound
from portal.kernel.money import ZERO, Money
from portal.kernel.years import Year


def set_cap(
    session: Session,
    actor: Actor,
    framework_id: UUID,
    year: Year,
    *,
    cap: Money,
    funding_source: str,
    version: int,
    at: datetime,
) -> Budget:
    """Set the cap of the actor's council, or change it; nobody approves meanwhile.

    ``version`` and what is raised are those of ``budgets.actions.set_cap``.
    """
    if actor.organisation_id is None:
        raise NotFound
    hold_approvals(session, framework_id, actor.organisation_id)
    approved = approved_in(session, framework_id, actor.organisation_id, [year.first])
    return budgets.set_cap(
        session,
        actor,
        framework_id,
        year,
        cap=cap,
        funding_source=funding_source,
        approved=approved.get(year.first, ZERO),
        version=version,
        at=at,
    )
