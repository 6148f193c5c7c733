"""The prices of one category, with what each would mean while it is typed.

Prices are sent by POST alone, so that none stands in an address or in a server's log.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.frameworks.applications import completeness, rules
from portal.frameworks.applications.actions import Conflict
from portal.frameworks.applications.draft import Draft
from portal.frameworks.applications.pricing import actions
from portal.frameworks.applications.pricing.forms import PricesForm, prices_form
from portal.frameworks.applications.pricing.rules import Meaning, meaning, say_asked
from portal.frameworks.applications.viewing import own_draft
from portal.frameworks.lots.models import PriceAsked
from portal.frameworks.lots.queries import CategoryAsk, terms_of
from portal.frameworks.lots.rules import METHOD_NAMES, METHOD_WORDS
from portal.identity.permissions import Permission
from portal.identity.viewing import actor
from portal.kernel.access import requires
from portal.kernel.clock import now
from portal.kernel.errors import NotFound
from portal.kernel.fragments import render
from portal.kernel.local_time import to_local
from portal.kernel.money import Money
from portal.kernel.session import db
from portal.kernel.wording import say_time

routes = Blueprint("pricing", __name__, url_prefix="/<uuid:application_id>/prices")


@routes.get("/<category_code>")
@requires(Permission.APPLICATION_MAKE)
def show(application_id: UUID, category_code: str) -> ResponseReturnValue:
    """What is asked for, and the prices that are kept."""
    draft = own_draft(application_id)
    ask = _ask(draft, category_code)
    return _page(draft, ask, prices_form(draft, ask))


@routes.post("/<category_code>")
@requires(Permission.APPLICATION_MAKE)
def save(application_id: UUID, category_code: str) -> ResponseReturnValue:
    """Keep the prices; one that the published rules refuse is kept on the page alone."""
    draft = own_draft(application_id)
    ask = _ask(draft, category_code)
    form = prices_form(draft, ask)
    if not form.validate_on_submit():
        return _page(draft, ask, form), 422
    try:
        actions.save_prices(
            db(), actor(), draft, ask, form.prices, versions=_versions(ask), at=now(), confirm=True
        )
    except Conflict as conflict:
        return _page(draft, ask, form, conflict=conflict), conflict.status
    return redirect(url_for("applications.show", application_id=application_id), 303)


@routes.post("/<category_code>/draft")
@requires(Permission.APPLICATION_MAKE)
def autosave(application_id: UUID, category_code: str) -> ResponseReturnValue:
    """Keep the prices that can be kept, and say what each would mean."""
    draft = own_draft(application_id)
    ask = _ask(draft, category_code)
    form = prices_form(draft, ask)
    form.validate_on_submit()
    at = now()
    saved = actions.save_prices(
        db(), actor(), draft, ask, form.readable, versions=_versions(ask), at=at, confirm=False
    )
    return _page(draft, ask, form, versions={**_versions(ask), **saved}, kept_at=at)


def _ask(draft: Draft, category_code: str) -> CategoryAsk:
    for ask in draft.priced:
        if ask.category.code == category_code:
            return ask
    raise NotFound


def _versions(ask: CategoryAsk) -> dict[str, int]:
    return {
        asked.band: request.form.get(f"version-{place}", 0, type=int)
        for place, asked in enumerate(ask.prices, 1)
    }


@dataclass(frozen=True, slots=True)
class Row:
    """One price: what is asked, the field, what is kept of it, what the entry would mean."""

    asked: PriceAsked
    field: Any
    hint: str
    version: int
    kept: Money | None
    wrong: str | None
    meaning: Meaning | None


def _page(
    draft: Draft,
    ask: CategoryAsk,
    form: PricesForm,
    *,
    versions: dict[str, int] | None = None,
    conflict: Conflict | None = None,
    kept_at: datetime | None = None,
) -> Response:
    points = terms_of(db(), draft.framework.id).price_points
    return render(
        "frameworks/applications/prices.html",
        fragment="meanings",
        draft=draft,
        ask=ask,
        form=form,
        rows=[_row(draft, ask, asked, field, points, versions) for asked, field in form.rows],
        points=points,
        method=METHOD_NAMES[ask.terms.price_method],
        method_words=METHOD_WORDS[ask.terms.price_method],
        conflict=conflict,
        kept_at=None if kept_at is None else say_time(to_local(kept_at).time()),
        announced=_announced(form) if kept_at else None,
        writable=draft.is_writable(now()),
    )


def _announced(form: PricesForm) -> str:
    """What a screen reader says once prices were kept, or why one was not."""
    wrong = [str(error) for _, field in form.rows for error in field.errors]
    return ". ".join(wrong) or "Prices saved"


def _row(
    draft: Draft,
    ask: CategoryAsk,
    asked: PriceAsked,
    field: Any,
    points: int,
    versions: dict[str, int] | None,
) -> Row:
    code = ask.category.code
    part = draft.parts.get(rules.price_part(code, asked.band))
    kept = draft.price(code, asked.band)
    said = field.data
    return Row(
        asked,
        field,
        hint=say_asked(ask.terms, asked),
        version=versions[asked.band] if versions else part.version if part else 0,
        kept=kept,
        wrong=None if kept is None else completeness.wrong_price(draft, ask, asked),
        meaning=None if said is None else meaning(ask.terms, asked, ask.bands, points, said),
    )
