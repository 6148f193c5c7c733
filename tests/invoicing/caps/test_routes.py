"""The pages on which a commissioner or a budget holder sets caps."""

from __future__ import annotations

import pytest

from portal.identity.rules import Role
from portal.kernel.tenancy import Scope, Task
from tests.makers import make_framework
from tests.support.visits import Visits


def test_a_cap_is_set_found_stale_and_changed(visits: Visits) -> None:
    world = visits.world
    commissioner = visits.by(world.aldermoor, Role.COMMISSIONER)
    path = f"/budgets/caps/{world.shared.id}"
    listed = commissioner.open(path)
    assert (listed.status, listed.heading) == (200, "Caps by contract year")
    assert len(listed.rows) == 4
    assert "Not set" not in listed.rows[0] and "Change" not in listed.rows[0]
    assert listed.rows[1].startswith("1 September 2026 to 31 August 2027 Not set Set the cap of")
    assert commissioner.open(f"{path}/2026-27").heading == "Set the cap"

    empty = commissioner.send(f"{path}/2026-27", {"version": "0"})
    assert empty.status == 422
    assert "Enter the cap" in empty.words and "Say what it is funded from" in empty.words
    below = commissioner.send(
        f"{path}/2026-27", {"cap": "-1", "funding_source": "Grant", "version": "0"}
    )
    assert below.status == 422 and "not below zero" in below.words

    typed = {"cap": "£12,500", "funding_source": "School grant", "version": "0"}
    assert commissioner.send(f"{path}/2026-27", typed, nonce="once").status == 303
    assert commissioner.send(f"{path}/2026-27", typed, nonce="once").status == 303
    assert "School grant £12,500.00 Change" in commissioner.open(path).rows[1]

    holder = visits.by(world.aldermoor, Role.BUDGET_HOLDER)
    stale = holder.send(f"{path}/2026-27", {**typed, "cap": "13,000", "funding_source": "Mine"})
    assert stale.status == 409
    assert "set the cap to £12,500.00, funded from “School grant”, while" in stale.words
    assert stale.values("cap") == ["13,000"] and stale.values("funding_source") == ["Mine"]
    (version,) = stale.values("version")
    assert holder.open(f"{path}/2026-27").heading == "Change the cap"
    changed = {"cap": "11,000", "funding_source": "School grant", "version": version}
    assert holder.send(f"{path}/2026-27", changed).status == 303
    assert "School grant £11,000.00 Change" in holder.open(path).rows[1]

    partner = visits.by(world.brackenvale, Role.COMMISSIONER).open(path)
    assert "Not set" in partner.rows[1] and "School grant" not in partner.words


def test_a_cap_that_counts_is_raised_and_not_set(visits: Visits) -> None:
    world = visits.world
    budget = world.between(world.brackenvale, world.larkspur).budget
    path = f"/budgets/caps/{world.shared.id}"
    holder = visits.by(world.brackenvale, Role.BUDGET_HOLDER)
    assert holder.open(path).addresses(f"/budgets/{budget.id}/") == [f"/budgets/{budget.id}/raise"]
    shown = holder.open(f"{path}/2025-26")
    assert (shown.status, shown.response.location) == (303, f"/budgets/{budget.id}")
    sent = {"cap": "1", "funding_source": "Grant", "version": str(budget.version)}
    refused = holder.send(f"{path}/2025-26", sent)
    assert refused.status == 409 and "a budget holder can raise it" in refused.words
    assert "Set" not in visits.by(world.brackenvale, Role.APPROVER).open(path).rows[1].split()


@pytest.mark.parametrize("role", [Role.APPROVER, Role.AUDITOR])
def test_whoever_reads_budgets_does_not_set_caps(visits: Visits, role: Role) -> None:
    world = visits.world
    path = f"/budgets/caps/{world.shared.id}"
    reader = visits.by(world.aldermoor, role)
    assert reader.open(path).status == 200
    assert reader.open(f"{path}/2027-28").status == 403
    assert reader.send(f"{path}/2027-28", {"cap": "1"}).status == 403


def test_another_year_and_another_framework_are_not_found(visits: Visits) -> None:
    world = visits.world
    with visits.standing.owner.transaction(Scope.system(Task.OPERATOR)) as session:
        elsewhere = make_framework(session, lead=world.copperholt)
    commissioner = visits.by(world.aldermoor, Role.COMMISSIONER)
    for path in (f"{elsewhere.id}", f"{elsewhere.id}/2026-27", f"{world.shared.id}/2031-32"):
        assert commissioner.open(f"/budgets/caps/{path}").status == 404


def test_budgets_and_the_set_up_page_lead_to_the_caps(visits: Visits) -> None:
    world = visits.world
    commissioner = visits.by(world.aldermoor, Role.COMMISSIONER)
    caps = f"/budgets/caps/{world.shared.id}"
    assert commissioner.open("/budgets").link(world.shared.title) == caps
    assert commissioner.open(f"/frameworks/{world.shared.id}/set-up").addresses(caps) == [caps]


def test_the_caps_cost_the_same_for_one_year_and_ten(visits: Visits) -> None:
    world = visits.world
    commissioner = visits.by(world.aldermoor, Role.COMMISSIONER)
    with visits.standing.owner.transaction(Scope.system(Task.OPERATOR)) as session:
        short, long = (
            make_framework(
                session, lead=world.aldermoor, ends_on=world.shared.ends_on.replace(year=year)
            )
            for year in (2026, 2035)
        )
    one, ten = (commissioner.open(f"/budgets/caps/{framework.id}") for framework in (short, long))
    assert (len(one.rows), len(ten.rows)) == (1, 10)
    assert one.statements == ten.statements
