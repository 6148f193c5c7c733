"""What each line that corrects earlier invoices takes in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.delivery.corrections.models import DeliveryCorrection
from portal.invoicing.corrections.models import ChargedCorrection


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A correction as a line charges it; ``parts`` are minutes, sessions or nights."""

    correction: DeliveryCorrection
    parts: int


def taken_in(session: Session, line_id: UUID) -> Sequence[TakenIn]:
    """The corrections that a line takes in, by day. One query."""
    return [
        TakenIn(correction, parts)
        for correction, parts in session.execute(
            select(DeliveryCorrection, ChargedCorrection.parts)
            .join(ChargedCorrection, ChargedCorrection.correction_id == DeliveryCorrection.id)
            .where(ChargedCorrection.line_id == line_id)
            .order_by(ChargedCorrection.first_day, ChargedCorrection.id)
        )
    ]
