"""The forms of a framework's set-up as a commissioner, a partner and a provider meet them."""

from __future__ import annotations

from portal.identity.rules import Role
from tests.frameworks.lots.building import day, make
from tests.support.visits import Visits


def test_everything_can_be_changed_and_taken_back_before_publishing(visits: Visits) -> None:
    built = make(visits.by(visits.world.copperholt, Role.COMMISSIONER), reference="C-1")
    new = built.add_lot(1, "Mentoring")
    category = built.add_category(new, "1a", "Mentoring", unit="hour")
    built.fill(f"{category}/prices/new", optimum="42.00")
    built.fill(f"{category}/bands/new", name="Low", up_to="45")
    page = built.visitor.open(f"{built.home}/{category}")
    price = page.link("Change the price for everybody").split("/set-up/")[1]
    built.fill(price, optimum="43.50")
    assert "£43.50" in built.visitor.open(built.home).words
    again = built.send(f"{category}/prices/new", optimum="40")
    assert (again.status, "asks for a price for everybody already" in again.words) == (422, True)
    built.fill(f"{price}/remove")
    band = page.link("Change Low").split("/set-up/")[1]
    form = built.visitor.open(f"{built.home}/{band}")
    assert form.heading == "The band Low" and form.values("up_to") == ["45.00"]
    built.fill(f"{category}/bands/new", name="High", up_to="")
    taken = built.send(band, name="High", up_to="45")
    assert (taken.status, "has a band “High”" in taken.words) == (422, True)
    endless = built.send(band, name="Low", up_to="")
    assert (endless.status, "has no upper end already" in endless.words) == (422, True)
    stale = built.visitor.send(
        f"{built.home}/{band}", {"name": "Low", "up_to": "44", "version": form.values("version")[0]}
    )
    assert (stale.status, "£45.00" in stale.words, "£44.00" in stale.words) == (409, True, True)
    built.fill(band, name="Lower", up_to="40")
    assert "Lower £40.00" in built.visitor.open(f"{built.home}/{category}").words
    built.fill(page.link("Remove Low").split("/set-up/")[1])
    assert "Say which price 1a asks for." in built.visitor.open(built.home).words

    built.fill(f"{category}/change", code="1b", title="Mentors", unit="session",
               price_method="lowest", limit="below", places="2", reserves="1")  # fmt: skip
    assert built.visitor.open(f"{built.home}/{category}").heading == "1b Mentors"
    lot = new.removesuffix("/categories/new")
    built.fill(lot, number="2", title="Mentors")
    built.fill(f"{lot}/evidence", kinds=["prevent-duty"])
    assert "Lot 2: Mentors Prevent duty policy" in built.visitor.open(built.home).words
    built.fill("details", title="Mentors for all", reference="C-2", summary="Mentors.",
               regime="procurement-act-2023", payment_days="20", extension_months="6",
               **day("starts_on", "2026-10-01"), **day("ends_on", "2028-09-30"))  # fmt: skip
    built.fill("award", quality_points="70", price_points="30", least_evaluators="3",
               standstill_days="0", uplift_cap="2.25", uplift_review_above="4")  # fmt: skip
    words = built.visitor.open(built.home).words
    assert "CPI, 2.25 % at most" in words and "Where CPI is above 4 %" in words
    for path in (f"{category}/remove", f"{lot}/remove"):
        answer = built.visitor.send(f"{built.home}/{path}", {})
        assert answer.status == 303, answer.words
    assert "There is no lot yet." in built.visitor.open(built.home).words


def test_a_wrong_form_says_everything_and_keeps_what_was_typed(visits: Visits) -> None:
    commissioner = visits.by(visits.world.copperholt, Role.COMMISSIONER)
    empty = commissioner.send("/frameworks/new", {"title": "Kept as typed"})
    assert empty.status == 422
    for sentence in ("Enter the reference", "Choose the law", "Enter the first day"):
        assert sentence in empty.words
    assert "Kept as typed" in empty.markup
    built = make(commissioner, reference="C-3")
    taken = commissioner.send("/frameworks/new", {
        "title": "Another", "reference": "C-3", "regime": "procurement-act-2023",
        "payment_days": "30", **day("starts_on", "2026-09-01"), **day("ends_on", "2027-08-31"),
    })  # fmt: skip
    assert (taken.status, "has this reference" in taken.words) == (422, True)
    typed = {"quality_points": "60", "price_points": "50", "least_evaluators": "1",
             "standstill_days": "10", "uplift_cap": "1,5", "uplift_review_above": "3"}  # fmt: skip
    points = built.send("award", **typed)
    assert points.status == 422
    assert "like 1.5, with at most two decimals" in points.words
    points = built.send("award", **{**typed, "uplift_cap": "1.5"})
    assert "60 and 50 make 110" in points.words and "Enter 2 or more" in points.words


