"""A framework's lots and categories: added, changed, and before publishing removed."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.frameworks.lots.categories import actions, queries
from portal.frameworks.lots.categories.forms import CategoryForm, LotForm
from portal.frameworks.lots.comparing import clashes
from portal.frameworks.lots.queries import category_ask, plan_of, terms_or_usual
from portal.frameworks.lots.words import words
from portal.frameworks.models import Category, Framework, Lot
from portal.frameworks.queries import get_category, get_framework
from portal.frameworks.rules import Unfit
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, viewer
from portal.kernel.access import requires
from portal.kernel.clock import now
from portal.kernel.errors import Stale
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("categories", __name__, url_prefix="/frameworks/<uuid:framework_id>/set-up")
routes.context_processor(words)


@routes.get("/lots/new")
@requires(Permission.FRAMEWORK_EDIT)
def new_lot_form(framework_id: UUID) -> ResponseReturnValue:
    """Ask for a lot's number and title."""
    framework = get_framework(db(), framework_id)
    form = LotForm(published=_published(framework), data={"number": len(framework.lots) + 1})
    return _lot_page(framework, None, form)


@routes.post("/lots/new")
@requires(Permission.FRAMEWORK_EDIT)
def add_lot(framework_id: UUID) -> ResponseReturnValue:
    """Add a lot, or show what to change."""
    framework = get_framework(db(), framework_id)
    return _keep_lot(framework, None, LotForm(published=_published(framework)))


@routes.get("/lots/<uuid:lot_id>")
@requires(Permission.FRAMEWORK_EDIT)
def lot_form(framework_id: UUID, lot_id: UUID) -> ResponseReturnValue:
    """Ask anew for a lot's number and title."""
    framework = get_framework(db(), framework_id)
    lot = queries.get_lot(db(), framework_id, lot_id)
    data = {"number": lot.number, "title": lot.title}
    return _lot_page(framework, lot, LotForm(published=_published(framework), data=data))


@routes.post("/lots/<uuid:lot_id>")
@requires(Permission.FRAMEWORK_EDIT)
def change_lot(framework_id: UUID, lot_id: UUID) -> ResponseReturnValue:
    """Change a lot, or show what is wrong."""
    framework = get_framework(db(), framework_id)
    lot = queries.get_lot(db(), framework_id, lot_id)
    return _keep_lot(framework, lot, LotForm(published=_published(framework)))


@routes.post("/lots/<uuid:lot_id>/remove")
@requires(Permission.FRAMEWORK_EDIT)
def remove_lot(framework_id: UUID, lot_id: UUID) -> ResponseReturnValue:
    """Take a lot with its categories away."""
    actions.remove_lot(db(), actor(), framework_id, lot_id, at=now())
    flash("The lot is removed.", "success")
    return redirect(url_for("lots.show", framework_id=framework_id), 303)


@routes.get("/lots/<uuid:lot_id>/categories/new")
@requires(Permission.FRAMEWORK_EDIT)
def new_category_form(framework_id: UUID, lot_id: UUID) -> ResponseReturnValue:
    """Ask for a category."""
    lot = queries.get_lot(db(), framework_id, lot_id)
    return _category_page(lot, None, CategoryForm(published=_published(lot.framework)))


@routes.post("/lots/<uuid:lot_id>/categories/new")
@requires(Permission.FRAMEWORK_EDIT)
def add_category(framework_id: UUID, lot_id: UUID) -> ResponseReturnValue:
    """Add a category, or show what to change."""
    lot = queries.get_lot(db(), framework_id, lot_id)
    return _keep_category(lot, None, CategoryForm(published=_published(lot.framework)))


