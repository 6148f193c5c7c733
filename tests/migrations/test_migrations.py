"""Up, down and up again on both engines, with rows; and the tables are the models' (promise 23)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Table, inspect, select, text, update
from sqlalchemy.schema import CheckConstraint

from portal.frameworks.applications.models import Application
from portal.frameworks.applications.opened import OpenedAnswer
from portal.frameworks.questions.models import Question
from portal.frameworks.questions.rules import QuestionKind
from portal.kernel.database import Database
from portal.kernel.migrate import configuration, downgrade, upgrade
from portal.kernel.search_index import is_compared
from portal.kernel.tenancy import Base, Scope, Task, table_of
from portal.models import load_models
from tests.access.expectations import models
from tests.makers import make_council, make_framework, make_provider
from tests.makers.applications import make_application_file
from tests.makers.files import make_stored_file
from tests.makers.questions import make_question
from tests.makers.rounds import make_open_round, make_submission, open_it
from tests.support.databases import Address, Databases
from tests.world import make_world

load_models()
OPERATOR = Scope.system(Task.OPERATOR)
REVISIONS = [
    script.revision for script in ScriptDirectory.from_config(configuration("")).walk_revisions()
]


@pytest.fixture
def empty(databases: Databases, engine_name: str) -> Iterator[Address]:
    """A database with nothing in it."""
    with databases.fresh(engine_name, migrated=False) as address:
        yield address


@pytest.fixture
def owner(address: Address) -> Iterator[Connection]:
    """A connection of the owner's to a migrated database."""
    opened = Database(address.owner)
    with opened.engine.connect() as connection:
        yield connection
    opened.close()


def _shape(address: Address) -> dict[str, Any]:
    """Every table, index, trigger and policy, as the database itself writes them."""
    opened = Database(address.owner)
    with opened.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            asked = ["SELECT type, name, sql FROM sqlite_master"]
        else:
            asked = [
                (
                    "SELECT table_name, column_name, data_type, is_nullable "
                    "FROM information_schema.columns WHERE table_schema = 'public'"
                ),
                (
                    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) "
                    "FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
                ),
                "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
                "SELECT tablename, policyname, qual, with_check FROM pg_policies",
                "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal",
                "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
                (
                    "SELECT relname, relrowsecurity::text, relforcerowsecurity::text FROM pg_class "
                    "WHERE relnamespace = 'public'::regnamespace"
                ),
            ]
        shape = {
            statement: sorted(map(str, connection.execute(text(statement)))) for statement in asked
        }
    opened.close()
    return shape


def test_up_down_and_up_again_is_the_same(empty: Address) -> None:
    upgrade(empty.owner)
    first = _shape(empty)
    downgrade(empty.owner, "base")
    left = [row for rows in _shape(empty).values() for row in rows if "alembic_version" not in row]
    assert left == []
    upgrade(empty.owner)
    assert _shape(empty) == first


def test_one_step_down_and_up_from_the_newest_loses_no_table(empty: Address) -> None:
    upgrade(empty.owner)
    first = _shape(empty)
    for revision in REVISIONS:
        script = ScriptDirectory.from_config(configuration("")).get_revision(revision)
        downgrade(empty.owner, str(script.down_revision or "base"))
    for revision in reversed(REVISIONS):
        upgrade(empty.owner, revision)
    assert _shape(empty) == first


def test_coming_up_with_rows_present_keeps_them(address: Address, owner_database: Database) -> None:
    with owner_database.transaction(OPERATOR) as session:
        make_world(session)
    before = _counts(owner_database)
    upgrade(address.owner)
    assert _counts(owner_database) == before
    owner_database.close()
    downgrade(address.owner, "base")
    upgrade(address.owner)
    assert set(_counts(owner_database).values()) == {0}


