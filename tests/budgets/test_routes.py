"""The budget pages as approvers and budget holders use them."""

from __future__ import annotations

from datetime import date

from portal.identity.rules import Role
from portal.kernel.money import Money
from portal.kernel.tenancy import Scope, Task
from tests.makers import make_budget, make_framework
from tests.support.visits import Visits


def test_the_list_shows_cap_approved_and_left(visits: Visits) -> None:
    world = visits.world
    page = visits.by(world.aldermoor, Role.APPROVER).open("/budgets")
    assert (page.status, page.heading) == (200, "Budgets")
    own = world.between(world.aldermoor, world.larkspur).budget
    assert page.rows[0].startswith("1 September 2025 to 31 August 2026 Shared mentoring")
    assert str(own.approved) in page.rows[0]
    assert str(own.cap - own.approved) in page.rows[0]
    assert "Room left" in page.rows[0]


def test_the_list_costs_the_same_for_one_budget_and_thirty(visits: Visits) -> None:
    world = visits.world
    visitor = visits.by(world.copperholt, Role.AUDITOR)
    before = visitor.open("/budgets")
    with visits.standing.owner.transaction(Scope.system(Task.OPERATOR)) as session:
        for number in range(30):
            framework = make_framework(session, lead=world.copperholt, title=f"More {number}")
            make_budget(session, framework=framework, council=world.copperholt)
    after = visitor.open("/budgets")
    assert len(after.rows) > len(before.rows)
    assert after.statements == before.statements


def test_a_budget_says_when_its_cap_is_near(visits: Visits) -> None:
    world = visits.world
    with visits.standing.owner.transaction(Scope.system(Task.OPERATOR)) as session:
        budget = make_budget(
            session, framework=world.shared, council=world.aldermoor, cap="40000",
            approved="38900", year_starts_on=date(2026, 9, 1),
        )  # fmt: skip
    page = visits.by(world.aldermoor, Role.APPROVER).open(f"/budgets/{budget.id}")
    assert page.heading == "1 September 2026 to 31 August 2027"
    assert "Above 80 %" in page.words and "£38,900.00 (97 %)" in page.words
    assert "Lines for up to £1,100.00 can be approved" in page.words
    assert "Raise the cap" not in page.words, "only a budget holder raises"


def test_the_partner_and_the_provider_see_nothing_of_it(visits: Visits) -> None:
    world = visits.world
    budget = world.between(world.aldermoor, world.larkspur).budget
    for path in (f"/budgets/{budget.id}", f"/budgets/{budget.id}/raise"):
        assert visits.by(world.brackenvale, Role.BUDGET_HOLDER).open(path).status == 404
        assert visits.by(world.larkspur, Role.FINANCE).open(path).status == 403


def test_a_raise_is_asked_for_checked_and_kept(visits: Visits) -> None:
    world = visits.world
    budget = world.between(world.brackenvale, world.larkspur).budget
    holder = visits.by(world.brackenvale, Role.BUDGET_HOLDER)
    path = f"/budgets/{budget.id}/raise"
    assert holder.open(path).heading == "Raise the cap"

    empty = holder.send(path, {"cap": "", "reason": "", "version": "1"})
    assert empty.status == 422
    assert "Enter the new cap" in empty.words and "Say why the cap is raised" in empty.words

    typed = {"cap": "90,000.00", "reason": "More young people", "version": "1"}
    low = holder.send(path, typed)
    assert low.status == 422
    assert f"Enter a cap above {budget.cap}" in low.words
    assert "More young people" in low.markup, "what was typed is kept"

    higher = {**typed, "cap": str(budget.cap + Money.pounds("5000"))}
    stale = holder.send(path, {**higher, "version": "7"})
    assert stale.status == 409
    assert f"Somebody else set the cap to {budget.cap}" in stale.words
    assert "More young people" in stale.markup

    done = holder.send(path, higher, nonce="once")
    again = holder.send(path, higher, nonce="once")
    assert (done.status, again.status) == (303, 303)
    page = holder.open(f"/budgets/{budget.id}")
    assert page.words.count(f"Raised from {budget.cap} to") == 1
    assert "More young people" in page.words


def test_an_approver_cannot_raise(visits: Visits) -> None:
    world = visits.world
    budget = world.between(world.aldermoor, world.larkspur).budget
    approver = visits.by(world.aldermoor, Role.APPROVER)
    assert approver.send(f"/budgets/{budget.id}/raise", {"cap": "1"}).status == 403
