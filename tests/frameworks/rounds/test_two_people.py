"""A later closing and a late door take two people; a question is answered without a name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from portal.audit.models import AuditEvent
from portal.frameworks.rounds.clarifications.models import Clarification, PublishedAnswer
from portal.frameworks.rounds.events import Event
from portal.frameworks.rounds.models import LateDoor, Round, RoundExtension, RoundNotice
from portal.frameworks.rounds.queries import bids_openable_from, late_door
from portal.identity.rules import Role
from portal.kernel.clock import set_clock
from portal.kernel.tenancy import Scope
from tests.dealings import AT
from tests.frameworks.rounds.scene import boxes, changing, newest, open_round
from tests.makers import make_person, sign_in
from tests.makers.announced import make_clarification
from tests.support.visits import Visitor, Visits


def colleague(visits: Visits, email: str = "") -> Visitor:
    """Another commissioner's browser, of the council that runs the rounds."""
    with changing(visits) as session:
        person = make_person(
            session, organisation=visits.world.copperholt, roles=[Role.COMMISSIONER], email=email
        )
    client = visits.app.test_client()
    sign_in(client, person)
    return Visitor(visits.app, client)


def test_a_round_closes_later_when_a_second_person_agrees(visits: Visits) -> None:
    world = visits.world
    round_ = open_round(visits, "Extended")
    path = f"/rounds/{round_.id}/extension"
    asker = visits.by(world.copperholt, Role.COMMISSIONER)
    sooner = asker.send(path, {**boxes("closes", AT + timedelta(days=9)), "reason": "Sooner"})
    assert sooner.status == 422
    assert "Choose a moment after 30 May 2026 at 10am, when the round closes now" in sooner.words

    later = {**boxes("closes", AT + timedelta(days=40)), "reason": "The holidays"}
    assert asker.send(path, later).status == 303
    asked = newest(visits, RoundExtension, round_id=round_.id)
    own = asker.open(path)
    assert "Somebody else has to agree" in own.words and "Agree to close later" not in own.words
    alone = asker.send(f"{path}/{asked.id}/agree", {})
    assert alone.status == 409 and "one person cannot do both" in alone.words
    assert asker.send(path, later).status == 409, "one request at a time"
    mailbox = world.person(world.copperholt, Role.COMMISSIONER).email
    twin = colleague(visits, mailbox.replace("@", "+second@"))
    assert twin.send(f"{path}/{asked.id}/agree", {}).status == 409, "the same mailbox"
    assert newest(visits, Round, id=round_.id).closes_at == round_.closes_at

    second = colleague(visits)
    assert "Agree to close later" in second.open(path).words
    assert second.send(f"{path}/{asked.id}/agree", {}).status == 303
    kept = newest(visits, Round, id=round_.id)
    assert kept.closes_at == asked.closes_at
    assert kept.advertised_closes_at == round_.closes_at, "both closings are kept"
    notice = newest(visits, RoundNotice, round_id=round_.id)
    assert notice.sentence == "This round now closes on 9 June 2026 at midday. The holidays"
    assert "first advertised as 30 May 2026" in asker.open(f"/rounds/{round_.id}").words
    assert second.send(f"{path}/{asked.id}/agree", {}).status == 409, "once"
    event = newest(visits, AuditEvent, event=Event.EXTENSION_AGREED.value)
    assert event.details["until"] == "9 June 2026 at midday"


def test_a_later_closing_may_be_refused_and_never_after_closing(visits: Visits) -> None:
    world = visits.world
    round_ = open_round(visits, "Not extended")
    path = f"/rounds/{round_.id}/extension"
    asker = visits.by(world.copperholt, Role.COMMISSIONER)
    later = {**boxes("closes", AT + timedelta(days=40)), "reason": "The holidays"}
    asker.send(path, later)
    first = newest(visits, RoundExtension, round_id=round_.id)
    second = colleague(visits)
    assert second.send(f"{path}/{first.id}/refuse", {}).status == 303
    assert newest(visits, Round, id=round_.id).closes_at == round_.closes_at
    asker.send(path, later)
    again = newest(visits, RoundExtension, round_id=round_.id)
    with changing(visits) as session:
        set_clock(session, round_.closes_at)
    try:
        late = second.send(f"{path}/{again.id}/agree", {})
        assert late.status == 409 and "closed" in late.words
    finally:
        with changing(visits) as session:
            set_clock(session, AT)
    assert newest(visits, Round, id=round_.id).closes_at == round_.closes_at


