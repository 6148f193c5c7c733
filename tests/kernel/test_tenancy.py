"""A session sees and writes its own rows alone, however the statement is put, on both engines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import delete, exists, func, insert, select, text, update
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from portal.agreements.models import Agreement, AgreementPrice, Assignment, Mentor
from portal.evidence.models import Evidence
from portal.frameworks.models import Framework, FrameworkCouncil
from portal.frameworks.rules import PriceSource
from portal.identity.models import Organisation
from portal.kernel.bulk import insert_rows
from portal.kernel.database import Database, enter, scope_of
from portal.kernel.ids import new_id
from portal.kernel.money import Money
from portal.kernel.tenancy import ForeignRow, Scope, ScopeMissing, Task
from tests.dealings import Dealings
from tests.support.databases import ENGINES, Databases
from tests.world import Standing, standing


@pytest.fixture(scope="module", params=ENGINES)
def place(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Standing]:
    """The world on each engine; these tests roll back what they write."""
    with standing(databases, request.param) as made:
        yield made


@pytest.fixture
def own(place: Standing) -> Dealings:
    """What Aldermoor and Larkspur have between them."""
    return place.world.between(place.world.aldermoor, place.world.larkspur)


@pytest.fixture
def foreign(place: Standing) -> Dealings:
    """What Brackenvale and Millstone have, on the same framework."""
    return place.world.between(place.world.brackenvale, place.world.millstone)


@pytest.fixture
def session(place: Standing, own: Dealings) -> Iterator[Session]:
    """A writing session of Larkspur's, rolled back."""
    with place.application.session(Scope(own.provider.id), writes=True) as opened:
        yield opened
        opened.rollback()


def _in_a_subquery(session: Session) -> set[UUID]:
    inner = select(Agreement).subquery()
    return set(session.scalars(select(inner.c.id)))


def _in_a_common_table(session: Session) -> set[UUID]:
    inner = select(Agreement.id).cte()
    return set(session.scalars(select(inner.c.id)))


def _in_a_union(session: Session) -> set[UUID]:
    both = select(Agreement.id).union_all(select(Agreement.id))
    return set(session.scalars(both))


def _through_an_alias(session: Session) -> set[UUID]:
    other = aliased(Agreement)
    return set(session.scalars(select(other.id)))


def _joined(session: Session) -> set[UUID]:
    joined = select(Agreement.id).join(AgreementPrice, AgreementPrice.agreement_id == Agreement.id)
    return set(session.scalars(joined))


def _with_every_table_of_its_rule(session: Session) -> set[UUID]:
    joined = (
        select(Agreement.id)
        .join(Assignment, Assignment.agreement_id == Agreement.id)
        .join(Mentor, Mentor.id == Assignment.mentor_id)
        .join(Framework, Framework.id == Agreement.framework_id)
        .join(FrameworkCouncil, FrameworkCouncil.framework_id == Framework.id)
    )
    return set(session.scalars(joined))


READINGS: dict[str, Callable[[Session], set[UUID]]] = {
    "objects": lambda session: {row.id for row in session.scalars(select(Agreement))},
    "columns": lambda session: set(session.scalars(select(Agreement.id))),
    "query": lambda session: {row.id for row in session.query(Agreement)},
    "alias": _through_an_alias,
    "subquery": _in_a_subquery,
    "common table": _in_a_common_table,
    "union": _in_a_union,
    "join": _joined,
    "join of the rule's own tables": _with_every_table_of_its_rule,
    "joinedload": lambda session: {
        row.agreement_id
        for row in session.scalars(
            select(Assignment).options(joinedload(Assignment.agreement, innerjoin=True))
        )
    },
}


@pytest.mark.parametrize("reading", READINGS.values(), ids=READINGS)
def test_every_way_to_read_gives_the_partys_own(
    place: Standing, own: Dealings, session: Session, reading: Callable[[Session], set[UUID]]
) -> None:
    expected = {
        agreement.id
        for dealings in place.world.dealings
        if dealings.provider is own.provider
        for agreement in (dealings.hourly, dealings.weekly)
    }
    assert reading(session) == expected


