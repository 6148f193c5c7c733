"""Words are found through an index, alike on both engines, and only in rows that one may see."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, delete, make_url, select, text, update
from sqlalchemy.orm import Session

from portal.invoicing.models import Invoice
from portal.kernel.search import matching
from portal.kernel.tenancy import Scope, Task, table_of
from tests.support.databases import ENGINES, Databases
from tests.support.postgres import SUPERUSER
from tests.world import Standing, standing


@pytest.fixture(scope="module", params=ENGINES)
def place(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Standing]:
    """The world on each engine."""
    with standing(databases, request.param) as made:
        yield made


def _found(place: Standing, words: str) -> set[str]:
    with place.application.session(Scope(place.world.aldermoor.id)) as session:
        condition = matching(session, Invoice, words)
        assert condition is not None
        return set(session.scalars(select(Invoice.reference).where(condition)))


BOTH = {"INV-ALD-LAR", "INV-ALD-MIL"}


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("ald-lar-h", {"INV-ALD-LAR"}),
        ("2026-ald", BOTH),
        ("026", set()),
        ("ALD", BOTH),
        ("al", BOTH),
        ("lar no h", {"INV-ALD-LAR"}),
        ("lar mil", set()),
        ("bra", set()),
        ("cop", set()),
        ("' OR 1=1 --", set()),
        ('ald" OR "mil', set()),
        ("ald & ! | ( :* <->", BOTH),
        ("ald* NEAR(mil)", set()),
        ("search_text:ald", set()),
    ],
)
def test_every_word_begins_a_word_of_the_row(place: Standing, words: str, found: set[str]) -> None:
    assert _found(place, words) == found


@pytest.mark.parametrize("words", ["", "   ", "-", "' \" *"])
def test_nothing_to_look_for_is_no_condition(place: Standing, words: str) -> None:
    with place.application.session(Scope.public()) as session:
        assert matching(session, Invoice, words) is None


def test_the_index_follows_a_row_that_changes_or_goes(place: Standing) -> None:
    with place.owner.session(Scope.system(Task.OPERATOR), writes=True) as session:

        def numbered(words: str) -> list[str]:
            condition = matching(session, Invoice, words)
            assert condition is not None
            return list(session.scalars(select(Invoice.reference).where(condition)))

        row = table_of(Invoice)
        connection = session.connection()
        own = row.c.reference == "INV-ALD-LAR"
        connection.execute(update(row).where(own).values(search_text="quince-7"))
        assert numbered("quince 7") == ["INV-ALD-LAR"]
        assert numbered("ald lar") == []
        invoice_id = connection.execute(select(row.c.id).where(own)).scalar_one()
        if place.engine == "sqlite":
            connection.execute(text("PRAGMA defer_foreign_keys = ON"))
            connection.execute(delete(row).where(own))
            left = connection.execute(
                text("SELECT count(*) FROM invoice_search WHERE row_id = :id"),
                {"id": invoice_id.hex},
            ).scalar_one()
            assert left == 0
        session.rollback()


def _plan(session: Session) -> str:
    condition = matching(session, Invoice, "ald lar")
    assert condition is not None
    explain = "EXPLAIN"
    if session.get_bind().dialect.name == "sqlite":
        explain = "EXPLAIN QUERY PLAN"
    else:
        session.execute(text("SET LOCAL enable_seqscan = off"))
    asked = select(Invoice.id).where(condition)
    written = asked.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
    connection = session.connection()
    return "\n".join(str(tuple(row)) for row in connection.execute(text(f"{explain} {written}")))


def test_the_condition_is_the_one_that_is_indexed(place: Standing) -> None:
    """Asked without row-level security, under which PostgreSQL takes no index for ``@@``."""
    with place.owner.session(Scope.system(Task.OPERATOR), writes=True) as session:
        if place.engine == "postgresql":
            session.execute(text("ALTER TABLE invoice NO FORCE ROW LEVEL SECURITY"))
        plan = _plan(session)
        session.rollback()
    assert ("VIRTUAL TABLE INDEX" if place.engine == "sqlite" else "ix_invoice_search") in plan


def test_under_row_level_security_the_statement_of_the_readme_brings_the_index(
    databases: Databases,
) -> None:
    readme = Path(__file__).parents[2] / "README.md"
    written = re.findall(r"ALTER FUNCTION .*;", readme.read_text(encoding="utf-8"))
    with standing(databases, "postgresql") as place:
        url = make_url(place.address.owner).set(username=SUPERUSER)
        scope = Scope(place.world.aldermoor.id)
        plans = []
        for statements in ([], written):
            superuser = create_engine(url)
            with superuser.begin() as connection:
                for statement in statements:
                    connection.execute(text(statement))
            superuser.dispose()
            with place.application.session(scope) as session:
                plans.append(_plan(session))
    assert ["ix_invoice_search" in plan for plan in plans] == [False, True]
