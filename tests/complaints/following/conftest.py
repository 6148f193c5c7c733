"""One world for the whole folder, since everybody in these tests is somebody new; and things that
somebody sent to Aldermoor, whose four words are PASSPHRASE."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from portal.complaints.models import Complaint
from portal.kernel.tenancy import Scope, Task
from tests.complaints.somebody import WORDS
from tests.makers import make_complaint
from tests.support.databases import ENGINES, Databases
from tests.support.visits import Visits, visiting


@pytest.fixture(scope="package", params=ENGINES)
def visits(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Visits]:
    """The world served on SQLite, then on PostgreSQL."""
    with visiting(databases, request.param) as made:
        yield made


@pytest.fixture
def sent(visits: Visits) -> Callable[[], Complaint]:
    """Send something, without the pages on which it is made."""

    def send() -> Complaint:
        with visits.standing.owner.transaction(Scope.system(Task.OPERATOR)) as session:
            return make_complaint(session, council=visits.world.aldermoor, what_happened=WORDS)

    return send
