"""Every event is linked when its transaction commits; erased words leave the chain valid (21)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from portal.audit.actions import (
    Subject,
    erase_words,
    record,
    record_all,
    record_history,
    record_look,
)
from portal.audit.events import Event
from portal.audit.models import AuditEvent, AuditLink
from portal.audit.rules import ERASED, PORTAL_CHAIN, link_digest, record_number
from portal.kernel.database import Database
from portal.kernel.ids import new_id
from portal.kernel.tenancy import ForeignRow, Scope, Task
from tests.audit.happenings import (
    COUNCIL,
    LINE,
    NOBODY,
    NOON,
    OPERATOR,
    OWEN,
    PROVIDER,
    RUTH,
    ends,
    findings,
    happened,
)
from tests.audit.happenings import Event as Happens

RETENTION = Scope.system(Task.RETENTION)


def test_each_event_is_linked_in_the_chain_of_whoever_acts(owner_database: Database) -> None:
    with owner_database.transaction(OPERATOR) as session:
        record_history(session, [happened(RUTH), happened(OWEN, 1), happened(NOBODY, 2)])
        record_history(session, [happened(RUTH, 3)])
    with owner_database.transaction(OPERATOR) as session:
        record_history(session, [happened(RUTH, 4)])
    assert ends(owner_database) == {COUNCIL: 3, PROVIDER: 1, PORTAL_CHAIN: 1}
    with owner_database.session(OPERATOR) as session:
        links = session.scalars(
            select(AuditLink).where(AuditLink.chain_id == COUNCIL).order_by(AuditLink.position)
        ).all()
        events = session.scalars(
            select(AuditEvent).where(AuditEvent.organisation_id == COUNCIL).order_by(AuditEvent.at)
        ).all()
    assert [link.event_id for link in links] == [event.id for event in events]
    assert [link.previous for link in links] == [bytes(32), links[0].digest, links[1].digest]
    assert findings(owner_database) == []


def test_the_application_links_too_and_reads_its_own_chain_alone(database: Database) -> None:
    with database.transaction(Scope(COUNCIL)) as session:
        record(session, RUTH, Happens.APPROVED, LINE, at=NOON)
    with database.transaction(Scope.system(Task.SIGN_IN)) as session:
        record(session, NOBODY, Happens.APPROVED, LINE, at=NOON)
    for scope, seen in ((Scope(COUNCIL), [COUNCIL]), (Scope(PROVIDER), []), (Scope.public(), [])):
        with database.session(scope) as session:
            assert list(session.scalars(select(AuditLink.chain_id))) == seen


def test_an_organisation_writes_no_link_by_itself(database: Database) -> None:
    with database.transaction(Scope(COUNCIL)) as session:
        record(session, RUTH, Happens.APPROVED, LINE, at=NOON)
    with database.session(Scope(COUNCIL), writes=True) as session:
        link = session.scalars(select(AuditLink)).one()
        link.details_salt = None
        with pytest.raises(ForeignRow):
            session.flush()


def test_what_a_savepoint_took_back_is_not_linked(owner_database: Database) -> None:
    with owner_database.transaction(OPERATOR) as session:
        record_history(session, [happened(RUTH)])
        with session.begin_nested() as kept:
            record_history(session, [happened(RUTH, 1)])
            kept.commit()
        with session.begin_nested() as outer:
            record_history(session, [happened(RUTH, 2)])
            with session.begin_nested():
                record_history(session, [happened(RUTH, 3)])
            outer.rollback()
        record_history(session, [happened(RUTH, 4)])
    assert ends(owner_database) == {COUNCIL: 3}
    assert findings(owner_database) == []


def test_nothing_is_left_over_from_a_transaction_that_failed(owner_database: Database) -> None:
    with owner_database.session(OPERATOR, writes=True) as session:
        record_history(session, [happened(RUTH)])
        session.rollback()
        record_history(session, [happened(RUTH, 1)])
        session.close()
        record_history(session, [happened(RUTH, 2)])
        session.commit()
    assert ends(owner_database) == {COUNCIL: 1}
    assert findings(owner_database) == []


def test_many_at_once_make_one_chain(owner_database: Database) -> None:
    """In either order of the two chains, and from nothing: none waits for another for ever."""

    def work(number: int) -> None:
        pair = [happened(RUTH, number), happened(OWEN, number)]
        for _ in range(8):
            with owner_database.transaction(OPERATOR) as session:
                record_history(session, pair[:: 1 if number % 2 else -1])

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(work, range(4)))
    assert ends(owner_database) == {COUNCIL: 32, PROVIDER: 32}
    assert findings(owner_database) == []


def test_a_digest_is_always_the_same_for_the_same_event() -> None:
    """The first version, for ever: a record made by it must verify after years."""
    event: dict[str, Any] = {
        "id": UUID(int=1), "at": NOON, "event": "a:b:c", "person_id": None,
        "organisation_id": PORTAL_CHAIN, "council_id": None, "provider_id": None,
        "subject_kind": "line", "subject_id": None,
    }  # fmt: skip
    seals: Any = (bytes(32), bytes([1]) * 32, bytes([2]) * 32)
    made = link_digest(event, seals, chain_id=PORTAL_CHAIN, position=1, previous=bytes(32))
    assert made.hex() == ("510dc84abff5848c4f6f31a18af583cccbdf7b21df09a090e6dcb329c8eedead")
    assert record_number(1234, made) == f"1234-{made.hex()[:6]}"


def test_a_look_at_an_identity_is_recorded_with_its_reason(database: Database) -> None:
    child = Subject("young person", new_id(), "YP-7", COUNCIL)
    with database.transaction(Scope(COUNCIL)) as session:
        record_look(session, RUTH, child, reason="to arrange the first meeting", at=NOON)
    with database.session(Scope(COUNCIL)) as session:
        seen = session.scalars(select(AuditEvent)).one()
    assert seen.event == Event.IDENTITY_SEEN
    assert seen.details == {"reason": "to arrange the first meeting"}
    assert seen.subject_id == child.id


class TestErasing:
    """Words go for good, on schedule; that something happened stays, and the chain verifies."""

    @pytest.fixture
    def recorded(self, database: Database) -> Database:
        with database.transaction(Scope(COUNCIL)) as session:
            record_all(
                session, RUTH, Happens.APPROVED, [(LINE, {"pence": n}) for n in range(3)], at=NOON
            )
        return database

    def _kept(self, database: Database) -> list[AuditEvent]:
        with database.session(Scope(COUNCIL)) as session:
            return list(
                session.scalars(
                    select(AuditEvent)
                    .where(AuditEvent.event == Happens.APPROVED)
                    .order_by(AuditEvent.id)
                )
            )

    def test_a_persons_name(self, recorded: Database, owner_database: Database) -> None:
        with recorded.transaction(RETENTION) as session:
            assert erase_words(session, NOBODY, by=RUTH.person_id, at=NOON) == 3
        with recorded.transaction(RETENTION) as session:
            assert erase_words(session, NOBODY, by=RUTH.person_id, at=NOON) == 0
        kept = self._kept(recorded)
        assert {one.person_name for one in kept} == {ERASED}
        assert [one.details for one in kept] == [{"pence": n} for n in range(3)]
        assert findings(owner_database) == []
        with owner_database.session(OPERATOR) as session:
            salts = session.execute(select(AuditLink.person_name_salt, AuditLink.details_salt))
            assert [(name is None, details is None) for name, details in salts][:3] == [
                (True, False)
            ] * 3

    def test_what_a_thing_was_called(self, recorded: Database, owner_database: Database) -> None:
        with recorded.transaction(RETENTION) as session:
            assert erase_words(session, NOBODY, about=[LINE.id or COUNCIL], at=NOON) == 3
        kept = self._kept(recorded)
        assert {(one.person_name, one.subject_label) for one in kept} == {("Ruth", ERASED)}
        assert [one.details for one in kept] == [{"erased": True}] * 3
        with recorded.session(Scope(COUNCIL)) as session:
            said = session.scalars(
                select(AuditEvent.details).where(AuditEvent.event == Event.WORDS_ERASED)
            ).all()
        assert list(said) == [{"words": ["subject_label", "details"]}] * 3
        assert findings(owner_database) == []

    def test_by_nobody_but_the_retention_task(self, recorded: Database) -> None:
        with recorded.session(Scope(COUNCIL), writes=True) as session, pytest.raises(ForeignRow):
            erase_words(session, NOBODY, by=RUTH.person_id, at=NOON)

    @pytest.mark.parametrize(
        "change",
        [
            {"person_name": "Somebody else"},
            {"details": {"erased": False}},
            {"person_name": ERASED, "event": "tests:line:refused"},
            {"person_name": "Ruth"},
        ],
    )
    def test_and_nothing_else_is_let_through(
        self, recorded: Database, change: dict[str, Any]
    ) -> None:
        with recorded.session(RETENTION, writes=True) as session:
            with pytest.raises(IntegrityError, match="append-only"):
                session.execute(update(AuditEvent).values(change))
            session.rollback()

    def test_a_link_is_not_changed_either(self, recorded: Database) -> None:
        for change in ({"digest": bytes(32)}, {"details_salt": bytes(16)}, {"position": 9}):
            with recorded.session(RETENTION, writes=True) as session:
                with pytest.raises(IntegrityError, match="append-only"):
                    session.execute(update(AuditLink).values(change))
                session.rollback()
