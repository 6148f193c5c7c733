"""What a round asks of people on their home page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from portal.frameworks.evaluation.models import Evaluator
from portal.frameworks.evaluation.rules import Duty
from portal.frameworks.models import Framework
from portal.frameworks.rounds.models import Round
from portal.frameworks.rules import Regime
from portal.identity.models import Organisation
from portal.identity.rules import Role
from portal.kernel.clock import set_clock
from portal.kernel.database import ScopedSession
from portal.kernel.tenancy import Scope, Task
from tests.home.test_home import needs
from tests.makers import (
    make_application,
    make_framework,
    make_open_round,
    make_opened_round,
    make_person,
    make_provider,
    sign_in,
)
from tests.makers.rounds import make_round
from tests.support.visits import Visitor, Visits

OPERATOR = Scope.system(Task.OPERATOR)
SPRING = "Advertised to everybody: Spring applications"
MAY_2 = datetime(2026, 5, 2, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def later(visits: Visits) -> Visits:
    """The world on 2 May 2026, while the round that everybody reads is open."""
    with _changing(visits) as session:
        set_clock(session, MAY_2)
    return visits


@contextmanager
def _changing(visits: Visits) -> Iterator[ScopedSession]:
    with visits.standing.owner.transaction(OPERATOR) as session:
        yield session


def test_whoever_runs_a_round_sees_questions_and_what_waits_for_a_second_person(
    later: Visits,
) -> None:
    world = later.world
    with _changing(later) as session:
        second = make_person(session, organisation=world.copperholt, roles=[Role.COMMISSIONER])
    client = later.app.test_client()
    sign_in(client, second)
    beside = ("the notice from", "about its changed bank account")
    found = [
        one
        for one in needs(Visitor(later.app, client))
        if not any(words in one[0] for words in beside)
    ]
    assert found[:3] == [
        (
            f"Answer 1 question about {SPRING}",
            "due in 28 days, 30 May 2026 at 10am",
            "To answer",
        ),
        (
            f"Commissioner of Copperholt asks that {SPRING} closes later",
            "due in 28 days, 30 May 2026 at 10am",
            "To agree",
        ),
        (
            "Commissioner of Copperholt asks to let Nettlewood Homes in late",
            "due in 29 days, 31 May 2026 at 10am",
            "To agree",
        ),
    ]
    asker = needs(later.by(world.copperholt, Role.COMMISSIONER))
    assert [tag for *_, tag in asker].count("To agree") == 0, "nobody agrees to their own"


def test_the_laws_clock_stands_on_the_home_page_from_a_year_before(later: Visits) -> None:
    world = later.world
    with _changing(later) as session:
        framework = session.get_one(Framework, world.apart.id)
        framework.open_framework, framework.light_touch = True, False
        framework.regime = Regime.ACT_2023
        framework.starts_on = framework.starts_on.replace(year=2023)
    found = needs(later.by(world.copperholt, Role.COMMISSIONER))
    assert (
        "Open Copperholt alone to applications again",
        "due in 121 days, 31 August 2026",
        "Within a year",
    ) in found


def test_somebody_named_to_open_is_told_when_they_can(later: Visits) -> None:
    world = later.world
    visitor = later.by(world.copperholt, Role.COUNCIL_ADMINISTRATOR)
    words = visitor.open("/").words
    assert "Open the bids" not in words
    with _changing(later) as session:
        set_clock(session, world.advertised.round.closes_at + timedelta(minutes=1))
    try:
        assert (f"Open the bids of {SPRING}, with the second person",
                "since 30 May 2026 at 10am", "To open") in needs(visitor)  # fmt: skip
    finally:
        with _changing(later) as session:
            set_clock(session, MAY_2)


def test_a_bidder_sees_what_is_not_submitted_and_what_can_be_applied_to(later: Visits) -> None:
    world = later.world
    page = later.by(world.millstone, Role.BIDS).open("/")
    assert "Rounds to apply to 1" in page.words
    with _changing(later) as session:
        round_ = session.get_one(Round, world.advertised.round.id)
        make_application(session, round_=round_, provider=world.millstone)
    page = later.by(world.millstone, Role.BIDS).open("/")
    assert (
        "Submit Spring applications, Advertised to everybody",
        "due in 28 days, 30 May 2026 at 10am",
        "Not submitted yet",
    ) in needs(later.by(world.millstone, Role.BIDS))
    assert "Rounds to apply to 0" not in page.words
    assert page.link("Rounds to apply to") == "/opportunities"
    council = later.by(world.copperholt, Role.COMMISSIONER).open("/").words
    assert "Millstone" not in council, "nobody learns who applies"


def test_an_evaluator_sees_what_to_declare_and_to_score(later: Visits) -> None:
    world = later.world
    visitor = later.by(world.copperholt, Role.EVALUATOR)
    assert "Nothing waits for you" in visitor.open("/").words
    person = world.person(world.copperholt, Role.EVALUATOR)
    with _changing(later) as session:
        framework = session.get_one(Framework, world.advertised.framework.id)
        round_ = make_opened_round(
            session, framework=framework, bids={world.nettlewood.id: {"1a": "42.00"}},
            title="Late applications", closes_at=MAY_2 - timedelta(days=3),
        )  # fmt: skip
        round_.evaluating_at = MAY_2
        evaluator = Evaluator(
            round_id=round_.id, person_id=person.id, framework_id=framework.id,
            lead_council_id=framework.lead_council_id, council_id=world.copperholt.id,
            duty=Duty.EVALUATOR, name=person.name, mailbox="evaluator", named_by_name="Somebody",
            named_at=MAY_2,
        )  # fmt: skip
        session.add(evaluator)
    assert needs(visitor)[0][::2] == (
        "Declare conflicts in Advertised to everybody: Late applications",
        "To declare",
    )
    with _changing(later) as session:
        session.get_one(Evaluator, (evaluator.round_id, person.id)).declared_at = MAY_2
    assert needs(visitor)[0][::2] == (
        "Score Advertised to everybody: Late applications",
        "To score",
    )
    with _changing(later) as session:
        moderating = make_person(
            session, organisation=world.copperholt, roles=[Role.EVALUATOR], password=None
        )
        session.add(Evaluator(
            round_id=round_.id, person_id=moderating.id, framework_id=framework.id,
            lead_council_id=framework.lead_council_id, council_id=world.copperholt.id,
            duty=Duty.MODERATOR, name=moderating.name, mailbox="moderator", named_by_name="X",
            named_at=MAY_2, declared_at=MAY_2,
        ))  # fmt: skip
    client = later.app.test_client()
    sign_in(client, moderating)
    moderator = Visitor(later.app, client)
    words = moderator.open("/").words
    assert "Being scored" in words
    assert "To moderate" not in words
    with _changing(later) as session:
        session.get_one(Evaluator, (evaluator.round_id, person.id)).finished_at = MAY_2
    assert needs(moderator)[0][::2] == (
        "Moderate Advertised to everybody: Late applications",
        "To moderate",
    )


def test_more_rounds_take_no_more_queries(later: Visits) -> None:
    world = later.world
    who = [later.by(world.copperholt, Role.COMMISSIONER), later.by(world.nettlewood, Role.BIDS)]
    before = [visitor.open("/").statements for visitor in who]
    with _changing(later) as session:
        framework = session.get_one(Framework, world.advertised.framework.id)
        for number in range(8):
            make_round(
                session, framework=framework, title=f"Draft {number}",
                opens_at=MAY_2 + timedelta(days=9), closes_at=MAY_2 + timedelta(days=19),
                made_by=world.person(world.copperholt, Role.COMMISSIONER),
            )  # fmt: skip
    assert [visitor.open("/").statements for visitor in who] == before


def test_a_bidder_with_nothing_to_do_is_told_which_round_closes_next(later: Visits) -> None:
    with _changing(later) as session:
        bidder = make_person(session, organisation=make_provider(session), roles=[Role.BIDS])
        lead = session.get_one(Organisation, later.world.copperholt.id)
        make_open_round(
            session, framework=make_framework(session, lead=lead),
            closes_at=MAY_2 + timedelta(days=40),
        )  # fmt: skip
    client = later.app.test_client()
    sign_in(client, bidder)
    words = Visitor(later.app, client).open("/").words
    assert "Nothing waits for you. The next round to close does so on 30 May 2026 at 10am." in words
