"""The fixtures that every test may ask for; what is behind them lies in tests/support."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import create_app
from portal.config import Config
from portal.kernel.database import Database
from tests.support.applications import application
from tests.support.databases import ENGINES, FOLDER, Address, Databases

pytest_plugins = (
    "tests.support.run",
    "tests.support.background",
    "tests.support.compiled",
    "tests.support.pages",
    "tests.support.recorded",
    "tests.support.visits",
)


@pytest.fixture(scope="session")
def databases(pytestconfig: pytest.Config) -> Iterator[Databases]:
    """The run's databases, for tests that need more than one or an empty one."""
    made = Databases(pytestconfig.stash[FOLDER])
    yield made
    made.close()


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    """Runs the test once on each engine: ``sqlite``, then ``postgresql``."""
    name: str = request.param
    return name


@pytest.fixture
def address(databases: Databases, engine_name: str) -> Iterator[Address]:
    """A fresh migrated database of the test's own, which it may commit to."""
    with databases.fresh(engine_name) as made:
        yield made


@pytest.fixture
def engine_url(address: Address) -> str:
    """That database as the application opens it: on PostgreSQL, as a role that owns nothing."""
    return address.application


@pytest.fixture
def database(engine_url: str) -> Iterator[Database]:
    """That database, opened as the application does."""
    opened = Database(engine_url)
    yield opened
    opened.close()


@pytest.fixture
def owner_database(address: Address) -> Iterator[Database]:
    """The same database opened as its owner, who alone may work as the operator: for makers."""
    opened = Database(address.owner)
    yield opened
    opened.close()


@pytest.fixture
def config(address: Address, databases: Databases) -> Config:
    """Demonstration mode over that database, with quick passwords."""
    return Config(
        database_url=address.application,
        operator_url=address.owner,
        secret_key="for tests only",
        demonstration=True,
        secure_cookies=False,
        cheap_passwords=True,
        files=str(databases.folder / "files"),
    )


@pytest.fixture
def app(config: Config) -> Iterator[Flask]:
    """The whole application with these settings."""
    with application(config) as made:
        yield made


@pytest.fixture
def own_app(config: Config) -> Iterator[Flask]:
    """The same, put together for this test alone, which may add pages to it."""
    made = create_app(config)
    yield made
    made.extensions["portal.database"].close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser's stand-in for that application, with cookies of its own."""
    return app.test_client()
