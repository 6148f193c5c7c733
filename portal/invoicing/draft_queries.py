"""What a draft's pages ask besides the draft itself: its parties, a number, a line's units."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.delivery.models import DeliverySession, Stay
from portal.frameworks.models import Framework, FrameworkCouncil
from portal.identity.models import Organisation
from portal.invoicing.gathering import Stream
from portal.invoicing.mechanisms import DraftLine
from portal.invoicing.models import Invoice
from portal.invoicing.queries import invoice_of_number
from portal.invoicing.rules import number_key
from portal.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Parties:
    """Whom a provider invoices, and under what."""

    council: Organisation
    framework: Framework


def parties_of(session: Session, stream: Stream) -> Parties:
    """The council and the framework of a stream.

    Raises NotFound for a framework that the session may not see, or a council that is not on it.
    """
    found = session.execute(
        select(Organisation, Framework)
        .join(FrameworkCouncil, FrameworkCouncil.council_id == Organisation.id)
        .join(Framework, Framework.id == FrameworkCouncil.framework_id)
        .where(Organisation.id == stream.council_id, Framework.id == stream.framework_id)
        .order_by(Organisation.id)
    ).first()
    if found is None:
        raise NotFound
    return Parties(found[0], found[1])


def next_number(session: Session, provider_id: UUID) -> str:
    """A number to suggest: the provider's last one counted on, "INV-0012" after "INV-0011".

    Empty before the first invoice, after a number that does not end in figures, and where the
    one that would follow is taken.
    """
    last = session.scalar(
        select(Invoice.provider_number)
        .where(Invoice.provider_id == provider_id)
        .order_by(Invoice.submitted_at.desc(), Invoice.id.desc())
        .limit(1)
    )
    following = _counted_on(last or "")
    if following and invoice_of_number(session, provider_id, number_key(following)) is not None:
        return ""
    return following


def _counted_on(number: str) -> str:
    ending = re.search(r"[0-9]+$", number)
    if ending is None:
        return ""
    figures = ending[0]
    return f"{number[: ending.start()]}{int(figures) + 1:0{len(figures)}}"[:40]


def sessions_of(session: Session, line: DraftLine) -> Sequence[DeliverySession]:
    """The sessions that a drafted line charges, each with its mentor, in order."""
    ids = [charge.unit.session_id for charge in line.charges if charge.unit.session_id]
    return session.scalars(
        select(DeliverySession)
        .where(DeliverySession.id.in_(ids))
        .options(joinedload(DeliverySession.mentor))
        .order_by(DeliverySession.starts_at, DeliverySession.id)
    ).all()


def stays_of(session: Session, line: DraftLine) -> dict[UUID, Stay]:
    """The stays whose nights a drafted line charges, by id."""
    ids = [charge.unit.stay_id for charge in line.charges if charge.unit.stay_id]
    return {
        stay.id: stay
        for stay in session.scalars(
            select(Stay).where(Stay.id.in_(ids)).order_by(Stay.first_night, Stay.id)
        )
    }
