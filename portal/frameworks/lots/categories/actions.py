"""Adding, changing and removing lots and categories.

Every action raises NotFound, NotTheLead, and of a published framework ReasonMissing and
UnderJudgement; one with a ``version`` raises Stale.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.audit.actions import Actor
from portal.frameworks.leading import led
from portal.frameworks.lots.categories.queries import (
    get_lot,
    has_places,
    in_a_round,
    is_asked_about,
    locked_category_terms,
)
from portal.frameworks.lots.changing import InUse, keep_change, unpublished
from portal.frameworks.lots.comparing import Words
from portal.frameworks.lots.events import Event
from portal.frameworks.lots.models import CategoryTerms, Demand, PriceAsked, PriceBand
from portal.frameworks.lots.plans import CategoryPlan
from portal.frameworks.lots.queries import plan_of
from portal.frameworks.models import Category, Lot
from portal.frameworks.queries import get_category
from portal.frameworks.rules import MECHANISM_OF, Unfit
from portal.kernel.errors import Stale


class Taken(Unfit):
    """Something of the framework has this number, code or name already."""


def keep_lot(
    session: Session,
    actor: Actor,
    framework_id: UUID,
    lot_id: UUID | None,
    *,
    number: int,
    title: str,
    because: str,
    at: datetime,
) -> Lot:
    """A new lot, or one with another number or title. Raises Taken."""
    framework = led(session, actor, framework_id)
    if any(one.number == number and one.id != lot_id for one in framework.lots):
        raise Taken(f"The framework has a lot {number}. Choose another number")
    lot = Lot(framework_id=framework.id, lead_council_id=framework.lead_council_id)
    before: Words = {}
    if lot_id is not None:
        lot = get_lot(session, framework_id, lot_id)
        before = {"Number": str(lot.number), "Title": lot.title}
    lot.number, lot.title = number, title
    session.add(lot)
    session.flush()
    after = {"Number": str(number), "Title": title}
    keep_change(
        session, actor, framework, Event.LOT_KEPT, before, after, subject=f"Lot {number}",
        because=because, lot=lot if lot_id else None, at=at,
    )  # fmt: skip
    return lot


def remove_lot(
    session: Session, actor: Actor, framework_id: UUID, lot_id: UUID, *, at: datetime
) -> None:
    """Take a lot with its categories away, before publishing. Raises InUse."""
    framework = led(session, actor, framework_id)
    lot = get_lot(session, framework_id, lot_id)
    categories = session.scalars(select(Category).where(Category.lot_id == lot.id)).all()
    if is_asked_about(session, lot.id):
        raise InUse
    for category in categories:
        _refuse_in_use(session, category)
    unpublished(session, framework)
    for category in categories:
        _remove(session, category)
    session.execute(delete(Demand).where(Demand.lot_id == lot.id))
    session.delete(lot)
    session.flush()
    keep_change(
        session, actor, framework, Event.LOT_REMOVED, {"Title": lot.title}, {},
        subject=f"Lot {lot.number}", at=at,
    )  # fmt: skip


def keep_category(
    session: Session,
    actor: Actor,
    framework_id: UUID,
    lot_id: UUID,
    category_id: UUID | None,
    plan: CategoryPlan,
    *,
    version: int,
    because: str,
    at: datetime,
) -> Category:
    """A new category of a lot, or another plan for one; ``version`` 0 where none was said before.

    What a category with places is counted in stays: its prices mean that. Raises Taken, Unfit.
    """
    framework = led(session, actor, framework_id)
    lot = get_lot(session, framework_id, lot_id)
    if plan.wrong:
        raise Unfit(next(iter(plan.wrong.values())))
    taken = session.scalars(
        select(Category.id).where(Category.framework_id == framework_id, Category.code == plan.code)
    ).first()
    if taken not in (None, category_id):
        raise Taken(f"The framework has a category {plan.code}. Choose another code")
    parties = {"framework_id": framework.id, "lead_council_id": framework.lead_council_id}
    terms = None
    before: Words = {}
    if category_id is None:
        category = Category(lot_id=lot.id, **parties)
    else:
        category = get_category(session, framework_id, category_id)
        terms = locked_category_terms(session, category.id)
        if version != (terms.version if terms else 0):
            raise Stale
        before = plan_of(category, terms).words if terms else {}
        if plan.unit is not category.unit and has_places(session, category.id):
            raise Unfit("Providers have places with prices, so what is counted stays as it is")
    category.code, category.title = plan.code, plan.title
    category.unit, category.mechanism = plan.unit, MECHANISM_OF[plan.unit]
    session.add(category)
    session.flush()
    if terms is None:
        terms = CategoryTerms(category_id=category.id, **parties)
        session.add(terms)
    terms.price_method, terms.limit = plan.price_method, plan.limit
    terms.varies_by, terms.self_select = plan.varies_by, plan.self_select
    terms.places, terms.reserves = plan.places, plan.reserves
    terms.taxed = plan.taxed
    session.flush()
    keep_change(
        session, actor, framework, Event.CATEGORY_KEPT, before, plan.words,
        subject=f"Category {plan.code}", because=because,
        category=category if category_id else None, lot=lot, at=at,
    )  # fmt: skip
    return category


def remove_category(
    session: Session, actor: Actor, framework_id: UUID, category_id: UUID, *, at: datetime
) -> None:
    """Take a category away, before publishing. Raises InUse."""
    framework = led(session, actor, framework_id)
    category = get_category(session, framework_id, category_id)
    _refuse_in_use(session, category)
    unpublished(session, framework)
    _remove(session, category)
    session.flush()
    keep_change(
        session, actor, framework, Event.CATEGORY_REMOVED, {"Title": category.title}, {},
        subject=f"Category {category.code}", at=at,
    )  # fmt: skip


def _refuse_in_use(session: Session, category: Category) -> None:
    if has_places(session, category.id) or in_a_round(session, category.id):
        raise InUse


def _remove(session: Session, category: Category) -> None:
    for model in (PriceAsked, PriceBand, CategoryTerms):
        session.execute(delete(model).where(model.category_id == category.id))
    session.delete(category)
