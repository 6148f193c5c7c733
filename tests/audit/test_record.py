"""What happened is recorded with the change itself, and never altered or removed (promise 21)."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record, record_all
from portal.audit.models import AuditEvent
from portal.budgets.models import CapRaise
from portal.invoicing.models import Decision, Reply
from portal.kernel.database import Database
from portal.kernel.ids import new_id
from portal.kernel.tenancy import ForeignRow, Scope, Task
from tests.world import make_world

OPERATOR = Scope.system(Task.OPERATOR)
NOON = datetime(2026, 4, 30, 12, tzinfo=UTC)
COUNCIL, PROVIDER, OTHER = new_id(), new_id(), new_id()
ACTOR = Actor(new_id(), "Ruth", COUNCIL)
LINE = Subject("line", new_id(), "IA-1", COUNCIL, PROVIDER)


class Event(StrEnum):
    """What happens in these tests."""

    APPROVED = "tests:line:approved"


def _events(database: Database, scope: Scope) -> list[AuditEvent]:
    with database.session(scope) as session:
        return list(session.scalars(select(AuditEvent).order_by(AuditEvent.id)))


def test_an_event_says_who_did_what_to_what_when(database: Database) -> None:
    with database.transaction(Scope(COUNCIL)) as session:
        record(session, ACTOR, Event.APPROVED, LINE, at=NOON, pence=4200)
    (kept,) = _events(database, Scope(COUNCIL))
    assert (kept.event, kept.at, kept.details) == ("tests:line:approved", NOON, {"pence": 4200})
    assert (kept.person_id, kept.person_name) == (ACTOR.person_id, "Ruth")
    assert (kept.subject_kind, kept.subject_id, kept.subject_label) == ("line", LINE.id, "IA-1")


def test_both_parties_read_it_and_nobody_else(database: Database) -> None:
    with database.transaction(Scope(COUNCIL)) as session:
        record(session, ACTOR, Event.APPROVED, LINE, at=NOON)
    assert [len(_events(database, Scope(one))) for one in (COUNCIL, PROVIDER, OTHER)] == [1, 1, 0]


def test_it_is_gone_with_a_change_that_failed(database: Database) -> None:
    with database.session(Scope(COUNCIL), writes=True) as session:
        record(session, ACTOR, Event.APPROVED, LINE, at=NOON)
        session.rollback()
    assert _events(database, Scope(COUNCIL)) == []


def test_many_happenings_are_each_recorded(database: Database) -> None:
    happenings: list[tuple[Subject, dict[str, Any]]] = [(LINE, {"pence": n}) for n in range(3)]
    with database.transaction(Scope(COUNCIL)) as session:
        record_all(session, ACTOR, Event.APPROVED, happenings, at=NOON)
    kept = _events(database, Scope(COUNCIL))
    assert [event.details["pence"] for event in kept] == [0, 1, 2]


def test_nobody_records_in_anothers_name(database: Database) -> None:
    with database.session(Scope(OTHER), writes=True) as session, pytest.raises(ForeignRow):
        record(session, ACTOR, Event.APPROVED, LINE, at=NOON)


@pytest.mark.parametrize("model", [AuditEvent, CapRaise, Decision, Reply])
def test_what_is_appended_is_neither_changed_nor_removed_even_by_the_owner(
    owner_database: Database, model: type[Any]
) -> None:
    with owner_database.transaction(OPERATOR) as session:
        make_world(session)
    with owner_database.session(OPERATOR, writes=True) as session:
        kept = session.scalars(select(model).limit(1)).one()
        for statement in (
            update(model).where(model.id == kept.id).values(id=kept.id),
            delete(model).where(model.id == kept.id),
        ):
            _refused(session, statement)


def _refused(session: Session, statement: Any) -> None:
    with pytest.raises(IntegrityError, match="append-only"):
        session.execute(statement)
    session.rollback()
