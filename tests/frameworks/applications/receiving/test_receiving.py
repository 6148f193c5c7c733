"""An application is received before closing and never at it or after, by the database's clock;
what was received is sealed, and nobody but its provider learns of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

import pytest
from sqlalchemy import select

from portal.audit.actions import Actor
from portal.frameworks.applications.models import Application, Submission
from portal.frameworks.applications.receiving.actions import NotReceived
from portal.frameworks.applications.receiving.rules import (
    check_content,
    say_exactly,
    takes,
    why_not,
)
from portal.frameworks.applications.rules import NotOpen
from portal.frameworks.applications.submitting.actions import take_up, withdraw
from portal.frameworks.rounds.models import LateDoor, Round
from portal.frameworks.sealing.content import SIZE
from portal.kernel import clock
from portal.kernel.clock import database_moment, real_seconds
from tests.frameworks.opening.scene import Scene

CLOSES = datetime(2026, 11, 3, 12, tzinfo=UTC)
TICK = timedelta(microseconds=1)


def a_round(**given: datetime | None) -> Round:
    moments = {
        "announced_at": CLOSES - timedelta(days=30),
        "opens_at": CLOSES - timedelta(days=30),
        "closes_at": CLOSES,
    }
    return Round(**{**moments, **given})


@pytest.mark.parametrize(
    ("after_closing", "late", "taken"),
    [
        (-timedelta(days=31), None, False),
        (-timedelta(days=30), None, True),
        (-TICK, None, True),
        (timedelta(), None, False),
        (TICK, None, False),
        (TICK, timedelta(hours=1), True),
        (timedelta(hours=1) - TICK, timedelta(hours=1), True),
        (timedelta(hours=1), timedelta(hours=1), False),
    ],
)
def test_before_closing_and_not_at_it(
    after_closing: timedelta, late: timedelta | None, taken: bool
) -> None:
    late_until = None if late is None else CLOSES + late
    assert takes(a_round(), late_until, CLOSES + after_closing) is taken


@pytest.mark.parametrize("event", ["cancelled_at", "opened_at"])
def test_a_late_door_ends_with_the_opening(event: str) -> None:
    round_ = a_round(**{event: CLOSES + timedelta(minutes=5)})
    assert not takes(round_, CLOSES + timedelta(hours=1), CLOSES + timedelta(minutes=6))


def test_the_refusal_says_the_recorded_time() -> None:
    at = CLOSES + timedelta(milliseconds=251)
    assert say_exactly(at) == "3 November 2026 at 12:00:00.251"
    assert why_not(a_round(), None, at) == (
        "This round closed on 3 November 2026 at midday. "
        "Your application arrived on 3 November 2026 at 12:00:00.251, so it was not received."
    )
    early = why_not(a_round(), None, CLOSES - timedelta(days=40))
    assert early.startswith("This round opens on 4 October 2026")
    cancelled = a_round(cancelled_at=CLOSES)
    assert why_not(cancelled, None, at).startswith("This round was cancelled. ")


@pytest.mark.parametrize(
    "content",
    [
        {"categories": ["9z"], "prices": {}, "answers": {}},
        {"categories": [], "prices": {"1a": {"": 4150}}, "answers": {}},
        {"categories": ["1a"], "prices": {"1a": {"": 0}}, "answers": {}},
        {"categories": ["1a"], "prices": {"1a": {"": "41.50"}}, "answers": {}},
        {"categories": ["1a"], "prices": {}, "answers": {"approach": "ours"}},
    ],
)
def test_what_could_not_be_opened_is_not_sealed(content: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"category|pence|UUID"):
        check_content(content, ["1a"])


def test_each_submission_is_sealed_numbered_and_receipted(scene: Scene) -> None:
    first, second = scene.submit("43.00"), scene.submit("41.50")
    assert (first.number, second.number) == (1, 2)
    assert len({first.reference, second.reference, first.digest, second.digest}) == 4
    assert len(first.sealed) == len(second.sealed) == SIZE + 48
    assert abs(second.received_at.timestamp() - real_seconds()) < 60
    recorded = scene.events("applications:submission:received")
    assert [one.provider_id for one in recorded] == [scene.provider.id] * 2
    assert [one.council_id for one in recorded] == [None] * 2
    assert [set(one.details) for one in recorded] == [{"reference", "digest"}] * 2


def test_a_late_one_is_refused_and_recorded_with_its_time(scene: Scene) -> None:
    scene.clock(scene.round.closes_at)
    with pytest.raises(NotReceived) as refused:
        scene.submit()
    assert refused.value.received_at >= scene.round.closes_at
    assert say_exactly(refused.value.received_at) in refused.value.sentence
    assert scene.count(Submission) == 0


@pytest.mark.parametrize(
    ("wrong_by", "late"), [(timedelta(days=9), False), (-timedelta(days=9), True)]
)
def test_the_databases_clock_decides_whatever_the_process_thinks(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, wrong_by: timedelta, late: bool
) -> None:
    class Wrong(datetime):
        """The clock of a web process that runs wrong."""

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Wrong:
            return super().now(tz) + wrong_by

    if late:
        scene.close()
    monkeypatch.setattr(clock, "datetime", Wrong)
    with scene.working(scene.bidder, scene.provider) as session:
        own = session.get_one(Application, scene.application.id)
        actor = Actor(scene.bidder.id, scene.bidder.name, scene.provider.id)
        if late:
            with pytest.raises(NotOpen):
                withdraw(session, actor, own)
            with pytest.raises(NotOpen):
                take_up(session, actor, own)
        else:
            withdraw(session, actor, own)
            take_up(session, actor, own)
    if late:
        with pytest.raises(NotReceived):
            scene.submit()
    else:
        assert scene.submit().received_at < scene.round.closes_at


def test_the_databases_clock_follows_the_demonstrations(scene: Scene) -> None:
    moment = datetime(2031, 5, 4, 9, tzinfo=UTC)
    scene.clock(moment)
    with scene.working(scene.bidder, scene.provider) as session:
        assert timedelta() <= database_moment(session) - moment < timedelta(minutes=1)


def test_sending_again_takes_up_what_was_withdrawn(scene: Scene) -> None:
    with scene.operating() as session:
        session.get_one(Application, scene.application.id).withdrawn_at = scene.round.opens_at
    scene.submit()
    with scene.operating() as session:
        assert session.get_one(Application, scene.application.id).withdrawn_at is None


def test_a_late_door_lets_its_provider_in_and_is_noted(scene: Scene) -> None:
    on_time = scene.submit()
    first, second = scene.openers
    with scene.operating() as session:
        session.add(
            LateDoor(
                round_id=scene.round.id, framework_id=scene.framework.id,
                lead_council_id=scene.council.id, provider_id=scene.provider.id,
                provider_name=scene.provider.name, reason="The power failed",
                until=scene.round.closes_at + timedelta(hours=1),
                asked_by_id=first.id, asked_by_name=first.name, asked_at=scene.round.opens_at,
            )
        )  # fmt: skip
    scene.close()
    with pytest.raises(NotReceived):
        scene.submit()
    with scene.operating() as session:
        door = session.scalars(select(LateDoor)).one()
        door.agreed_by_id, door.agreed_by_name = second.id, second.name
        door.agreed_at = scene.round.closes_at
    late = scene.submit()
    assert (on_time.late_door_id, late.late_door_id) == (None, door.id)
