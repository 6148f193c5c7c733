"""Who may evaluate: nobody with a conflict, nobody twice, nobody as evaluator and moderator."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal.frameworks.evaluation.evaluators import actions as people
from portal.frameworks.evaluation.events import Event
from portal.frameworks.evaluation.models import Consensus, Evaluator, Score
from portal.frameworks.evaluation.moderating import actions as moderating
from portal.frameworks.evaluation.rules import Duty
from portal.frameworks.evaluation.scoring import actions as scoring
from portal.frameworks.evaluation.steps import NotNow
from portal.frameworks.rounds.models import Round
from portal.identity.rules import Role
from portal.kernel.errors import Forbidden, NotFound
from tests.frameworks.evaluation.scene import SCORES, Scene
from tests.makers import make_membership, make_person

CONFLICT = {"answer": "conflict", "details": "My sister works there"}


def test_a_conflict_declared_after_scoring_voids_the_scores_and_says_so(scene: Scene) -> None:
    scene.moderate()
    lead, brackenvale = scene.councils[:2]
    declared = scene.send(brackenvale, Role.EVALUATOR, "evaluation/declaration", CONFLICT)
    assert declared.status_code == 303
    said = "The scores of Evaluator of Brackenvale are void: they declared a conflict of interest"
    for council, who, page in (
        (lead, Role.COMMISSIONER, "moderation"),
        (lead, Role.COMMISSIONER, "evaluation/people"),
        (scene.councils[2], Role.EVALUATOR, f"moderation/{scene.application('Larkspur')}"),
    ):
        assert said in scene.open(council, who, page).text, page
    page = scene.open(brackenvale, Role.EVALUATOR, "scoring").text
    assert "Your scores are void" in page
    (event,) = scene.events(Event.CONFLICT)
    assert event.person_id == scene.people[brackenvale.id, Role.EVALUATOR].id

    with scene.operating() as session:
        assert session.get_one(Round, scene.round.id).moderated_at is None, "to be agreed again"
        application_id = scene.application("Larkspur")
        void = session.scalars(
            select(Consensus).where(Consensus.application_id == application_id)
        ).all()
        assert len(void) == 2
    page = scene.open(lead, scene.moderator, f"moderation/{application_id}").text
    assert page.count("The consensus of 3 no longer stands") == 2
    assert "What Brackenvale Council thinks" not in page
    assert scene.open(lead, Role.COMMISSIONER, "decisions").status_code == 404
    with pytest.raises(NotNow, match="6 answers still without a consensus score"):
        scene.act(lead, scene.moderator, moderating.finish)
    scene.agree(version=2)
    scene.act(lead, scene.moderator, moderating.finish)
    assert scene.open(lead, Role.COMMISSIONER, "decisions").status_code == 200


def seen_scores(scene: Scene) -> int:
    """How many scores the lead council's people see."""
    commissioner = scene.people[scene.lead.id, Role.COMMISSIONER]
    with scene.working(commissioner, scene.lead) as session:
        return session.scalar(select(func.count(Score.id))) or 0


def test_with_too_few_evaluators_left_scores_are_hidden_until_another_has_scored(
    scene: Scene,
) -> None:
    scene.begin()
    first, *others = scene.councils
    for council in scene.councils:
        scene.score(council)
    scene.act(first, scene.moderator, moderating.begin)
    assert seen_scores(scene) == 4 * len(SCORES) * 2
    for council in others:
        scene.act(council, Role.EVALUATOR, people.declare, conflict="A friend owns it")
    assert seen_scores(scene) == 0, "too few count, so the next evaluator scores unseen"
    with pytest.raises(NotNow, match="of at least 2 evaluators must count, and those of 1 do"):
        scene.act(first, scene.moderator, moderating.begin)

    with scene.operating() as session:
        person = make_person(
            session, organisation=others[0], roles=[Role.EVALUATOR], name="Sam Second"
        )
    scene.people[others[0].id, Role.EVALUATOR] = person
    scene.act(others[0], Role.COMMISSIONER, people.name, person_id=person.id, duty=Duty.EVALUATOR)
    scene.act(others[0], person, people.declare, conflict=None)
    scene.score(others[0])
    scene.act(first, scene.moderator, moderating.begin)
    assert seen_scores(scene) == 5 * len(SCORES) * 2


def test_nobody_has_two_parts_in_a_round(scene: Scene) -> None:
    lead = scene.lead
    person = scene.people[lead.id, Role.EVALUATOR]
    scene.act(lead, Role.COMMISSIONER, people.name, person_id=person.id, duty=Duty.EVALUATOR)
    with scene.operating() as session:
        twin = make_person(
            session, organisation=scene.councils[1], roles=[Role.EVALUATOR], name="A Twin",
            email=person.email.replace("@", "+two@"),
        )  # fmt: skip
        make_membership(
            session, person=person, organisation=scene.councils[2], roles=[Role.EVALUATOR]
        )
    for council, one in ((lead, person), (scene.councils[2], person), (scene.councils[1], twin)):
        with pytest.raises(people.NotNamed):
            scene.act(
                council, Role.COMMISSIONER, people.name, person_id=one.id, duty=Duty.MODERATOR
            )
    answer = scene.send(
        scene.councils[1], Role.COMMISSIONER, "evaluation/people",
        {"person": twin.id.hex, "duty": "moderator"},
    )  # fmt: skip
    assert answer.status_code == 422
    assert "A Twin and Evaluator of Aldermoor are accounts of the same person" in answer.text


