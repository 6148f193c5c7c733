"""Two real arrangements from a framework's first page to places with prices, through the pages.

The shapes are those of D2N2's Children in Care Framework and of Derby's mentoring; all names are
invented.
"""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from portal.evidence.rules import EvidenceKind
from portal.frameworks.models import Category, Place, PlacePrice
from portal.frameworks.rules import PlaceState, PriceSource
from portal.kernel.database import Database
from tests.journeys.at_forms import Desk, day
from tests.journeys.running_rounds import (
    apply,
    decide_and_sign,
    evaluate,
    lay_table,
    make_round,
    open_bids,
    submit,
)
from tests.support.background import Letters, RunJobs
from tests.support.size import ONE_ENGINE

DATES = {"opens": "2026-11-02", "questions": "2026-11-20", "closes": "2026-12-01"}


@pytest.mark.slow
def test_six_categories_of_four_councils_come_to_their_six_prices(
    app: Flask, owner_database: Database, letters: Letters, run_jobs: RunJobs
) -> None:
    names = ("Aldermoor", "Brackenvale", "Copperholt", "Dunlin")
    table = lay_table(app, owner_database, names, "2026-10-05T09:00")
    framework = _children_in_care(table.lead)
    round_ = make_round(
        table, framework, {"every-provider": "", "residential": "1", "fostering": "2"}, DATES
    )

    table.register("Larkspur Homes", letters)
    table.prove("Larkspur Homes", set(EvidenceKind))
    table.clock("2026-11-03T09:00")
    bids = table.desk("Larkspur Homes administrator")
    prices = {
        "1a": ["3140"], "1b": ["5,380.00"], "2a": ["720", "800"], "2b": [], "2c": [],
        "2d": ["£1,000", "1600"],
    }  # fmt: skip
    own = apply(bids, round_, prices)
    receipt = submit(bids, own)
    assert "Director" in bids.read(receipt)
    assert "Larkspur" not in table.lead.read(round_), "nobody learns who applied"

    table.clock("2026-12-01T12:01")
    open_bids(table, round_)
    evaluate(table, round_, {"Larkspur Homes": 4})
    decide_and_sign(
        table, round_, ["Larkspur Homes"], after="2027-01-20T09:00", starts_on="2027-02-01"
    )
    run_jobs()

    with table.looking() as session:
        found = session.execute(
            select(Category.code, PlacePrice.price, PlacePrice.source)
            .join(Place, Place.category_id == Category.id)
            .join(PlacePrice, PlacePrice.place_id == Place.id)
            .order_by(Category.code, PlacePrice.price)
        ).all()
        assert [(code, str(price)) for code, price, _ in found] == [
            ("1a", "£3,140.00"),
            ("1b", "£5,380.00"),
            ("2a", "£720.00"),
            ("2a", "£800.00"),
            ("2d", "£1,000.00"),
            ("2d", "£1,600.00"),
        ]
        assert {source for *_, source in found} == {PriceSource.BID}
        held = session.scalars(
            select(Category.code)
            .join(Place, Place.category_id == Category.id)
            .where(Place.state == PlaceState.ACTIVE)
            .order_by(Category.code)
        )
        assert list(held) == list(prices), "self-selected categories are places too"
    outcome = bids.read(round_.replace("rounds", "outcomes"))
    assert "40.00 of 40" in outcome and "£3,140.00" in outcome


