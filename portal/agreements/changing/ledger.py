"""What delivery has recorded on an agreement, told by the package that knows it.

Delivery stands above agreements, so it registers its ledger here when it is loaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from portal.agreements.models import Agreement, Assignment
from portal.audit.actions import Actor


@dataclass(frozen=True, slots=True)
class Note:
    """What was written of one session; ``minutes`` is how long it lasted."""

    session_id: UUID
    day: date
    minutes: int
    summary: str


class Ledger(Protocol):
    """What changes of an agreement ask of delivery, and have it do."""

    def last_day(self, session: Session, agreement_id: UUID) -> date | None:
        """The last day on which something happened that is recorded."""

    def invoiced_until(self, session: Session, agreement_id: UUID) -> date | None:
        """The last day that is on an invoice."""

    def delivered(self, session: Session, agreement: Agreement) -> int:
        """What is delivered so far, in parts of the agreement's unit."""

    def notes(self, session: Session, agreement_id: UUID) -> Sequence[Note]:
        """What was written of each session, in their order."""

    def call_off(
        self,
        session: Session,
        actor: Actor,
        agreement: Agreement,
        first: date,
        last: date | None,
        *,
        because: str,
        at: datetime,
    ) -> int:
        """Cancel what is planned on these days; says how many sessions that were."""

    def hand_over(
        self,
        session: Session,
        actor: Actor,
        agreement: Agreement,
        assignment: Assignment,
        *,
        at: datetime,
    ) -> int:
        """Let whoever is assigned from now on take what is planned from their first day on.

        Says how many sessions they took; what they cannot do stays to be arranged.
        """


_KEPT: list[Ledger] = []


def keep(ledger: Ledger) -> None:
    """Ask this one from now on."""
    _KEPT[:] = [ledger]


def ledger() -> Ledger:
    """The one that delivery keeps."""
    return _KEPT[0]
