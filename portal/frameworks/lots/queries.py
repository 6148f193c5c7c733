"""What a framework asks of those who apply: terms, categories with their prices, evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, contains_eager

from portal.frameworks.lots.models import (
    CategoryTerms,
    Demand,
    FrameworkChange,
    FrameworkTerms,
    PriceAsked,
    PriceBand,
)
from portal.frameworks.lots.plans import Award, BandLimits, CategoryPlan, Details, PriceFigures
from portal.frameworks.lots.rules import ordered_bands
from portal.frameworks.models import Category, Framework, Lot
from portal.identity.models import Organisation
from portal.identity.rules import OrganisationKind
from portal.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class CategoryAsk:
    """A category with its lot, its terms, the prices it asks for and its published bands."""

    category: Category
    terms: CategoryTerms
    prices: tuple[PriceAsked, ...]
    bands: tuple[PriceBand, ...]


def terms_of(session: Session, framework_id: UUID) -> FrameworkTerms:
    """How a framework is awarded and uplifted. Raises NotFound where that was never said."""
    found = session.get(FrameworkTerms, framework_id)
    if found is None:
        raise NotFound
    return found


def has_terms(session: Session, framework_id: UUID) -> bool:
    """Whether it was said how a framework is awarded."""
    return session.get(FrameworkTerms, framework_id) is not None


def terms_or_usual(session: Session, framework: Framework) -> FrameworkTerms:
    """The same; of a framework from before the portal the usual terms, not saved, version 0."""
    return session.get(FrameworkTerms, framework.id) or FrameworkTerms(
        framework_id=framework.id,
        lead_council_id=framework.lead_council_id,
        summary="",
        extension_months=0,
        quality_points=60,
        price_points=40,
        least_evaluators=2,
        standstill_days=10,
        uplift_cap=150,
        uplift_review_above=300,
        version=0,
    )


def possible_partners(session: Session, framework: Framework) -> list[Organisation]:
    """Every council but the lead, by name."""
    return list(
        session.scalars(
            select(Organisation)
            .where(
                Organisation.kind == OrganisationKind.COUNCIL,
                Organisation.id != framework.lead_council_id,
            )
            .order_by(Organisation.name, Organisation.id)
        )
    )


def category_asks(session: Session, framework_id: UUID) -> list[CategoryAsk]:
    """Each category with what it asks of a bid, by lot and code.

    A category of which that was never said is left out.
    """
    categories = session.scalars(
        select(Category)
        .join(Category.lot)
        .where(Category.framework_id == framework_id)
        .options(contains_eager(Category.lot))
        .order_by(Lot.number, Category.code)
    ).all()
    terms = {
        one.category_id: one
        for one in session.scalars(
            select(CategoryTerms).where(CategoryTerms.framework_id == framework_id)
        )
    }
    prices = _by_category(
        session.scalars(
            select(PriceAsked)
            .where(PriceAsked.framework_id == framework_id)
            .order_by(PriceAsked.position, PriceAsked.band)
        )
    )
    bands = _by_category(
        session.scalars(
            select(PriceBand)
            .where(PriceBand.framework_id == framework_id)
            .order_by(PriceBand.up_to, PriceBand.name)
        )
    )
    return [
        CategoryAsk(
            category,
            terms[category.id],
            tuple(prices[category.id]),
            tuple(ordered_bands(bands[category.id])),
        )
        for category in categories
        if category.id in terms
    ]


def category_ask(session: Session, category: Category) -> CategoryAsk | None:
    """What one category asks of a bid; None where that was never said."""
    asks = category_asks(session, category.framework_id)
    return next((ask for ask in asks if ask.category.id == category.id), None)


def demands_for(
    session: Session, framework_id: UUID, lot_ids: Collection[UUID] | None
) -> list[Demand]:
    """The evidence demanded of everybody and of those who bid for these lots, by kind.

    ``lot_ids`` None: of every lot.
    """
    statement = select(Demand).where(Demand.framework_id == framework_id)
    if lot_ids is not None:
        statement = statement.where(or_(Demand.lot_id.is_(None), Demand.lot_id.in_(lot_ids)))
    return list(session.scalars(statement.order_by(Demand.kind, Demand.lot_id, Demand.id)))


def changes_since(
    session: Session, framework_id: UUID, since: datetime | None
) -> list[FrameworkChange]:
    """What was changed after publishing, and after that moment, the newest first.

    A part of a draft that was last saved before a change of its category, its lot or of the
    whole framework is to be confirmed anew.
    """
    statement = select(FrameworkChange).where(FrameworkChange.framework_id == framework_id)
    if since is not None:
        statement = statement.where(FrameworkChange.at > since)
    return list(
        session.scalars(statement.order_by(FrameworkChange.at.desc(), FrameworkChange.id.desc()))
    )


def details_of(framework: Framework, terms: FrameworkTerms) -> Details:
    """What a framework is now."""
    return Details(
        reference=framework.reference,
        title=framework.title,
        summary=terms.summary,
        regime=framework.regime,
        light_touch=framework.light_touch,
        open_framework=framework.open_framework,
        starts_on=framework.starts_on,
        ends_on=framework.ends_on,
        extension_months=terms.extension_months,
        payment_days=framework.payment_days,
        cap_in_total=framework.cap_in_total,
    )


def award_of(terms: FrameworkTerms) -> Award:
    """How a framework is awarded now."""
    return Award(
        quality_points=terms.quality_points,
        price_points=terms.price_points,
        least_evaluators=terms.least_evaluators,
        standstill_days=terms.standstill_days,
        uplift_cap=terms.uplift_cap,
        uplift_review_above=terms.uplift_review_above,
    )


def plan_of(category: Category, terms: CategoryTerms) -> CategoryPlan:
    """What a category is now, and how its bids are priced."""
    return CategoryPlan(
        code=category.code,
        title=category.title,
        unit=category.unit,
        price_method=terms.price_method,
        limit=terms.limit,
        varies_by=terms.varies_by,
        self_select=terms.self_select,
        places=terms.places,
        reserves=terms.reserves,
        taxed=terms.taxed,
    )


def figures_of(asked: PriceAsked) -> PriceFigures:
    """One price that is asked for."""
    return PriceFigures(
        band=asked.band,
        optimum=asked.optimum,
        maximum=asked.maximum,
        floor=asked.floor,
        yearly_units=asked.yearly_units,
    )


def limits_of(band: PriceBand) -> BandLimits:
    """One published band."""
    return BandLimits(name=band.name, up_to=band.up_to)


def lacks(session: Session, framework: Framework, terms: FrameworkTerms) -> list[str]:
    """What has to be said before a framework can be published, as sentences."""
    missing = []
    if not terms.summary:
        missing.append("Say in a few sentences what is bought: providers read it first.")
    if not framework.lots:
        missing.append("Add a lot with the categories that providers can bid for.")
    asks = {ask.category.id: ask for ask in category_asks(session, framework.id)}
    for lot in framework.lots:
        if not lot.categories:
            missing.append(f"Add a category to lot {lot.number}.")
        for category in lot.categories:
            if category.id in asks:
                missing += _category_lacks(asks[category.id])
            else:
                missing.append(f"Say how the bids for {category.code} are priced.")
    return missing


def _category_lacks(ask: CategoryAsk) -> list[str]:
    code, terms = ask.category.code, ask.terms
    if not ask.prices and not terms.self_select:
        return [f"Say which price {code} asks for."]
    missing = []
    if len(ask.prices) > 1 and not terms.varies_by:
        missing.append(f"Say what the prices of {code} vary by: it asks for {len(ask.prices)}.")
    missing += [
        f"{code}{f', {asked.band}' if asked.band else ''}: {sentence}."
        for asked in ask.prices
        for sentence in figures_of(asked).wrong(terms.price_method).values()
    ]
    if ask.bands and ask.bands[-1].up_to is not None:
        missing.append(
            f"The price bands of {code} end at {ask.bands[-1].up_to}: add the last one, without "
            "an upper end."
        )
    return missing


P = TypeVar("P", PriceAsked, PriceBand)


def _by_category(rows: Iterable[P]) -> defaultdict[UUID, list[P]]:
    found: defaultdict[UUID, list[P]] = defaultdict(list)
    for row in rows:
        found[row.category_id].append(row)
    return found
