"""Mentors' records: kept, with another account, and with a check that lapses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy import select

from portal.agreements.models import Agreement, Assignment, Clearance
from portal.identity.rules import Role
from portal.notices.rules import NoticeKind
from tests.agreements.substitutes.mentors import (
    LATER,
    OPERATOR,
    a_mentor,
    day,
    knows,
    on_sqlite,
)
from tests.dealings import AT, Dealings
from tests.makers import (
    make_person,
)
from tests.makers.orders import make_disclosure
from tests.support.visits import Visitor, Visits


@on_sqlite
def test_a_mentors_record_is_kept(visits: Visits, provider: Visitor) -> None:
    person = visits.world.person(visits.world.larkspur, Role.PROVIDER_ADMINISTRATOR)
    bad = provider.send("/mentors/new", {"name": " ", "caseload_limit": "0"})
    assert bad.status == 422
    assert "Enter the mentor's name" in bad.words and "between 1 and 200" in bad.words
    about = {"name": "Robin Ash", "caseload_limit": "2", "person": str(person.id)}
    made = provider.send("/mentors/new", about)
    path = str(made.response.location)
    assert provider.open(path).heading == "Robin Ash"
    twice = provider.send("/mentors/new", {**about, "name": "Another"})
    assert twice.status == 422
    assert "This is the account of the mentor Robin Ash already" in twice.words
    assert "Cannot be assigned until a new enhanced DBS check" in provider.open(path).words

    early, late = date(2026, 4, 20), date(2029, 4, 19)
    check = {**day("checked_on", early), **day("valid_until", late), "result": "assessed"}
    assert provider.send(f"{path}/checks/new", {}).status == 422
    ahead = provider.send(f"{path}/checks/new", {**check, **day("checked_on", date(2026, 5, 1))})
    assert "must be today or earlier" in ahead.words
    assert provider.send(f"{path}/checks/new", check).status == 303
    again = provider.send(f"{path}/checks/new", check)
    assert "A check of that day is recorded already" in again.words
    trained = {"kind": "other", **day("taken_on", date(2024, 4, 1))}
    assert "Say what the training was" in provider.send(f"{path}/training/new", trained).words
    named = {**trained, "title": "Trauma and attachment"}
    assert provider.send(f"{path}/training/new", named).status == 303
    half = provider.send(f"{path}/hours", {"from_0": "15:00", "from_2": "9am", "until_2": "8am"})
    assert half.status == 422
    assert "Enter until when on Monday" in half.words
    assert "On Wednesday it must end after it begins" in half.words
    hours = {"from_0": "15:00", "until_0": "7:30pm", "from_5": "9am", "until_5": "midday"}
    assert provider.send(f"{path}/hours", hours).status == 303
    assert provider.send(f"{path}/hours", {**hours, "from_5": "", "until_5": ""}).status == 303
    page = provider.open(path)
    assert "Hours Monday 3pm to 7:30pm Now" not in page.words
    assert "Monday 3pm to 7:30pm" in page.words and "Saturday" not in page.words
    assert page.rows[0].startswith(
        "20 April 2026 Something recorded, risk assessed and accepted In date until 19 April 2029"
    )
    assert page.rows[1] == "Trauma and attachment 1 April 2024 Lapsed on 31 March 2026"
    (version,) = provider.open(f"{path}/edit").values("version")
    changed = {**about, "name": "Robin Ashe", "volunteer": "y", "version": version}
    assert provider.send(f"{path}/edit", changed).status == 303
    stale = provider.send(f"{path}/edit", {**changed, "name": "Rob Ash"})
    assert stale.status == 409
    assert "Rob Ash" in stale.markup and "Name Robin Ashe" in stale.words
    assert "A volunteer cannot be assigned" in provider.open(path).words

    end = provider.open(path).link("Rely on it no longer: check of 20 April 2026")
    assert provider.send(end, {}).status == 422
    assert provider.send(end, {"because": "news"}).status == 303
    assert "Lapsed on 29 April 2026" in provider.open(path).words
    assert "has lapsed already" in provider.send(end, {"because": "news"}).words
    assert provider.send(end, {"because": "mistake"}).status == 303
    assert "No check is recorded" in provider.open(path).words

    elsewhere = visits.by(visits.world.millstone, Role.PROVIDER_ADMINISTRATOR)
    assert elsewhere.send(f"{path}/hours", hours).status == 404


def test_with_a_mentors_account_goes_who_the_young_person_is(
    visits: Visits,
    dealings: Dealings,
    provider: Visitor,
    ordered: Callable[..., Agreement],
    told: Callable[..., list[tuple[str, str]]],
) -> None:
    world = visits.world
    old = world.person(world.larkspur, Role.DELIVERY)
    new = world.person(world.larkspur, Role.FINANCE)
    with visits.standing.owner.transaction(OPERATOR) as session:
        person = make_person(
            session,
            organisation=world.larkspur,
            roles=[Role.DELIVERY],
            email="new@larkspur.example",
        )
    mentor = a_mentor(visits, "Ira Account", person=old)
    agreement, ended = ordered("IA-ACCOUNT", mentor), ordered("IA-PAST", mentor)
    with visits.standing.owner.transaction(OPERATOR) as session:
        for one in (agreement, ended):
            make_disclosure(
                session, agreement=one, young_person=dealings.ordered.young_person, person=old
            )
        past = session.scalars(select(Assignment).where(Assignment.agreement_id == ended.id)).one()
        past.ends_on = AT.date() - timedelta(days=1)
    own, page = visits.by(world.larkspur, Role.DELIVERY), f"/agreements/{agreement.id}"
    assert own.open(page).status == 200
    edit = f"/mentors/{mentor.id}/edit"
    (version,) = provider.open(edit).values("version")
    changed = {"name": "Ira Account", "person": str(new.id), "version": version}
    assert provider.send(edit, changed).status == 422, "finance may know no identity"
    assert provider.send(edit, {**changed, "person": str(person.id)}).status == 303
    assert own.open(page).status == 404, "from the next request on"
    assert knows(visits, agreement.id) == [person.id]
    assert knows(visits, ended.id) == [], "what is over is told to nobody new"
    assert told(NoticeKind.MENTOR, "IA-ACCOUNT") == [
        ("new@larkspur.example", "You are the mentor on IA-ACCOUNT from 30 April 2026.")
    ]
    (version,) = provider.open(edit).values("version")
    assert provider.send(edit, {**changed, "person": "", "version": version}).status == 303
    assert knows(visits, agreement.id) == []


@on_sqlite
def test_a_check_that_lapses_on_an_assignment_alarms_both_sides(
    visits: Visits,
    provider: Visitor,
    council: Visitor,
    ordered: Callable[..., Agreement],
    told: Callable[..., list[tuple[str, str]]],
) -> None:
    mentor = a_mentor(visits, "Lee Lapsed")
    agreement = ordered("IA-LAPSE", mentor)
    with visits.standing.owner.transaction(OPERATOR) as session:
        check = session.scalars(select(Clearance).where(Clearance.mentor_id == mentor.id)).one()
        check.valid_until = AT.date() - timedelta(days=1)
    page = f"/agreements/{agreement.id}"
    for side in (provider, council):
        assert "The enhanced DBS check of Lee Lapsed has lapsed" in side.open(page).words
    assert "Lee Lapsed has no DBS check in date, on IA-LAPSE" in council.open("/").words
    assert "Renew the DBS check of Lee Lapsed" in provider.open("/").words
    sentence = "Lee Lapsed works on IA-LAPSE without an enhanced DBS check in date"
    for at in (LATER, LATER + timedelta(days=1)):
        found = told(NoticeKind.MENTOR, "IA-LAPSE", at, "mentors:remind")
        assert found == [
            ("provider-administrator@larkspur.example", sentence),
            ("referrer@aldermoor.example", sentence),
        ]
