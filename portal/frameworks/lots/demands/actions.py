"""Saying which evidence is demanded."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor
from portal.evidence.rules import INSURANCE, LEAST_COVER
from portal.frameworks.leading import led
from portal.frameworks.lots.categories.queries import get_lot
from portal.frameworks.lots.changing import keep_change, locked_terms
from portal.frameworks.lots.demands.queries import demands_of
from portal.frameworks.lots.events import Event
from portal.frameworks.lots.models import Demand
from portal.frameworks.lots.plans import Demands
from portal.frameworks.rules import Unfit


def set_demands(
    session: Session,
    actor: Actor,
    framework_id: UUID,
    lot_id: UUID | None,
    demands: Demands,
    *,
    version: int,
    because: str,
    at: datetime,
) -> None:
    """The evidence demanded of everybody, or with a lot of those who bid for it: all of it.

    Raises NotFound, NotTheLead, Stale, Unfit for a cover below what all evidence must show,
    and of a published framework ReasonMissing and UnderJudgement.
    """
    framework = led(session, actor, framework_id)
    locked_terms(session, framework, version=version)
    lot = get_lot(session, framework_id, lot_id) if lot_id else None
    for kind, cover in demands.kinds.items():
        if kind in INSURANCE and cover is not None and cover < LEAST_COVER:
            raise Unfit(f"Every council asks for cover of at least {LEAST_COVER}")
    stored = {one.kind: one for one in demands_of(session, framework_id, lot_id)}
    before = Demands({kind: one.least_cover for kind, one in stored.items()})
    for kind in stored.keys() - demands.kinds.keys():
        session.delete(stored[kind])
    for kind, cover in demands.kinds.items():
        if kind in stored:
            stored[kind].least_cover = cover
            continue
        session.add(
            Demand(
                framework_id=framework.id,
                lead_council_id=framework.lead_council_id,
                lot_id=lot_id,
                kind=kind,
                least_cover=cover,
            )
        )
    session.flush()
    keep_change(
        session, actor, framework, Event.EVIDENCE_SET, before.words, demands.words,
        subject=f"Evidence for lot {lot.number}" if lot else "Evidence of everybody",
        because=because, lot=lot, at=at,
    )  # fmt: skip
