"""Compliance with reasons, and decisions that follow the ranking or say why not."""

from __future__ import annotations

import pytest
from lxml import html
from sqlalchemy import select

from portal.frameworks.applications.opened import Bid
from portal.frameworks.evaluation.compliance import actions as compliance
from portal.frameworks.evaluation.compliance.actions import Verdict
from portal.frameworks.evaluation.deciding import actions as deciding
from portal.frameworks.evaluation.deciding.models import Award
from portal.frameworks.evaluation.deciding.queries import marks
from portal.frameworks.evaluation.evaluators import actions as people
from portal.frameworks.evaluation.rules import Outcome
from portal.frameworks.evaluation.scoring import actions as scoring
from portal.frameworks.evaluation.steps import NotNow
from portal.frameworks.lots.models import CategoryTerms
from portal.frameworks.lots.rules import PriceMethod
from portal.frameworks.rounds.models import Round
from portal.frameworks.rules import Unfit
from portal.identity.models import Organisation
from portal.identity.rules import Role
from portal.kernel.errors import Forbidden, NotFound, Stale
from tests.frameworks.evaluation.scene import OPENED, Scene


def test_a_part_fails_with_its_reason_and_takes_its_bids_with_it(scene: Scene) -> None:
    lead, runs = scene.lead, Role.COMMISSIONER
    application = scene.application("Larkspur")
    path = f"compliance/{application}"
    fails = {"verdict-answer-safe": "fails", "reason-answer-safe": "", "version": "0"}
    refused = scene.send(lead, runs, path, fails)
    assert refused.status_code == 422 and "Are you safe?: say why it fails" in refused.text
    with pytest.raises(Forbidden):
        scene.act(
            scene.councils[1], runs, compliance.check, application_id=application, verdicts={},
            version=0,
        )  # fmt: skip

    scene.check(Larkspur={"answer:safe": "Two concerns are open"})
    stale = scene.send(lead, runs, path, {**fails, "reason-answer-safe": "Late"})
    assert stale.status_code == 409 and "Somebody else saved checks" in stale.text
    assert "Late" in stale.text, "what was typed is kept"
    page = scene.open(lead, runs, "compliance").text
    assert "Fails" in page and page.count("Passes") >= 2

    scene.staff()
    scene.act(lead, runs, people.begin)
    with pytest.raises(NotNow):
        scene.act(
            lead, runs, compliance.check, application_id=application, version=3,
            verdicts={"answer:safe": Verdict(True, "")},
        )  # fmt: skip
    with pytest.raises(NotFound):
        scene.act(
            lead, Role.EVALUATOR, scoring.save, application_id=application, given={}, version=0
        )
    with scene.working(scene.people[lead.id, runs], lead) as session:
        (found,) = marks(session, session.get_one(Round, scene.round.id), OPENED.date())
    last = found.bids[-1]
    assert (last.name, last.ranked, last.proposed) == ("Larkspur", None, Outcome.NONE)
    assert last.offered == ("Failed the compliance check. Are you safe?: Two concerns are open.")
    assert [one.name for one in found.bids[:2]] == ["Millstone", "Nettlewood"]


def test_decisions_follow_the_ranking_or_say_why_not(scene: Scene) -> None:
    scene.moderate()
    lead, runs = scene.lead, Role.COMMISSIONER
    with pytest.raises(NotNow, match="Decide first on 1a"):
        scene.act(lead, runs, deciding.fix)
    with pytest.raises(Unfit, match=r"Millstone: The ranking proposes a place\. Say why"):
        scene.decide(Millstone=(Outcome.NONE, "Ranked 1 of 3 with 96.36 points."))
    with pytest.raises(Unfit, match="has 1 place, and you gave 2 places"):
        scene.decide(Nettlewood=(Outcome.PLACE, "We need two"))
    with scene.operating() as session:
        assert session.scalars(select(Award)).all() == []
    scene.decide(
        Millstone=(Outcome.RESERVE, "It asked for a reserve place."),
        Nettlewood=(Outcome.PLACE, "Millstone asked for a reserve place."),
    )
    with pytest.raises(Stale):
        scene.decide()
    with pytest.raises(Forbidden):
        scene.act(scene.councils[1], runs, deciding.fix)
    scene.act(lead, runs, deciding.fix)
    page = scene.open(lead, runs, "letters").text
    assert "1a: a place" in page and "1a: a reserve place" in page


def test_of_two_who_decide_the_second_sees_both(scene: Scene) -> None:
    scene.moderate()
    lead, runs = scene.lead, Role.COMMISSIONER
    path = f"decisions/{scene.category.id}"
    with scene.operating() as session:
        bids = dict(session.execute(select(Organisation.name, Bid.id).join(Bid.provider)).all())
    form = {"version": "0", "tier_size": "2"}
    for name, won in (("Millstone", "reserve"), ("Nettlewood", "place"), ("Larkspur", "none")):
        form[f"outcome-{bids[name].hex}"] = won
        form[f"reason-{bids[name].hex}"] = f"We said {won}."
    scene.decide()
    stale = scene.send(lead, runs, path, form)
    assert stale.status_code == 409 and "Somebody else saved this" in stale.text
    (table,) = html.fromstring(stale.text).xpath("//table[@id='stale']/tbody")
    rows = [[" ".join(cell.text_content().split()) for cell in row] for row in table]
    assert rows[0] == [
        "Millstone",
        "A place: Ranked 1 of 3 with 96.36 points.",
        "A reserve place: We said reserve.",
    ]
    assert rows[-1] == ["Ranks in each tier", "No tiers", "2"]
    (version,) = html.fromstring(stale.text).xpath("//input[@name='version']/@value")
    assert scene.send(lead, runs, path, {**form, "version": version}).status_code == 303
    with scene.operating() as session:
        first = session.scalars(select(Award).where(Award.rank == 1)).one()
        assert (first.outcome, first.tier) == (Outcome.RESERVE, 1)


def test_the_lowest_price_is_that_of_the_bids_that_passed(scene: Scene) -> None:
    with scene.operating() as session:
        terms = session.scalars(select(CategoryTerms)).one()
        terms.price_method = PriceMethod.LOWEST
    scene.check(Larkspur={"price:1a:": "Not for the whole week"})
    with scene.working(scene.people[scene.lead.id, Role.COMMISSIONER], scene.lead) as session:
        (found,) = marks(session, session.get_one(Round, scene.round.id), OPENED.date())
    prices = {one.name: str(one.lines.price) for one in found.bids if one.ranked}
    assert prices == {"Millstone": "40.00", "Nettlewood": "35.20"}, "3454 x 40 / 3925"


def test_marks_that_changed_are_decided_again(scene: Scene) -> None:
    scene.moderate()
    scene.decide()
    with scene.operating() as session:
        award = session.scalars(select(Award).where(Award.rank == 1)).one()
        award.quality -= 100
    lead, runs = scene.lead, Role.COMMISSIONER
    assert "Marks changed: decide again" in scene.open(lead, runs, "decisions").text
    with pytest.raises(NotNow, match="Decide first on 1a"):
        scene.act(lead, runs, deciding.fix)
