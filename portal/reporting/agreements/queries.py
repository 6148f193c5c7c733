"""How much has been delivered on an agreement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from portal.agreements.models import Agreement
from portal.agreements.rules import Authorised, total_on
from portal.agreements.variations.queries import authorised_by
from portal.delivery.ledger import parts_delivered
from portal.frameworks.rules import Unit, say_parts
from portal.kernel.wording import say_date


@dataclass(frozen=True, slots=True)
class Delivered:
    """The authorised units of an agreement and what is delivered of them, in parts of its unit.

    ``steps`` are what is authorised from each day on; ``total`` is what is agreed for today.
    """

    unit: Unit
    steps: Sequence[Authorised]
    total: int | None
    delivered: int

    @property
    def authorised(self) -> str:
        """What is authorised, in words, with the days where that changes."""
        said = [self._said(step) for step in self.steps]
        for number, step in enumerate(self.steps):
            if number:
                said[number - 1] += f" until {say_date(step.starts_on - timedelta(days=1))}"
                said[number] = f"{self._said(step)} from {say_date(step.starts_on)}"
        return "; ".join(said)

    def _said(self, step: Authorised) -> str:
        said = []
        if step.weekly is not None:
            said.append(f"{say_parts(self.unit, step.weekly)} a week")
        if step.total is not None:
            said.append(f"{say_parts(self.unit, step.total)} in total")
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


def delivered(session: Session, agreement: Agreement, today: date) -> Delivered:
    """What is delivered on an agreement so far, invoiced or not, as corrected. Three queries."""
    steps = authorised_by(session, [agreement])[agreement.id]
    parts = parts_delivered(session, agreement)
    return Delivered(agreement.unit, steps, total_on(steps, today), parts)