@pytest.mark.slow
@pytest.mark.parametrize("engine_name", ONE_ENGINE, indirect=True)
def test_mentoring_by_the_hour_goes_to_the_better_of_two(
    app: Flask, owner_database: Database
) -> None:
    table = lay_table(app, owner_database, ["Aldermoor"], "2026-10-05T09:00")
    framework = _mentoring(table.lead)
    round_ = make_round(table, framework, {"every-provider": "", "mentoring": "1"}, DATES)
    table.clock("2026-11-03T09:00")
    scores = {"Millstone Mentors": 5, "Nettlewood Mentors": 3}
    for name, price in zip(scores, ("44.00", "41.50"), strict=True):
        table.provider(name)
        table.prove(name, set(EvidenceKind))
        desk = table.desk(f"{name} administrator")
        submit(desk, apply(desk, round_, {"1a": [price]}))

    table.clock("2026-12-01T12:01")
    open_bids(table, round_)
    evaluate(table, round_, scores)
    decide_and_sign(table, round_, list(scores), after="2027-01-20T09:00", starts_on="2027-02-01")
    with table.looking() as session:
        found = session.execute(
            select(Place.state, PlacePrice.price).join(PlacePrice).order_by(Place.rank)
        ).all()
        assert [(state, str(price)) for state, price in found] == [
            (PlaceState.ACTIVE, "£44.00"),
            (PlaceState.RESERVE, "£41.50"),
        ]


def _children_in_care(lead: Desk) -> str:
    """Lots 1 and 2, six categories, four councils: the address of the framework."""
    set_up = lead.fill(
        "/frameworks/new", title="Homes and foster families", reference="D-CIC",
        summary="Homes and families for children in care.", regime="pcr-2015",
        **day("starts_on", "2027-02-01"), **day("ends_on", "2031-01-31"),
    )  # fmt: skip
    lead.fill(f"{set_up}/councils", partners=lead.form(f"{set_up}/councils").choices("partners"))
    homes = _lot(lead, set_up, 1, "Independent residential children's homes")
    families = _lot(lead, set_up, 2, "Independent fostering agency services")
    _category(lead, homes, "1a", "Standard", {"": "3140"})
    _category(lead, homes, "1b", "Specialist", {"": "5380"})
    by_age = {"0 to 10": "720", "11 to 17": "800"}
    _category(lead, families, "2a", "Standard", by_age, varies_by="age of the child")
    _category(lead, families, "2b", "Emergency placements", {}, self_select="y")
    _category(lead, families, "2c", "Outside the area", {}, self_select="y")
    by_need = {"Specialist": "1000", "Complex": "1600"}
    _category(
        lead, families, "2d", "Specialist", by_need, varies_by="need of the child", self_select="y"
    )
    return _publish(lead, set_up)


def _mentoring(lead: Desk) -> str:
    """One lot by the hour, 20 demands, £40,000 a year: the address of the framework."""
    set_up = lead.fill(
        "/frameworks/new", title="Mentoring for the most disengaged", reference="D-MENTOR",
        summary="Mentors for young people in care.", regime="pcr-2015", cap_in_total="120000",
        **day("starts_on", "2027-02-01"), **day("ends_on", "2030-01-31"),
    )  # fmt: skip
    lot = _lot(lead, set_up, 1, "One-to-one mentoring")
    _category(lead, lot, "1a", "Mentoring", {"": "42"}, unit="hour", places="1", reserves="1")
    left_out = (EvidenceKind.OFSTED_REGISTRATION, EvidenceKind.ACCOUNTS)
    kinds = [kind.value for kind in EvidenceKind if kind not in left_out]
    assert len(kinds) == 20
    lead.fill(f"{set_up}/evidence", kinds=kinds)
    return _publish(lead, set_up)


def _lot(lead: Desk, set_up: str, number: int, title: str) -> str:
    lead.fill(f"{set_up}/lots/new", number=str(number), title=title)
    return lead.link(set_up, f"Add a category to lot {number}")


def _category(
    lead: Desk, new: str, code: str, title: str, optima: dict[str, str], **typed: str
) -> None:
    said = {"unit": "night", "price_method": "optimum", "limit": "at-most", **typed}
    page = lead.fill(new, code=code, title=title, **said)
    for band, optimum in optima.items():
        banded = {"band": band} if band else {}
        lead.fill(f"{page}/prices/new", optimum=optimum, **banded)


def _publish(lead: Desk, set_up: str) -> str:
    lead.fill(set_up, action="/publish")
    return set_up.removesuffix("/set-up")
