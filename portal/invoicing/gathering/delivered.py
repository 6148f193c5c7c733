"""What was delivered and is on no invoice, and the standing of the mentors who did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from portal.agreements.models import Agreement, Clearance, Mentor
from portal.delivery.corrections.models import DeliveryCorrection
from portal.delivery.models import DeliverySession, Stay
from portal.delivery.queries import CORRECTIONS_TO_BE_CHARGED
from portal.delivery.rules import SessionState
from portal.invoicing.checks.facts import ChargedSession, Term
from portal.invoicing.gathering.stream import Stream
from portal.invoicing.models import ChargedUnit, InvoiceLine
from portal.kernel.database import prepared

_SESSIONS = (
    select(
        DeliverySession.id,
        DeliverySession.agreement_id,
        DeliverySession.mentor_id,
        DeliverySession.starts_at,
        DeliverySession.service_date,
        DeliverySession.minutes,
        DeliverySession.hands,
    )
    .join(Agreement, Agreement.id == DeliverySession.agreement_id)
    .where(
        DeliverySession.provider_id == bindparam("provider_id"),
        DeliverySession.council_id == bindparam("council_id"),
        Agreement.framework_id == bindparam("framework_id"),
        DeliverySession.locked_at.is_(None),
        DeliverySession.state == SessionState.DELIVERED,
        DeliverySession.service_date <= bindparam("through"),
    )
    .order_by(DeliverySession.starts_at, DeliverySession.id)
)
_STAYS = (
    select(Stay.id, Stay.agreement_id, Stay.first_night, Stay.last_night, Stay.hands)
    .join(Agreement, Agreement.id == Stay.agreement_id)
    .where(
        Stay.provider_id == bindparam("provider_id"),
        Stay.council_id == bindparam("council_id"),
        Agreement.framework_id == bindparam("framework_id"),
        Stay.locked_at.is_(None),
        Stay.present,
        Stay.first_night <= bindparam("through"),
    )
    .order_by(Stay.first_night, Stay.id)
)
_CORRECTIONS = (
    select(DeliveryCorrection)
    .join(Agreement, Agreement.id == DeliveryCorrection.agreement_id)
    .where(
        DeliveryCorrection.provider_id == bindparam("provider_id"),
        DeliveryCorrection.council_id == bindparam("council_id"),
        Agreement.framework_id == bindparam("framework_id"),
        CORRECTIONS_TO_BE_CHARGED,
        DeliveryCorrection.first_day <= bindparam("through"),
    )
    .order_by(DeliveryCorrection.first_day, DeliveryCorrection.id)
)
# To look at a draft; and to submit it, when nobody may change what is being charged.
_READ = (prepared(_SESSIONS), prepared(_STAYS), prepared(_CORRECTIONS))
_HELD = (
    prepared(_SESSIONS.with_for_update(of=DeliverySession)),
    prepared(_STAYS.with_for_update(of=Stay)),
    prepared(_CORRECTIONS.with_for_update(of=DeliveryCorrection)),
)
_MENTORS = prepared(
    select(
        Mentor.id,
        Mentor.name,
        Mentor.volunteer,
        Clearance.checked_on,
        Clearance.valid_until,
    )
    .outerjoin(Clearance, Clearance.mentor_id == Mentor.id)
    .where(Mentor.id.in_(bindparam("ids", expanding=True)))
    .order_by(Mentor.id, Clearance.checked_on)
)
_CHARGED = prepared(
    select(
        ChargedUnit.line_id,
        DeliverySession.mentor_id,
        DeliverySession.starts_at,
        DeliverySession.service_date,
        DeliverySession.minutes,
    )
    .join(InvoiceLine, InvoiceLine.id == ChargedUnit.line_id)
    .join(DeliverySession, DeliverySession.id == ChargedUnit.session_id)
    .where(InvoiceLine.invoice_id == bindparam("invoice_id"), ChargedUnit.parts > 0)
    .order_by(DeliverySession.starts_at, DeliverySession.id)
)


def chargeable_sessions(
    session: Session, stream: Stream, through: date, *, hold: bool
) -> Sequence[Row[UUID, UUID, UUID, datetime, date, int, list[str]]]:
    return session.execute(
        (_HELD if hold else _READ)[0], {**stream.parameters, "through": through}
    ).all()


def chargeable_stays(
    session: Session, stream: Stream, through: date, *, hold: bool
) -> Sequence[Row[UUID, UUID, date, date, list[str]]]:
    return session.execute(
        (_HELD if hold else _READ)[1], {**stream.parameters, "through": through}
    ).all()


def chargeable_corrections(
    session: Session, stream: Stream, through: date, *, hold: bool
) -> Sequence[DeliveryCorrection]:
    return session.scalars(
        (_HELD if hold else _READ)[2], {**stream.parameters, "through": through}
    ).all()


@dataclass(frozen=True, slots=True)
class Standing:
    """A mentor's name and clearances."""

    name: str
    volunteer: bool
    clearances: tuple[Term, ...]


def mentors_standing(session: Session, ids: set[UUID]) -> dict[UUID, Standing]:
    if not ids:
        return {}
    standing: dict[UUID, Standing] = {}
    rows = session.execute(_MENTORS, {"ids": list(ids)})
    for mentor_id, name, volunteer, checked_on, valid_until in rows:
        term = _held(checked_on, valid_until)
        known = standing.get(mentor_id, Standing(name, volunteer, ()))
        standing[mentor_id] = replace(known, clearances=known.clearances + term)
    return standing


def _held(checked_on: date | None, valid_until: date) -> tuple[Term, ...]:
    """The clearance of an outer join, which gives none for a mentor without one."""
    return () if checked_on is None else (Term(checked_on, valid_until),)


NOT_TOLD = Standing("A mentor no longer shown to you", False, ())


def session_facts(
    mentor_id: UUID,
    starts_at: datetime,
    day: date,
    minutes: int,
    standing: Mapping[UUID, Standing],
) -> ChargedSession:
    mentor = standing.get(mentor_id, NOT_TOLD)
    return ChargedSession(starts_at, day, minutes, mentor.name, mentor.volunteer, mentor.clearances)


def charged_sessions(session: Session, invoice_id: UUID) -> Mapping[UUID, list[ChargedSession]]:
    """The sessions that an invoice still charges, by line."""
    charged = session.execute(_CHARGED, {"invoice_id": invoice_id}).all()
    standing = mentors_standing(session, {row.mentor_id for row in charged})
    by_line: dict[UUID, list[ChargedSession]] = defaultdict(list)
    for line_id, mentor_id, starts_at, day, minutes in charged:
        by_line[line_id].append(session_facts(mentor_id, starts_at, day, minutes, standing))
    return by_line
