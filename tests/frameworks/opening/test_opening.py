"""Two people open a round after closing, together; nobody opens it earlier, alone, or twice as
one person, and whoever tries is recorded (promise 10)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from portal.frameworks.applications.models import Application, ApplicationFile, Submission
from portal.frameworks.applications.opened import Bid, BidPrice
from portal.frameworks.opening.events import Event
from portal.frameworks.opening.models import OpenedSubmission
from portal.frameworks.opening.rules import WhyNot
from portal.frameworks.questions.models import Question
from portal.frameworks.questions.rules import QuestionKind
from portal.frameworks.rounds.models import LateDoor, Round, RoundOpener
from portal.frameworks.sealing.boxes import KeyPair, seal
from portal.identity.models import Person
from portal.identity.rules import Role
from portal.kernel.database import working_as
from portal.kernel.files import StoredFile
from portal.kernel.money import Money
from portal.kernel.tenancy import Scope, Task
from tests.frameworks.opening.scene import Scene, commissioner
from tests.makers import (
    make_council,
    make_membership,
    make_open_round,
    make_person,
    make_provider,
    make_submission,
)
from tests.makers.applications import make_application_file
from tests.makers.files import make_stored_file
from tests.makers.questions import make_question
from tests.makers.rounds import PHRASE, make_opener, make_opener_key


def refused(scene: Scene) -> list[str]:
    """Why each share that was not taken was not, as the record has it."""
    return [one.details["why"] for one in scene.events(Event.REFUSED)]


def test_two_people_open_the_bids_after_closing(scene: Scene) -> None:
    scene.submit("43.00")
    scene.submit("41.50")
    first, second = scene.openers
    scene.close()

    page = scene.browser(first).get(f"/rounds/{scene.round.id}/opening").text
    assert "Give your share" in page and "You are the first" in page
    assert scene.give(first).status_code == 303
    assert not scene.is_opened()
    assert scene.give(second).status_code == 303

    assert scene.is_opened()
    with scene.working(second, scene.council) as session:
        bid = session.scalars(select(Bid)).one()
        price = session.scalars(select(BidPrice)).one()
        assert (bid.provider_id, bid.category_id) == (scene.provider.id, scene.category.id)
        assert price.price == Money.pounds("41.50"), "the last complete one counts"
        kept = session.scalars(select(RoundOpener)).all()
        assert [(one.share, one.given) for one in kept] == [(None, None)] * 2
    (opened,) = scene.events(Event.OPENED)
    assert opened.details == {"applications": 1, "altered": 0}
    (of_provider,) = scene.events(Event.APPLICATION_OPENED)
    assert of_provider.provider_id == scene.provider.id
    page = scene.browser(first).get(f"/rounds/{scene.round.id}/opening").text
    assert "Applications opened" in page and "Give your share" not in page


def test_a_file_that_was_not_submitted_stays_the_providers(scene: Scene) -> None:
    with scene.operating() as session:
        asks = make_question(session, round_=scene.round, kind=QuestionKind.FILE)
        tried, sent = (
            make_application_file(
                session,
                application=scene.application,
                question=session.get_one(Question, asks.question_id),
                file=make_stored_file(session, provider=scene.provider, name=name),
            )
            for name in ("First try.pdf", "Policy.pdf")
        )
    scene.submit(answers={asks.id: str(sent.file_id)})
    first, second = scene.openers
    scene.close()
    scene.give(first)
    scene.give(second)
    for person, organisation, files in (
        (second, scene.council, {sent.file_id}),
        (second, scene.partner, {sent.file_id}),
        (scene.bidder, scene.provider, {tried.file_id, sent.file_id}),
    ):
        with scene.working(person, organisation) as session:
            assert set(session.scalars(select(ApplicationFile.file_id))) == files
            assert set(session.scalars(select(StoredFile.id))) == files


def test_nobody_opens_it_before_it_closes(scene: Scene) -> None:
    scene.clock(scene.round.closes_at - timedelta(seconds=30))
    for person in scene.openers:
        answer = scene.give(person)
        assert answer.status_code == 409
        assert "Nobody can open it before" in answer.text
    assert not scene.is_opened()
    assert refused(scene) == [WhyNot.TOO_EARLY] * 2
    assert scene.count(RoundOpener, RoundOpener.given.is_not(None)) == 0


def test_nobody_opens_it_while_a_provider_may_still_come_late(scene: Scene) -> None:
    first, second = scene.openers
    with scene.operating() as session:
        session.add(
            LateDoor(
                round_id=scene.round.id,
                framework_id=scene.framework.id,
                lead_council_id=scene.council.id,
                provider_id=scene.provider.id,
                provider_name=scene.provider.name,
                until=scene.round.closes_at + timedelta(hours=2),
                reason="The power failed",
                asked_by_id=first.id,
                asked_by_name=first.name,
                asked_at=scene.round.opens_at,
                agreed_by_id=second.id,
                agreed_by_name=second.name,
                agreed_at=scene.round.opens_at,
            )
        )
    scene.close()
    assert "may still send its bid" in scene.give(first).text
    assert refused(scene) == [WhyNot.TOO_EARLY]
    scene.submit()
    scene.clock(scene.round.closes_at + timedelta(hours=2, seconds=1))
    scene.give(first)
    scene.give(second)
    assert scene.is_opened()
    assert scene.count(Submission, Submission.late_door_id.is_not(None)) == 1
    assert scene.count(Bid) == 1


def test_one_person_twice_is_one_person(scene: Scene) -> None:
    first, _ = scene.openers
    with scene.operating() as session:
        make_membership(
            session, person=first, organisation=scene.partner, roles=[Role.COMMISSIONER]
        )
    scene.close()
    assert scene.give(first).status_code == 303
    again = scene.give(first)
    assert again.status_code == 409 and "The other person must give theirs" in again.text
    assert scene.give(first, organisation=scene.partner).status_code == 409
    assert not scene.is_opened()
    assert refused(scene) == [WhyNot.GIVEN, WhyNot.NOT_NAMED]


def test_a_second_account_of_whoever_gave_a_share_opens_nothing(scene: Scene) -> None:
    """Also where the address became the same only after both were named."""
    scene.submit()
    first, second = scene.openers
    with scene.operating() as session:
        session.get_one(Person, second.id).email = first.email.replace("@", "+again@")
    scene.close()
    assert scene.give(first).status_code == 303
    again = scene.give(second)
    assert again.status_code == 409 and "under another account of yours" in again.text
    assert not scene.is_opened()
    assert refused(scene) == [WhyNot.SAME_PERSON]


def test_one_person_cannot_be_named_twice(scene: Scene) -> None:
    first, _ = scene.openers
    with pytest.raises(IntegrityError), scene.operating() as session:
        make_opener(session, round_=scene.round, person=first, council=scene.council)


def test_a_second_account_of_an_opener_cannot_be_named(scene: Scene) -> None:
    first, _ = scene.openers
    with scene.operating() as session:
        mailbox = session.get_one(RoundOpener, (scene.round.id, first.id)).mailbox
    assert mailbox is not None
    with pytest.raises(IntegrityError), scene.operating() as session:
        session.execute(update(RoundOpener).values(mailbox=mailbox))


def test_whoever_is_not_named_opens_nothing(scene: Scene) -> None:
    first, _ = scene.openers
    with scene.operating() as session:
        third = commissioner(session, scene.council)
        make_opener_key(session, person=third, council=scene.council, number=2)
        evaluator = make_person(session, organisation=scene.council, roles=[Role.EVALUATOR])
        stranger = make_council(session)
        foreign = commissioner(session, stranger)
    scene.close()
    scene.give(first)
    assert scene.give(third).status_code == 409
    assert scene.give(evaluator).status_code == 403
    assert scene.give(scene.bidder, organisation=scene.provider).status_code == 403
    assert scene.give(foreign, organisation=stranger).status_code == 404
    assert not scene.is_opened()
    assert refused(scene) == [WhyNot.NOT_NAMED]
    assert len(scene.events("refusals:page:refused")) == 3


def test_another_pass_phrase_opens_nothing(scene: Scene) -> None:
    first, second = scene.openers
    scene.close()
    scene.give(first)
    answer = scene.give(second, phrase="heron lantern orchard friday")
    assert answer.status_code == 422 and "This is not the pass phrase of your key" in answer.text
    assert scene.give(second, phrase="").status_code == 422
    assert not scene.is_opened()
    assert refused(scene) == [WhyNot.WRONG_PHRASE]


def test_a_cancelled_round_is_never_opened(scene: Scene) -> None:
    scene.close()
    with scene.operating() as session:
        session.get_one(Round, scene.round.id).cancelled_at = scene.round.closes_at
    assert "never opened" in scene.give(scene.openers[0]).text
    assert refused(scene) == [WhyNot.CANCELLED]


def test_an_open_round_is_not_opened_again(scene: Scene) -> None:
    scene.close()
    for person in scene.openers:
        scene.give(person)
    answer = scene.give(scene.openers[0])
    assert answer.status_code == 409 and "was opened on" in answer.text
    assert refused(scene) == [WhyNot.OPENED]
    assert len(scene.events(Event.OPENED)) == 1


def test_what_was_put_in_place_of_a_share_opens_nothing(scene: Scene) -> None:
    """Somebody who can write to the database has the other share sealed to their own key."""
    first, second = scene.openers
    with scene.operating() as session:
        other = make_open_round(
            session, framework=scene.framework, openers=scene.openers, title="Another round"
        )
        of_other = session.get_one(RoundOpener, (other.id, first.id)).share
        key = make_opener_key(session, person=first, council=scene.council)
        forged = seal(scene.round.id.bytes + b"\1" + bytes(64), to=key.public_key)
        shares = {"another round's": of_other, "invented": forged, "broken": b"nothing"}
    scene.close()
    scene.give(second)
    for share in shares.values():
        with scene.operating() as session:
            session.get_one(RoundOpener, (scene.round.id, first.id)).share = share
        assert scene.give(first).status_code == 409
        assert not scene.is_opened()
    assert refused(scene) == [WhyNot.NOT_ITS_KEY] * 3


def test_the_council_sees_nothing_of_an_application_before(scene: Scene) -> None:
    scene.submit()
    scene.close()
    scene.give(scene.openers[0])
    with scene.working(scene.openers[0], scene.council) as session:
        for model in (Application, Submission, Bid, BidPrice, OpenedSubmission):
            assert session.scalars(select(model)).all() == []
    received = scene.events("applications:submission:received")
    assert [one.council_id for one in received] == [None]


def test_what_was_withdrawn_stays_closed(scene: Scene) -> None:
    scene.submit()
    with scene.operating() as session:
        other = make_provider(session)
        make_submission(session, round_=scene.round, provider=other)
        session.get_one(Application, scene.application.id).withdrawn_at = scene.round.opens_at
    scene.close()
    for person in scene.openers:
        scene.give(person)
    with scene.operating() as session:
        assert [one.provider_id for one in session.scalars(select(Bid))] == [other.id]


def test_an_altered_bid_gives_no_bid_and_holds_nobody_up(scene: Scene) -> None:
    """Its bytes changed, another sealed in its place, its digest or its time changed."""
    kept = scene.submit()
    with scene.operating() as session:
        altered = [
            make_submission(session, round_=scene.round, provider=make_provider(session))
            for _ in range(4)
        ]
        broken, replaced, digest, time = altered
        broken.sealed = broken.sealed[:-1] + bytes([broken.sealed[-1] ^ 1])
        replaced.sealed = session.get_one(Submission, kept.id).sealed
        digest.digest = kept.digest
        time.received_at -= timedelta(days=1)
    scene.close()
    for person in scene.openers:
        scene.give(person)
    assert scene.count(Bid) == 1
    assert scene.count(OpenedSubmission, OpenedSubmission.salt.is_(None)) == 4
    assert len(scene.events(Event.APPLICATION_ALTERED)) == 4
    page = scene.browser(scene.openers[0]).get(f"/rounds/{scene.round.id}/opening").text
    assert "4 applications cannot be read" in page


def test_the_task_of_rounds_alone_reads_no_price(scene: Scene) -> None:
    """What the portal itself may read before opening is sealed, and its keys are in no place."""
    scene.submit("41.50")
    with (
        scene.working(scene.openers[0], scene.council) as session,
        working_as(session, Scope.system(Task.ROUNDS)),
    ):
        sealed = session.scalars(select(Submission.sealed)).one()
    assert b"4150" not in sealed
    with pytest.raises(ValueError, match="does not open"):
        KeyPair.new().open(sealed)


def test_shares_are_kept_when_an_opening_is_undone(scene: Scene) -> None:
    """What fails while the bids are written leaves the round closed, to be opened again."""
    scene.submit()
    scene.close()
    scene.give(scene.openers[0])
    with scene.operating() as session:
        submission = session.scalars(select(Submission)).one()
        session.add(
            Bid(
                submission_id=submission.id,
                application_id=submission.application_id,
                round_id=submission.round_id,
                framework_id=submission.framework_id,
                lead_council_id=submission.lead_council_id,
                provider_id=submission.provider_id,
                category_id=scene.category.id,
            )
        )
    assert scene.give(scene.openers[1]).status_code == 409
    assert not scene.is_opened()
    assert scene.count(RoundOpener, RoundOpener.share.is_not(None)) == 2
    with scene.operating() as session:
        session.execute(delete(Bid))
        session.execute(update(RoundOpener).values(name=RoundOpener.name))
    scene.give(scene.openers[1], phrase=PHRASE)
    assert scene.is_opened()
