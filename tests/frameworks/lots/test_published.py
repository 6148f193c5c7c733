"""Publishing freezes what applicants rely on; afterwards a change is told with its reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.audit.actions import Actor
from portal.audit.models import AuditEvent
from portal.evidence.rules import EvidenceKind
from portal.frameworks.leading import NotTheLead
from portal.frameworks.lots.actions import NotComplete, change_award, publish, set_councils
from portal.frameworks.lots.categories.actions import remove_category, remove_lot
from portal.frameworks.lots.changing import InUse, ReasonMissing, UnderJudgement
from portal.frameworks.lots.demands.actions import set_demands
from portal.frameworks.lots.models import FrameworkChange, FrameworkTerms
from portal.frameworks.lots.plans import Award, Demands, PriceFigures
from portal.frameworks.lots.prices.actions import keep_price
from portal.frameworks.lots.queries import category_asks
from portal.frameworks.models import Category, Framework, FrameworkCouncil
from portal.frameworks.rounds.models import Round, RoundNotice
from portal.frameworks.rules import Unfit
from portal.identity.models import Organisation
from portal.identity.rules import Role
from portal.kernel.database import Database, ScopedSession
from portal.kernel.errors import NotFound, Stale
from portal.kernel.jobs.models import Job
from portal.kernel.money import Money
from portal.kernel.tenancy import Scope, Task
from tests.makers import (
    make_category,
    make_category_terms,
    make_council,
    make_framework,
    make_person,
    make_place,
    make_provider,
    make_terms,
)

AT = datetime(2026, 10, 2, 9, tzinfo=UTC)
OPERATOR = Scope.system(Task.OPERATOR)
AWARD = Award(70, 30, 2, 10, 150, 300)
DEARER = PriceFigures("", Money.pounds("3200"), None, None, None)


class Bought:
    """A framework with one category at an optimum of £3,140.00, complete and not published."""

    def __init__(self, database: Database, owner: Database) -> None:
        self.database, self.owner = database, owner
        with owner.transaction(OPERATOR) as session:
            self.lead: Organisation = make_council(session)
            self.partner = make_council(session)
            self.stranger = make_council(session)
            self.framework: Framework = make_framework(
                session, lead=self.lead, partners=[self.partner]
            )
            make_terms(session, framework=self.framework, published_at=None)
            self.category: Category = make_category(session, framework=self.framework)
            make_category_terms(session, category=self.category, optima={"": "3140.00"})
            self.by = make_person(session, organisation=self.lead, roles=[Role.COMMISSIONER])
        self.actor = Actor(self.by.id, self.by.name, self.lead.id)

    def working(self, council: Organisation | None = None) -> ScopedSession:
        """A transaction of the lead, or of another council."""
        return self.database.session(Scope((council or self.lead).id), writes=True)

    def published(self) -> Bought:
        """The same, published."""
        version = self.version()
        with self.database.transaction(Scope(self.lead.id)) as session:
            publish(session, self.actor, self.framework.id, version=version, at=AT)
        return self

    def held(self, *, closes_at: datetime) -> Round:
        """A round of it, announced and open until then."""
        with self.owner.transaction(OPERATOR) as session:
            round_ = Round(
                framework_id=self.framework.id,
                lead_council_id=self.lead.id,
                title="Second round",
                opens_at=AT - timedelta(days=20),
                questions_until=closes_at,
                advertised_closes_at=closes_at,
                closes_at=closes_at,
                announced_at=AT - timedelta(days=30),
                public_key=b"key",
                made_by_id=self.by.id,
            )
            session.add(round_)
        return round_

    def version(self) -> int:
        """Which version of the framework stands."""
        with self.owner.session(OPERATOR) as session:
            return session.get_one(FrameworkTerms, self.framework.id).version

    def make_dearer(self, because: str) -> None:
        """Ask for another optimum."""
        with self.database.transaction(Scope(self.lead.id)) as session:
            (ask,) = category_asks(session, self.framework.id)
            keep_price(
                session, self.actor, self.framework.id, self.category.id, ask.prices[0].id,
                DEARER, version=ask.terms.version, because=because, at=AT,
            )  # fmt: skip


@pytest.fixture
def bought(database: Database, owner_database: Database) -> Bought:
    """A framework as above, on each engine."""
    return Bought(database, owner_database)


def test_before_publishing_nothing_is_told(bought: Bought) -> None:
    bought.make_dearer("")
    with bought.owner.session(OPERATOR) as session:
        assert session.query(FrameworkChange).count() == 0
        event = session.scalars(select(AuditEvent)).one()
        assert event.event == "frameworks:price-asked:kept"
        assert "£3,200.00 (it was £3,140.00)" in event.details["what"]


def test_a_change_after_publishing_is_a_dated_notice_with_its_reason(bought: Bought) -> None:
    bought.published().held(closes_at=AT + timedelta(days=20))
    with pytest.raises(ReasonMissing):
        bought.make_dearer("")
    bought.make_dearer("Wages rose.")
    with bought.owner.session(OPERATOR) as session:
        change = session.scalars(select(FrameworkChange)).one()
        assert (change.category_id, change.at, change.because) == (
            bought.category.id, AT, "Wages rose."
        )  # fmt: skip
        notice = session.scalars(select(RoundNotice)).one()
        assert notice.sentence == (
            "Category 1a. Optimum price: £3,200.00 (it was £3,140.00). Why: Wages rose."
        )
        assert session.query(Job).filter_by(name="rounds:tell-applicants").count() == 1


def test_a_notice_goes_to_no_round_that_nobody_can_apply_to(bought: Bought) -> None:
    round_ = bought.published().held(closes_at=AT + timedelta(days=20))
    with bought.owner.transaction(OPERATOR) as session:
        session.get_one(Round, round_.id).cancelled_at = AT
    bought.make_dearer("Wages rose.")
    with bought.owner.session(OPERATOR) as session:
        assert session.query(FrameworkChange).count() == 1
        assert session.query(RoundNotice).count() == 0


def test_what_bids_are_judged_by_stands_still_meanwhile(bought: Bought) -> None:
    round_ = bought.published().held(closes_at=AT)
    version = bought.version()
    changes: list[Callable[[ScopedSession], None]] = [
        lambda session: change_award(
            session, bought.actor, bought.framework.id, AWARD, version=version, because="-", at=AT
        ),
        lambda session: set_demands(
            session, bought.actor, bought.framework.id, None,
            Demands({EvidenceKind.ACCOUNTS: None}), version=version, because="-", at=AT,
        ),
    ]  # fmt: skip
    for change in changes:
        with bought.working() as session, pytest.raises(UnderJudgement, match="Second round"):
            change(session)
    with pytest.raises(UnderJudgement):
        bought.make_dearer("Wages rose.")
    with bought.owner.transaction(OPERATOR) as session:
        session.get_one(Round, round_.id).concluded_at = AT
    bought.make_dearer("Wages rose.")


def test_a_framework_that_lacks_something_is_not_published(bought: Bought) -> None:
    with bought.owner.transaction(OPERATOR) as session:
        session.get_one(FrameworkTerms, bought.framework.id).summary = ""
        framework = session.get_one(Framework, bought.framework.id)
        make_category(session, framework=framework, code="1b")
    version = bought.version()
    with bought.working() as session, pytest.raises(NotComplete) as refused:
        publish(session, bought.actor, bought.framework.id, version=version, at=AT)
    assert "Say in a few sentences what is bought" in refused.value.sentence
    assert "Say how the bids for 1b are priced" in refused.value.sentence


def test_only_the_lead_changes_it_and_a_stranger_sees_nothing(bought: Bought) -> None:
    for council, refusal in ((bought.partner, NotTheLead), (bought.stranger, NotFound)):
        other = Actor(bought.by.id, bought.by.name, council.id)
        with bought.working(council) as session, pytest.raises(refusal):
            change_award(session, other, bought.framework.id, AWARD, version=1, because="", at=AT)


def test_a_form_from_before_somebody_elses_change_is_stale(bought: Bought) -> None:
    bought.make_dearer("")  # the framework's next version
    with bought.working() as session, pytest.raises(Stale):
        change_award(
            session, bought.actor, bought.framework.id, AWARD, version=1, because="", at=AT
        )


def test_a_council_joins_at_any_time_and_leaves_only_before_publishing(bought: Bought) -> None:
    def set_to(*councils: Organisation) -> set[object]:
        version = bought.version()
        with bought.database.transaction(Scope(bought.lead.id)) as session:
            set_councils(
                session, bought.actor, bought.framework.id, [one.id for one in councils],
                version=version, because="They asked.", at=AT,
            )  # fmt: skip
        with bought.owner.session(OPERATOR) as session:
            return set(session.scalars(select(FrameworkCouncil.council_id)))

    assert set_to(bought.stranger) == {bought.lead.id, bought.stranger.id}
    bought.make_dearer("")
    bought.published()
    assert len(set_to(bought.stranger, bought.partner)) == 3
    with pytest.raises(Unfit, match="cannot leave a published framework"):
        set_to(bought.partner)
    with bought.owner.transaction(OPERATOR) as session:
        provider = make_provider(session)
    with pytest.raises(NotFound):
        set_to(bought.stranger, bought.partner, provider)


def test_what_is_relied_on_is_not_removed(bought: Bought) -> None:
    lot_id = bought.category.lot_id

    def removed() -> None:
        with bought.database.transaction(Scope(bought.lead.id)) as session:
            remove_category(session, bought.actor, bought.framework.id, bought.category.id, at=AT)
            remove_lot(session, bought.actor, bought.framework.id, lot_id, at=AT)

    with bought.owner.transaction(OPERATOR) as session:
        place = make_place(session, category=bought.category, provider=make_provider(session))
    with pytest.raises(InUse):
        removed()
    with bought.owner.transaction(OPERATOR) as session:
        for price in session.get_one(type(place), place.id).prices:
            session.delete(price)
        session.flush()
        session.delete(session.get_one(type(place), place.id))
    removed()
    with bought.owner.session(OPERATOR) as session:
        assert session.query(Category).count() == 0
