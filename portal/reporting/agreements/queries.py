"""How much has been delivered on an agreement."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.agreements.models import Agreement
from portal.delivery.corrections.models import DeliveryCorrection
from portal.delivery.models import DeliverySession, Stay
from portal.delivery.rules import Nights, SessionState
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
    if agreement.unit is Unit.NIGHT:
        stays = session.execute(
            select(Stay.first_night, Stay.last_night).where(
                Stay.agreement_id == agreement.id, Stay.present
            )
        )
        parts = sum(len(Nights(first, last)) for first, last in stays)
    else:
        counted = (
            func.sum(DeliverySession.minutes)
            if agreement.unit is Unit.HOUR
            else func.count(DeliverySession.id)
        )
        parts = (
            session.scalar(
                select(counted).where(
                    DeliverySession.agreement_id == agreement.id,
                    DeliverySession.state == SessionState.DELIVERED,
                )
            )
            or 0
        )
    for before, after in session.execute(
        select(DeliveryCorrection.before, DeliveryCorrection.after).where(
            DeliveryCorrection.agreement_id == agreement.id
        )
    ):
        by_session = agreement.unit is Unit.SESSION
        parts += (after > 0) - (before > 0) if by_session else after - before
    return Delivered(agreement.unit, agreement.authorised_weekly, agreement.authorised_total, parts)