def test_the_database_holds_the_second_person_and_the_deadline(visits: Visits) -> None:
    hanging = visits.world.advertised.of_round
    for changed in (
        update(RoundExtension)
        .where(RoundExtension.id == hanging.extension.id)
        .values(agreed_by_id=RoundExtension.asked_by_id),
        update(LateDoor)
        .where(LateDoor.id == hanging.door.id)
        .values(agreed_by_id=LateDoor.asked_by_id),
        update(Round)
        .where(Round.id == visits.world.advertised.round.id)
        .values(closes_at=AT + timedelta(days=2)),
    ):
        with pytest.raises(IntegrityError), changing(visits) as session:
            session.execute(changed.execution_options(synchronize_session=False))


def test_one_provider_is_let_in_late_by_two_people(visits: Visits) -> None:
    world = visits.world
    round_ = open_round(visits, "With a late door", closes_at=AT - timedelta(hours=1))
    path = f"/rounds/{round_.id}/late-doors"
    asker = visits.by(world.copperholt, Role.COMMISSIONER)
    typed = {
        "provider": "Nettlewood Homes",
        "reason": "Its line was down",
        **boxes("until", AT + timedelta(days=1)),
    }
    nobody = asker.send(f"{path}/new", {**typed, "provider": "Nettlewood"})
    assert nobody.status == 422 and "No provider of that name is registered" in nobody.words
    past = asker.send(f"{path}/new", {**typed, **boxes("until", AT - timedelta(days=1))})
    assert past.status == 422 and "Choose a moment after" in past.words
    assert asker.send(f"{path}/new", typed).status == 303
    twice = asker.send(f"{path}/new", typed)
    assert twice.status == 422 and "There is a late door for that provider already" in twice.words
    door = newest(visits, LateDoor, round_id=round_.id)
    assert asker.send(f"{path}/{door.id}/agree", {}).status == 409

    bidder = visits.by(world.nettlewood, Role.BIDS)
    assert "You can submit until" not in bidder.open(f"/rounds/{round_.id}").words
    second = colleague(visits)
    assert "Its line was down" in second.open(path).words
    assert second.send(f"{path}/{door.id}/agree", {}).status == 303
    assert "you can submit until 1 May 2026 at midday" in bidder.open(f"/rounds/{round_.id}").words
    rival = visits.by(world.larkspur, Role.BIDS)
    assert "Its line was down" not in rival.open(f"/rounds/{round_.id}").words
    with visits.standing.application.session(Scope(world.copperholt.id)) as session:
        assert bids_openable_from(session, round_) == door.until
        assert late_door(session, round_.id, world.nettlewood.id) is not None
        assert late_door(session, round_.id, world.larkspur.id) is None
    assert "when the last late door shuts" in asker.open(f"/rounds/{round_.id}").words
    event = newest(visits, AuditEvent, event=Event.LATE_DOOR_AGREED.value)
    assert (event.council_id, event.provider_id) == (world.copperholt.id, world.nettlewood.id)


def test_a_refused_door_may_be_asked_for_again(visits: Visits) -> None:
    world = visits.world
    round_ = open_round(visits, "Refused once", closes_at=AT - timedelta(hours=1))
    path = f"/rounds/{round_.id}/late-doors"
    asker = visits.by(world.copperholt, Role.COMMISSIONER)
    typed = {
        "provider": "Larkspur Mentoring",
        "reason": "Illness",
        **boxes("until", AT + timedelta(days=1)),
    }
    asker.send(f"{path}/new", typed)
    door = newest(visits, LateDoor, round_id=round_.id)
    assert asker.send(f"{path}/{door.id}/refuse", {}).status == 303
    assert asker.send(f"{path}/new", {**typed, "reason": "A flood"}).status == 303
    again = newest(visits, LateDoor, round_id=round_.id)
    assert (again.id, again.reason, again.refused_at) == (door.id, "A flood", None)


