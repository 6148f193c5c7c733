"""What is compiled is compiled once in a run: in service too, many requests share one engine.

Every test has a database and an application of its own. Without this each would compile every
statement and every template again, which took more than half of the whole run.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine, Pool, QueuePool, create_engine

from portal.kernel import database
from tests.support.databases import FOLDER

_first: dict[str, Engine] = {}
_pools: dict[str, Pool] = {}


class KeptPool(QueuePool):
    """Connections that outlive an engine: the next test over the same database has them.

    A server's process has then read the tables and planned the statements before, as in service.
    """

    def dispose(self) -> None:
        """Keep them; the server ends those of a database that it drops."""

    def recreate(self) -> KeptPool:
        """The same."""
        return self


def open_engine(url: str, **options: Any) -> Engine:
    """As ``create_engine``, with the dialect and compiled statements of the run's first engine.

    SQLAlchemy keeps what it compiled under the dialect, so the engines must have the same one.
    """
    if str(url).startswith("postgresql"):
        at_once = {"prepare_threshold": 1}  # in service a statement is prepared the fifth time
        engine = create_engine(url, poolclass=KeptPool, connect_args=at_once, **options)
        engine.pool = _pools.setdefault(url, engine.pool)
    else:
        engine = create_engine(url, **options)
    first = _first.get(engine.dialect.name)
    if first is None:
        engine.connect().close()  # the dialect asks the server what it can do
        engine.dispose()
        _first[engine.dialect.name] = engine
        return engine
    engine.dialect = first.dialect
    engine.pool._dialect = first.dialect
    engine._compiled_cache = first._compiled_cache
    return engine


@pytest.fixture(scope="session", autouse=True)
def compiled_once(pytestconfig: pytest.Config) -> Iterator[None]:
    """Keep compiled statements for the worker, and compiled templates for the run."""
    folder = pytestconfig.stash[FOLDER] / "templates"
    folder.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "create_engine", open_engine)
        patch.setattr(
            Flask, "jinja_options", {"bytecode_cache": FileSystemBytecodeCache(str(folder))}
        )
        yield
