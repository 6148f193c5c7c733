"""Disputes in words, for the histories of invoices and lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from portal.invoicing.disputes.models import Dispute
from portal.invoicing.history import Happening


def happenings(disputes: Iterable[Dispute], positions: Mapping[UUID, int]) -> list[Happening]:
    """Each dispute as an entry; ``positions`` are those of the lines by their ids."""
    return [
        Happening(
            one.disputed_at,
            f"Refusal of line {positions[one.line_id]} disputed",
            one.disputed_by_name,
            one.words,
        )
        for one in disputes
    ]