def test_a_question_is_asked_in_private_and_answered_for_everybody(visits: Visits) -> None:
    world = visits.world
    round_ = open_round(visits, "Asked about")
    bidder = visits.by(world.nettlewood, Role.BIDS)
    ask = f"/rounds/{round_.id}/clarifications/ask"
    form = bidder.open(ask)
    lot = next(value for value in form.values("about") if value.startswith("lot-"))
    assert bidder.send(ask, {"about": lot, "asked": ""}).status == 422
    asked = "Nettlewood Homes asks: may mentors drive?"
    assert bidder.send(ask, {"about": lot, "asked": asked}).status == 303
    assert asked in bidder.open(f"/rounds/{round_.id}").words
    event = newest(visits, AuditEvent, event=Event.QUESTION_ASKED.value)
    assert (event.council_id, event.organisation_id) == (None, world.nettlewood.id)

    runner = visits.by(world.copperholt, Role.COMMISSIONER)
    queue = f"/rounds/{round_.id}/clarifications"
    assert runner.open(queue).rows[0].startswith("Nettlewood Homes asks: may mentors drive? Lot 1")
    waiting = newest(visits, Clarification, round_id=round_.id)
    answer = f"{queue}/{waiting.id}"
    typed = {"asked": asked, "answer": "Yes, if they are insured."}
    named = runner.send(answer, typed)
    assert named.status == 422
    assert "Take out “Nettlewood Homes”: everybody would learn who asked" in named.words
    assert newest(visits, PublishedAnswer, round_id=round_.id) is None
    assert runner.send(answer, {**typed, "asked": "May mentors drive?"}).status == 303
    published = newest(visits, PublishedAnswer, round_id=round_.id)
    assert published.lot_id is not None and str(published.lot_id) in lot
    rival = visits.by(world.larkspur, Role.BIDS).open(f"/rounds/{round_.id}").words
    assert "May mentors drive?" in rival and "Yes, if they are insured." in rival
    assert "Nettlewood" not in rival
    assert runner.send(answer, typed).status == 409, "once"
    assert "Answered" in runner.open(f"{queue}?state=closed").rows[0]


def test_a_question_may_be_declined_with_a_reason_for_who_asked(visits: Visits) -> None:
    world = visits.world
    round_ = open_round(visits, "Asked in vain")
    with changing(visits) as session:
        waiting = make_clarification(
            session, round_=round_, provider=world.nettlewood,
            by=world.person(world.nettlewood, Role.BIDS),
        )  # fmt: skip
    runner = visits.by(world.copperholt, Role.COMMISSIONER)
    path = f"/rounds/{round_.id}/clarifications/{waiting.id}/decline"
    assert runner.send(path, {"reason": ""}).status == 422
    assert runner.send(path, {"reason": "It stands in the guidance."}).status == 303
    own = visits.by(world.nettlewood, Role.BIDS).open(f"/rounds/{round_.id}").words
    assert "Not answered: It stands in the guidance." in own
    rival = visits.by(world.larkspur, Role.BIDS).open(f"/rounds/{round_.id}").words
    assert "It stands in the guidance." not in rival


def test_questions_end_before_closing(visits: Visits) -> None:
    round_ = open_round(visits, "No more questions")
    with changing(visits) as session:
        session.get_one(Round, round_.id).questions_until = AT - timedelta(minutes=1)
    bidder = visits.by(visits.world.nettlewood, Role.BIDS)
    path = f"/rounds/{round_.id}/clarifications/ask"
    late = bidder.send(path, {"about": "round", "asked": "Too late?"})
    assert late.status == 409 and "Questions could be asked until" in late.words
    assert bidder.open(path).status == 409
    assert "Ask a question" not in bidder.open(f"/rounds/{round_.id}").words
