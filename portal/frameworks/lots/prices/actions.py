"""Saying which prices a category asks for, and the bands that are published.

Every action raises NotFound, NotTheLead, and of a published framework ReasonMissing and
UnderJudgement.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from portal.audit.actions import Actor
from portal.frameworks.leading import led
from portal.frameworks.lots.categories.actions import Taken
from portal.frameworks.lots.categories.queries import (
    get_band,
    get_price,
    locked_category_terms,
)
from portal.frameworks.lots.changing import keep_change
from portal.frameworks.lots.comparing import Words
from portal.frameworks.lots.events import Event
from portal.frameworks.lots.models import CategoryTerms, PriceAsked, PriceBand
from portal.frameworks.lots.plans import BandLimits, PriceFigures
from portal.frameworks.lots.queries import figures_of, limits_of
from portal.frameworks.lots.rules import Limit, PriceMethod
from portal.frameworks.models import Category
from portal.frameworks.queries import get_category
from portal.frameworks.rules import Unfit
from portal.kernel.errors import Stale


def keep_price(
    session: Session,
    actor: Actor,
    framework_id: UUID,
    category_id: UUID,
    price_id: UUID | None,
    figures: PriceFigures,
    *,
    version: int,
    because: str,
    at: datetime,
) -> PriceAsked:
    """A price that a category asks for, new or with other figures.

    ``version`` is the category's, as the form was opened on. Raises Taken, Unfit, Stale.
    """
    framework = led(session, actor, framework_id)
    category = get_category(session, framework_id, category_id)
    terms = _own_terms(session, category)
    if price_id is not None and terms.version != version:
        raise Stale
    if wrong := figures.wrong(terms.price_method):
        raise Unfit(next(iter(wrong.values())))
    others = session.scalars(select(PriceAsked).where(PriceAsked.category_id == category_id)).all()
    for other in others:
        if other.band == figures.band and other.id != price_id:
            whom = f"“{figures.band}”" if figures.band else "everybody"
            raise Taken(f"The category asks for a price for {whom} already. Name another group")
    asked = PriceAsked(
        category_id=category.id,
        framework_id=framework.id,
        lead_council_id=framework.lead_council_id,
        position=max((other.position for other in others), default=-1) + 1,
    )
    before: Words = {}
    if price_id is not None:
        asked = get_price(session, category_id, price_id)
        before = figures_of(asked).words
    asked.band, asked.yearly_units = figures.band, figures.yearly_units
    asked.optimum, asked.maximum, asked.floor = figures.optimum, figures.maximum, figures.floor
    session.add(asked)
    session.flush()
    whom = f", {figures.band}" if figures.band else ""
    keep_change(
        session, actor, framework, Event.PRICE_KEPT, before, figures.words,
        subject=f"Category {category.code}{whom}", because=because, category=category, at=at,
    )  # fmt: skip
    return asked


def remove_price(
    session: Session,
    actor: Actor,
    framework_id: UUID,
    category_id: UUID,
    price_id: UUID,
    *,
    because: str,
    at: datetime,
) -> None:
    """Ask no longer for a price."""
    framework = led(session, actor, framework_id)
    category = get_category(session, framework_id, category_id)
    _own_terms(session, category)
    asked = get_price(session, category_id, price_id)
    session.delete(asked)
    session.flush()
    whom = f" for {asked.band}" if asked.band else ""
    keep_change(
        session, actor, framework, Event.PRICE_REMOVED, {f"The price{whom}": "asked for"}, {},
        subject=f"Category {category.code}", because=because, category=category, at=at,
    )  # fmt: skip


def keep_band(
    session: Session,
    actor: Actor,
    framework_id: UUID,
    category_id: UUID,
    band_id: UUID | None,
    limits: BandLimits,
    *,
    version: int,
    because: str,
    at: datetime,
) -> PriceBand:
    """A price band of a category, new or with another name or end.

    ``version`` is the category's, as the form was opened on. Raises Taken, Unfit, Stale.
    """
    framework = led(session, actor, framework_id)
    category = get_category(session, framework_id, category_id)
    terms = _own_terms(session, category)
    if band_id is not None and terms.version != version:
        raise Stale
    if limits.wrong:
        raise Unfit(limits.wrong["up_to"])
    for other in session.scalars(select(PriceBand).where(PriceBand.category_id == category_id)):
        if other.id == band_id:
            continue
        if other.name == limits.name:
            raise Taken(f"The category has a band “{limits.name}”. Choose another name")
        if other.up_to == limits.up_to:
            end = f"ends at {limits.up_to}" if limits.up_to else "has no upper end"
            raise Taken(f"The band “{other.name}” {end} already. Enter another amount")
    band = PriceBand(
        category_id=category.id,
        framework_id=framework.id,
        lead_council_id=framework.lead_council_id,
    )
    before: Words = {}
    if band_id is not None:
        band = get_band(session, category_id, band_id)
        before = limits_of(band).words
    band.name, band.up_to = limits.name, limits.up_to
    session.add(band)
    session.flush()
    keep_change(
        session, actor, framework, Event.BAND_KEPT, before, limits.words,
        subject=f"Category {category.code}", because=because, category=category, at=at,
    )  # fmt: skip
    return band


def remove_band(
    session: Session,
    actor: Actor,
    framework_id: UUID,
    category_id: UUID,
    band_id: UUID,
    *,
    because: str,
    at: datetime,
) -> None:
    """Publish a band no longer."""
    framework = led(session, actor, framework_id)
    category = get_category(session, framework_id, category_id)
    _own_terms(session, category)
    band = get_band(session, category_id, band_id)
    session.delete(band)
    session.flush()
    keep_change(
        session, actor, framework, Event.BAND_REMOVED, {f"Band {band.name}": "published"}, {},
        subject=f"Category {category.code}", because=because, category=category, at=at,
    )  # fmt: skip


def _own_terms(session: Session, category: Category) -> CategoryTerms:
    """The terms of a category, whose next version this change makes; usual ones at first."""
    terms = locked_category_terms(session, category.id)
    if terms is None:
        terms = CategoryTerms(
            category_id=category.id,
            framework_id=category.framework_id,
            lead_council_id=category.lead_council_id,
            price_method=PriceMethod.OPTIMUM,
            limit=Limit.AT_MOST,
        )
        session.add(terms)
        session.flush()
    flag_modified(terms, "varies_by")
    return terms
