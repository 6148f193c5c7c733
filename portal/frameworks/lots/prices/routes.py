"""The prices that a category asks for, and its published bands."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.frameworks.lots.categories.queries import category_terms, get_band, get_price
from portal.frameworks.lots.comparing import clashes
from portal.frameworks.lots.forms import ChangeForm
from portal.frameworks.lots.models import PriceAsked, PriceBand
from portal.frameworks.lots.prices import actions
from portal.frameworks.lots.prices.forms import BandForm, PriceForm
from portal.frameworks.lots.queries import figures_of, limits_of, terms_or_usual
from portal.frameworks.lots.rules import PriceMethod
from portal.frameworks.lots.words import words
from portal.frameworks.models import Category
from portal.frameworks.queries import get_category
from portal.frameworks.rules import Unfit
from portal.identity.permissions import Permission
from portal.identity.viewing import actor
from portal.kernel.access import requires
from portal.kernel.clock import now
from portal.kernel.errors import Stale
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint(
    "asked",
    __name__,
    url_prefix="/frameworks/<uuid:framework_id>/set-up/categories/<uuid:category_id>",
)
routes.context_processor(words)


@routes.get("/prices/new")
@requires(Permission.FRAMEWORK_EDIT)
def new_price_form(framework_id: UUID, category_id: UUID) -> ResponseReturnValue:
    """Ask for the figures of a price."""
    category = get_category(db(), framework_id, category_id)
    return _price_page(category, None, _price_form(category, None))


@routes.post("/prices/new")
@requires(Permission.FRAMEWORK_EDIT)
def add_price(framework_id: UUID, category_id: UUID) -> ResponseReturnValue:
    """Ask bidders for one more price, or show what to change."""
    category = get_category(db(), framework_id, category_id)
    return _keep_price(category, None)


@routes.get("/prices/<uuid:price_id>")
@requires(Permission.FRAMEWORK_EDIT)
def price_form(framework_id: UUID, category_id: UUID, price_id: UUID) -> ResponseReturnValue:
    """Ask anew for the figures of a price."""
    category = get_category(db(), framework_id, category_id)
    asked = get_price(db(), category_id, price_id)
    return _price_page(category, asked, _price_form(category, asked))


@routes.post("/prices/<uuid:price_id>")
@requires(Permission.FRAMEWORK_EDIT)
def change_price(framework_id: UUID, category_id: UUID, price_id: UUID) -> ResponseReturnValue:
    """Change a price's figures, or show what is wrong."""
    category = get_category(db(), framework_id, category_id)
    return _keep_price(category, get_price(db(), category_id, price_id))


@routes.get("/prices/<uuid:price_id>/remove")
@requires(Permission.FRAMEWORK_EDIT)
def remove_price_form(framework_id: UUID, category_id: UUID, price_id: UUID) -> ResponseReturnValue:
    """Ask whether a price is asked for no longer."""
    category = get_category(db(), framework_id, category_id)
    asked = get_price(db(), category_id, price_id)
    what = f"the price for {asked.band}" if asked.band else "the price"
    return _remove_page(category, what, figures_of(asked).words, _change_form(category))


@routes.post("/prices/<uuid:price_id>/remove")
@requires(Permission.FRAMEWORK_EDIT)
def remove_price(framework_id: UUID, category_id: UUID, price_id: UUID) -> ResponseReturnValue:
    """Ask no longer for a price."""
    category = get_category(db(), framework_id, category_id)
    form = _change_form(category)
    if not form.validate_on_submit():
        asked = get_price(db(), category_id, price_id)
        what = f"the price for {asked.band}" if asked.band else "the price"
        return _remove_page(category, what, figures_of(asked).words, form), 422
    actions.remove_price(
        db(), actor(), framework_id, category_id, price_id, because=form.reason, at=now()
    )
    return _kept(category, "The price is removed.")


@routes.get("/bands/new")
@requires(Permission.FRAMEWORK_EDIT)
def new_band_form(framework_id: UUID, category_id: UUID) -> ResponseReturnValue:
    """Ask for a band's name and upper end."""
    category = get_category(db(), framework_id, category_id)
    return _band_page(category, None, _band_form(category, None))


@routes.post("/bands/new")
@requires(Permission.FRAMEWORK_EDIT)
def add_band(framework_id: UUID, category_id: UUID) -> ResponseReturnValue:
    """Publish a band, or show what to change."""
    category = get_category(db(), framework_id, category_id)
    return _keep_band(category, None)


@routes.get("/bands/<uuid:band_id>")
@requires(Permission.FRAMEWORK_EDIT)
def band_form(framework_id: UUID, category_id: UUID, band_id: UUID) -> ResponseReturnValue:
    """Ask anew for a band's name and upper end."""
    category = get_category(db(), framework_id, category_id)
    band = get_band(db(), category_id, band_id)
    return _band_page(category, band, _band_form(category, band))


