"""From opened bids to signed places with prices: four councils together, through the pages."""

from __future__ import annotations

import re
from datetime import date

from sqlalchemy import select

from portal.frameworks.evaluation.deciding.models import Award
from portal.frameworks.models import Place, PlacePrice
from portal.frameworks.rules import PlaceState, PriceSource
from portal.identity.rules import Role
from portal.kernel.money import Money
from tests.frameworks.evaluation.scene import AFTER, SCORES, SENT, Scene


def version_in(page: str) -> str:
    """The version that a page's form carries."""
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None
    return found[1]


RUNS, SCORED = Role.COMMISSIONER, Role.EVALUATOR


def test_four_councils_take_a_round_to_signed_places(scene: Scene) -> None:
    name_people(scene)
    check_compliance(scene)
    score_and_moderate(scene)
    decide(scene)
    send_letters(scene)
    sign(scene)
    conclude(scene)


def name_people(scene: Scene) -> None:
    lead = scene.lead
    page = scene.open(lead, RUNS, "evaluation").text
    assert re.findall(r'aria-current="page">(\w+)', page) == ["Rounds"]
    assert "Bids opened" in page and "3 applications with 3 bids" in page
    assert "2 evaluators without a conflict of interest, declared. There are 0." in page

    for council in scene.councils:
        person = scene.people[council.id, SCORED].id.hex
        named = {"person": person, "duty": "evaluator"}
        assert scene.send(council, RUNS, "evaluation/people", named).status_code == 303
    named = {"person": scene.moderator.id.hex, "duty": "moderator"}
    assert scene.send(lead, RUNS, "evaluation/people", named).status_code == 303
    evaluating = [(council, scene.people[council.id, SCORED]) for council in scene.councils]
    for council, who in (*evaluating, (lead, scene.moderator)):
        page = scene.open(council, who, "evaluation/declaration").text
        assert "Larkspur (1a)" in page and "Nettlewood (1a)" in page
        said = {"answer": "none", "details": ""}
        assert scene.send(council, who, "evaluation/declaration", said).status_code == 303


def check_compliance(scene: Scene) -> None:
    lead = scene.lead
    for name in SCORES:
        path = f"compliance/{scene.application(name)}"
        page = scene.open(lead, RUNS, path).text
        assert "Are you safe?" in page and "Public liability insurance" in page
        verdicts = dict.fromkeys(re.findall(r'name="(verdict-[\w-]+)"', page), "passes")
        assert len(verdicts) == 3, "the answer, the insurance and the price"
        checked = scene.send(lead, RUNS, path, {**verdicts, "version": version_in(page)})
        assert checked.status_code == 303
    assert scene.send(scene.councils[1], RUNS, "evaluation/begin").status_code == 403
    assert scene.send(lead, RUNS, "evaluation/begin").status_code == 303


def score_and_moderate(scene: Scene) -> None:
    lead = scene.lead
    for shift, council in enumerate(scene.councils):
        for name, score in SCORES.items():
            path = f"scoring/{scene.application(name)}"
            page = scene.open(council, SCORED, path).text
            assert f"{name} says: How do you work?" in page
            given = {"version": version_in(page)}
            for field in re.findall(r'name="(score-\w+)"', page):
                given[field] = str(max(0, score - shift % 2))
                given[field.replace("score", "reason")] = f"{council.name} on {name}"
            assert scene.send(council, SCORED, path, given).status_code == 303
        assert scene.send(council, SCORED, "scoring/finish").status_code == 303

    assert scene.send(lead, scene.moderator, "moderation/begin").status_code == 303
    for name, score in SCORES.items():
        path = f"moderation/{scene.application(name)}"
        page = scene.open(lead, scene.moderator, path).text
        assert all(f"{council.name} on {name}" in page for council in scene.councils)
        agreed = {"version": version_in(page)}
        for field in re.findall(r'name="(score-\w+)"', page):
            agreed[field] = str(score)
            agreed[field.replace("score", "reason")] = f"Together on {name}"
        assert scene.send(lead, scene.moderator, path, agreed).status_code == 303
    assert scene.send(lead, scene.moderator, "moderation/finish").status_code == 303


