"""A complaint on somebody's desk."""

from __future__ import annotations

import pytest

from portal.background import load_handlers
from portal.kernel.database import Database
from tests.complaints.handling.cases import Desk


@pytest.fixture
def desk(database: Database, owner_database: Database) -> Desk:
    """One complaint; jobs are asked for by name, so their handlers are there."""
    load_handlers()
    return Desk(database, owner_database)
