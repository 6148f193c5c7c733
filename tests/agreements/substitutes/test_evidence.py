"""Nobody is assigned while the provider's insurance does not cover what the framework asks for."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import update

from portal.agreements.mentors.rules import NotAssignable
from portal.agreements.substitutes.actions.assigning import assign
from portal.audit.actions import Actor
from portal.background import load_handlers
from portal.evidence.models import Evidence
from portal.evidence.rules import EvidenceKind
from portal.kernel.database import Database
from portal.kernel.money import Money
from portal.kernel.tenancy import Scope, Task
from tests.makers import (
    make_agreement,
    make_category,
    make_council,
    make_evidence,
    make_framework,
    make_mentor,
    make_place,
    make_provider,
)
from tests.makers.lots import make_demand


def test_a_mentor_is_assigned_once_the_cover_is_what_the_framework_asks_for(
    database: Database, owner_database: Database
) -> None:
    load_handlers()
    with owner_database.transaction(Scope.system(Task.OPERATOR)) as session:
        council = make_council(session)
        framework = make_framework(session, lead=council)
        make_demand(session, framework=framework, least_cover="10000000")
        provider = make_provider(session)
        make_evidence(session, provider=provider)
        public = Evidence.kind == EvidenceKind.PUBLIC_LIABILITY
        session.execute(update(Evidence).where(public).values(cover=Money.pounds("2000000")))
        category = make_category(session, framework=framework)
        agreement = make_agreement(
            session,
            place=make_place(session, category=category, provider=provider),
            council=council,
        )
        mentor = make_mentor(session, provider=provider)
    actor, first = Actor(None, "Sam", provider.id), date(2026, 5, 4)
    at = datetime(2026, 5, 1, 9, tzinfo=UTC)
    with database.transaction(Scope(provider.id)) as session:
        with pytest.raises(NotAssignable) as refused:
            assign(session, actor, agreement.id, mentor.id, starts_on=first, at=at)
        assert refused.value.sentence == (
            "Nobody can be assigned yet. Public liability insurance covers £2,000,000.00, the "
            "framework asks for £10,000,000.00."
        )
    with owner_database.transaction(Scope.system(Task.OPERATOR)) as session:
        session.execute(update(Evidence).where(public).values(cover=Money.pounds("10000000")))
    with database.transaction(Scope(provider.id)) as session:
        assign(session, actor, agreement.id, mentor.id, starts_on=first, at=at)
