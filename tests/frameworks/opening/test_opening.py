"""Two people open a round after closing, together; nobody opens it earlier, alone or twice."""

from __future__ import annotations

from portal.frameworks.applications.models import Bid, BidPrice
from portal.kernel.database import Database
from portal.kernel.money import Money
from portal.kernel.tenancy import Scope, Task
from tests.makers import (
    make_category,
    make_council,
    make_framework,
    make_opened_round,
    make_provider,
)


def test_makers(owner_database: Database) -> None:
    with owner_database.transaction(Scope.system(Task.OPERATOR)) as session:
        framework = make_framework(session, lead=make_council(session))
        make_category(session, framework=framework)
        provider = make_provider(session)
        make_opened_round(session, framework=framework, bids={provider.id: {"1a": "41.50"}})
        assert session.query(Bid).one().provider_id == provider.id
        assert session.query(BidPrice).one().price == Money.pounds("41.50")
