"""Those whom a round concerns are told, and the council never learns who they are."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import inspect, select

from portal.audit.actions import Actor
from portal.frameworks.models import Framework
from portal.frameworks.rounds.clarifications.actions import ask, decline
from portal.frameworks.rounds.clarifications.models import Clarification
from portal.frameworks.rounds.models import Round
from portal.frameworks.rounds.telling import give_notice, tell_suppliers
from portal.frameworks.rules import PlaceState, Regime
from portal.identity.models import Organisation, Person
from portal.identity.rules import Role
from portal.kernel.clock import now_of
from portal.kernel.database import Database
from portal.kernel.local_time import local_date
from portal.kernel.tenancy import Base
from portal.notices.models import Notice
from tests.frameworks.opening.scene import Scene, make_scene
from tests.makers import make_person, make_place, make_provider
from tests.makers.announced import make_clarification
from tests.support.background import RunJobs

FRAMEWORK = "Mentoring and placements"


@pytest.fixture
def scene(app: Flask, owner_database: Database) -> Scene:
    """An open round to which Larkspur has begun an application."""
    return make_scene(app, owner_database)


def told(scene: Scene) -> dict[str, list[str]]:
    """Who was told what, by their organisation's name."""
    with scene.operating() as session:
        found = session.execute(
            select(Organisation.name, Notice.sentence)
            .join(Notice, Notice.organisation_id == Organisation.id)
            .order_by(Notice.id)
        ).all()
    whole: dict[str, list[str]] = {}
    for name, sentence in found:
        whole.setdefault(name, []).append(sentence)
    return whole


def actor(person: Person, organisation: Organisation) -> Actor:
    """Somebody who acts for an organisation."""
    return Actor(person.id, person.name, organisation.id)


def everything_seen(scene: Scene) -> str:
    """Every row that the council's commissioner sees, of every table, as text."""
    with scene.working(scene.openers[0], scene.council) as session:
        return repr(
            [
                [getattr(row, column.key) for column in inspect(mapper.class_).columns]
                for mapper in Base.registry.mappers
                for row in session.query(mapper.class_)
            ]
        )


def test_applicants_and_askers_are_told_and_the_council_sees_nothing_of_it(
    scene: Scene, run_jobs: RunJobs
) -> None:
    with scene.operating() as session:
        asker, rival = (make_provider(session, name=name) for name in ("Asking", "Rival"))
        own = make_person(session, organisation=asker, roles=[Role.BIDS])
        for provider in (asker, rival):
            make_person(session, organisation=provider, roles=[Role.FINANCE])
        make_person(session, organisation=rival, roles=[Role.BIDS])
        make_clarification(session, round_=scene.round, provider=asker, by=own)
        at = now_of(session)
    person = scene.openers[0]
    with scene.working(person, scene.council) as session:
        round_ = session.get_one(Round, scene.round.id)
        give_notice(session, actor(person, scene.council), round_, "Page 2 is new.", at=at)
    run_jobs()
    sentence = f"{FRAMEWORK}: {scene.round.title}: Page 2 is new."
    assert told(scene) == {"Larkspur Mentoring": [sentence], "Asking": [sentence]}
    seen = everything_seen(scene)
    assert "Page 2 is new." in seen
    for hidden in (scene.provider, scene.application):
        assert repr(hidden.id) not in seen and hidden.id.hex not in seen


def test_suppliers_are_told_of_a_new_round(scene: Scene, run_jobs: RunJobs) -> None:
    with scene.operating() as session:
        for name, place in (("On it", PlaceState.ACTIVE), ("Off it", PlaceState.ENDED)):
            provider = make_provider(session, name=name)
            make_person(session, organisation=provider, roles=[Role.BIDS])
            make_place(session, category=scene.category, provider=provider, state=place)
        at = now_of(session)
    with scene.working(scene.openers[0], scene.council) as session:
        tell_suppliers(session, session.get_one(Round, scene.round.id), "It opens.", at=at)
    run_jobs()
    assert told(scene) == {"On it": ["It opens."]}


def test_a_question_reaches_the_council_without_a_name_and_its_end_whoever_asked(
    scene: Scene, run_jobs: RunJobs
) -> None:
    with scene.operating() as session:
        at = now_of(session)
    with scene.working(scene.bidder, scene.provider) as session:
        round_ = session.get_one(Round, scene.round.id)
        by = actor(scene.bidder, scene.provider)
        asked = ask(session, by, round_, asked="May mentors drive?", topic=None, at=at)
    run_jobs()
    both = [f"A question about {FRAMEWORK}: {scene.round.title} waits for an answer"] * 2
    assert told(scene) == {"Aldermoor Council": both}
    person = scene.openers[0]
    with scene.working(person, scene.council) as session:
        round_ = session.get_one(Round, scene.round.id)
        by = actor(person, scene.council)
        decline(session, by, round_, asked.id, reason="It is in the guidance.", at=at)
    run_jobs()
    assert told(scene)["Larkspur Mentoring"] == [
        f"{FRAMEWORK}: {scene.round.title}: your question will not be answered for everybody"
    ]


def test_the_council_is_warned_before_the_laws_last_day_once_a_step(
    scene: Scene, run_jobs: RunJobs
) -> None:
    with scene.operating() as session:
        framework = session.get_one(Framework, scene.framework.id)
        framework.open_framework, framework.light_touch = True, False
        framework.regime = Regime.ACT_2023
        framework.starts_on = date(2024, 9, 1)  # the last day is 31 August 2027
    for day, count in ((1, 0), (30, 0), (31, 2), (32, 2)):
        moment = datetime.fromisoformat("2026-08-01T12:00+00:00") + timedelta(days=day - 1)
        run_jobs(moment, schedules=["rounds:reopening"])
        assert len(told(scene).get("Aldermoor Council", [])) == count, moment
    sentence = "Mentoring and placements must make its next award by 31 August 2027."
    assert told(scene)["Aldermoor Council"] == [sentence] * 2


def test_the_council_is_reminded_of_questions_in_the_last_week(
    scene: Scene, run_jobs: RunJobs
) -> None:
    with scene.operating() as session:
        make_clarification(session, round_=scene.round, provider=scene.provider, by=scene.bidder)
    early = scene.round.closes_at - timedelta(days=7, hours=1)
    run_jobs(early, schedules=["rounds:unanswered"])
    assert told(scene) == {}
    run_jobs(early + timedelta(days=1), schedules=["rounds:unanswered"])
    closes = local_date(scene.round.closes_at)
    (first, second) = told(scene)["Aldermoor Council"]
    assert first == second
    assert first.startswith(
        f"1 question about {FRAMEWORK}: {scene.round.title} to answer before it closes on"
    )
    assert str(closes.year) in first
    with scene.operating() as session:
        session.query(Clarification).update({"closed_at": early})
    run_jobs(early + timedelta(days=2), schedules=["rounds:unanswered"])
    assert len(told(scene)["Aldermoor Council"]) == 2
