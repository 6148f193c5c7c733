"""What a framework asks of those who apply: its terms, prices, bands and evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from portal.evidence.rules import EvidenceKind
from portal.frameworks.lots.models import (
    CategoryTerms,
    Demand,
    FrameworkChange,
    FrameworkTerms,
    PriceAsked,
    PriceBand,
)
from portal.frameworks.lots.rules import Limit, PriceMethod
from portal.frameworks.models import Category, Framework, Lot, Place
from portal.frameworks.rules import PlaceState
from portal.frameworks.standing.models import PlaceChange
from portal.frameworks.standing.rules import PlaceStep
from portal.identity.models import Person
from portal.kernel.money import Money
from tests.makers.rows import add

PUBLISHED_AT = datetime(2025, 6, 2, 9, tzinfo=UTC)


def make_terms(
    session: Session,
    *,
    framework: Framework,
    published_at: datetime | None = PUBLISHED_AT,
    quality_points: int = 60,
    least_evaluators: int = 2,
    standstill_days: int = 10,
) -> FrameworkTerms:
    """How a framework is awarded; published unless told otherwise."""
    return add(
        session,
        FrameworkTerms(
            framework_id=framework.id,
            lead_council_id=framework.lead_council_id,
            published_at=published_at,
            summary="Mentors and homes for young people in care.",
            quality_points=quality_points,
            price_points=100 - quality_points,
            least_evaluators=least_evaluators,
            standstill_days=standstill_days,
        ),
    )


def make_category_terms(
    session: Session,
    *,
    category: Category,
    method: PriceMethod = PriceMethod.OPTIMUM,
    limit: Limit = Limit.AT_MOST,
    varies_by: str = "",
    self_select: bool = False,
    places: int | None = None,
    reserves: int = 0,
    taxed: bool = False,
    optima: Mapping[str, str | None] | None = None,
    maximum: str | None = None,
    floor: str | None = None,
    yearly_units: int | None = None,
    bands: Iterable[tuple[str, str | None]] = (),
) -> CategoryTerms:
    """How a category's bids are priced: a price asked for each band of ``optima``, all with the
    same maximum and floor ({"": "3140.00"}: its only one); ``bands`` as (name, up to).
    """
    parties = {
        "category_id": category.id,
        "framework_id": category.framework_id,
        "lead_council_id": category.lead_council_id,
    }
    terms = add(
        session,
        CategoryTerms(
            price_method=method,
            limit=limit,
            varies_by=varies_by,
            self_select=self_select,
            places=places,
            reserves=reserves,
            taxed=taxed,
            **parties,
        ),
    )
    for position, (band, optimum) in enumerate((optima or {}).items()):
        add(
            session,
            PriceAsked(
                band=band,
                position=position,
                optimum=None if optimum is None else Money.pounds(optimum),
                maximum=None if maximum is None else Money.pounds(maximum),
                floor=None if floor is None else Money.pounds(floor),
                yearly_units=yearly_units,
                **parties,
            ),
        )
    for name, up_to in bands:
        add(
            session,
            PriceBand(name=name, up_to=None if up_to is None else Money.pounds(up_to), **parties),
        )
    return terms


def make_demand(
    session: Session,
    *,
    framework: Framework,
    kind: EvidenceKind = EvidenceKind.PUBLIC_LIABILITY,
    lot: Lot | None = None,
    least_cover: str | None = None,
) -> Demand:
    """Evidence demanded of everybody, or of those who bid for one lot."""
    return add(
        session,
        Demand(
            framework_id=framework.id,
            lead_council_id=framework.lead_council_id,
            lot_id=lot.id if lot else None,
            kind=kind,
            least_cover=None if least_cover is None else Money.pounds(least_cover),
        ),
    )


def make_framework_change(
    session: Session,
    *,
    framework: Framework,
    by: Person,
    category: Category | None = None,
    sentence: str = "The optimum price is £3,200.00 (it was £3,140.00).",
    at: datetime = PUBLISHED_AT,
) -> FrameworkChange:
    """A change after publishing."""
    return add(
        session,
        FrameworkChange(
            framework_id=framework.id,
            lead_council_id=framework.lead_council_id,
            category_id=category.id if category else None,
            sentence=sentence,
            because="Wages rose.",
            by_id=by.id,
            by_name=by.name,
            at=at,
        ),
    )


def make_place_change(
    session: Session,
    *,
    place: Place,
    by: Person,
    step: PlaceStep = PlaceStep.SUSPEND,
    state: PlaceState = PlaceState.SUSPENDED,
    because: str = "Its insurance had lapsed.",
    on_day: date = date(2026, 2, 2),
    at: datetime = PUBLISHED_AT,
) -> PlaceChange:
    """A step of a place in its history; the place itself stays as it is."""
    return add(
        session,
        PlaceChange(
            place_id=place.id,
            framework_id=place.framework_id,
            lead_council_id=place.lead_council_id,
            provider_id=place.provider_id,
            step=step,
            state=state,
            on_day=on_day,
            because=because,
            by_id=by.id,
            by_name=by.name,
            at=at,
        ),
    )


@dataclass(frozen=True)
class SetUp:
    """What was said of a framework before its rounds."""

    price: PriceAsked
    band: PriceBand
    demand: Demand


def make_set_up(session: Session, *, framework: Framework, by: Person) -> SetUp:
    """Terms, a price with its bands for every category, evidence, and a change since."""
    make_terms(session, framework=framework)
    categories = session.query(Category).filter_by(framework_id=framework.id)
    for category in categories.order_by(Category.code):
        make_category_terms(
            session,
            category=category,
            optima={"": "45.00"},
            bands=[("Band 1", "40.00"), ("Above band 1", None)],
        )
    first = categories.order_by(Category.code).first()
    make_framework_change(session, framework=framework, by=by, category=first)
    assert first is not None
    return SetUp(
        session.query(PriceAsked).filter_by(category_id=first.id).one(),
        session.query(PriceBand).filter_by(category_id=first.id, up_to=Money.pounds("40.00")).one(),
        make_demand(session, framework=framework),
    )
