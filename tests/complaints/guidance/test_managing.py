"""Councils keep their contacts right, and providers publish their procedure."""

from __future__ import annotations

from datetime import UTC, date, datetime

from flask import Flask
from sqlalchemy import select

from portal.audit.models import AuditEvent
from portal.complaints.guidance.models import Contact
from portal.identity.rules import Role
from portal.kernel.database import Database
from portal.kernel.tenancy import Scope, Task
from portal.notices.models import Notice
from tests.makers import make_contact, make_council, make_person
from tests.support.background import RunJobs
from tests.support.visits import Read, Visits

OPERATOR = Scope.system(Task.OPERATOR)
CONTACTS = "/complaints/contacts"
WORDS = {
    "how_to_tell": "Tell any of us.",
    "who_answers": "Our manager reads it.",
    "how_soon": "We tell you in a week.",
    "not_happy": "You can ask the council.",
}


def typed(**changed: str) -> dict[str, str]:
    """A contact as somebody fills it in; the world's clock shows 30 April 2026."""
    return {
        "kind": "advocate",
        "name": "Hear Me Advocacy",
        "phone": "08081 570222",
        "text_number": "",
        "web": "https://www.hearme.example",
        "hours": "Open on school days.",
        "starts_on-day": "30",
        "starts_on-month": "4",
        "starts_on-year": "2026",
        "shown": "y",
        "seen": "",
        **changed,
    }


def public(visits: Visits, slug: str) -> Read:
    """What young people are shown."""
    client = visits.app.test_client()
    return Read(client.get(f"/young-people/{slug}/who-can-help"), 0)


def test_a_contact_is_added_changed_from_a_day_and_kept_in_the_history(visits: Visits) -> None:
    manager = visits.by(visits.world.copperholt, Role.COMPLAINTS_MANAGER)
    assert manager.open(CONTACTS).heading == "Contacts for young people"
    assert manager.send(f"{CONTACTS}/add", typed()).status == 303
    assert "08081 570222" in public(visits, "copperholt-council").words
    again = manager.send(f"{CONTACTS}/add", typed(phone="08081 570999"))
    assert again.status == 422 and "08081 570999" in again.markup

    path = f"{CONTACTS}/hear-me-advocacy"
    form = manager.open(path)
    seen = form.markup.split('name="seen" value="')[1].split('"')[0]
    moved = typed(phone="08081 570333", seen=seen, **{"starts_on-day": "1", "starts_on-month": "5"})
    assert manager.send(path, moved).status == 303
    assert "08081 570222" in public(visits, "copperholt-council").words, "until its day comes"
    assert [row.split(" Hear")[0] for row in manager.open(path).rows] == [
        "1 May 2026",
        "30 April 2026",
    ]

    stale = manager.send(path, moved)
    assert stale.status == 409
    assert "Somebody else changed this meanwhile" in stale.words and "570333" in stale.markup


def test_what_is_wrong_with_a_contact_is_said_and_kept(visits: Visits) -> None:
    manager = visits.by(visits.world.aldermoor, Role.COUNCIL_ADMINISTRATOR)
    empty = manager.send(f"{CONTACTS}/add", typed(name="", phone="", web=""))
    assert empty.status == 422
    assert "Enter a name" in empty.words
    assert "Enter a phone number, a number for texts or a web address" in empty.words
    wrong = manager.send(f"{CONTACTS}/add", typed(phone="ring us", web="javascript:alert(1)"))
    assert "Enter numbers and spaces only" in wrong.words
    assert "Enter a web address that begins with https://" in wrong.words
    assert "ring us" in wrong.markup


def test_a_national_contact_is_confirmed_and_becomes_the_councils_own(visits: Visits) -> None:
    world = visits.world
    manager = visits.by(world.brackenvale, Role.COMPLAINTS_MANAGER)
    assert manager.send(f"{CONTACTS}/childline/confirm", {}).status == 303
    assert manager.send(f"{CONTACTS}/childline/confirm", {}).status == 303
    assert manager.send(f"{CONTACTS}/nobody/confirm", {}).status == 404
    with visits.standing.owner.session(OPERATOR) as session:
        rows = session.scalars(select(Contact).where(Contact.council_id == world.brackenvale.id))
        (own,) = rows.all()
        assert (own.code, own.checked_on) == ("childline", date(2026, 4, 30))
        events = select(AuditEvent).where(AuditEvent.event == "guidance:contact:confirmed")
        assert len(session.scalars(events).all()) == 2


