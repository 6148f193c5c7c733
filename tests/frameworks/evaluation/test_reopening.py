"""Fixed decisions are opened again by two people of the lead council, until the letters go."""

from __future__ import annotations

import re

import pytest

from portal.frameworks.evaluation.deciding import actions as deciding
from portal.frameworks.evaluation.deciding import reopening
from portal.frameworks.evaluation.evaluators import actions as people
from portal.frameworks.evaluation.events import Event
from portal.frameworks.evaluation.letters import actions as letters
from portal.frameworks.evaluation.steps import NotNow
from portal.frameworks.rounds.models import Round
from portal.identity.models import Person
from portal.identity.rules import Role
from portal.kernel.transitions import IllegalStep
from tests.frameworks.evaluation.scene import SENT, Scene
from tests.makers import make_person

RUNS = Role.COMMISSIONER


@pytest.fixture
def decided(scene: Scene) -> Scene:
    """The decisions are fixed, and nobody has been told."""
    scene.moderate()
    scene.decide()
    scene.clock(SENT)
    scene.act(scene.lead, RUNS, deciding.fix)
    return scene


def second(scene: Scene) -> Person:
    """Another who runs evaluations for the lead council."""
    with scene.operating() as session:
        return make_person(session, organisation=scene.lead, roles=[RUNS], password=None)


def answers(page: str) -> dict[str, str]:
    """Where the forms that answer the request are sent, by what each does."""
    return {
        path.rpartition("/")[2]: path.partition("/decisions/")[2]
        for path in re.findall(r'action="([^"]+/reopen/[^"]+)"', page)
    }


def test_two_people_open_the_decisions_again_and_a_conflict_counts(decided: Scene) -> None:
    scene, lead, partner = decided, decided.lead, decided.councils[1]
    with pytest.raises(NotNow):
        scene.act(partner, Role.EVALUATOR, people.declare, conflict="My brother works there")
    assert scene.send(partner, RUNS, "decisions/reopen", {"reason": "Ours"}).status_code == 403
    empty = scene.send(lead, RUNS, "decisions/reopen", {"reason": " "})
    assert empty.status_code == 422 and "Say why they are opened again" in empty.text
    asked = scene.send(lead, RUNS, "decisions/reopen", {"reason": "A conflict came up"})
    assert asked.status_code == 303
    again = scene.send(lead, RUNS, "decisions/reopen", {"reason": "A conflict came up"})
    assert again.status_code == 409 and "Answer that first" in again.text
    with pytest.raises(NotNow, match="Somebody asks for the decisions to be opened again"):
        scene.act(lead, RUNS, letters.send)

    own = scene.open(lead, RUNS, "decisions").text
    assert "Somebody else has to agree" in own and answers(own).keys() == {"refuse"}
    agree = answers(own)["refuse"].replace("refuse", "agree")
    alone = scene.send(lead, RUNS, f"decisions/{agree}")
    assert alone.status_code == 409 and "one person cannot do both" in alone.text
    assert scene.send(partner, RUNS, f"decisions/{agree}").status_code == 403

    other = second(scene)
    page = scene.open(lead, other, "decisions").text
    assert "A conflict came up" in page and answers(page)["agree"] == agree
    assert scene.send(lead, other, f"decisions/{agree}").status_code == 303
    assert scene.send(lead, other, f"decisions/{agree}").status_code == 409
    (event,) = scene.events(Event.REOPENED)
    assert (event.person_id, event.details["reason"]) == (other.id, "A conflict came up")

    scene.act(partner, Role.EVALUATOR, people.declare, conflict="My brother works there")
    with scene.operating() as session:
        round_ = session.get_one(Round, scene.round.id)
        assert (round_.decided_at, round_.moderated_at) == (None, None)


def test_a_request_is_refused_or_taken_back_and_the_decisions_stand(decided: Scene) -> None:
    scene, lead = decided, decided.lead
    for who in (second(scene), RUNS):
        scene.act(lead, RUNS, reopening.ask, reason="A slip")
        path = answers(scene.open(lead, who, "decisions").text)["refuse"]
        assert scene.send(lead, who, f"decisions/{path}").status_code == 303
    assert len(scene.events(Event.REOPENING_REFUSED)) == 2
    scene.act(lead, RUNS, letters.send)
    with pytest.raises(IllegalStep):
        scene.act(lead, RUNS, reopening.ask, reason="Too late")
    assert "Open the decisions again" not in scene.open(lead, RUNS, "decisions").text
