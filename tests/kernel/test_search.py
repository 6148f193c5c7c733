"""Words are found through an index, alike on both engines, and only in rows that one may see."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select, text

from portal.invoicing.models import Invoice
from portal.kernel.search import matching
from portal.kernel.tenancy import Scope, Task
from tests.support.databases import ENGINES, Databases
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


def test_the_condition_is_the_one_that_is_indexed(place: Standing) -> None:
    """Asked without row-level security, under which PostgreSQL takes no index for ``@@``."""
    with place.owner.session(Scope.system(Task.OPERATOR), writes=True) as session:
        condition = matching(session, Invoice, "ald lar")
        assert condition is not None
        asked = select(Invoice.id).where(condition)
        explain = "EXPLAIN QUERY PLAN"
        if place.engine == "postgresql":
            explain = "EXPLAIN"
            session.execute(text("ALTER TABLE invoice NO FORCE ROW LEVEL SECURITY"))
            session.execute(text("SET LOCAL enable_seqscan = off"))
        written = asked.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
        plan = "\n".join(str(tuple(row)) for row in session.execute(text(f"{explain} {written}")))
        session.rollback()
    assert ("VIRTUAL TABLE INDEX" if place.engine == "sqlite" else "ix_invoice_search") in plan