def decide(scene: Scene) -> None:
    lead = scene.lead
    page = scene.open(lead, RUNS, "decisions").text
    words = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "1 Millstone 60.00 36.36 96.36" in words
    assert "2 Nettlewood 48.00 32.00 80.00" in words
    assert "3 Larkspur 36.00 40.00 76.00" in words
    path = f"decisions/{scene.category.id}"
    page = scene.open(lead, RUNS, path).text
    decided = {"version": version_in(page), "tier_size": "2"}
    for field in set(re.findall(r'name="(outcome-\w+)"', page)):
        chosen = re.search(rf'name="{field}" type="radio" value="([\w-]+)" checked', page)
        reason = re.search(rf'name="{field.replace("outcome", "reason")}"[^>]*>\s*([^<]*)<', page)
        assert chosen and reason, "the ranking fills the form in"
        decided[field] = chosen[1]
        decided[field.replace("outcome", "reason")] = reason[1]
    assert scene.send(lead, RUNS, path, decided).status_code == 303
    assert scene.send(lead, RUNS, "decisions/fix").status_code == 303


def send_letters(scene: Scene) -> None:
    lead = scene.lead
    scene.clock(SENT)
    larkspur, millstone = scene.providers["Larkspur"], scene.providers["Millstone"]
    outcome = f"/outcomes/{scene.round.id}"
    assert scene.by(millstone, Role.BIDS).get(outcome).status_code == 404, "not sent yet"
    page = scene.open(lead, RUNS, f"letters/{larkspur.id}").text
    assert "Ranked 3 of 3 with 76.00 points." in page and "As it would be sent today" in page
    assert scene.send(lead, RUNS, "letters").status_code == 303
    page = scene.by(millstone, Role.BIDS).get(outcome).text
    assert "36.36 of 40" in page and "the optimum price of £3,140.00" in page
    assert "Together on Millstone" in page and "Larkspur" not in page
    assert "Counted 10 working days from 17 December 2026 (day 0); skipped Christmas Day" in page
    assert "the end of 5 January 2027" in page
    assert all(council.name not in page.split("<main")[1] for council in scene.councils[1:])
    pdf = scene.by(millstone, Role.BIDS).get(f"{outcome}/pdf")
    assert pdf.data.startswith(b"%PDF") and pdf.headers["Content-Type"] == "application/pdf"


def sign(scene: Scene) -> None:
    lead, outcome = scene.lead, f"/outcomes/{scene.round.id}"
    larkspur, millstone = scene.providers["Larkspur"], scene.providers["Millstone"]
    signs = {"signed_as": "Director", "agrees": "y"}
    administrator = scene.by(millstone, Role.PROVIDER_ADMINISTRATOR)
    early = administrator.post(f"{outcome}/sign", signs)
    assert early.status_code == 409 and "The standstill is not over" in early.text
    scene.clock(AFTER)
    assert (
        scene.by(larkspur, Role.PROVIDER_ADMINISTRATOR).post(f"{outcome}/sign", signs).status_code
        == 404
    ), "it won nothing"
    assert scene.send(lead, RUNS, f"agreements/{millstone.id}", signs).status_code == 409
    assert administrator.post(f"{outcome}/sign", signs).status_code == 303
    nettlewood = scene.providers["Nettlewood"]
    reserve = scene.by(nettlewood, Role.PROVIDER_ADMINISTRATOR)
    assert reserve.post(f"{outcome}/sign", signs).status_code == 303
    for provider in (millstone, nettlewood):
        for council in scene.councils:
            page = f"agreements/{provider.id}"
            assert scene.send(council, RUNS, page, signs).status_code == 303


def conclude(scene: Scene) -> None:
    millstone, nettlewood = scene.providers["Millstone"], scene.providers["Nettlewood"]
    starts = {"starts_on-day": "1", "starts_on-month": "2", "starts_on-year": "2027"}
    assert scene.send(scene.lead, RUNS, "agreements/conclude", starts).status_code == 303

    with scene.operating() as session:
        found = session.execute(
            select(Place, PlacePrice, Award.tier)
            .join(PlacePrice, PlacePrice.place_id == Place.id)
            .join(Award, Award.provider_id == Place.provider_id)
            .order_by(Place.rank)
        ).all()
        assert [
            (place.provider_id, place.state, place.rank, price.price, price.source, tier)
            for place, price, tier in found
        ] == [
            (millstone.id, PlaceState.ACTIVE, 1, Money.pounds("3454"), PriceSource.BID, 1),
            (nettlewood.id, PlaceState.RESERVE, 2, Money.pounds("3925"), PriceSource.BID, 1),
        ]
        assert {price.starts_on for _, price, _ in found} == {date(2027, 2, 1)}
    page = scene.by(millstone, Role.BIDS).get(f"/outcomes/{scene.round.id}").text
    assert "The round was concluded" in page and "£3,454.00 a week" in page
