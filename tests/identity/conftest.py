"""A council with an approver, who may sign in."""

from __future__ import annotations

import pytest

from portal.identity.models import Organisation, Person
from portal.identity.rules import Role
from portal.kernel.database import Database
from portal.kernel.tenancy import Scope, Task
from tests.makers import make_council, make_person

OPERATOR = Scope.system(Task.OPERATOR)


@pytest.fixture
def council(owner_database: Database) -> Organisation:
    """A council."""
    with owner_database.transaction(OPERATOR) as session:
        return make_council(session, name="Aldermoor Council")


@pytest.fixture
def person(owner_database: Database, council: Organisation) -> Person:
    """Its approver."""
    with owner_database.transaction(OPERATOR) as session:
        return make_person(
            session, organisation=council, roles=[Role.APPROVER], email="ruth@aldermoor.example"
        )
