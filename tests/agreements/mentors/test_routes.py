"""Mentors as their provider sees them, and as the councils they work for do."""

from __future__ import annotations

from datetime import date

from portal.identity.rules import Role
from portal.kernel.tenancy import Scope, Task
from tests.makers import make_assignment, make_mentor
from tests.support.visits import Visits


def test_a_provider_sees_its_mentors_with_their_standing(visits: Visits) -> None:
    world = visits.world
    finance = visits.by(world.millstone, Role.FINANCE)
    before = finance.open("/mentors")
    assert (before.status, before.heading) == (200, "Mentors")
    with visits.standing.owner.transaction(Scope.system(Task.OPERATOR)) as session:
        for number in range(60):
            make_mentor(session, provider=world.millstone, name=f"Zed {number:02}")
        for name, options in {
            "Ann Lapsed": {"valid_until": date(2026, 4, 29)},
            "Ann Soon": {"valid_until": date(2026, 5, 23)},
            "Ann Unchecked": {"cleared": False},
        }.items():
            make_mentor(session, provider=world.millstone, name=name, **options)  # type: ignore[arg-type]
        make_mentor(session, provider=world.millstone, name="Ann Volunteer", volunteer=True)
    after = finance.open("/mentors")
    assert after.rows[:4] == [
        "Ann Lapsed Lapsed on 29 April 2026 0",
        "Ann Soon Lapses in 23 days 0",
        "Ann Unchecked Not given 0",
        "Ann Volunteer Volunteer In date until 31 May 2028 0",
    ]
    assert len(after.rows) == 50
    assert after.statements == before.statements
    found = finance.open("/mentors?name=ann+s", htmx=True)
    assert found.rows == ["Ann Soon Lapses in 23 days 0"]
    page = finance.open(finance.open("/mentors?name=Ann+L").link("Ann Lapsed"))
    assert page.heading == "Ann Lapsed"
    assert "Cannot be assigned until a new enhanced DBS check is recorded" in page.words


def test_a_council_sees_only_who_is_assigned_to_its_agreements(visits: Visits) -> None:
    world = visits.world
    here = world.between(world.aldermoor, world.larkspur)
    there = world.between(world.brackenvale, world.larkspur)
    with visits.standing.owner.transaction(Scope.system(Task.OPERATOR)) as session:
        make_assignment(
            session, agreement=there.hourly, mentor=here.mentor,
            starts_on=date(2025, 10, 1), ends_on=date(2025, 12, 1),
        )  # fmt: skip
    officer = visits.by(world.aldermoor, Role.REFERRER)
    listed = officer.open("/mentors")
    assert [row.split(" In date")[0] for row in listed.rows] == ["Mentor ALD-LAR", "Mentor ALD-MIL"]
    page = officer.open(f"/mentors/{here.mentor.id}")
    assert "2 of your agreements now" in page.words
    assert "ALD-LAR-H" in page.words and "BRA-LAR-H" not in page.markup
    own = visits.by(world.larkspur, Role.FINANCE).open(f"/mentors/{here.mentor.id}")
    assert "BRA-LAR-H" in own.words and "1 October to 1 December 2025" in own.words


def test_another_councils_mentor_is_not_found(visits: Visits) -> None:
    world = visits.world
    mentor = world.between(world.aldermoor, world.larkspur).mentor
    for organisation in (world.copperholt, world.millstone):
        role = Role.AUDITOR if organisation is world.copperholt else Role.FINANCE
        assert visits.by(organisation, role).open(f"/mentors/{mentor.id}").status == 404
