"""What invoices ask of delivery: what is chargeable, its sums, and the lock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from uuid import UUID, uuid4

import pytest
from sqlalchemy import false, select
from sqlalchemy.orm import Session

from portal.delivery import queries
from portal.delivery.actions import ChangedWhileInvoicing, Locks, lock
from portal.delivery.corrections.models import DeliveryCorrection
from portal.delivery.models import DeliverySession, Stay
from portal.delivery.rules import SessionState
from portal.kernel.months import Month
from portal.kernel.tenancy import Scope
from tests.delivery.conftest import AT, Arranged
from tests.makers import make_session, make_stay

APRIL = date(2026, 4, 30)


@pytest.fixture
def delivered(arranged: Arranged) -> Arranged:
    """April: 5.5 hours in three sessions, others that count for nothing, and 10 nights."""
    with arranged.operator() as session:
        for day, minutes, state, locked in (
            (16, 120, SessionState.DELIVERED, None),
            (17, 60, SessionState.NOT_ATTENDED, None),
            (20, 60, SessionState.DELIVERED, AT),
            (23, 90, SessionState.DELIVERED, None),
            (30, 120, SessionState.DELIVERED, None),
        ):
            make_session(session, agreement=arranged.hourly, mentor=arranged.mentor,
                         day=date(2026, 4, day), minutes=minutes, state=state,
                         locked_at=locked)  # fmt: skip
        make_session(session, agreement=arranged.hourly, mentor=arranged.mentor,
                     day=date(2026, 5, 1), at=time(9))  # fmt: skip
        make_stay(session, agreement=arranged.placement, first_night=date(2026, 3, 25),
                  last_night=date(2026, 3, 31))  # fmt: skip
        make_stay(session, agreement=arranged.placement, last_night=date(2026, 4, 10))
        make_stay(session, agreement=arranged.placement, first_night=date(2026, 4, 11),
                  last_night=date(2026, 4, 12), present=False)  # fmt: skip
    return arranged


def unlocked(session: Session) -> tuple[list[UUID], list[UUID]]:
    """What is to be charged up to the end of April: the sessions, and the stays."""
    sessions = select(DeliverySession.id).where(
        queries.TO_BE_CHARGED, DeliverySession.service_date <= APRIL
    )
    stays = select(Stay.id).where(queries.NIGHTS_TO_BE_CHARGED, Stay.last_night <= APRIL)
    return list(session.scalars(sessions)), list(session.scalars(stays))


def test_sums_are_by_month_of_service(delivered: Arranged) -> None:
    with delivered.database.session(delivered.scope()) as session:
        totals = queries.chargeable_totals(session, delivered.provider.id, APRIL)
    council, framework = delivered.council.id, delivered.framework.id
    assert totals == [
        queries.ChargeableTotal(council, framework, Month(2026, 3), 0, 0, 7, 0),
        queries.ChargeableTotal(council, framework, Month(2026, 4), 3, 330, 10, 0),
    ]


def lock_them(session: Session, sessions: Sequence[UUID], stays: Sequence[UUID]) -> None:
    locks = Locks.of(
        sessions=select(DeliverySession.id).where(DeliverySession.id.in_(sessions)),
        stays=select(Stay.id).where(Stay.id.in_(stays)),
        corrections=select(DeliveryCorrection.id).where(false()),
    )
    lock(session, locks, units=len(sessions) + len(stays), at=AT)


def test_what_is_locked_is_chargeable_no_more(delivered: Arranged) -> None:
    with delivered.writing() as session:
        ids, stays = unlocked(session)
        assert (len(ids), len(stays)) == (3, 2)
        lock_them(session, ids, stays)
    with delivered.database.session(delivered.scope()) as session:
        assert unlocked(session) == ([], [])
        assert queries.chargeable_totals(session, delivered.provider.id, APRIL) == []
    assert delivered.count(DeliverySession, locked_at=AT) == 4
    assert delivered.count(Stay, locked_at=AT) == 2
    with pytest.raises(ChangedWhileInvoicing), delivered.writing() as session:
        lock_them(session, ids, [])


def test_a_provider_locks_only_its_own(delivered: Arranged) -> None:
    with delivered.database.session(delivered.scope()) as session:
        ids, _stays = unlocked(session)
    stranger = Scope(organisation_id=uuid4(), person_id=uuid4())
    with (
        pytest.raises(ChangedWhileInvoicing),
        delivered.database.transaction(stranger) as session,
    ):
        lock_them(session, ids, [])
