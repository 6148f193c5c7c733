"""A person's open sign-ins, and what happened when they signed in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.audit.models import AuditEvent
from portal.identity.models import SignIn
from portal.identity.sign_ins.rules import HISTORY
from portal.kernel.errors import NotFound
from portal.kernel.keyset import Page, page_of


def open_sign_ins(
    session: Session, person_id: UUID, *, idle: timedelta, longest: timedelta, at: datetime
) -> Sequence[SignIn]:
    """The sign-ins that still work, the one used last first."""
    seen = func.coalesce(SignIn.seen_at, SignIn.started_at)
    return session.scalars(
        select(SignIn)
        .where(
            SignIn.person_id == person_id,
            SignIn.ended_at.is_(None),
            SignIn.started_at > at - longest,
            seen > at - idle,
        )
        .order_by(seen.desc(), SignIn.id)
    ).all()


def own_sign_in(session: Session, person_id: UUID, sign_in_id: UUID) -> SignIn:
    """One of a person's sign-ins, ended or not. Raises NotFound."""
    found = session.get(SignIn, sign_in_id)
    if found is None or found.person_id != person_id:
        raise NotFound
    return found


def others_open(session: Session, person_id: UUID, but: UUID) -> Sequence[SignIn]:
    """Every sign-in of a person that has not been ended, but this one; half ones too."""
    return session.scalars(
        select(SignIn)
        .where(SignIn.person_id == person_id, SignIn.ended_at.is_(None), SignIn.id != but)
        .order_by(SignIn.id)
    ).all()


def history(
    session: Session,
    person_id: UUID,
    events: Collection[str],
    *,
    cursor: str | None,
    at: datetime,
) -> Page[AuditEvent]:
    """Which of these happened to a person in the last 90 days, the newest first."""
    happened = select(AuditEvent).where(
        AuditEvent.subject_id == person_id,
        AuditEvent.event.in_(events),
        AuditEvent.at >= at - HISTORY,
    )
    return page_of(session, happened, AuditEvent.at, AuditEvent.id, cursor=cursor, descending=True)
