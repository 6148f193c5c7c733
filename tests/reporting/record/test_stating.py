"""Statements of the record outside the database, and the command that verifies both (21)."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask import Flask
from sqlalchemy import delete, update

from portal.audit.actions import Actor, Subject, record
from portal.audit.models import AuditChain, AuditEvent, AuditLink
from portal.audit.statements import (
    BadStatement,
    Statement,
    Unreadable,
    keep,
    kept,
    public_words,
    signing_key,
)
from portal.budgets.actions import Event
from portal.identity.rules import Role
from portal.kernel.database import Database
from portal.kernel.ids import new_id
from portal.kernel.jobs import enqueue
from portal.kernel.jobs.worker import Worker
from portal.kernel.tenancy import Scope, Task, table_of
from tests.makers import make_council, make_person
from tests.support.background import Letters

OPERATOR = Scope.system(Task.OPERATOR)
NIGHT = datetime(2027, 1, 5, 3, 45, tzinfo=UTC)
KEY = signing_key("a secret")
STATEMENT = Statement(NIGHT, new_id(), 1234, bytes(range(32)))


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Path:
    """Where this portal keeps its statements."""
    app.config["STATEMENTS"] = str(tmp_path / "statements")
    return tmp_path / "statements"


def _council(database: Database, events: int = 3) -> tuple[Actor, int]:
    with database.transaction(OPERATOR) as session:
        council = make_council(session, name="Aldermoor Council")
        auditor = make_person(
            session, organisation=council, roles=[Role.AUDITOR], email="auditor@aldermoor.example"
        )
        make_person(session, organisation=council, roles=[Role.APPROVER])
        actor = Actor(auditor.id, auditor.name, council.id)
    _happen(database, actor, events)
    return actor, events


def _happen(database: Database, actor: Actor, events: int) -> None:
    with database.transaction(OPERATOR) as session:
        subject = Subject("budget", new_id(), "2026-27", actor.organisation_id)
        for number in range(events):
            record(session, actor, Event.CAP_RAISED, subject, at=NIGHT, after_pence=number)


def _state(app: Flask, at: datetime) -> None:
    """Do the night's work, and no other that has come due."""
    database: Database = app.extensions["portal.database"]
    with database.transaction(Scope.system(Task.JOBS)) as session:
        enqueue(session, "record:state", at=at)
    worker = Worker(app, moment=lambda _session: at, schedules={})
    while worker.once():
        pass


def test_a_statement_is_read_back_only_as_it_was_signed() -> None:
    line = STATEMENT.signed(KEY)
    other = signing_key("another secret")
    assert Statement.read(line, [other.verify_key, KEY.verify_key]) == STATEMENT
    for wrong in (
        line.replace(" 1234 ", " 1233 "),
        line.replace("placewell-record-1", "placewell-record-2"),
        line.rsplit(" ", 1)[0],
        "",
        f"{line} more",
    ):
        with pytest.raises(BadStatement):
            Statement.read(wrong, [KEY.verify_key])
    with pytest.raises(BadStatement, match="not signed by this portal"):
        Statement.read(line, [other.verify_key])


def test_anybody_can_verify_a_statement_with_the_key_that_its_letter_prints() -> None:
    """As docs/record.md says it, by another library than the one that signed."""
    said, signature = STATEMENT.signed(KEY).rsplit(" ", 1)
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_words(KEY)))
    public.verify(urlsafe_b64decode(signature), said.encode())
    with pytest.raises(InvalidSignature):
        public.verify(urlsafe_b64decode(signature), f"{said}0".encode())


def test_files_are_added_and_never_written_again(tmp_path: Path) -> None:
    first = keep(tmp_path, NIGHT, [STATEMENT.signed(KEY)])
    assert keep(tmp_path, NIGHT, ["other"]) == first
    keep(tmp_path, NIGHT + timedelta(days=1), ["no statement"])
    assert list(kept(tmp_path, [KEY.verify_key])) == [
        STATEMENT,
        Unreadable("2027-01-06T034500Z.txt", 1, "is not a statement"),
    ]
    assert first.stat().st_mode & 0o222 == 0


