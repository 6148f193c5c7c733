"""A referral sent to 84 providers at once, against the same rows through Core."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from uuid import UUID

from portal.audit.actions import Actor
from portal.background import load_handlers
from portal.identity.rules import Role
from portal.kernel.database import Database
from portal.kernel.migrate import upgrade
from portal.kernel.process import calm_collector
from portal.kernel.tenancy import Scope
from portal.referrals.making.sending import send
from portal.referrals.rules import ReferralState, Route
from tests.benchmarks.floor import (
    OPERATOR,
    Writes,
    all_rows,
    best,
    copy_of,
    opened,
    report,
    seconds,
    write_through_core,
    written,
)
from tests.makers import (
    make_category,
    make_council,
    make_evidence,
    make_framework,
    make_person,
    make_place,
    make_provider,
)
from tests.makers.referrals import make_referral

PROVIDERS = 84
RUNS = 6
SENT_AT = datetime(2026, 4, 30, 9, tzinfo=UTC)
BY = datetime(2026, 5, 5, 9, tzinfo=UTC)


def test_a_referral_to_84_providers_takes_under_a_second(tmp_path: Path) -> None:
    load_handlers()
    file = tmp_path / "portal.db"
    upgrade(f"sqlite:///{file}")
    with opened(file) as database:
        actor, drafts = _make_drafts(database)
    with copy_of(file, "sent") as database, copy_of(file, "before") as before:
        _send(database, actor, drafts[0])
        rows = written(all_rows(before), all_rows(database))
        assert len(rows.added["referral_recipient"]) == PROVIDERS
        calm_collector()
        measured = best([seconds(partial(_send, database, actor, one)) for one in drafts[1:]])
    floor = best([_floor(file, number, rows) for number in range(RUNS)])
    report(f"Sending a referral to {PROVIDERS} providers", measured, floor, limit=5)
    assert measured < 1


def _make_drafts(database: Database) -> tuple[Actor, list[UUID]]:
    """Who sends, and drafts of referrals to all who can be asked."""
    with database.transaction(OPERATOR) as session:
        council = make_council(session)
        category = make_category(session, framework=make_framework(session, lead=council))
        referrer = make_person(session, organisation=council, roles=[Role.REFERRER])
        for number in range(PROVIDERS):
            provider = make_provider(session, name=f"Provider {number:02}")
            make_evidence(session, provider=provider)
            make_place(session, category=category, provider=provider)
            make_person(session, organisation=provider, roles=[Role.BIDS], password=None)
        drafts = [
            make_referral(
                session,
                category=category,
                council=council,
                by=referrer,
                state=ReferralState.DRAFT,
                route=Route.ALL_ELIGIBLE,
                respond_by=BY,
            ).id
            for _ in range(RUNS)
        ]
        return Actor(referrer.id, referrer.name, council.id), drafts


def _send(database: Database, actor: Actor, draft: UUID) -> None:
    with database.session(Scope(actor.organisation_id), writes=True) as session:
        send(session, actor, draft, (), at=SENT_AT)
        session.commit()


def _floor(file: Path, number: int, rows: Writes) -> float:
    with copy_of(file, f"floor-{number}") as database:
        return write_through_core(database, [rows])