def test_counting_and_existence_are_filtered(session: Session, foreign: Dealings) -> None:
    assert session.scalar(select(func.count()).select_from(Agreement)) == 4
    there = select(exists().where(Agreement.id == foreign.hourly.id))
    with pytest.raises(ScopeMissing, match="agreement is read in a way that no scope filters"):
        session.scalar(there)
    with pytest.raises(ScopeMissing):
        session.scalar(select(func.count()).where(there.scalar_subquery()))
    unknown = select(Organisation.id).where(
        exists().where(Agreement.council_id == Organisation.id, Agreement.id == foreign.hourly.id)
    )
    assert session.scalars(unknown).all() == []


def test_a_foreign_id_finds_nothing(session: Session, own: Dealings, foreign: Dealings) -> None:
    assert session.get(Agreement, own.hourly.id) is not None
    assert session.get(Agreement, foreign.hourly.id) is None


def test_related_rows_are_filtered_lazily_and_eagerly(place: Standing) -> None:
    """A council reaches a rival's prices through no relationship of the shared framework."""
    world = place.world
    larkspurs = world.between(world.brackenvale, world.larkspur)
    with place.application.session(Scope(world.aldermoor.id)) as session:
        mentors = session.scalars(
            select(Mentor).options(selectinload(Mentor.assignments)).order_by(Mentor.name)
        ).all()
        assert {row.council_id for mentor in mentors for row in mentor.assignments} == {
            world.aldermoor.id
        }
    with place.application.session(Scope(world.aldermoor.id)) as session:
        lazily = [row for mentor in session.scalars(select(Mentor)) for row in mentor.assignments]
        assert {row.council_id for row in lazily} == {world.aldermoor.id}
        assert larkspurs.mentor.id not in {row.mentor_id for row in lazily}


def test_changing_in_bulk_touches_only_what_the_scope_may_write(
    place: Standing, session: Session, own: Dealings
) -> None:
    changed = session.execute(update(Agreement).values(cost_code="X"))
    assert changed.rowcount == 4  # type: ignore[attr-defined]
    session.rollback()
    with place.application.session(Scope(own.council.id), writes=True) as council:
        assert len(council.scalars(select(Evidence)).all()) == 16
        changed = council.execute(update(Evidence).values(verified_by_name="Us"))
        assert changed.rowcount == 0  # type: ignore[attr-defined]
        removed = council.execute(delete(Evidence))
        assert removed.rowcount == 0  # type: ignore[attr-defined]


def test_removing_in_bulk_leaves_foreign_rows(session: Session, foreign: Dealings) -> None:
    removed = session.execute(
        delete(AgreementPrice).where(AgreementPrice.agreement_id == foreign.hourly.id)
    )
    assert removed.rowcount == 0  # type: ignore[attr-defined]


def _price(dealings: Dealings) -> AgreementPrice:
    return AgreementPrice(
        agreement_id=dealings.hourly.id,
        council_id=dealings.council.id,
        provider_id=dealings.provider.id,
        price=Money.pounds("1.00"),
        starts_on=date(2027, 1, 1),
        source=PriceSource.AGREED,
    )


def test_adding_a_foreign_row_is_refused(session: Session, foreign: Dealings) -> None:
    session.add(_price(foreign))
    with pytest.raises(ForeignRow):
        session.flush()


def test_adding_foreign_rows_in_bulk_is_refused(
    session: Session, own: Dealings, foreign: Dealings
) -> None:
    def row(dealings: Dealings) -> dict[str, object]:
        price = _price(dealings)
        names = ("agreement_id", "council_id", "provider_id", "price", "starts_on", "source")
        return {"id": new_id(), "note": "", **{name: getattr(price, name) for name in names}}

    insert_rows(session, AgreementPrice, [row(own)])
    with pytest.raises(ForeignRow):
        insert_rows(session, AgreementPrice, [{**row(own), "id": new_id()}, row(foreign)])
    with pytest.raises(ForeignRow):
        session.execute(insert(AgreementPrice).values(**row(foreign)))
    with pytest.raises(ForeignRow):
        session.execute(update(AgreementPrice), [{"id": own.hourly.id, "note": "bulk"}])


