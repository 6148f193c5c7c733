"""What changes of an agreement ask of delivery: what is recorded, invoiced, written, planned."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from portal.agreements.changing.ledger import Note, keep
from portal.agreements.models import Agreement, Assignment
from portal.audit.actions import Actor, record
from portal.delivery.corrections.models import DeliveryCorrection
from portal.delivery.cover.actions import take_over
from portal.delivery.models import DeliverySession, Stay
from portal.delivery.rules import CancelledBy, Nights, SessionState
from portal.delivery.sessions.actions import Event, figures, subject
from portal.frameworks.rules import Unit
from portal.kernel.database import working_as
from portal.kernel.tenancy import Scope

HAPPENED = (SessionState.DELIVERED, SessionState.NOT_ATTENDED)


class DeliveryLedger:
    """The sessions and nights of an agreement, as changes of it see them."""

    def last_day(self, session: Session, agreement_id: UUID) -> date | None:
        """The last day of a session that happened or was missed, or of a recorded night."""
        return _latest(
            session.scalar(
                select(func.max(DeliverySession.service_date)).where(
                    DeliverySession.agreement_id == agreement_id,
                    DeliverySession.state.in_(HAPPENED),
                )
            ),
            session.scalar(
                select(func.max(Stay.last_night)).where(Stay.agreement_id == agreement_id)
            ),
        )

    def invoiced_until(self, session: Session, agreement_id: UUID) -> date | None:
        """The last day of a session or night that is on an invoice."""
        return _latest(
            session.scalar(
                select(func.max(DeliverySession.service_date)).where(
                    DeliverySession.agreement_id == agreement_id,
                    DeliverySession.locked_at.is_not(None),
                )
            ),
            session.scalar(
                select(func.max(Stay.last_night)).where(
                    Stay.agreement_id == agreement_id, Stay.locked_at.is_not(None)
                )
            ),
        )

    def delivered(self, session: Session, agreement: Agreement) -> int:
        """What is delivered so far, in parts of the agreement's unit."""
        return parts_delivered(session, agreement)

    def notes(self, session: Session, agreement_id: UUID) -> Sequence[Note]:
        """The summary of each session that happened, by its time."""
        return [
            Note(one.id, one.service_date, one.minutes, one.summary)
            for one in session.scalars(
                select(DeliverySession)
                .where(
                    DeliverySession.agreement_id == agreement_id,
                    DeliverySession.state.in_(HAPPENED),
                    DeliverySession.summary != "",
                )
                .order_by(DeliverySession.starts_at, DeliverySession.id)
            )
        ]

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
        """Cancel the sessions that are planned on these days, in a part that works for their
        provider.
        """
        with working_as(session, Scope(agreement.provider_id)):
            planned = session.scalars(
                select(DeliverySession)
                .where(
                    DeliverySession.agreement_id == agreement.id,
                    DeliverySession.state == SessionState.SCHEDULED,
                    DeliverySession.service_date >= first,
                    true() if last is None else DeliverySession.service_date <= last,
                )
                .order_by(DeliverySession.id)
                .with_for_update()
                .execution_options(populate_existing=True)
            ).all()
            for one in planned:
                before = figures(one)["state"]
                one.state, one.version = SessionState.CANCELLED, one.version + 1
                one.cancelled_by, one.cancelled_because = CancelledBy.COUNCIL, because
                changed = [before, one.state.value]
                record(session, actor, Event.CHANGED, subject(one, agreement), at=at, state=changed)
            return len(planned)

    def hand_over(
        self,
        session: Session,
        actor: Actor,
        agreement: Agreement,
        assignment: Assignment,
        *,
        at: datetime,
    ) -> int:
        """Let whoever is assigned take over what is scheduled, and the plans it comes from."""
        return take_over(session, actor, agreement, assignment, at=at)


def parts_delivered(session: Session, agreement: Agreement) -> int:
    """What is delivered on an agreement so far, in parts of its unit, as corrected. Two queries."""
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
    return parts


def _latest(*days: date | None) -> date | None:
    return max(filter(None, days), default=None)


keep(DeliveryLedger())
