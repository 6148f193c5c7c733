"""Yearly uplifts that wait for a second person."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.agreements.uplifts.models import UpliftCost, UpliftRun
from portal.frameworks.models import Framework, FrameworkCouncil
from portal.identity.models import Person
from portal.kernel.money import Money
from tests.makers.rows import add

ASKED_AT = datetime(2026, 4, 20, 9, tzinfo=UTC)


def make_uplift(
    session: Session,
    *,
    framework: Framework,
    by: Person,
    starts_on: date = date(2026, 9, 1),
    at: datetime = ASKED_AT,
    **given: Any,
) -> UpliftRun:
    """An uplift by the rule, 1.5 % of a CPI of 3.1 %, with a cost for each council."""
    run = add(
        session,
        UpliftRun(
            framework_id=framework.id,
            lead_council_id=framework.lead_council_id,
            starts_on=starts_on,
            cpi_month="2026-03",
            cpi_released_on=date(2026, 4, 15),
            cpi_source="The statistics office",
            asked_by_id=by.id,
            asked_by_name=by.name,
            asked_at=at,
            **{"cpi": 310, "cap": 150, "review_above": 300, "rate": 150, **given},
        ),
    )
    councils = select(FrameworkCouncil.council_id).where(
        FrameworkCouncil.framework_id == framework.id
    )
    for council_id in session.scalars(councils.order_by(FrameworkCouncil.council_id)).all():
        add(
            session,
            UpliftCost(
                run_id=run.id,
                council_id=council_id,
                framework_id=framework.id,
                lead_council_id=framework.lead_council_id,
                following=2,
                own_price=1,
                unknown=0,
                before=Money.pounds("2000"),
                after=Money.pounds("2020"),
            ),
        )
    return run