def test_the_database_holds_it_as_well(scene: Scene) -> None:
    scene.staff()
    with scene.operating() as session:
        held = session.get_one(
            Evaluator, (scene.round.id, scene.people[scene.lead.id, Role.EVALUATOR].id)
        )
        moderator = session.get_one(Evaluator, (scene.round.id, scene.moderator.id))
        other = make_person(session, organisation=scene.lead, roles=[Role.EVALUATOR])
        row = {
            "round_id": held.round_id, "framework_id": held.framework_id,
            "lead_council_id": held.lead_council_id, "council_id": held.council_id,
            "name": "", "named_by_name": "", "named_at": held.named_at,
        }  # fmt: skip
        forbidden: dict[str, Evaluator | Score] = {
            "duty": Evaluator(
                **row, person_id=held.person_id, mailbox="x", duty=Duty.MODERATOR
            ),
            "mailbox": Evaluator(
                **row, person_id=other.id, mailbox=held.mailbox, duty=Duty.EVALUATOR
            ),
            "moderators": Evaluator(
                **row, person_id=other.id, mailbox="y", duty=Duty.MODERATOR
            ),
            "score": Score(
                application_id=scene.application("Larkspur"), round_id=held.round_id,
                framework_id=held.framework_id, lead_council_id=held.lead_council_id,
                provider_id=scene.providers["Larkspur"].id,
                question_id=scene.questions[1].question_id, council_id=held.council_id,
                person_id=moderator.person_id, score=5, reason="", at=held.named_at,
            ),
        }  # fmt: skip
        session.expunge_all()
        for why, row_ in forbidden.items():
            with pytest.raises(IntegrityError), session.begin_nested():
                session.add(row_)
            assert row_ not in session, why


@pytest.fixture
def begun(scene: Scene) -> Scene:
    """Scoring has begun."""
    scene.begin()
    return scene


def test_only_those_named_act_each_in_their_own_part_and_time(begun: Scene) -> None:
    lead, partner = begun.councils[:2]
    with pytest.raises(Forbidden, match="not named as an evaluator"):
        begun.act(lead, begun.moderator, scoring.finish)
    with pytest.raises(Forbidden, match="not named as the moderator"):
        begun.act(lead, Role.EVALUATOR, moderating.begin)
    with pytest.raises(NotNow, match="6 answers still without your score"):
        begun.act(lead, Role.EVALUATOR, scoring.finish)
    begun.score(lead)
    with pytest.raises(NotNow, match="You have finished scoring"):
        begun.score(lead)
    with pytest.raises(NotNow, match="Still scoring: Evaluator of Brackenvale, Evaluator of"):
        begun.act(lead, begun.moderator, moderating.begin)
    own = begun.people[partner.id, Role.EVALUATOR].id
    with pytest.raises(NotFound):
        begun.act(lead, Role.COMMISSIONER, people.stand_down, person_id=own, reason="Not ours")
    begun.act(partner, Role.COMMISSIONER, people.stand_down, person_id=own, reason="Fell ill")
    with pytest.raises(Forbidden, match="Your part in this evaluation has ended"):
        begun.act(partner, Role.EVALUATOR, scoring.finish)


def test_a_person_stands_down_with_a_reason_and_nobody_does_it_twice(begun: Scene) -> None:
    partner, other = begun.councils[1:3]
    own = begun.people[partner.id, Role.EVALUATOR]
    path = f"evaluation/people/{own.id}/stand-down"
    page = begun.open(partner, Role.COMMISSIONER, path).text
    assert f"Stand down {own.name}" in page and "Every score that they gave counts no more" in page
    assert begun.open(other, Role.COMMISSIONER, path).status_code == 404
    assert begun.send(other, Role.COMMISSIONER, path, {"reason": "Not ours"}).status_code == 404
    empty = begun.send(partner, Role.COMMISSIONER, path, {"reason": " "})
    assert empty.status_code == 422 and "Say why their part ends" in empty.text
    assert begun.events(Event.STOOD_DOWN) == []

    ended = begun.send(partner, Role.COMMISSIONER, path, {"reason": "Fell ill"})
    assert ended.status_code == 303
    (event,) = begun.events(Event.STOOD_DOWN)
    assert event.organisation_id == partner.id
    assert "Their part ended on 1 December 2026" in begun.open(
        partner, Role.COMMISSIONER, path
    ).text  # fmt: skip
    again = begun.send(partner, Role.COMMISSIONER, path, {"reason": "Fell ill again"})
    assert again.status_code == 409 and "has ended already" in again.text
    page = begun.open(begun.lead, Role.COMMISSIONER, "evaluation/people").text
    assert "Fell ill" in page


def test_scoring_begins_when_people_declarations_and_checks_are_there(scene: Scene) -> None:
    lead = scene.lead
    with pytest.raises(NotNow, match="At least 2 evaluators must have declared"):
        scene.act(lead, Role.COMMISSIONER, people.begin)
    scene.staff()
    with pytest.raises(NotNow, match="for compliance first: Larkspur, Millstone and Nettlewood"):
        scene.act(lead, Role.COMMISSIONER, people.begin)
    scene.check()
    scene.act(lead, scene.moderator, people.declare, conflict="I own a share")
    with pytest.raises(NotNow, match="A moderator must be named"):
        scene.act(lead, Role.COMMISSIONER, people.begin)