def test_two_commissioners_lose_nothing(visits: Visits) -> None:
    built = make(visits.by(visits.world.copperholt, Role.COMMISSIONER), reference="C-4")
    typed = {"quality_points": "70", "price_points": "30", "least_evaluators": "2",
             "standstill_days": "10", "uplift_cap": "1.5", "uplift_review_above": "3"}  # fmt: skip
    built.fill("award", **typed)
    late = built.visitor.send(
        f"{built.home}/award",
        {**typed, "quality_points": "80", "price_points": "20", "version": "1"},
    )
    assert late.status == 409
    assert "Points for quality 70 80" in late.words, "what is saved, beside what was typed"
    (version,) = late.values("version")
    again = {**typed, "quality_points": "80", "price_points": "20", "version": version}
    assert built.visitor.send(f"{built.home}/award", again).status == 303

    category = built.add_category(built.add_lot(1, "Mentoring"), "1a", "Mentoring")
    built.fill(f"{category}/prices/new", optimum="42")
    page = built.visitor.open(f"{built.home}/{category}")
    price = page.link("Change the price for everybody").split("/set-up/")[1]
    built.fill(price, optimum="43")
    for path, sent in (
        (price, {"optimum": "44"}), ("evidence", {"kinds": ["accounts"]}), ("councils", {}),
    ):  # fmt: skip
        late = built.visitor.send(f"{built.home}/{path}", {**sent, "version": "1"})
        assert late.status == 409, path
        assert "Somebody else" in late.words


def test_a_published_framework_is_extended_with_a_reason(visits: Visits) -> None:
    world = visits.world
    home = f"/frameworks/{world.apart.id}/set-up"
    commissioner = visits.by(world.copperholt, Role.COMMISSIONER)
    version = commissioner.open(f"{home}/extend").values("version")[0]
    later = {**day("ends_on", "2029-09-30"), "because": "More time.", "version": version}
    assert "extended as far as was published" in commissioner.send(f"{home}/extend", later).words
    details = commissioner.open(f"{home}/details")
    assert "The term is published." in details.words
    assert details.values("ends_on-day") == []
    refused = commissioner.send(f"{home}/award", {"quality_points": "60", "price_points": "40"})
    assert "Say why this is changed: everybody who applies will read it" in refused.words


def test_a_partner_reads_and_the_lead_changes(visits: Visits) -> None:
    world = visits.world
    home = f"/frameworks/{world.shared.id}/set-up"
    partner = visits.by(world.brackenvale, Role.COMMISSIONER)
    page = partner.open(home)
    assert page.status == 200
    assert "Another council leads this framework" in page.words
    assert page.addresses(f"{home}/award") == []
    typed = {"because": "-", "kinds": ["accounts"], "version": "1"}
    refused = partner.send(f"{home}/evidence", typed)
    assert (refused.status, "Only the framework's lead council" in refused.words) == (409, True)
    assert visits.by(world.aldermoor, Role.APPROVER).open(home).status == 403
    assert visits.by(world.larkspur, Role.BIDS).open(home).status == 403


def test_a_provider_reads_what_is_asked_and_why_it_changed(visits: Visits) -> None:
    world = visits.world
    page = visits.by(world.larkspur, Role.BIDS).open(f"/frameworks/{world.shared.id}/asks")
    assert page.heading == "What Shared mentoring and placements asks"
    assert "£45.00" in page.words and "Public liability insurance" in page.words
    assert "Price bands, which earn no points: Band 1 up to £40.00" in page.words
    assert "Why: Wages rose." in page.words
    assert "Set it up" not in page.words


def test_the_set_up_costs_the_same_for_one_category_and_twenty(visits: Visits) -> None:
    built = make(visits.by(visits.world.copperholt, Role.COMMISSIONER), reference="C-5")
    new = built.add_lot(1, "Mentoring")
    built.fill(f"{built.add_category(new, '1a', 'First')}/prices/new", optimum="700")
    before = {path: built.visitor.open(path).statements for path in (built.home, _asks(built.home))}
    for number in range(6):
        category = built.add_category(new, f"2{number}", f"More {number}")
        built.fill(f"{category}/prices/new", optimum="700")
    assert {path: built.visitor.open(path).statements for path in before} == before


def test_a_place_is_suspended_and_ended_with_its_reason(visits: Visits) -> None:
    world = visits.world
    place = world.between(world.copperholt, world.nettlewood).place
    commissioner = visits.by(world.copperholt, Role.COMMISSIONER)
    assert commissioner.send(f"/places/{place.id}/suspend", {}).status == 422
    assert commissioner.send(f"/places/{place.id}/vanish", {"because": "-"}).status == 404
    done = commissioner.send(f"/places/{place.id}/suspend", {"because": "Its insurance lapsed."})
    assert done.status == 303
    again = commissioner.send(f"/places/{place.id}/suspend", {"because": "Twice."})
    assert again.status == 409
    early = {**day("last_day", "2020-01-01"), "because": "It closes."}
    refused = commissioner.send(f"/places/{place.id}/end", early)
    assert (refused.status, "must be today or later" in refused.words) == (422, True)
    ends = commissioner.send(
        f"/places/{place.id}/end", {**day("last_day", "2029-03-31"), "because": "It closes."}
    )
    assert ends.status == 303
    page = visits.by(world.nettlewood, Role.BIDS).open(f"/places/{place.id}")
    assert "Ends after 31 March 2029" in page.words and "It closes." in page.words
    assert "Suspended" in page.words and "Its insurance lapsed." in page.words
    assert "Lift the suspension" not in page.words, "the provider takes no step"


def _asks(home: str) -> str:
    return home.replace("set-up", "asks")
