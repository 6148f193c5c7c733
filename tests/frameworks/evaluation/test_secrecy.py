"""Scores are each evaluator's own before moderation; providers read their own marks afterwards."""

from __future__ import annotations

from sqlalchemy import select

from portal.frameworks.evaluation.deciding.models import Award
from portal.frameworks.evaluation.letters.models import OutcomeLetter
from portal.frameworks.evaluation.models import ComplianceCheck, Consensus, Evaluator, Score
from portal.frameworks.evaluation.moderating import actions as moderating
from portal.frameworks.evaluation.queries import passed_parts
from portal.identity.models import Organisation, Person
from portal.identity.rules import Role
from portal.kernel.tenancy import Base
from tests.frameworks.evaluation.scene import SCORES, Scene

FOUND = (Award, ComplianceCheck, Consensus, Evaluator, OutcomeLetter, Score)


def seen(scene: Scene, person: Person, organisation: Organisation) -> dict[type[Base], int]:
    """How many rows of an evaluation somebody sees."""
    with scene.working(person, organisation) as session:
        return {model: len(session.scalars(select(model)).all()) for model in FOUND}


def test_nobody_sees_anothers_score_before_moderation(scene: Scene) -> None:
    scene.begin()
    for council in scene.councils[:2]:
        scene.score(council)
    own = len(SCORES) * 2
    for council in scene.councils:
        evaluator = scene.people[council.id, Role.EVALUATOR]
        expected = own if council in scene.councils[:2] else 0
        assert seen(scene, evaluator, council)[Score] == expected
        commissioner = scene.people[council.id, Role.COMMISSIONER]
        assert seen(scene, commissioner, council)[Score] == 0
    assert seen(scene, scene.moderator, scene.lead)[Score] == 0
    page = scene.open(scene.lead, Role.EVALUATOR, "moderation").text
    assert "What Aldermoor" not in page and "What Brackenvale" not in page
    path = f"moderation/{scene.application('Larkspur')}"
    assert scene.open(scene.lead, scene.moderator, path).status_code == 404
    for council in scene.councils[2:]:
        scene.score(council)
    scene.act(scene.lead, scene.moderator, moderating.begin)
    assert seen(scene, scene.moderator, scene.lead)[Score] == 4 * own


def test_a_provider_reads_its_own_marks_once_they_were_sent(scene: Scene) -> None:
    scene.moderate()
    scene.decide()
    millstone = scene.providers["Millstone"]
    bidder = scene.people[millstone.id, Role.BIDS]
    assert set(seen(scene, bidder, millstone).values()) == {0}
    for page in ("evaluation", "compliance", "moderation", "decisions", "letters", "agreements"):
        assert scene.open(millstone, Role.BIDS, page).status_code == 404
    with scene.working(bidder, millstone) as session:
        assert passed_parts(session, millstone.id, scene.framework.id) == frozenset()


def test_what_passed_need_not_be_sent_again(scene: Scene) -> None:
    scene.tell()
    for name, kept in (
        ("Millstone", {"answer:approach", "answer:staff", "price:1a:"}),
        ("Larkspur", {"answer:approach", "answer:staff"}),
    ):
        provider = scene.providers[name]
        bidder = scene.people[provider.id, Role.BIDS]
        assert seen(scene, bidder, provider) == {
            Award: 1, ComplianceCheck: 3, Consensus: 2, Evaluator: 0, OutcomeLetter: 1, Score: 0,
        }  # fmt: skip
        with scene.working(bidder, provider) as session:
            passed = passed_parts(session, provider.id, scene.framework.id)
        assert passed == kept | {"answer:safe", "evidence:public-liability"}
