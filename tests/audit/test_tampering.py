"""Changes behind the portal's back, with its triggers off: all of them are found (promise 21)."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Connection, Table, delete, insert, select, text, update
from sqlalchemy.orm import Session

from portal.audit.actions import erase_words, record_history
from portal.audit.linking import link_rows
from portal.audit.models import AuditChain, AuditEvent, AuditLink
from portal.audit.rules import BEGINNING, ERASED_AS
from portal.audit.statements import Statement
from portal.audit.verifying import Verified, verify
from portal.kernel.database import Database
from portal.kernel.ids import new_id
from portal.kernel.tenancy import Scope, Task, table_of
from tests.audit.happenings import (
    COUNCIL,
    NOBODY,
    NOON,
    OPERATOR,
    OWEN,
    RUTH,
    findings,
    happened,
    stated,
)
from tests.support.size import size

EVENT, LINK, CHAIN = table_of(AuditEvent), table_of(AuditLink), table_of(AuditChain)
TRIES = size(63, 1_000)
LENGTH = 12  # events of each of the three chains


class Tampering:
    """Somebody with the database's password and no way past its statements."""

    def __init__(self, session: Session, seed: int) -> None:
        self.connection: Connection = session.connection()
        self.dice = random.Random(seed)

    def rows(self, table: Table, *conditions: Any) -> list[dict[str, Any]]:
        """All rows of a table, in order."""
        found = self.connection.execute(
            select(table).where(*conditions).order_by(*table.primary_key)
        )
        return [dict(row) for row in found.mappings()]

    def change(self, table: Table, row: dict[str, Any], **values: Any) -> None:
        """Write other values over a row."""
        same = [key == row[key.name] for key in table.primary_key]
        assert self.connection.execute(update(table).where(*same).values(values)).rowcount == 1

    def alter(self) -> str:
        """Any one field of anything."""
        table = self.dice.choice([EVENT, EVENT, EVENT, LINK, LINK, CHAIN])
        row = self.dice.choice(self.rows(table))
        column = self.dice.choice(list(table.columns))
        self.change(table, row, **{column.name: self._another(column, row[column.name])})
        return f"{table.name}.{column.name} altered"

    def remove(self) -> str:
        """An event, its link, or both."""
        link = self.dice.choice(self.rows(LINK))
        what = self.dice.choice(["event", "link", "both"])
        if what != "link":
            self.connection.execute(delete(EVENT).where(EVENT.c.id == link["event_id"]))
        if what != "event":
            self.connection.execute(delete(LINK).where(LINK.c.event_id == link["event_id"]))
        return f"{what} removed"

    def truncate(self) -> str:
        """The newest of a chain, or all of it, with its head moved back to fit."""
        head = self.dice.choice(self.rows(CHAIN))
        links = self.rows(LINK, LINK.c.chain_id == head["chain_id"])
        gone = links[-self.dice.randint(1, len(links)) :]
        for link in gone:
            self.connection.execute(delete(EVENT).where(EVENT.c.id == link["event_id"]))
            self.connection.execute(delete(LINK).where(LINK.c.event_id == link["event_id"]))
        if len(gone) == len(links):
            self.connection.execute(delete(CHAIN).where(CHAIN.c.chain_id == head["chain_id"]))
        else:
            last = links[-len(gone) - 1]
            self.change(CHAIN, head, position=last["position"], digest=last["digest"])
        return f"{len(gone)} of {len(links)} truncated"

    def reorder(self) -> str:
        """Two events of a chain change places, or what they say does."""
        head = self.dice.choice(self.rows(CHAIN))
        one, two = self.dice.sample(self.rows(LINK, LINK.c.chain_id == head["chain_id"]), 2)
        if self.dice.random() < 0.5:
            self.change(LINK, one, event_id=new_id())
            self.change(LINK, two, event_id=one["event_id"])
            self.change(LINK, one, event_id=two["event_id"])
            return "two links' events swapped"
        names = ["at", "subject_id", "details"]
        (first,) = self.rows(EVENT, EVENT.c.id == one["event_id"])
        (second,) = self.rows(EVENT, EVENT.c.id == two["event_id"])
        self.change(EVENT, first, **{name: second[name] for name in names})
        self.change(EVENT, second, **{name: first[name] for name in names})
        return "two events' words swapped"

    def insert(self) -> str:
        """An event that nobody did: in no chain, or in a chain linked afresh from there on."""
        head = self.dice.choice(self.rows(CHAIN))
        links = self.rows(LINK, LINK.c.chain_id == head["chain_id"])
        (model,) = self.rows(EVENT, EVENT.c.id == self.dice.choice(links)["event_id"])
        forged = {**model, "id": new_id(), "at": model["at"] + timedelta(seconds=1)}
        self.connection.execute(insert(EVENT).values(forged))
        if self.dice.random() < 0.3:
            return "an event put in"
        place = self.dice.randrange(len(links))
        self._relink(links, place, [forged])
        return f"an event put in at {place + 1} and all linked afresh"

    def rewrite(self) -> str:
        """One event says something else, and everything after it is linked afresh."""
        head = self.dice.choice(self.rows(CHAIN))
        links = self.rows(LINK, LINK.c.chain_id == head["chain_id"])
        place = self.dice.randrange(len(links))
        (event,) = self.rows(EVENT, EVENT.c.id == links[place]["event_id"])
        self.change(EVENT, event, details={"pence": 1})
        self._relink(links, place, [])
        return f"{place + 1} rewritten and all linked afresh"

    def blank(self) -> str:
        """Words and salt taken away as an erasure would, with no erasure recorded."""
        link = self.dice.choice(
            [one for one in self.rows(LINK) if one["person_name_salt"] is not None]
        )
        name = self.dice.choice(sorted(ERASED_AS))
        (event,) = self.rows(EVENT, EVENT.c.id == link["event_id"])
        self.change(EVENT, event, **{name: ERASED_AS[name]})
        self.change(LINK, link, **{f"{name}_salt": None})
        return f"{name} blanked"

    def _relink(
        self, links: list[dict[str, Any]], place: int, forged: list[dict[str, Any]]
    ) -> None:
        chain_id = links[0]["chain_id"]
        previous = links[place - 1]["digest"] if place else BEGINNING
        after = [self.rows(EVENT, EVENT.c.id == link["event_id"])[0] for link in links[place:]]
        self.connection.execute(
            delete(LINK).where(LINK.c.chain_id == chain_id, LINK.c.position > place)
        )
        made = list(link_rows([*forged, *after], chain_id, place, previous))
        self.connection.execute(insert(LINK), made)
        head = {"position": made[-1]["position"], "digest": made[-1]["digest"]}
        self.connection.execute(update(CHAIN).where(CHAIN.c.chain_id == chain_id).values(head))

    def _another(self, column: Column[Any], value: Any) -> Any:
        if column.nullable and value is not None and self.dice.random() < 0.3:
            return None
        match value:
            case None:
                return bytes(16) if column.name.endswith("_salt") else new_id()
            case UUID():
                return new_id()
            case bytes():
                place = self.dice.randrange(len(value))
                return (
                    value[:place]
                    + bytes([value[place] ^ 1 << self.dice.randrange(8)])
                    + value[place + 1 :]
                )
            case int():
                return value + self.dice.choice([100, 101, 1000])
            case datetime():
                return value + timedelta(microseconds=self.dice.choice([-1, 1, 10**9]))
            case dict():
                return {**value, self.dice.choice(["pence", "lines"]): 9}
            case _:
                return f"{value}."


