"""Whose rows these are. Each table says once who may see it; the session and PostgreSQL both obey.

A table names its rule in ``__seen_by__``. From that one rule come the filter that every ORM
statement carries (``portal.kernel.session``) and the row-level security policy that stands
again in PostgreSQL (``portal.kernel.row_security``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    ColumnClause,
    ColumnElement,
    FromClause,
    MetaData,
    String,
    Table,
    Uuid,
    bindparam,
    false,
    or_,
    true,
)
from sqlalchemy import table as light_table
from sqlalchemy.orm import DeclarativeBase

from portal.kernel.columns import Id


class Task(StrEnum):
    """The named system tasks that work outside any one organisation."""

    SIGN_IN = "sign-in"
    OPERATOR = "operator"
    JOBS = "jobs"  # takes jobs from the queue, and schedules what is due
    POST = "post"  # sends what waits in the outbox, and delivers notices
    PUBLIC_DESK = "public-desk"  # takes in what people send without an account
    RETENTION = "retention"  # removes what has been kept long enough
    ROUNDS = "rounds"  # opens sealed bids for two people; tells applicants without naming them
    REFERRALS = "referrals"  # counts who a provider has already; closes what others were asked
    PRESENCE = "presence"  # asks whether somebody is recorded elsewhere at the same time
    RECORD = "record"  # links what happened into its chains, and states where they end


@dataclass(frozen=True, slots=True)
class Scope:
    """Who a session works for: an organisation and a person, a system task, or the public.

    ``only_assigned`` narrows a provider's mentor to the agreements they are assigned to.
    ``following_id`` is the one thing that somebody without an account has proved to be theirs.
    """

    organisation_id: UUID | None = None
    person_id: UUID | None = None
    task: Task | None = None
    only_assigned: bool = False
    following_id: UUID | None = None

    @classmethod
    def public(cls) -> Scope:
        """Nobody in particular: sees only what is published to everybody."""
        return cls()

    @classmethod
    def follower(cls, thing_id: UUID) -> Scope:
        """Somebody without an account who follows one thing: a complaint they made."""
        return cls(following_id=thing_id)

    @classmethod
    def system(cls, task: Task) -> Scope:
        """A named task of the portal itself."""
        return cls(task=task)

    @property
    def parameters(self) -> dict[str, Any]:
        """The values that the visibility rules compare with."""
        return {
            "scope_organisation": self.organisation_id,
            "scope_person": self.person_id,
            "scope_assigned": self.person_id if self.only_assigned else None,
            "scope_task": self.task.value if self.task else "",
            "scope_following": self.following_id,
        }


class ScopeMissing(RuntimeError):
    """A session was used before it was told whom it works for."""


class ForeignRow(RuntimeError):
    """A write names no party that the session works for."""


@dataclass(frozen=True, slots=True)
class Looker:
    """The scope as SQL: bound parameters in the application, settings in PostgreSQL."""

    organisation: ColumnElement[Any]
    person: ColumnElement[Any]
    assigned: ColumnElement[Any]
    task: ColumnElement[Any]
    following: ColumnElement[Any]


IN_THE_APPLICATION = Looker(
    organisation=bindparam("scope_organisation", type_=Uuid()),
    person=bindparam("scope_person", type_=Uuid()),
    assigned=bindparam("scope_assigned", type_=Uuid()),
    task=bindparam("scope_task", type_=String()),
    following=bindparam("scope_following", type_=Uuid()),
)


Sees = Callable[[Any, Looker], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Rule:
    """Who sees a row, and which organisation must stand on a row for a session to write it.

    ``sees`` takes the entity (a class, an alias or a table) and the looker. ``writers`` names
    the columns of which one must hold the writing organisation; empty means that only the
    named system tasks write. ``tasks`` read and write every row, ``readers`` only read.
    """

    sees: Sees
    writers: tuple[str, ...] = ()
    tasks: tuple[Task, ...] = ()
    readers: tuple[Task, ...] = ()

    def seen(self, entity: Any, looker: Looker) -> ColumnElement[bool]:
        """The rows that the looker may read."""
        working = [looker.task == task.value for task in (*self.tasks, *self.readers)]
        return or_(self.sees(entity, looker), *working)

    def written(self, entity: Any, looker: Looker) -> ColumnElement[bool]:
        """The rows that the looker may add or change."""
        own = [column(entity, name) == looker.organisation for name in self.writers]
        return or_(false(), *own, *(looker.task == task.value for task in self.tasks))

    def may_write(self, row: Any, scope: Scope) -> bool:
        """The same for one object in memory."""
        if scope.task is Task.OPERATOR or scope.task in self.tasks:
            return True
        own = {getattr(row, name) for name in self.writers} - {None}
        return scope.organisation_id in own


def column(entity: Any, name: str) -> Any:
    """A column of a class, an alias or a table, by its name."""
    columns = getattr(entity, "c", None)
    return columns[name] if columns is not None else getattr(entity, name)


def table_of(model: type[Base]) -> Table:
    """The table that a model's rows are kept in."""
    table = model.__table__
    assert isinstance(table, Table)
    return table


class NameAndType(ColumnClause[Any]):
    """A column that knows no more; of a class beside Column, so that == keeps its sides."""

    inherit_cache = True


def another(table: str) -> FromClause:
    """Another table, for a rule's subquery, under a name of its own.

    Under its plain name a statement that also lists it would be taken to mean its row. It has no
    more of each column than name and type: every statement that is kept holds such tables.
    """
    columns = (NameAndType(own.name, own.type) for own in Base.metadata.tables[table].columns)
    return light_table(table, *columns).alias()


def parties(*columns: str, tasks: tuple[Task, ...] = ()) -> Rule:
    """The usual rule: seen and written by whoever the row names in these columns."""
    return Rule(named_in(*columns), writers=columns, tasks=tasks)


def named_in(*columns: str) -> Sees:
    """Whoever the row names in one of these columns."""

    def sees(entity: Any, looker: Looker) -> ColumnElement[bool]:
        return or_(*(column(entity, name) == looker.organisation for name in columns))

    return sees


def everyone(entity: Any, looker: Looker) -> ColumnElement[bool]:
    """No secret to anybody who reaches a page."""
    return true()


def nobody(entity: Any, looker: Looker) -> ColumnElement[bool]:
    """Only the system tasks that the rule names."""
    return false()


NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "%(constraint_name)s",
    "ck": "%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table of the portal. Each says in ``__seen_by__`` who may see its rows."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {UUID: Id()}
    __seen_by__: ClassVar[Rule]
