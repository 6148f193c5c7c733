"""Saving the prices of a category into a draft."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from portal.audit.actions import Actor
from portal.frameworks.applications import rules
from portal.frameworks.applications.actions import save_part
from portal.frameworks.applications.draft import Draft
from portal.frameworks.lots.queries import CategoryAsk
from portal.kernel.money import Money


def save_prices(
    session: Session,
    actor: Actor,
    draft: Draft,
    ask: CategoryAsk,
    prices: Mapping[str, Money | None],
    *,
    versions: Mapping[str, int],
    at: datetime,
    confirm: bool,
) -> dict[str, int]:
    """Keep a category's prices by band, each a part of its own, and give their versions.

    ``confirm`` says that the person has read the terms as they are now. Raises Conflict,
    NotOpen, Withdrawn.
    """
    code = ask.category.code
    changed_at = max((one.at for one in draft.changes_of_terms(ask)), default=None)
    saved = {}
    for band, price in prices.items():
        part = rules.price_part(code, band)
        again = at if draft.failed(part) else changed_at
        saved[band] = save_part(
            session,
            actor,
            draft.application,
            part,
            None if price is None else price.pence,
            version=versions.get(band, 0),
            at=at,
            confirms=again if confirm else None,
        )
    return saved
