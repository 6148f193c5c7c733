"""Frameworks with their categories, places and budgets."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy.orm import Session

from portal.budgets.models import Budget
from portal.frameworks.models import Category, Framework, FrameworkCouncil, Lot, Place, PlacePrice
from portal.frameworks.rules import Mechanism, PlaceState, PriceSource, Regime, Unit
from portal.identity.models import Organisation
from portal.kernel.money import Money
from tests.makers.rows import add, numbers


def make_framework(
    session: Session,
    *,
    lead: Organisation,
    partners: Iterable[Organisation] = (),
    regime: Regime = Regime.ACT_2023,
    reference: str = "",
    title: str = "Mentoring and placements",
    starts_on: date = date(2025, 9, 1),
    ends_on: date = date(2029, 8, 31),
    cap_in_total: str | None = None,
    payment_days: int = 30,
) -> Framework:
    """A framework with its councils and one lot, numbered 1."""
    framework = Framework(
        lead_council_id=lead.id,
        reference=reference or f"FW-{next(numbers):04}",
        title=title,
        regime=regime,
        light_touch=True,
        open_framework=False,
        starts_on=starts_on,
        ends_on=ends_on,
        cap_in_total=None if cap_in_total is None else Money.pounds(cap_in_total),
        payment_days=payment_days,
    )
    add(session, framework)
    for council in (lead, *partners):
        add(
            session,
            FrameworkCouncil(
                framework_id=framework.id, council_id=council.id, lead_council_id=lead.id
            ),
        )
    add(
        session,
        Lot(framework_id=framework.id, lead_council_id=lead.id, number=1, title="Education"),
    )
    return framework


def make_category(
    session: Session,
    *,
    framework: Framework,
    code: str = "1a",
    title: str = "Mentoring",
    mechanism: Mechanism | None = None,
    unit: Unit = Unit.HOUR,
) -> Category:
    """A category of the framework's first lot; the mechanism follows the unit unless named."""
    session.refresh(framework, ["lots"])
    by_unit = Mechanism.NIGHTLY_SHARE if unit is Unit.NIGHT else Mechanism.UNIT
    return add(
        session,
        Category(
            framework_id=framework.id,
            lead_council_id=framework.lead_council_id,
            lot_id=framework.lots[0].id,
            code=code,
            title=title,
            mechanism=mechanism or by_unit,
            unit=unit,
        ),
    )


def make_place(
    session: Session,
    *,
    category: Category,
    provider: Organisation,
    price: str = "42.00",
    band: str = "",
    state: PlaceState = PlaceState.ACTIVE,
    starts_on: date = date(2025, 9, 1),
    ends_on: date | None = None,
) -> Place:
    """A provider's place in a category with one price; a weekly one where nights are bought."""
    place = Place(
        framework_id=category.framework_id,
        lead_council_id=category.lead_council_id,
        category_id=category.id,
        provider_id=provider.id,
        state=state,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    add(session, place)
    add(
        session,
        PlacePrice(
            place_id=place.id,
            framework_id=place.framework_id,
            lead_council_id=place.lead_council_id,
            provider_id=provider.id,
            band=band,
            price=Money.pounds(price),
            starts_on=starts_on,
            source=PriceSource.BID,
        ),
    )
    return place


def make_budget(
    session: Session,
    *,
    framework: Framework,
    council: Organisation,
    cap: str = "100000.00",
    approved: str = "0.00",
    year_starts_on: date | None = None,
    funding_source: str = "Pupil Premium Plus",
) -> Budget:
    """A council's cap for a contract year, the framework's first unless another is named."""
    return add(
        session,
        Budget(
            framework_id=framework.id,
            council_id=council.id,
            year_starts_on=year_starts_on or framework.starts_on,
            cap=Money.pounds(cap),
            approved=Money.pounds(approved),
            funding_source=funding_source,
        ),
    )
