"""The engine for either database, and sessions that know whom they work for.

SQLite keeps write-ahead logging with full synchronisation; a writing transaction begins
immediate, so that two writers queue instead of failing. Reading has connections of its own, told
``query_only`` once: the pragma makes a connection forget every statement that it has prepared.
PostgreSQL is told the scope in settings local to the transaction, which its row-level security
compares with, and ``READ ONLY`` where nothing may be written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, TypeVar, cast
from uuid import UUID

from sqlalchemy import (
    ClauseElement,
    Connection,
    Executable,
    Select,
    Table,
    Update,
    create_engine,
    event,
    func,
    inspect,
    select,
    text,
)
from sqlalchemy.engine import URL, Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import LoaderCriteriaOption, ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.sql import visitors

from portal.kernel.tenancy import (
    IN_THE_APPLICATION,
    Base,
    ForeignRow,
    Scope,
    ScopeMissing,
    Task,
)

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "recursive_triggers=ON",
    "busy_timeout=20000",  # writers are not served in turn: in a rush one may wait for many
)


class PowerfulRole(RuntimeError):
    """The application connects as a role that row-level security does not bind."""


class ScopedSession(Session):
    """A session that filters every statement by its scope and refuses foreign writes."""

    def close(self) -> None:
        """Give the connection back, and leave nothing that was not committed.

        What was only read ends with COMMIT: after a ROLLBACK psycopg forgets every statement
        that it has prepared, and PostgreSQL would plan each anew for every page.
        """
        if self.info.get("reads") and self.in_transaction() and self.is_active:
            with suppress(SQLAlchemyError):  # the connection was lost, and with it what it knew
                transaction = self.connection().get_transaction()
                if transaction is not None and transaction.is_active:
                    transaction.commit()
        super().close()


class Database:
    """One database, opened once per process; hands out scoped sessions."""

    def __init__(self, url: str) -> None:
        self.engine = _open(url)
        self._reading = _open_for_reading(self.engine)

    def session(self, scope: Scope | None = None, *, writes: bool = False) -> ScopedSession:
        """A session for this scope; without one, its first statement raises ScopeMissing."""
        return ScopedSession(
            self.engine if writes else self._reading,
            expire_on_commit=False,
            info={"scope": scope, "reads": not writes},
        )

    @contextmanager
    def transaction(self, scope: Scope) -> Iterator[ScopedSession]:
        """A writing session that commits at the end, or leaves nothing."""
        with self.session(scope, writes=True) as session, session.begin():
            yield session

    def refuse_powerful_role(self) -> None:
        """On PostgreSQL, stop where row-level security would not bind the application.

        Raises PowerfulRole for a superuser, a role that bypasses it, or the tables' owner.
        """
        if self.engine.dialect.name != "postgresql":
            return
        with self.engine.connect() as connection:
            powerful = connection.exec_driver_sql(
                "SELECT rolsuper OR rolbypassrls OR EXISTS (SELECT 1 FROM pg_class "
                "WHERE relowner = pg_roles.oid AND relnamespace = current_schema()::regnamespace) "
                "FROM pg_roles WHERE rolname = current_user"
            ).scalar_one()
        if powerful:
            raise PowerfulRole(
                "The application's database role is a superuser, bypasses row-level security or "
                "owns the tables. Connect as an ordinary role; see README, How to deploy."
            )

    def close(self) -> None:
        """Give every connection back."""
        self._reading.dispose()
        self.engine.dispose()


def enter(session: Session, scope: Scope) -> None:
    """Go on as somebody else in the same transaction (after the sign-in has been read)."""
    session.info["scope"] = scope
    if session.in_transaction():
        _tell_database(session.connection(), scope)


@contextmanager
def working_as(session: Session, scope: Scope) -> Iterator[None]:
    """Do one part of a transaction as somebody else, and go on as before.

    For what no organisation reads or writes by itself, such as the roles of its people. What the
    part changes is flushed within it. The part asks itself whose rows it touches.
    """
    before = scope_of(session)
    session.flush()
    enter(session, scope)
    try:
        yield
        session.flush()
    finally:
        session.info["scope"] = before
    enter(session, before)


def hold(session: Session, things: Iterable[UUID]) -> None:
    """Let nobody else go on about these things until this transaction ends.

    For what stands in no one row that the scope may lock. SQLite's writer is alone already;
    PostgreSQL keeps a lock on half of each id, always in one order.
    """
    if session.get_bind().dialect.name == "postgresql":
        for half in sorted(thing.int & (2**63 - 1) for thing in things):
            session.execute(select(func.pg_advisory_xact_lock(half)))


def scope_of(session: Session) -> Scope:
    """The scope that a session was opened with.

    Raises ScopeMissing when there is none.
    """
    scope = session.info.get("scope")
    if not isinstance(scope, Scope):
        raise ScopeMissing("open the session with a Scope")
    return scope


def _open(url: str) -> Engine:
    if url.startswith("sqlite"):
        return _open_sqlite(url, PRAGMAS, "BEGIN IMMEDIATE")
    # The connection that was used last has the most statements prepared.
    return create_engine(url, pool_pre_ping=True, pool_use_lifo=True)


def _open_for_reading(engine: Engine) -> Engine:
    """The same database, through connections that change nothing."""
    if engine.dialect.name == "sqlite":
        return _open_sqlite(engine.url, (*PRAGMAS, "query_only=ON"), "BEGIN")
    return engine.execution_options(postgresql_readonly=True)


def _open_sqlite(url: URL | str, pragmas: Sequence[str], begin: str) -> Engine:
    engine = create_engine(url, connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _connects(connection: Any, _record: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begins(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _tell_database(connection: Connection, scope: Scope) -> None:
    if connection.dialect.name != "postgresql":
        return
    values = scope.parameters
    connection.execute(
        select(
            *(
                func.set_config(f"app.{name.removeprefix('scope_')}", str(value or ""), True)
                for name, value in values.items()
            )
        )
    )


def _visible(entity: Any) -> Any:
    rule = getattr(entity, "__seen_by__", None)
    return text("1=1") if rule is None else rule.seen(entity, IN_THE_APPLICATION)


ONLY_ONES_OWN = with_loader_criteria(
    Base, _visible, include_aliases=True, track_closure_variables=False
)


def _refuse_hidden_tables(statement: Executable) -> None:
    """Stop a statement that reads our tables where the filter does not reach them.

    Such is ``select(exists().where(...))``: select the id of the row instead.
    """
    for element in visitors.iterate(cast(ClauseElement, statement)):
        if isinstance(element, Table) and element.metadata is Base.metadata:
            raise ScopeMissing(f"{element.name} is read in a way that no scope filters")


def _writable(model: type[Base]) -> LoaderCriteriaOption:
    """Of the rows that a statement would change, those that the scope may write."""
    return with_loader_criteria(model, model.__seen_by__.written(model, IN_THE_APPLICATION))


Asked = TypeVar("Asked", bound=Select[*tuple[Any, ...]] | Update)
_WITHOUT_FILTER = "portal_without_filter"


def prepared(statement: Asked) -> Asked:
    """A statement that is put together once, its filter included, and given its parameters.

    For what every page asks: it takes half the time of a statement made for the occasion.
    """
    filtered = statement.options(ONLY_ONES_OWN)
    if isinstance(filtered, Update):
        filtered = filtered.options(_writable(filtered.entity_description["entity"]))
    return cast(Asked, filtered.execution_options(**{_WITHOUT_FILTER: statement}))


@event.listens_for(ScopedSession, "do_orm_execute")
def _only_ones_own(state: ORMExecuteState) -> None:
    scope = scope_of(state.session)
    without_filter = state.execution_options.get(_WITHOUT_FILTER)
    if state.is_relationship_load:
        without_filter = None  # inherited from the question whose rows are being completed
    if scope.task is Task.OPERATOR:
        state.statement = without_filter if without_filter is not None else state.statement
        return
    if without_filter is not None:
        given = state.parameters if isinstance(state.parameters, dict) else {}
        state.parameters = {**given, **scope.parameters}
        return
    if not state.is_orm_statement:
        _refuse_hidden_tables(state.statement)
        return
    if state.is_insert or isinstance(state.parameters, list):
        raise ForeignRow("add rows to the session, or with insert_rows, which ask whose they are")
    if state.is_select or state.is_update or state.is_delete:
        state.statement = state.statement.options(ONLY_ONES_OWN)
        if not state.is_select and state.bind_mapper is not None:
            state.statement = state.statement.options(_writable(state.bind_mapper.class_))
        given = state.parameters if isinstance(state.parameters, dict) else {}
        state.parameters = {**given, **scope.parameters}


@event.listens_for(ScopedSession, "before_flush")
def _only_ones_own_writes(session: Session, _context: Any, _instances: Any) -> None:
    scope = scope_of(session)
    if scope.task is Task.OPERATOR:
        return
    for row in (*session.new, *session.dirty, *session.deleted):
        if not row.__seen_by__.may_write(row, scope) or _changes_hands(row):
            raise ForeignRow(type(row).__tablename__)


def _changes_hands(row: Base) -> bool:
    """Whether a row already kept would be given from one party to another."""
    attributes = inspect(row).attrs
    return any(attributes[name].history.deleted for name in row.__seen_by__.writers)


@event.listens_for(ScopedSession, "after_begin")
def _scope_in_the_database(session: Session, _transaction: Any, connection: Connection) -> None:
    scope = session.info.get("scope")
    if isinstance(scope, Scope):
        _tell_database(connection, scope)
