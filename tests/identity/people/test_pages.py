"""The pages about people, as administrators, auditors and others find them."""

from __future__ import annotations

from flask import Flask

from portal.identity.models import OrganisationSetting
from portal.identity.rules import Role
from tests.identity.people.browsing import browser, words_of
from tests.identity.people.conftest import OPERATOR, Council
from tests.makers import make_person
from tests.support.visits import Visits


def test_the_list_is_searched_and_narrowed(app: Flask, council: Council) -> None:
    administrator = browser(app, council, council.member(council.first))
    whole = words_of(administrator.get("/people"))
    assert whole.index("Ada Birch") < whole.index("Ben Cedar") < whole.index("Ruth Fern")
    for query, there, away in (
        ("words=ruth", "Ruth Fern", "Ada Birch"),
        ("words=hal@", "Hal Gorse", "Ruth Fern"),
        ("role=approver", "Ruth Fern", "Hal Gorse"),
        ("role=budget-holder&words=r", "Nobody is like that", "Ruth Fern"),
        ("state=left", "Nobody is like that", "Ruth Fern"),
    ):
        found = words_of(administrator.get(f"/people?{query}"))
        assert there in found, query
        assert away not in found, query


def test_the_list_asks_the_database_as_often_for_many_as_for_few(visits: Visits) -> None:
    world = visits.world
    administrator = visits.by(world.larkspur, Role.PROVIDER_ADMINISTRATOR)
    few = administrator.open("/people").statements
    with visits.standing.owner.transaction(OPERATOR) as session:
        for _ in range(30):
            make_person(session, organisation=world.larkspur, roles=[Role.BIDS], password=None)
    many = administrator.open("/people")
    assert len(many.rows) >= 30
    assert many.statements == few


def test_an_auditor_sees_people_and_changes_nothing(app: Flask, council: Council) -> None:
    with council.owner.transaction(OPERATOR) as session:
        auditor = make_person(session, organisation=council.organisation, roles=[Role.AUDITOR])
    looking = browser(app, council, council.member(auditor))
    member = council.member(council.approver)
    page = words_of(looking.get(f"/people/{member.id}"))
    assert "Approve, query or refuse invoice lines" in page
    assert "Change roles" not in page
    assert "Invite somebody" not in words_of(looking.get("/people"))
    for path in (f"/people/{member.id}/roles", f"/people/{member.id}/leave", "/people/settings"):
        assert looking.get(path).status_code == 403
        assert looking.post(path).status_code == 403


def test_a_page_tells_the_history_of_a_person(app: Flask, council: Council) -> None:
    administrator = browser(app, council, council.member(council.first))
    member = council.member(council.approver)
    form = {"roles": ["approver", "commissioner"], "version": "1"}
    assert administrator.post(f"/people/{member.id}/roles", form).status_code == 303
    page = words_of(administrator.get(f"/people/{member.id}"))
    assert "Changed somebody's roles" in page.replace("&#39;", "'")
    assert "Given: Commissioner." in page


def test_refusals_keep_what_was_chosen(app: Flask, council: Council) -> None:
    administrator = browser(app, council, council.member(council.first))
    member = council.member(council.approver)
    path = f"/people/{member.id}/roles"
    both = {"roles": ["approver", "budget-holder"], "version": "1"}
    refused = administrator.post(path, both)
    assert refused.status_code == 422
    assert "These cannot go together" in words_of(refused)
    assert refused.text.count(" checked") == 2
    stale = administrator.post(path, {"roles": ["commissioner"], "version": "7"})
    assert stale.status_code == 409
    assert "They are now: Invoice approver" in words_of(stale)
    assert 'value="commissioner" checked' in stale.text
    assert administrator.post(path, {"roles": ["commissioner"], "version": "1"}).status_code == 303


def test_leaving_ends_access_on_the_next_request(app: Flask, council: Council) -> None:
    """A role removed while its holder has a page open: page, fragment and post are refused."""
    leaver = browser(app, council, council.member(council.approver))
    assert leaver.get("/invoices").status_code == 200
    administrator = browser(app, council, council.member(council.first))
    member = council.member(council.approver)
    without = administrator.post(f"/people/{member.id}/leave", {"version": "1"})
    assert without.status_code == 422
    done = administrator.post(f"/people/{member.id}/leave", {"version": "1", "sure": "y"})
    assert done.status_code == 303
    for fragment in (False, True):
        answered = leaver.get("/invoices", fragment=fragment)
        assert (answered.status_code, answered.location) == (303, "/organisations")
    assert leaver.post("/invoices/export.csv").status_code in {303, 404, 405}
    assert "You do not belong to any organisation" in words_of(leaver.get("/organisations"))
    assert "Ruth Fern" in words_of(administrator.get("/people?state=left"))


def test_what_waits_for_a_mentor_is_listed_before_they_leave(visits: Visits) -> None:
    world = visits.world
    mentor = world.memberships[world.person(world.larkspur, Role.DELIVERY).id]
    administrator = visits.by(world.larkspur, Role.PROVIDER_ADMINISTRATOR)
    page = administrator.open(f"/people/{mentor.id}/leave")
    assert "Assigned to 2 agreements as a mentor" in page.words
    assert page.link("Assigned to 2 agreements as a mentor").startswith("/mentors/")


def test_settings_are_kept_and_a_stale_form_shows_both(app: Flask, council: Council) -> None:
    administrator = browser(app, council, council.member(council.first))
    form = {"second_factor_for_all": "y", "contact_email": "IT@aldermoor.example", "version": "0"}
    assert administrator.post("/people/settings", form).status_code == 303
    with council.owner.session(OPERATOR) as session:
        kept = session.get_one(OrganisationSetting, council.organisation.id)
        assert kept.second_factor_for_all
        assert kept.contact_email == "it@aldermoor.example"
    stale = administrator.post("/people/settings", {"version": "0", "contact_email": "x@y.example"})
    assert stale.status_code == 409
    assert "The second factor for everybody is now on" in words_of(stale)
    assert "x@y.example" in stale.text
    wrong = administrator.post("/people/settings", {"version": "1", "contact_email": "nonsense"})
    assert wrong.status_code == 422