def test_an_answer_opened_before_answers_named_their_files_names_it(
    owner_database: Database,
) -> None:
    with owner_database.transaction(OPERATOR) as session:
        provider = make_provider(session)
        round_ = make_open_round(
            session, framework=make_framework(session, lead=make_council(session))
        )
        policy = make_question(session, round_=round_, kind=QuestionKind.FILE)
        why = make_question(session, round_=round_)
        file = make_stored_file(session, provider=provider)
        sent = make_submission(
            session, round_=round_, provider=provider,
            answers={policy.id: str(file.id), why.id: "We mentor"},
        )  # fmt: skip
        make_application_file(
            session, application=session.get_one(Application, sent.application_id),
            question=session.get_one(Question, policy.question_id), file=file,
        )  # fmt: skip
        open_it(session, round_)
        session.execute(update(OpenedAnswer).values(file_id=None))
    script = ScriptDirectory.from_config(configuration("")).get_revision("0036")
    with owner_database.engine.begin() as connection:
        script.module.name_files(connection)
    with owner_database.session(OPERATOR) as session:
        named = session.execute(
            select(OpenedAnswer.question_version_id, OpenedAnswer.file_id)
        ).all()
    assert {row.question_version_id: row.file_id for row in named} == {
        policy.id: file.id,
        why.id: None,
    }


def test_the_tables_are_those_of_the_models(owner: Connection) -> None:
    context = MigrationContext.configure(
        owner,
        opts={
            "compare_type": True,
            "compare_server_default": True,
            "include_object": is_compared,
        },
    )
    differences = compare_metadata(context, Base.metadata)
    assert differences == []


@pytest.mark.parametrize("table", Base.metadata.sorted_tables, ids=lambda table: table.name)
def test_every_constraint_is_in_the_database_by_its_name(owner: Connection, table: Table) -> None:
    found = inspect(owner)
    checks = {check["name"]: check["sqltext"] for check in found.get_check_constraints(table.name)}
    wanted = {
        str(check.name): str(check.sqltext)
        for check in table.constraints
        if isinstance(check, CheckConstraint)
    }
    assert checks.keys() == wanted.keys()
    if owner.dialect.name == "sqlite":
        for name, condition in wanted.items():
            if "__[POSTCOMPILE" not in condition:
                assert _plain(str(checks[name])) == _plain(condition), name
    unique = {str(constraint["name"]) for constraint in found.get_unique_constraints(table.name)}
    assert unique == {
        str(constraint.name)
        for constraint in table.constraints
        if constraint.__visit_name__ == "unique_constraint"
    }


def test_an_index_of_some_rows_is_one_on_both_engines(owner: Connection) -> None:
    """Its condition is said once, in the models (portal/kernel/indexes.py)."""
    wanted = {
        index.name: index.dialect_options["sqlite"]["where"].text
        for table in Base.metadata.sorted_tables
        for index in table.indexes
        if index.dialect_options["sqlite"]["where"] is not None
    }
    found = {
        index["name"]: str(index["dialect_options"][f"{owner.dialect.name}_where"])
        for table in Base.metadata.sorted_tables
        for index in inspect(owner).get_indexes(table.name)
        if f"{owner.dialect.name}_where" in index.get("dialect_options", {})
    }
    assert len(wanted) >= 25
    assert found.keys() == wanted.keys()
    if owner.dialect.name == "sqlite":  # PostgreSQL writes a condition in its own words
        assert found == wanted


def test_every_closed_list_is_the_one_of_the_code(owner: Connection) -> None:
    """A new member of an enumeration needs a migration of its constraint."""
    for table in Base.metadata.sorted_tables:
        found = {
            check["name"]: str(check["sqltext"])
            for check in inspect(owner).get_check_constraints(table.name)
        }
        for column in table.columns:
            values = getattr(column.type, "enums", None)
            if values is not None:
                written = set(re.findall(r"'([^']*)'", found[column.type.name]))  # type: ignore[attr-defined]
                assert written == set(values), f"{table.name}.{column.name}"


def _counts(database: Database) -> dict[str, int]:
    with database.session(OPERATOR) as session:
        return {
            model.__tablename__: len(session.connection().execute(select(table_of(model))).all())
            for model in models()
        }


def _plain(condition: str) -> str:
    return " ".join(condition.replace('"', "").split())
