"""The two real arrangements are built through the pages, and their figures come out."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.evidence.rules import EvidenceKind
from portal.frameworks.lots.models import Demand
from portal.frameworks.lots.queries import category_asks, demands_for, terms_of
from portal.frameworks.models import FrameworkCouncil
from portal.identity.rules import Role
from portal.kernel.money import Money
from portal.kernel.tenancy import Scope
from tests.frameworks.lots.building import Builder, day, make
from tests.support.visits import Visits


def test_six_categories_four_councils_and_the_six_prices(visits: Visits) -> None:
    """As D2N2's Children in Care Framework asks them."""
    world = visits.world
    built = make(
        visits.by(world.aldermoor, Role.COMMISSIONER),
        title="Homes and foster families", reference="D-CIC", regime="pcr-2015",
        extension_months="24", **day("starts_on", "2020-02-01"), **day("ends_on", "2028-01-31"),
    )  # fmt: skip
    built.fill("councils", partners=[str(world.brackenvale.id), str(world.copperholt.id)])
    homes = built.add_lot(1, "Independent residential children's homes")
    families = built.add_lot(2, "Independent fostering agency services")
    _price(built, built.add_category(homes, "1a", "Standard"), optimum="3,140")
    _price(built, built.add_category(homes, "1b", "Specialist"), optimum="5380")
    by_age = built.add_category(families, "2a", "Standard", varies_by="age of the child")
    _price(built, by_age, band="0 to 10", optimum="720")
    _price(built, by_age, band="11 to 17", optimum="800")
    for code, title in (("2b", "Emergency placements"), ("2c", "Outside the area")):
        built.add_category(families, code, title, self_select="y")
    special = built.add_category(
        families, "2d", "Specialist", self_select="y", varies_by="need of the child"
    )
    _price(built, special, band="Specialist", optimum="1000")
    _price(built, special, band="Complex", optimum="1600")
    for name, up_to in (("Lowest", "750"), ("Middle", "900"), ("Highest", "")):
        built.fill(f"{by_age}/bands/new", name=name, up_to=up_to)
    _publish(built)

    with visits.standing.application.session(Scope(world.aldermoor.id)) as session:
        asks = category_asks(session, _id(built))
        optima = [price.optimum for ask in asks for price in ask.prices]
        assert optima == [Money.pounds(p) for p in (3140, 5380, 720, 800, 1000, 1600)]
        assert [ask.category.code for ask in asks] == ["1a", "1b", "2a", "2b", "2c", "2d"]
        chosen = [ask.category.code for ask in asks if ask.terms.self_select]
        assert chosen == ["2b", "2c", "2d"]
        assert [band.name for band in asks[2].bands] == ["Lowest", "Middle", "Highest"]
        councils = session.scalars(
            select(FrameworkCouncil.council_id).where(FrameworkCouncil.framework_id == _id(built))
        )
        assert len(list(councils)) == 3
        assert terms_of(session, _id(built)).extension_months == 24

    built.fill("extend", **day("ends_on", "2029-01-31"), because="The councils agreed.")
    after = built.visitor.open(built.home).words
    assert "1 February 2020 to 31 January 2029" in after and "12 months" in after
    assert "Why: The councils agreed." in after

    partner = visits.by(world.copperholt, Role.EVALUATOR).open(built.home.replace("set-up", "asks"))
    for price in ("£3,140.00", "£5,380.00", "£720.00", "£800.00", "£1,000.00", "£1,600.00"):
        assert price in partner.words
    assert "A price at or below the optimum earns every price point" in partner.words


def test_one_lot_an_hourly_price_and_twenty_demands(visits: Visits) -> None:
    """As Derby's mentoring specification asks them."""
    world = visits.world
    built = make(
        visits.by(world.brackenvale, Role.COMMISSIONER),
        title="Mentoring for the most disengaged", reference="D-MENTOR", regime="pcr-2015",
        cap_in_total="120000", **day("starts_on", "2021-09-01"), **day("ends_on", "2024-08-31"),
    )  # fmt: skip
    mentoring = built.add_lot(1, "One-to-one mentoring")
    category = built.add_category(
        mentoring, "1a", "Mentoring", unit="hour", price_method="ceiling", limit="below",
        places="1", reserves="2",
    )  # fmt: skip
    refused = built.send(f"{category}/prices/new", optimum="30")
    assert refused.status == 422
    assert "Enter the maximum, which is the ceiling here" in refused.words
    _price(built, category, maximum="45", yearly_units="900")
    kinds = [
        kind.value
        for kind in EvidenceKind
        if kind not in (EvidenceKind.OFSTED_REGISTRATION, EvidenceKind.ACCOUNTS)
    ]
    low = built.send("evidence", kinds=kinds, public_cover="1000000")
    assert low.status == 422
    assert "Every council asks for cover of at least £5,000,000.00" in low.words
    built.fill("evidence", kinds=kinds, public_cover="10000000")
    _publish(built)

    with visits.standing.application.session(Scope(world.brackenvale.id)) as session:
        (ask,) = category_asks(session, _id(built))
        assert (ask.category.unit, ask.terms.places, ask.terms.reserves) == ("hour", 1, 2)
        assert [price.maximum for price in ask.prices] == [Money.pounds("45.00")]
        demands = demands_for(session, _id(built), [])
        assert len(demands) == 20
        public = session.scalars(
            select(Demand.least_cover).where(
                Demand.framework_id == _id(built), Demand.kind == EvidenceKind.PUBLIC_LIABILITY
            )
        ).one()
        assert public == Money.pounds("10000000")
    page = visits.by(world.brackenvale, Role.AUDITOR).open(built.home.replace("set-up", "asks"))
    assert "below £45.00" in page.words


def _price(built: Builder, category: str, **typed: str) -> None:
    built.fill(f"{category}/prices/new", **typed)


def _publish(built: Builder) -> None:
    page = built.visitor.open(built.home)
    assert "Everything is said." in page.words, page.words
    (address,) = page.forms("/publish")
    answer = built.visitor.send(address, {"version": page.values("version")[0]})
    assert answer.status == 303
    assert "Rounds of it can be announced" in built.visitor.open(built.home).words


def _id(built: Builder) -> UUID:
    return UUID(built.home.split("/")[2])
