"""The uplift's pages: proposed by a commissioner, looked through and agreed by another person."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from portal.frameworks.models import Place, PlacePrice
from portal.frameworks.rules import PriceSource, Unit
from portal.identity.rules import Role
from portal.kernel.money import Money
from portal.kernel.tenancy import Scope, Task
from tests.makers import make_agreement, make_category, make_framework, make_place, make_provider
from tests.makers.lots import make_terms
from tests.support.visits import Visits


@pytest.fixture
def market(visits: Visits) -> str:
    """A framework of Aldermoor and Brackenvale with two providers; the address of its uplifts."""
    world = visits.world
    with visits.standing.owner.transaction(Scope.system(Task.OPERATOR)) as session:
        framework = make_framework(session, lead=world.aldermoor, partners=[world.brackenvale])
        make_terms(session, framework=framework)
        homes = make_category(session, framework=framework, code="1a", unit=Unit.NIGHT)
        for price, council in (("3140.00", world.aldermoor), ("720.00", world.brackenvale)):
            provider = make_provider(session)
            place = make_place(session, category=homes, provider=provider, price=price)
            make_agreement(session, place=place, council=council, price=price)
        return f"/frameworks/{framework.id}/uplifts"


def typed(**fields: str) -> dict[str, Any]:
    return {
        "starts_on-day": "1", "starts_on-month": "9", "starts_on-year": "2026",
        "cpi": "3.1", "cpi_month": "2026-03", "cpi_source": "The statistics office",
        "cpi_released_on-day": "15", "cpi_released_on-month": "4", "cpi_released_on-year": "2026",
        "rate": "", "because": "",
    } | fields  # fmt: skip


def test_two_people_raise_prices_by_another_rate_than_the_rule_s(
    visits: Visits, market: str
) -> None:
    world = visits.world
    commissioner = visits.by(world.aldermoor, Role.COMMISSIONER)
    holder = visits.by(world.aldermoor, Role.BUDGET_HOLDER)
    assert "No uplift has been proposed" in commissioner.open(market).words

    empty = commissioner.send(f"{market}/new", {})
    assert empty.status == 422 and "Enter the figure, like 3.1" in empty.words
    silent = commissioner.send(f"{market}/new", typed(rate="3.1"))
    assert silent.status == 422
    assert "Say why prices rise by 3.1 %, when the rule gives 1.5 %" in silent.words
    early = commissioner.send(f"{market}/new", typed(**{"starts_on-year": "2024"}))
    assert early.status == 422 and "New prices reach back a year at most" in early.words

    made = commissioner.send(f"{market}/new", typed(rate="3.1", because="Wages of carers"))
    assert made.status == 303
    run = str(made.response.location)
    own = commissioner.open(run)
    assert own.heading == "Uplift from 1 September 2026"
    assert "You proposed this uplift" in own.words and not own.forms("/agree")
    assert commissioner.send(f"{run}/agree", {}).status == 409

    assert "Agree to an uplift of 3.1 % on" in holder.open("/").words
    page = holder.open(run)
    assert "Review CPI is above 3 %" in page.words and "Wages of carers" in page.words
    costs, prices = page.rows[:2], page.rows[2:]
    assert costs[0].startswith("Aldermoor") and "£163,728.57 £168,804.16 £5,075.59" in costs[0]
    assert costs[1].startswith("Brackenvale") and "£37,542.86 £38,706.69 £1,163.83" in costs[1]
    assert "£3,140.00 £3,237.34 £97.34" in prices[0]
    assert "£720.00 £742.32 £22.32" in prices[1]

    assert holder.send(f"{run}/agree", {}).status == 303
    agreed = holder.open(run)
    assert "Agreed by" in agreed.words and not agreed.forms("/agree")
    assert agreed.rows == page.rows, "the same prices before and after, now in force"
    assert holder.send(f"{run}/agree", {}).status == 409
    assert "Agreed" in commissioner.open(market).rows[0]
    with visits.standing.owner.session(Scope.system(Task.OPERATOR)) as session:
        added = session.query(PlacePrice).filter_by(
            framework_id=UUID(market.split("/")[2]), source=PriceSource.UPLIFT
        )
        assert {one.price for one in added} == {Money.pounds("3237.34"), Money.pounds("742.32")}
        assert {one.starts_on for one in added} == {date(2026, 9, 1)}


def test_an_uplift_is_not_agreed_with_a_reason(visits: Visits, market: str) -> None:
    world = visits.world
    commissioner = visits.by(world.aldermoor, Role.COMMISSIONER)
    run = str(commissioner.send(f"{market}/new", typed(cpi="0.4")).response.location)
    assert "Prices rise by 0.4 %" in commissioner.open(run).words
    assert commissioner.send(f"{run}/refuse", {}).status == 422
    assert commissioner.send(f"{run}/refuse", {"because": "Wrong month"}).status == 303
    page = commissioner.open(run)
    assert "Not agreed" in page.words and "Wrong month" in page.words


def test_a_partner_reads_and_nobody_else_does(visits: Visits, market: str) -> None:
    world = visits.world
    commissioner = visits.by(world.aldermoor, Role.COMMISSIONER)
    run = str(commissioner.send(f"{market}/new", typed()).response.location)
    partner = visits.by(world.brackenvale, Role.COMMISSIONER)
    page = partner.open(run)
    assert page.status == 200 and not page.forms("/agree") and not page.forms("/refuse")
    assert partner.open(f"{market}/new").status == 409, "only the lead council proposes"
    assert partner.send(f"{run}/agree", {}).status == 409
    outsider = visits.by(world.copperholt, Role.COMMISSIONER)
    assert (outsider.open(run).status, outsider.open(market).status) == (404, 404)
    assert visits.by(world.larkspur, Role.FINANCE).open(run).status == 403


def test_the_preview_costs_the_same_for_two_prices_and_forty(visits: Visits, market: str) -> None:
    world = visits.world
    commissioner = visits.by(world.aldermoor, Role.COMMISSIONER)
    run = str(commissioner.send(f"{market}/new", typed()).response.location)
    few = commissioner.open(run)
    with visits.standing.owner.transaction(Scope.system(Task.OPERATOR)) as session:
        place = session.query(Place).filter_by(framework_id=UUID(market.split("/")[2])).first()
        assert place is not None
        for band in range(38):
            session.add(
                PlacePrice(
                    place_id=place.id, framework_id=place.framework_id,
                    lead_council_id=place.lead_council_id, provider_id=place.provider_id,
                    band=f"Band {band}", price=Money.pounds(800 + band),
                    starts_on=place.starts_on, source=PriceSource.BID,
                )
            )  # fmt: skip
    many = commissioner.open(run)
    assert (len(few.rows), len(many.rows)) == (4, 42)
    assert many.statements == few.statements