def test_where_exit_this_page_leads_is_set(visits: Visits) -> None:
    manager = visits.by(visits.world.copperholt, Role.COMPLAINTS_MANAGER)
    path = f"{CONTACTS}/exit-address"
    assert "https://www.bbc.co.uk/weather" in manager.open(path).markup
    assert manager.send(path, {"address": "http://unsafe.example"}).status == 422
    assert manager.send(path, {"address": "https://www.recipes.example/"}).status == 303
    assert 'href="https://www.recipes.example/"' in public(visits, "copperholt-council").markup
    assert "recipes.example" not in public(visits, "brackenvale-council").markup


def test_a_provider_publishes_its_words_and_is_told_how_they_read(visits: Visits) -> None:
    provider = visits.by(visits.world.millstone, Role.PROVIDER_ADMINISTRATOR)
    path = "/complaints/procedure"
    hard = WORDS | {
        "who_answers": "An appropriately designated safeguarding coordinator investigates it."
    }
    preview = provider.send(f"{path}/preview", hard)
    assert preview.status == 200
    assert "Too hard" in preview.words and "Use a shorter word for" in preview.words
    assert "designated safeguarding coordinator" in preview.markup
    before = visits.app.test_client().get("/young-people/aldermoor-council/millstone-care")
    assert "They have not told us yet" in before.text

    missing = provider.send(path, WORDS | {"how_soon": ""})
    assert missing.status == 422 and "Say how soon you answer" in missing.words
    assert provider.send(path, WORDS | {"registered": "y"}).status == 303
    page = provider.open(path)
    assert "A child of about 9 can read this" in page.words and "shown now" in page.words
    after = visits.app.test_client().get("/young-people/aldermoor-council/millstone-care").text
    assert "Our manager reads it." in after and "Ofsted" in after


def test_others_may_not(visits: Visits) -> None:
    world = visits.world
    assert visits.by(world.aldermoor, Role.APPROVER).open(CONTACTS).status == 403
    assert visits.by(world.larkspur, Role.FINANCE).open("/complaints/procedure").status == 403
    bids = visits.by(world.larkspur, Role.BIDS)
    assert bids.send("/complaints/procedure", WORDS).status == 403


def test_a_complaints_manager_finds_what_is_to_be_checked_at_home(visits: Visits) -> None:
    world = visits.world
    with visits.standing.owner.transaction(OPERATOR) as session:
        make_contact(session, council=world.aldermoor, code="old", name="Old Helpline",
                     checked_on=date(2025, 10, 30))  # fmt: skip
    manager = visits.by(world.aldermoor, Role.COMPLAINTS_MANAGER)
    assert "Check 1 contact for young people" in manager.open("/").words
    assert manager.open(CONTACTS).rows[0].startswith("Old Helpline")
    assert "Check it again" in manager.open(CONTACTS).rows[0]
    assert manager.send(f"{CONTACTS}/old/confirm", {}).status == 303
    assert "for young people" not in manager.open("/").words


def test_a_council_is_told_once_a_month(
    app: Flask, owner_database: Database, run_jobs: RunJobs
) -> None:
    with owner_database.transaction(OPERATOR) as session:
        council = make_council(session)
        keeper = make_person(session, organisation=council, roles=[Role.COMPLAINTS_MANAGER])
        make_contact(session, council=council, checked_on=date(2025, 10, 1))
    for day in (2, 3):
        run_jobs(datetime(2026, 6, day, 9, tzinfo=UTC), schedules=["guidance:stale-contacts"])
    with owner_database.session(OPERATOR) as session:
        told = session.scalars(select(Notice).where(Notice.person_id == keeper.id)).all()
        assert [one.sentence for one in told] == ["1 contact for young people to check again"]