KINDS: tuple[Callable[[Tampering], str], ...] = (
    Tampering.alter,
    Tampering.alter,
    Tampering.alter,
    Tampering.remove,
    Tampering.truncate,
    Tampering.reorder,
    Tampering.insert,
    Tampering.rewrite,
    Tampering.blank,
)


def test_every_change_is_found(owner_database: Database) -> None:
    statements = _record(owner_database)
    assert findings(owner_database, statements) == []
    missed = []
    with owner_database.session(OPERATOR, writes=True) as session:
        _without_triggers(session)
        for number in range(TRIES):
            point = session.begin_nested()
            said = KINDS[number % len(KINDS)](Tampering(session, number))
            if not next(verify(session, statements, Verified()), None):
                missed.append(said)
            point.rollback()
        assert list(verify(session, statements, Verified())) == []
        session.rollback()
    assert missed == [], f"{len(missed)} of {TRIES} were not found"


def test_it_says_where(owner_database: Database) -> None:
    statements = _record(owner_database)
    with owner_database.session(OPERATOR, writes=True) as session:
        _without_triggers(session)
        someone = Tampering(session, 0)
        links = someone.rows(LINK, LINK.c.chain_id == COUNCIL)
        someone.change(
            EVENT, *someone.rows(EVENT, EVENT.c.id == links[2]["event_id"]), council_id=new_id()
        )
        for link in links[4:6]:
            session.connection().execute(delete(LINK).where(LINK.c.event_id == link["event_id"]))
        found = list(verify(session, statements, Verified()))
        session.rollback()
    assert {one.chain_id for one in found} == {COUNCIL}
    assert [(one.position, one.sentence) for one in found[:2]] == [
        (3, "The event or its link was changed."),
        (5, "Links 5 to 6 are gone."),
    ]
    assert [one.sentence.split()[-1] for one in found[2:4]] == ["chain.", "chain."]
    assert found[4].sentence == "The link that was stated on 2026-04-30 is gone."


def _record(database: Database) -> list[Statement]:
    """Three chains with something erased, stated half way and at their ends."""
    statements: list[Statement] = []
    for half in range(2):
        with database.transaction(OPERATOR) as session:
            for number in range(half * LENGTH // 2, (half + 1) * LENGTH // 2):
                record_history(session, [happened(one, number) for one in (RUTH, OWEN, NOBODY)])
        statements += stated(database)
    retention = Scope.system(Task.RETENTION)
    with database.transaction(retention) as session:
        assert erase_words(session, NOBODY, by=OWEN.person_id, at=NOON) == LENGTH
    return statements + stated(database)


def _without_triggers(session: Session) -> None:
    connection = session.connection()
    for table in ("audit_event", "audit_link"):
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        else:
            for verb in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER {table}_refuses_{verb}"))
