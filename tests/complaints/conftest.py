"""Somebody without an account, for the tests of making and following a complaint."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from portal.kernel.tenancy import Scope, Task
from tests.complaints.somebody import Somebody, somebody_at
from tests.support.visits import Visits


@pytest.fixture
def somebody(visits: Visits) -> Somebody:
    """Somebody at Aldermoor's pages, in the world."""
    return somebody_at(visits.app)


@pytest.fixture
def kept(visits: Visits) -> Iterator[Session]:
    """What the world's database holds, to look at."""
    with visits.standing.owner.session(Scope.system(Task.OPERATOR)) as session:
        yield session