def test_every_night_chains_are_stated_and_their_readers_told(
    app: Flask, folder: Path, owner_database: Database, letters: Letters
) -> None:
    actor, _ = _council(owner_database)
    _state(app, NIGHT)
    own = signing_key(app.config["STATEMENT_KEY"])
    stated = [one for one in kept(folder, [own.verify_key]) if isinstance(one, Statement)]
    assert [one.position for one in stated if one.chain_id == actor.organisation_id] == [3]
    (letter,) = [one for one in letters() if one.subject.startswith("Statement of the record")]
    assert (letter.to, letter.subject) == (
        "auditor@aldermoor.example",
        "Statement of the record of Aldermoor Council, 5 January 2027",
    )
    line = next(line for line in letter.body.splitlines() if line.startswith("placewell-record-1"))
    assert Statement.read(line, [own.verify_key]) in stated
    assert public_words(own) in letter.body
    _state(app, NIGHT + timedelta(days=1))
    assert len([one for one in letters() if "Statement" in one.subject]) == 1, "nothing was added"
    _happen(owner_database, actor, 1)
    _state(app, NIGHT + timedelta(days=2))
    assert len([one for one in letters() if "Statement" in one.subject]) == 2
    assert len(list(folder.iterdir())) == 3


def test_the_command_verifies_and_says_where(
    app: Flask, folder: Path, owner_database: Database
) -> None:
    actor, _ = _council(owner_database)
    _state(app, NIGHT)
    run = app.test_cli_runner().invoke
    fine = run(args=["verify-record"])
    assert fine.exit_code == 0, fine.output
    assert "Verified 4 events in 2 chains and 1 statement." in fine.output
    other_key = public_words(KEY)
    unsigned = run(args=["verify-record", "--key", other_key])
    assert unsigned.exit_code == 1
    assert "line 1: was not signed by this portal" in unsigned.output
    assert run(args=["verify-record", "--key", "abc"]).exit_code == 1
    _truncate(owner_database, actor)
    cut = run(args=["verify-record", "--statements", str(folder)])
    assert cut.exit_code == 1
    assert (
        "Aldermoor Council, record 3: The link that was stated on 2027-01-05 is gone." in cut.output
    )
    assert "1 thing wrong with the record." in cut.output


def test_what_an_earlier_key_signed_is_verified_as_long_as_it_is_known(
    app: Flask, folder: Path, owner_database: Database
) -> None:
    _council(owner_database)
    _state(app, NIGHT)
    earlier = app.config["SECRET_KEY"]
    app.config.update(SECRET_KEY="new", STATEMENT_KEY="new", SECRET_KEY_FALLBACKS=[earlier])
    run = app.test_cli_runner().invoke
    assert run(args=["verify-record"]).exit_code == 0
    app.config["SECRET_KEY_FALLBACKS"] = []
    assert "not signed by this portal" in run(args=["verify-record"]).output


def _truncate(database: Database, actor: Actor) -> None:
    """Take the newest event away as somebody would who knows how the chain is kept."""
    link, chain = table_of(AuditLink), table_of(AuditChain)
    with database.transaction(OPERATOR) as session:
        connection = session.connection()
        for table in ("audit_event", "audit_link"):
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            else:
                connection.exec_driver_sql(f"DROP TRIGGER {table}_refuses_delete")
        last = session.query(AuditLink).filter_by(chain_id=actor.organisation_id, position=3).one()
        event = table_of(AuditEvent)
        connection.execute(delete(event).where(event.c.id == last.event_id))
        connection.execute(delete(link).where(link.c.event_id == last.event_id))
        connection.execute(
            update(chain)
            .where(chain.c.chain_id == actor.organisation_id)
            .values(position=2, digest=last.previous)
        )
