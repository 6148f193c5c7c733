"""One world for the whole folder, since everybody in these tests is somebody new."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.databases import ENGINES, Databases
from tests.support.visits import Visits, visiting


@pytest.fixture(scope="package", params=ENGINES)
def visits(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Visits]:
    """The world served on SQLite, then on PostgreSQL."""
    with visiting(databases, request.param) as made:
        yield made
