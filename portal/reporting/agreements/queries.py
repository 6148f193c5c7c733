"""How much has been delivered on an agreement."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.agreements.models import Agreement
from portal.delivery.ledger import parts_delivered
from portal.frameworks.rules import Unit, say_parts


@dataclass(frozen=True, slots=True)
class Delivered:
    """The authorised units of an agreement and what is delivered of them, in parts of its unit."""

    unit: Unit
    weekly: int | None
    total: int | None
    delivered: int

    @property
    def authorised(self) -> str:
        """What is authorised, in words."""
        said = []
        if self.weekly is not None:
            said.append(f"{say_parts(self.unit, self.weekly)} a week")
        if self.total is not None:
            said.append(f"{say_parts(self.unit, self.total)} in total")
        return ", ".join(said) or "No limit set"

    @property
    def so_far(self) -> str:
        """What is delivered, and how that compares with the total."""
        said = say_parts(self.unit, self.delivered)
        if self.total is None:
            return said
        left = self.total - self.delivered
        if left < 0:
            return f"{said}, {say_parts(self.unit, -left)} more than authorised"
        return f"{said}, {say_parts(self.unit, left)} left"

    @property
    def over(self) -> bool:
        """Whether more is delivered than is authorised in total."""
        return self.total is not None and self.delivered > self.total


def delivered(session: Session, agreement: Agreement) -> Delivered:
    """What is delivered on an agreement so far, invoiced or not, as corrected. Two queries."""
    parts = parts_delivered(session, agreement)
    return Delivered(agreement.unit, agreement.authorised_weekly, agreement.authorised_total, parts)