def test_no_rows_at_all_are_added_without_a_statement(session: Session) -> None:
    insert_rows(session, AgreementPrice, [])
    assert not session.in_transaction()


def test_a_row_is_not_given_to_another_party(place: Standing, own: Dealings) -> None:
    with place.application.session(Scope(own.council.id), writes=True) as council:
        evidence = council.scalars(select(Evidence).limit(1)).one()
        evidence.provider_id = own.council.id
        with pytest.raises(ForeignRow):
            council.flush()


def test_changing_or_removing_a_row_that_is_seen_but_not_ones_own_is_refused(
    place: Standing, own: Dealings
) -> None:
    with place.application.session(Scope(own.council.id), writes=True) as council:
        evidence = council.scalars(select(Evidence).limit(1)).one()
        evidence.verified_by_name = "Somebody"
        with pytest.raises(ForeignRow):
            council.flush()
        council.rollback()
        council.delete(council.scalars(select(Evidence).limit(1)).one())
        with pytest.raises(ForeignRow):
            council.flush()


def _flush(session: Session) -> None:
    session.add(Agreement(id=new_id()))
    session.flush()


STATEMENTS: dict[str, Callable[[Session], object]] = {
    "select": lambda session: session.scalars(select(Agreement)).all(),
    "get": lambda session: session.get(Agreement, new_id()),
    "update": lambda session: session.execute(update(Agreement).values(cost_code="X")),
    "delete": lambda session: session.execute(delete(Agreement)),
    "insert_rows": lambda session: insert_rows(session, Agreement, [{"id": new_id()}]),
    "plain": lambda session: session.execute(text("SELECT 1")),
    "flush": _flush,
    "scope": scope_of,
}


@pytest.mark.parametrize("statement", STATEMENTS.values(), ids=STATEMENTS)
def test_without_a_scope_every_statement_is_refused(
    place: Standing, statement: Callable[[Session], object]
) -> None:
    with place.application.session(writes=True) as session, pytest.raises(ScopeMissing):
        statement(session)


def _count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Agreement)) or 0


def test_going_on_as_somebody_else_changes_what_is_seen_at_once(place: Standing) -> None:
    world = place.world
    with place.application.session(Scope.system(Task.SIGN_IN)) as session:
        assert _count(session) == 0
        enter(session, Scope(world.aldermoor.id))
        assert _count(session) == 4
        enter(session, Scope(world.copperholt.id))
        assert _count(session) == 2
        enter(session, Scope.public())
        assert _count(session) == 0


def test_the_scope_outlives_a_savepoint_and_a_rollback(place: Standing) -> None:
    with place.application.session(Scope(place.world.aldermoor.id), writes=True) as session:
        savepoint = session.begin_nested()
        assert _count(session) == 4
        savepoint.rollback()
        assert _count(session) == 4
        session.rollback()
        assert _count(session) == 4
        session.commit()
        assert _count(session) == 4


@pytest.mark.parametrize("ending", ["commit", "rollback", "close"])
def test_the_scope_does_not_stay_with_the_connection(place: Standing, ending: str) -> None:
    """One connection is reused; whoever has it next is told anew whom they work for."""
    database = Database(place.address.application)
    with database.session(Scope(place.world.aldermoor.id), writes=True) as session:
        assert _count(session) == 4
        with session.begin_nested():
            assert _count(session) == 4
        getattr(session, ending)()
    with database.engine.connect() as connection:
        left = "SELECT count(*) FROM agreement" if place.engine == "postgresql" else "SELECT 0"
        assert connection.execute(text(left)).scalar_one() == 0
    with database.session(Scope(place.world.copperholt.id)) as session:
        assert _count(session) == 2
    assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    database.close()
