"""The pages on which both sides change an agreement, and what a third sees of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from portal.agreements.models import Agreement
from portal.identity.rules import Role
from portal.kernel.tenancy import Scope, Task
from tests.makers import make_agreement, make_assignment, make_mentor, make_session
from tests.makers.changes import make_suspension
from tests.support.visits import Visitor, Visits


def on(name: str, day: date) -> dict[str, str]:
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month),
            f"{name}-year": str(day.year)}  # fmt: skip


class Sides:
    """An agreement of Aldermoor with Larkspur, and who may change it on each side."""

    def __init__(self, visits: Visits) -> None:
        world = visits.world
        self.visits = visits
        dealings = world.between(world.aldermoor, world.larkspur)
        with visits.standing.owner.transaction(Scope.system(Task.OPERATOR)) as session:
            self.agreement: Agreement = make_agreement(
                session, place=dealings.place, council=world.aldermoor
            )
            mentor = make_mentor(session, provider=world.larkspur)
            make_assignment(session, agreement=self.agreement, mentor=mentor)
            make_session(
                session, agreement=self.agreement, mentor=mentor, day=date(2026, 4, 22),
                summary=f"Written of {self.agreement.reference}",
            )  # fmt: skip
        self.officer = visits.by(world.aldermoor, Role.REFERRER)
        self.administrator = visits.by(world.larkspur, Role.PROVIDER_ADMINISTRATOR)
        self.other = visits.by(world.brackenvale, Role.REFERRER)
        self.at = f"/agreements/{self.agreement.id}"

    def sent(self, who: Visitor, path: str, **fields: Any) -> str:
        """Where a form led that was accepted."""
        answer = who.send(path, fields)
        assert answer.status == 303, answer.words
        return str(answer.response.location)


@pytest.fixture
def sides(visits: Visits) -> Sides:
    return Sides(visits)


def test_a_council_suspends_an_agreement_lets_it_go_on_and_ends_it(sides: Sides) -> None:
    page = sides.officer.open(sides.at)
    assert sides.officer.open(page.link("Suspend the agreement")).values("first-day") == ["30"]
    empty = sides.officer.send(f"{sides.at}/suspend", {"because": "On holiday"})
    assert empty.status == 422 and "On holiday" in empty.markup
    wrong = sides.officer.send(
        f"{sides.at}/suspend", {**on("first", date(2026, 4, 22)), "because": "Away"}
    )
    assert wrong.status == 422 and "22 April 2026 is recorded" in wrong.words
    sides.sent(
        sides.officer, f"{sides.at}/suspend", **on("first", date(2026, 4, 30)), because="Away"
    )
    page = sides.administrator.open(sides.at)
    assert "Suspended Nothing is delivered from 30 April 2026: Away" in page.words
    assert "Let the agreement go on" not in page.words, "the council decides"
    assert sides.administrator.open(f"{sides.at}/suspend").status == 409
    assert sides.officer.send(f"{sides.at}/resume", {}).status == 422
    sides.sent(sides.officer, f"{sides.at}/resume", **on("back", date(2026, 5, 4)))
    page = sides.officer.open(sides.at)
    assert "Suspended 30 April to 3 May 2026" in page.words

    assert sides.officer.open(page.link("End the agreement")).heading == "End the agreement"
    ending = {**on("last_day", date(2026, 5, 29)), "reason": "other", "outcome": "partly"}
    unsaid = sides.officer.send(f"{sides.at}/end", ending)
    assert unsaid.status == 422 and "Say which other reason it is" in unsaid.words
    sides.sent(sides.officer, f"{sides.at}/end", **ending, words="Moved school")
    page = sides.officer.open(sides.at)
    assert "Ends after 29 May 2026" in page.words
    assert "Another reason. Some outcomes were reached. Moved school" in page.words


def test_new_terms_go_from_one_side_to_the_other(sides: Sides) -> None:
    new = sides.administrator.open(sides.at).link("Propose new terms")
    assert "Now £42.00 an hour" in sides.administrator.open(new).words
    wanted = {**on("starts_on", date(2026, 6, 1)), "authorised_weekly": "3", "because": "Exams"}
    assert sides.administrator.send(new, {**wanted, "price": "0"}).status == 422
    high = sides.administrator.send(new, {**wanted, "price": "50"})
    assert high.status == 422 and "at most £42.00" in high.words
    proposed = sides.sent(sides.administrator, new, **wanted, price="40")
    own = sides.administrator.open(proposed)
    assert own.heading == "New terms from 1 June 2026" and not own.forms("/agree")
    assert own.rows == [
        "Price £42.00 an hour £40.00 an hour", "Authorised a week not set 3 hours",
    ]  # fmt: skip
    assert f"Answer new terms of {sides.agreement.reference}" in sides.officer.open("/").words
    assert "Waits for you New terms from 1 June 2026" in sides.officer.open(sides.at).words
    assert sides.officer.send(f"{proposed}/turn-down", {}).status == 422
    sides.sent(sides.officer, f"{proposed}/agree")
    assert sides.officer.send(f"{proposed}/agree", {}).status == 409
    page = sides.administrator.open(sides.at)
    said = "New terms from 1 June 2026 agreed: price £40.00 an hour, authorised a week 3 hours"
    assert said in page.words
    assert any("From 1 June 2026 £40.00" in row for row in page.rows)

    again = sides.sent(sides.officer, new, **{**wanted, "authorised_weekly": "5"})
    sides.sent(sides.administrator, f"{again}/turn-down", because="Nobody is free")
    assert "Nobody is free" in sides.officer.open(sides.at).words


def test_a_sub_contractor_is_agreed_in_writing_before_it_is_used(sides: Sides) -> None:
    new = sides.administrator.open(sides.at).link("Ask for a sub-contractor")
    assert sides.administrator.open(new).status == 200
    assert sides.officer.open(new).status == 409, "the provider asks"
    asked_for = {
        "name": "Bramble Climbing", "work": "Climbing", "percentage": "20", "cost": "80",
        "because": "Skills", **on("starts_on", date(2026, 5, 4)),
    }  # fmt: skip
    whole = sides.administrator.send(new, {**asked_for, "percentage": "100"})
    assert whole.status == 422 and "a share from 1 to 99" in whole.words
    asked = sides.sent(sides.administrator, new, **asked_for)
    assert "Do not use the sub-contractor before it agrees" in sides.administrator.open(asked).words
    assert "Not agreed yet" in sides.administrator.open(sides.at).words
    assert "Agree to a sub-contractor on" in sides.officer.open("/").words
    assert sides.officer.send(f"{asked}/agree", {}).status == 422, "in writing"
    sides.sent(sides.officer, f"{asked}/agree", words="Agreed for climbing alone")
    page = sides.administrator.open(asked)
    assert "Agreed in writing Agreed for climbing alone" in page.words
    assert sides.administrator.send(f"{asked}/end", on("last_day", date(2026, 4, 1))).status == 422
    sides.sent(sides.administrator, f"{asked}/end", **on("last_day", date(2026, 5, 29)))
    assert "Bramble Climbing Climbing 20 % £80.00 4 to 29 May 2026" in (
        sides.officer.open(sides.at).rows
    )
    second = sides.sent(sides.administrator, new, **asked_for)
    sides.sent(sides.officer, f"{second}/turn-down", because="One is enough")
    assert "Why not One is enough" in sides.administrator.open(second).words


def test_an_agreement_moves_and_neither_council_sees_the_other_s(sides: Sides) -> None:
    new = sides.officer.open(sides.at).link("Move the agreement to another council")
    brackenvale = str(sides.visits.world.brackenvale.id)
    assert sides.officer.open(new).values("to") == ["", brackenvale], "none beforehand"
    assert sides.officer.send(new, {"to": brackenvale, "because": "Moved"}).status == 422
    fields = {"to": brackenvale, "because": "The family moved", **on("last_day", date(2026, 5, 11))}
    transfer = sides.sent(sides.officer, new, **fields)
    assert "Take an agreement over from Aldermoor Council" in sides.other.open("/").words
    offered = sides.other.open(transfer)
    assert offered.heading == "Move to Brackenvale Council"
    hidden = (sides.agreement.reference, sides.agreement.young_person, "Written of")
    assert not any(words in offered.markup for words in hidden)
    assert sides.other.open(sides.at).status == 404
    outsider = sides.visits.by(sides.visits.world.copperholt, Role.REFERRER)
    assert outsider.open(transfer).status == 404
    assert sides.officer.open(f"{transfer}/take").status == 409

    form = sides.other.open(offered.link("Take the agreement over"))
    assert form.values("price") == ["42.00"]
    assert sides.other.send(f"{transfer}/take", {"reference": "BRA-9"}).status == 422
    terms = {"reference": "BRA-LAR-H", "young_person": "BYP-9", "price": "42.00"}
    taken = sides.other.send(f"{transfer}/take", terms)
    assert taken.status == 422 and "an agreement of that reference already" in taken.words
    reference = f"BRA-9-{sides.agreement.reference}"
    opened = sides.sent(sides.other, f"{transfer}/take", **{**terms, "reference": reference})
    mine = sides.other.open(opened)
    assert "Taken over from Aldermoor Council on 12 May 2026" in mine.words
    assert sides.officer.open(opened).status == 404
    gone = sides.officer.open(sides.at)
    assert "Brackenvale Council takes it over from 12 May 2026" in gone.words
    assert "BYP-9" not in sides.officer.open(transfer).markup

    assert "Not shared" in sides.other.open(transfer).words
    assert "No notes are shared" in sides.other.open(f"{transfer}/notes").words
    sides.sent(sides.officer, f"{transfer}/notes")
    notes = sides.other.open(sides.other.open(transfer).link("The notes that are shared"))
    assert notes.rows == [f"22 April 2026 1 hour Written of {sides.agreement.reference}"]


def test_a_move_is_taken_back(sides: Sides) -> None:
    fields = {
        "to": str(sides.visits.world.brackenvale.id), "because": "Perhaps",
        **on("last_day", date(2026, 5, 11)),
    }  # fmt: skip
    unsaid = sides.officer.send(f"{sides.at}/transfer", {**fields, "to": ""})
    assert unsaid.status == 422 and unsaid.wrong == ["to"] and "Choose the council" in unsaid.words
    transfer = sides.sent(sides.officer, f"{sides.at}/transfer", **fields)
    blocked = sides.officer.send(
        f"{sides.at}/end",
        {**on("last_day", date(2026, 5, 5)), "reason": "as-planned", "outcome": "reached"},
    )
    assert blocked.status == 422 and "about to move to another council" in blocked.words
    sides.sent(sides.officer, f"{transfer}/turn-down", because="They stay")
    assert "Move to Brackenvale Council on 12 May 2026 taken back" in (
        sides.officer.open(sides.at).words
    )


def test_twenty_changes_take_no_more_queries_than_one(sides: Sides) -> None:
    owner, officer = sides.visits.standing.owner, sides.visits.world.aldermoor

    def stood_still(first: int, last: int) -> None:
        with owner.transaction(Scope.system(Task.OPERATOR)) as session:
            person = sides.visits.world.person(officer, Role.REFERRER)
            for day in range(first, last):
                make_suspension(
                    session, agreement=sides.agreement, by=person,
                    starts_on=date(2026, 3, day), ends_on=date(2026, 3, day),
                )  # fmt: skip

    stood_still(1, 2)
    few = sides.officer.open(sides.at)
    stood_still(2, 22)
    many = sides.officer.open(sides.at)
    assert many.words.count("School holidays") == 21
    assert many.statements == few.statements


def test_whoever_may_not_change_agreements_reads_what_changed(visits: Visits) -> None:
    world = visits.world
    changes = world.changes[world.between(world.aldermoor, world.larkspur).weekly.id]
    approver = visits.by(world.aldermoor, Role.APPROVER)
    page = approver.open(f"/variations/{changes.variation.id}")
    assert page.status == 200 and not page.forms("/agree") and not page.forms("/turn-down")
    for path in ("agree", "turn-down"):
        assert approver.send(f"/variations/{changes.variation.id}/{path}", {}).status == 403
    listed = approver.open(f"/agreements/{changes.variation.agreement_id}")
    assert "Suspended 12 to 16 January 2026" in listed.words
    assert "Suspend the agreement" not in listed.words