@routes.post("/bands/<uuid:band_id>")
@requires(Permission.FRAMEWORK_EDIT)
def change_band(framework_id: UUID, category_id: UUID, band_id: UUID) -> ResponseReturnValue:
    """Change a band, or show what is wrong."""
    category = get_category(db(), framework_id, category_id)
    return _keep_band(category, get_band(db(), category_id, band_id))


@routes.get("/bands/<uuid:band_id>/remove")
@requires(Permission.FRAMEWORK_EDIT)
def remove_band_form(framework_id: UUID, category_id: UUID, band_id: UUID) -> ResponseReturnValue:
    """Ask whether a band is published no longer."""
    category = get_category(db(), framework_id, category_id)
    band = get_band(db(), category_id, band_id)
    return _remove_page(category, f"the band {band.name}", {}, _change_form(category))


@routes.post("/bands/<uuid:band_id>/remove")
@requires(Permission.FRAMEWORK_EDIT)
def remove_band(framework_id: UUID, category_id: UUID, band_id: UUID) -> ResponseReturnValue:
    """Publish a band no longer."""
    category = get_category(db(), framework_id, category_id)
    form = _change_form(category)
    if not form.validate_on_submit():
        band = get_band(db(), category_id, band_id)
        return _remove_page(category, f"the band {band.name}", {}, form), 422
    actions.remove_band(
        db(), actor(), framework_id, category_id, band_id, because=form.reason, at=now()
    )
    return _kept(category, "The band is removed.")


def _published(category: Category) -> bool:
    return terms_or_usual(db(), category.lot.framework).published_at is not None


def _change_form(category: Category) -> ChangeForm:
    return ChangeForm(published=_published(category))


def _price_form(category: Category, asked: PriceAsked | None) -> PriceForm:
    terms = category_terms(db(), category.id)
    return PriceForm(
        terms.price_method if terms else PriceMethod.OPTIMUM,
        figures_of(asked) if asked else None,
        published=_published(category),
        version=terms.version if terms else 0,
    )


def _keep_price(category: Category, asked: PriceAsked | None) -> ResponseReturnValue:
    form = _price_form(category, asked)
    if not form.validate_on_submit():
        return _price_page(category, asked, form), 422
    try:
        actions.keep_price(
            db(), actor(), category.framework_id, category.id, asked.id if asked else None,
            form.figures, version=form.opened_on, because=form.reason, at=now(),
        )  # fmt: skip
    except Stale:
        assert asked is not None
        terms = category_terms(db(), category.id)
        form.renew(terms.version if terms else 0)
        stale = clashes(figures_of(asked).words, form.figures.words)
        return _price_page(category, asked, form, stale=stale), 409
    except Unfit as unfit:
        form.band.errors = [unfit.sentence]
        return _price_page(category, asked, form), unfit.status
    return _kept(category, "The price is saved.")


def _band_form(category: Category, band: PriceBand | None) -> BandForm:
    terms = category_terms(db(), category.id)
    return BandForm(
        limits_of(band) if band else None,
        published=_published(category),
        version=terms.version if terms else 0,
    )


def _keep_band(category: Category, band: PriceBand | None) -> ResponseReturnValue:
    form = _band_form(category, band)
    if not form.validate_on_submit():
        return _band_page(category, band, form), 422
    try:
        actions.keep_band(
            db(), actor(), category.framework_id, category.id, band.id if band else None,
            form.limits, version=form.opened_on, because=form.reason, at=now(),
        )  # fmt: skip
    except Stale:
        assert band is not None
        terms = category_terms(db(), category.id)
        form.renew(terms.version if terms else 0)
        stale = clashes(limits_of(band).words, form.limits.words)
        return _band_page(category, band, form, stale=stale), 409
    except Unfit as unfit:
        form.name.errors = [unfit.sentence]
        return _band_page(category, band, form), unfit.status
    return _kept(category, "The band is saved.")


def _kept(category: Category, said: str) -> ResponseReturnValue:
    flash(said, "success")
    address = url_for(
        "categories.show", framework_id=category.framework_id, category_id=category.id
    )
    return redirect(address, 303)


def _price_page(
    category: Category,
    asked: PriceAsked | None,
    form: PriceForm,
    *,
    stale: list[tuple[str, str, str]] | None = None,
) -> Response:
    return render(
        "frameworks/lots/price.html",
        category=category,
        terms=category_terms(db(), category.id),
        asked=asked,
        form=form,
        stale=stale,
    )


def _band_page(
    category: Category,
    band: PriceBand | None,
    form: BandForm,
    *,
    stale: list[tuple[str, str, str]] | None = None,
) -> Response:
    return render("frameworks/lots/band.html", category=category, band=band, form=form, stale=stale)


def _remove_page(
    category: Category, what: str, words: dict[str, str], form: ChangeForm
) -> Response:
    return render(
        "frameworks/lots/remove.html", category=category, what=what, words=words, form=form
    )
