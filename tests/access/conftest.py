"""The world, made once for each file of these tests on each engine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.databases import ENGINES, Databases
from tests.world import Standing, standing


@pytest.fixture(scope="module", params=ENGINES)
def place(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Standing]:
    """The world on SQLite, then on PostgreSQL; tests leave it as they found it."""
    with standing(databases, request.param) as made:
        yield made


@pytest.fixture(scope="module")
def postgresql(databases: Databases) -> Iterator[Standing]:
    """The world on PostgreSQL alone."""
    with standing(databases, "postgresql") as made:
        yield made
