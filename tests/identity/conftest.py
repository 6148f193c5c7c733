"""A council with an approver, who has a second step, and a provider's bidder, who needs none."""

from __future__ import annotations

import pytest

from portal.identity.models import Organisation, Person
from portal.identity.rules import Role
from portal.kernel.database import Database
from portal.kernel.tenancy import Scope, Task
from tests.makers import make_authenticator, make_council, make_person, make_provider

OPERATOR = Scope.system(Task.OPERATOR)


@pytest.fixture
def council(owner_database: Database) -> Organisation:
    """A council."""
    with owner_database.transaction(OPERATOR) as session:
        return make_council(session, name="Aldermoor Council")


@pytest.fixture
def person(owner_database: Database, council: Organisation) -> Person:
    """Its approver, whose app shows the codes of ``SECRET``."""
    with owner_database.transaction(OPERATOR) as session:
        made = make_person(
            session, organisation=council, roles=[Role.APPROVER], email="ruth@aldermoor.example"
        )
        make_authenticator(session, person=made)
        return made


@pytest.fixture
def bidder(owner_database: Database) -> Person:
    """Somebody who bids for a provider: the one role that needs no second step."""
    with owner_database.transaction(OPERATOR) as session:
        provider = make_provider(session, name="Larkspur Mentoring")
        return make_person(
            session, organisation=provider, roles=[Role.BIDS], email="bea@larkspur.example"
        )