@routes.get("/categories/<uuid:category_id>")
@requires(Permission.FRAMEWORK_EDIT)
def show(framework_id: UUID, category_id: UUID) -> ResponseReturnValue:
    """A category with the prices it asks for and its bands."""
    category = get_category(db(), framework_id, category_id)
    return render(
        "frameworks/lots/category.html",
        category=category,
        framework=category.lot.framework,
        ask=category_ask(db(), category),
        published=_published(category.lot.framework),
        leads=category.lead_council_id == viewer().organisation_id,
        in_use=queries.has_places(db(), category_id) or queries.in_a_round(db(), category_id),
    )


@routes.get("/categories/<uuid:category_id>/change")
@requires(Permission.FRAMEWORK_EDIT)
def category_form(framework_id: UUID, category_id: UUID) -> ResponseReturnValue:
    """Ask anew for a category."""
    category = get_category(db(), framework_id, category_id)
    return _category_page(category.lot, category, _category_form(category))


@routes.post("/categories/<uuid:category_id>/change")
@requires(Permission.FRAMEWORK_EDIT)
def change_category(framework_id: UUID, category_id: UUID) -> ResponseReturnValue:
    """Change a category, or show what is wrong."""
    category = get_category(db(), framework_id, category_id)
    return _keep_category(category.lot, category, _category_form(category))


@routes.post("/categories/<uuid:category_id>/remove")
@requires(Permission.FRAMEWORK_EDIT)
def remove_category(framework_id: UUID, category_id: UUID) -> ResponseReturnValue:
    """Take a category away."""
    actions.remove_category(db(), actor(), framework_id, category_id, at=now())
    flash("The category is removed.", "success")
    return redirect(url_for("lots.show", framework_id=framework_id), 303)


def _published(framework: Framework) -> bool:
    return terms_or_usual(db(), framework).published_at is not None


def _category_form(category: Category) -> CategoryForm:
    terms = queries.category_terms(db(), category.id)
    return CategoryForm(
        plan_of(category, terms) if terms else None,
        published=_published(category.lot.framework),
        version=terms.version if terms else 0,
    )


def _keep_lot(framework: Framework, lot: Lot | None, form: LotForm) -> ResponseReturnValue:
    if not form.validate_on_submit():
        return _lot_page(framework, lot, form), 422
    try:
        actions.keep_lot(
            db(), actor(), framework.id, lot.id if lot else None,
            number=form.number.data or 0, title=form.title.data or "",
            because=form.reason, at=now(),
        )  # fmt: skip
    except actions.Taken as taken:
        form.number.errors = [taken.sentence]
        return _lot_page(framework, lot, form), taken.status
    flash("Saved.", "success")
    return redirect(url_for("lots.show", framework_id=framework.id), 303)


def _keep_category(lot: Lot, category: Category | None, form: CategoryForm) -> ResponseReturnValue:
    if not form.validate_on_submit():
        return _category_page(lot, category, form), 422
    try:
        kept = actions.keep_category(
            db(), actor(), lot.framework_id, lot.id, category.id if category else None, form.plan,
            version=form.opened_on, because=form.reason, at=now(),
        )  # fmt: skip
    except Unfit as unfit:
        wrong = form.code if isinstance(unfit, actions.Taken) else form.unit
        wrong.errors = [unfit.sentence]
        return _category_page(lot, category, form), unfit.status
    except Stale:
        assert category is not None
        terms = queries.category_terms(db(), category.id)
        assert terms is not None
        form.renew(terms.version)
        stale = clashes(plan_of(category, terms).words, form.plan.words)
        return _category_page(lot, category, form, stale=stale), 409
    flash("Saved.", "success")
    return redirect(url_for(".show", framework_id=lot.framework_id, category_id=kept.id), 303)


def _lot_page(framework: Framework, lot: Lot | None, form: LotForm) -> Response:
    return render("frameworks/lots/lot.html", framework=framework, lot=lot, form=form)


def _category_page(
    lot: Lot,
    category: Category | None,
    form: CategoryForm,
    *,
    stale: list[tuple[str, str, str]] | None = None,
) -> Response:
    return render(
        "frameworks/lots/category_form.html", lot=lot, category=category, form=form, stale=stale
    )
