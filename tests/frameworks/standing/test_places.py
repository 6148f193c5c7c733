"""Places are suspended, promoted and ended by the lead council; a reserve follows by itself."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import product
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.actions import Actor
from portal.audit.models import AuditEvent
from portal.frameworks.leading import NotTheLead
from portal.frameworks.models import Category as Bought
from portal.frameworks.models import Place
from portal.frameworks.rules import PlaceState, Unfit
from portal.frameworks.standing.actions import end, take_step
from portal.frameworks.standing.models import PlaceChange
from portal.frameworks.standing.rules import STEPS, PlaceStep, room_for_reserve
from portal.identity.models import Organisation
from portal.identity.rules import Role
from portal.kernel.database import Database
from portal.kernel.errors import NotFound
from portal.kernel.jobs.models import Job
from portal.kernel.tenancy import Scope, Task
from portal.kernel.transitions import IllegalStep, next_state
from portal.notices.models import Notice
from tests.makers import (
    make_category,
    make_category_terms,
    make_council,
    make_framework,
    make_person,
    make_place,
    make_provider,
)
from tests.support.background import RunJobs

AT = datetime(2026, 10, 2, 9, tzinfo=UTC)
LAST_DAY = date(2026, 10, 9)
AFTER = datetime(2026, 10, 9, 23, 30, tzinfo=UTC)  # 00:30 on 10 October in London
OPERATOR = Scope.system(Task.OPERATOR)


class Category:
    """One place held, and three providers on reserve, of whom two are ranked."""

    def __init__(self, database: Database, owner: Database) -> None:
        self.database, self.owner = database, owner
        with owner.transaction(OPERATOR) as session:
            self.lead = make_council(session, name="Aldermoor Council")
            self.partner = make_council(session)
            framework = make_framework(session, lead=self.lead, partners=[self.partner])
            category = make_category(session, framework=framework)
            make_category_terms(session, category=category, places=1, reserves=3)
            self.by = make_person(session, organisation=self.lead, roles=[Role.COMMISSIONER])
            self.holder = self._place(session, category, "Holder Homes")
            self.unranked = self._place(session, category, "First Come", PlaceState.RESERVE)
            self.second = self._place(session, category, "Second Best", PlaceState.RESERVE, rank=3)
            self.best = self._place(session, category, "Next Best", PlaceState.RESERVE, rank=2)

    def _place(
        self,
        session: Session,
        bought: Bought,
        name: str,
        state: PlaceState = PlaceState.ACTIVE,
        rank: int | None = None,
    ) -> UUID:
        provider = make_provider(session, name=name)
        make_person(session, organisation=provider, roles=[Role.BIDS])
        place = make_place(session, category=bought, provider=provider, state=state)
        place.rank = rank
        return place.id

    def actor(self, council: Organisation | None = None) -> Actor:
        """The commissioner of the lead, or of another council."""
        return Actor(self.by.id, self.by.name, (council or self.lead).id)

    def end(self, last_day: date = LAST_DAY) -> None:
        """Say when the place held ends."""
        with self.database.transaction(Scope(self.lead.id)) as session:
            end(session, self.actor(), self.holder, last_day, because="It closes.", at=AT)

    def states(self) -> dict[str, str]:
        """The state of every place, by its provider's name."""
        with self.owner.session(OPERATOR) as session:
            rows = session.execute(
                select(Organisation.name, Place.state).join(
                    Place, Place.provider_id == Organisation.id
                )
            )
            return {name: state.value for name, state in rows}


@pytest.fixture
def category(database: Database, owner_database: Database) -> Category:
    """A category as above, on each engine."""
    return Category(database, owner_database)


def test_the_table_of_steps_is_whole() -> None:
    allowed = {
        (state, step): STEPS.get((state, step)) for state, step in product(PlaceState, PlaceStep)
    }
    assert sum(led_to is not None for led_to in allowed.values()) == 6
    for (state, step), led_to in allowed.items():
        if led_to is None:
            with pytest.raises(IllegalStep):
                next_state(STEPS, state, step)
    assert room_for_reserve(taken=4, places=None)
    assert not room_for_reserve(taken=4, places=4)


def test_a_reserve_follows_after_the_last_day(category: Category, run_jobs: RunJobs) -> None:
    category.end()
    assert category.states()["Holder Homes"] == "active", "until its last day is over"
    run_jobs(AT, schedules=["places:end"])
    assert category.states()["Holder Homes"] == "active"
    run_jobs(AFTER, schedules=["places:end"])
    assert category.states() == {
        "Holder Homes": "ended",
        "Next Best": "active",
        "Second Best": "reserve",
        "First Come": "reserve",
    }
    run_jobs(AFTER)
    with category.owner.session(OPERATOR) as session:
        events = session.scalars(
            select(AuditEvent.event)
            .where(AuditEvent.event.like("frameworks:place:%"))
            .order_by(AuditEvent.at, AuditEvent.id)
        ).all()
        assert events == [f"frameworks:place:{one}" for one in ("end-set", "ended", "promoted")]
        told = set(session.scalars(select(Notice.sentence)))
    assert "Your place in 1a Mentoring ends after 9 October 2026" in told
    assert "Your place in 1a Mentoring is active: you were promoted from reserve" in told
    assert "Next Best was promoted from reserve in 1a Mentoring" in told


def test_nobody_follows_where_the_places_left_are_enough(
    category: Category, run_jobs: RunJobs
) -> None:
    with category.database.transaction(Scope(category.lead.id)) as session:
        take_step(
            session, category.actor(), category.best, PlaceStep.PROMOTE, because="More children.",
            at=AT,
        )  # fmt: skip
    category.end()
    run_jobs(AFTER, schedules=["places:end"])
    states = category.states()
    assert (states["Holder Homes"], states["Next Best"]) == ("ended", "active")
    assert states["Second Best"] == "reserve"


def test_a_suspension_is_lifted_and_both_are_kept_with_their_reasons(category: Category) -> None:
    for step, reason in ((PlaceStep.SUSPEND, "No insurance."), (PlaceStep.RESUME, "Renewed.")):
        with category.database.transaction(Scope(category.lead.id)) as session:
            take_step(session, category.actor(), category.holder, step, because=reason, at=AT)
    assert category.states()["Holder Homes"] == "active"
    with category.owner.session(OPERATOR) as session:
        kept = session.scalars(select(PlaceChange.because).order_by(PlaceChange.id)).all()
        assert kept == ["No insurance.", "Renewed."]
        assert session.query(Job).filter_by(name="notices:deliver").count() == 2


def test_only_the_lead_council_takes_a_step_and_only_one_that_leads_somewhere(
    category: Category,
) -> None:
    def suspend(council: Organisation, place_id: UUID) -> None:
        with category.database.transaction(Scope(council.id)) as session:
            take_step(
                session, category.actor(council), place_id, PlaceStep.SUSPEND, because="-", at=AT
            )

    with pytest.raises(NotTheLead):
        suspend(category.partner, category.holder)
    with pytest.raises(IllegalStep):
        suspend(category.lead, category.best)
    with category.owner.transaction(OPERATOR) as session:
        stranger = make_council(session)
    with pytest.raises(NotFound):
        suspend(stranger, category.holder)
    for last_day in (date(2026, 10, 1), date(2029, 9, 1)):
        with pytest.raises(Unfit):
            category.end(last_day)
