"""Two people are named, each makes a key, and only then can a round be announced."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.frameworks.opening.events import Event
from portal.frameworks.opening.keys.actions import LastToOpen
from portal.frameworks.opening.models import EscrowKey
from portal.frameworks.opening.queries import ready_to_announce
from portal.frameworks.rounds.models import EscrowShare, OpenerKey, Round, RoundOpener
from portal.frameworks.sealing.actions import NoKey, make_round_key
from portal.identity.models import Organisation, Person
from portal.identity.rules import Role
from tests.frameworks.opening.scene import Scene, commissioner
from tests.makers import make_person, make_round
from tests.makers.rounds import PHRASE

NEW = "willow kettle marble thursday"


def draft_of(scene: Scene) -> Round:
    with scene.operating() as session:
        return make_round(session, framework=scene.framework, made_by=scene.openers[0])


def name(scene: Scene, round_: Round, who: Person, *, by: Person, council: Organisation) -> int:
    browser = scene.browser(by, council)
    return browser.post(f"/rounds/{round_.id}/opening/name", {"person": str(who.id)}).status_code


def test_a_key_is_made_under_a_pass_phrase(scene: Scene) -> None:
    with scene.operating() as session:
        person = commissioner(session, scene.council)
    browser = scene.browser(person)
    assert "Make your key" in browser.get("/opening-key").text
    for wrong, sentence in (
        ({"phrase": "", "again": ""}, "Choose a pass phrase"),
        ({"phrase": "too short", "again": "too short"}, "at least 16 characters"),
        ({"phrase": "a" * 20, "again": "a" * 20}, "too easy to guess"),
        ({"phrase": NEW, "again": PHRASE}, "The two pass phrases differ"),
    ):
        answer = browser.post("/opening-key/make", wrong)
        assert answer.status_code == 422 and sentence in answer.text
    typed = {"phrase": NEW, "again": NEW}
    assert browser.post("/opening-key/make", typed).status_code == 303
    assert "Change the pass phrase" in browser.get("/opening-key").text
    assert browser.post("/opening-key/make", typed).status_code == 409
    assert scene.count(OpenerKey, OpenerKey.person_id == person.id) == 1
    assert [one.person_id for one in scene.events(Event.KEY_MADE)] == [person.id]


def test_the_pass_phrase_changes_and_the_round_still_opens(scene: Scene) -> None:
    first, second = scene.openers
    browser = scene.browser(first)
    typed = {"phrase": NEW, "again": NEW}
    wrong = browser.post("/opening-key/phrase", {**typed, "present": NEW})
    assert wrong.status_code == 422 and "not the pass phrase of your key" in wrong.text
    assert len(scene.events(Event.KEY_REFUSED)) == 1
    right = browser.post("/opening-key/phrase", {**typed, "present": PHRASE})
    assert right.status_code == 303
    scene.close()
    assert scene.give(first).status_code == 422
    assert scene.give(first, phrase=NEW).status_code == 303
    scene.give(second)
    assert scene.is_opened()


def test_whoever_forgot_makes_another_key_unless_nobody_else_could_open(scene: Scene) -> None:
    first, second = scene.openers
    typed = {"phrase": NEW, "again": NEW}
    browser = scene.browser(first)
    assert scene.round.title in browser.get("/opening-key/replace").text
    assert browser.post("/opening-key/replace", typed).status_code == 303
    answer = scene.browser(second).post("/opening-key/replace", typed)
    assert answer.status_code == LastToOpen.status
    assert f"Nobody else named can open {scene.round.title}" in answer.text
    assert [one.person_id for one in scene.events(Event.KEY_REFUSED)] == [second.id]
    scene.close()
    lost = scene.give(first, phrase=NEW)
    assert lost.status_code == 409 and "escrow key in your place" in lost.text
    assert scene.give(second).status_code == 303
    assert not scene.is_opened()


def test_whoever_has_no_key_is_asked_to_make_one(scene: Scene) -> None:
    with scene.operating() as session:
        person = commissioner(session, scene.council)
    browser = scene.browser(person)
    for page in ("phrase", "replace"):
        assert browser.get(f"/opening-key/{page}").location == "/opening-key"
    typed = {"phrase": NEW, "again": NEW, "present": PHRASE}
    assert browser.post("/opening-key/phrase", typed).status_code == 404


def test_each_council_names_its_own_people_and_two_in_all(scene: Scene) -> None:
    round_ = draft_of(scene)
    first, second = scene.openers
    with scene.operating() as session:
        of_partner = commissioner(session, scene.partner)
        evaluator = make_person(session, organisation=scene.council, roles=[Role.EVALUATOR])
    lead = scene.council
    assert name(scene, round_, first, by=first, council=lead) == 303
    assert name(scene, round_, first, by=first, council=lead) == 422, "twice the same"
    assert name(scene, round_, evaluator, by=first, council=lead) == 422, "may not open bids"
    assert name(scene, round_, of_partner, by=first, council=lead) == 422, "another council's"
    assert name(scene, round_, of_partner, by=of_partner, council=scene.partner) == 303
    assert name(scene, round_, second, by=first, council=lead) == 422, "a third"
    page = scene.browser(of_partner, scene.partner).get(f"/rounds/{round_.id}/opening").text
    assert "Brackenvale Council" in page and "No key yet" in page

    back = f"/rounds/{round_.id}/opening/people"
    own, other = scene.browser(first), scene.browser(of_partner, scene.partner)
    assert other.post(f"{back}/{first.id}/take-back").status_code == 404
    assert own.post(f"{back}/{of_partner.id}/take-back").status_code == 303
    assert own.post(f"{back}/{of_partner.id}/take-back").status_code == 303, "once is enough"
    assert scene.count(RoundOpener, RoundOpener.round_id == round_.id) == 1
    assert len(scene.events(Event.OPENER_TAKEN_BACK)) == 1


def test_a_second_account_of_one_person_is_not_the_second_person(scene: Scene) -> None:
    round_ = draft_of(scene)
    lead, partner = scene.council, scene.partner
    with scene.operating() as session:
        one, elsewhere = (
            make_person(
                session, organisation=council, roles=[Role.COMMISSIONER], password=None, email=email
            )
            for council, email in ((lead, "rowan@aldermoor.example"),
                                   (partner, "rowan+partner@aldermoor.example"))
        )  # fmt: skip
    assert name(scene, round_, one, by=one, council=lead) == 303
    assert name(scene, round_, elsewhere, by=elsewhere, council=partner) == 422
    assert scene.count(RoundOpener, RoundOpener.round_id == round_.id) == 1
    assert [event.person_id for event in scene.events(Event.NAMING_REFUSED)] == [elsewhere.id]


def test_names_are_fixed_once_the_round_is_announced(scene: Scene) -> None:
    first, second = scene.openers
    path = f"/rounds/{scene.round.id}/opening"
    browser = scene.browser(first)
    assert browser.post(f"{path}/people/{second.id}/take-back").status_code == 409
    with scene.operating() as session:
        third = commissioner(session, scene.council)
    assert browser.post(f"{path}/name", {"person": str(third.id)}).status_code == 409
    assert "Take back" not in browser.get(path).text


def test_what_is_missing_before_the_announcement_is_said(scene: Scene) -> None:
    with scene.operating() as session:
        session.delete(session.scalars(select(EscrowShare)).one())
        session.delete(session.scalars(select(EscrowKey)).one())
        round_ = make_round(session, framework=scene.framework, made_by=scene.openers[0])
        without_key = commissioner(session, scene.council)
    first, _ = scene.openers
    with scene.working(first, scene.council) as session:
        missing = ready_to_announce(session, round_)
        assert [one.split(",")[0] for one in missing] == [
            "Name 2 people to open the bids: nobody is named.",
            "The portal has no escrow key",
        ]
        with pytest.raises(NoKey):
            make_round_key(session, round_)
    for person in (first, without_key):
        name(scene, round_, person, by=first, council=scene.council)
    with scene.working(first, scene.council) as session:
        missing = ready_to_announce(session, round_)
    assert missing[0] == f"{without_key.name} has to make a key for opening bids."
    assert len(missing) == 2
