"""The term calendar, outcomes at the start, meetings and contributions, through their pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from lxml import html
from sqlalchemy import select

from portal.audit.models import AuditEvent
from portal.delivery.meetings.models import Contribution, Meeting
from portal.delivery.outcomes.models import OutcomeScore, Scoring
from portal.delivery.outcomes.rules import Indicator
from portal.delivery.terms.models import ReportSetting, SchoolTerm
from portal.identity.models import Person
from portal.identity.rules import Role
from portal.notices.models import Notice
from tests.delivery.conftest import Arranged, one
from tests.makers import make_person
from tests.makers.reports import make_report, make_term
from tests.support.background import RunJobs
from tests.support.size import ONE_ENGINE
from tests.visiting import Visitor


@dataclass(frozen=True)
class Sides:
    """The Virtual School officer, the provider's administrator and a mentor, in browsers."""

    arranged: Arranged
    school: Visitor
    manager: Visitor
    mentor: Visitor
    manager_person: Person


@pytest.fixture
def sides(arranged: Arranged, browser_of: Callable[[Person], Visitor]) -> Sides:
    with arranged.operator() as session:
        school = make_person(
            session, organisation=arranged.council, roles=[Role.REFERRER], name="Vic School"
        )
        manager = make_person(
            session, organisation=arranged.provider, roles=[Role.PROVIDER_ADMINISTRATOR],
            name="Ada Admin",
        )  # fmt: skip
    return Sides(
        arranged, browser_of(school), browser_of(manager), browser_of(arranged.mentoring), manager
    )


def words(visitor: Visitor, url: str) -> str:
    answer = visitor.get(url)
    assert answer.status_code == 200, answer.text
    return " ".join(html.fromstring(answer.text).text_content().split())


def day(name: str, on: date) -> dict[str, str]:
    """A date as its three boxes send it."""
    return {
        f"{name}-day": str(on.day),
        f"{name}-month": str(on.month),
        f"{name}-year": str(on.year),
    }


def term_form(name: str, first: date, last: date, version: str = "") -> dict[str, str]:
    return {"name": name, "version": version, **day("first_day", first), **day("last_day", last)}


def test_a_council_keeps_its_terms_and_when_their_reports_are_due(sides: Sides) -> None:
    spring = term_form("Spring term 2026", date(2026, 1, 5), date(2026, 3, 27))
    assert sides.school.post("/terms/add", spring).status_code == 303
    said = words(sides.school, "/terms")
    assert "14 April 2026" in said
    assert "skipped Good Friday and Easter Monday" in said
    over = term_form("Summer term 2026", date(2026, 3, 27), date(2026, 7, 22))
    refused = sides.school.post("/terms/add", over)
    assert refused.status_code == 422
    assert "overlap with Spring term 2026" in refused.text
    with sides.arranged.operator() as session:
        url = f"/terms/{one(session, SchoolTerm).id}"
    moved = term_form("Spring term 2026", date(2026, 1, 5), date(2026, 4, 2), version="1")
    assert sides.school.post(url, moved).status_code == 303
    stale = sides.school.post(url, spring | {"version": "1"})
    assert stale.status_code == 409
    assert "5 January to 2 April 2026" in stale.text

    assert (
        sides.school.post("/terms/time-limit", {"within": "0", "version": "0"}).status_code == 422
    )
    assert (
        sides.school.post("/terms/time-limit", {"within": "5", "version": "0"}).status_code == 303
    )
    assert (
        sides.school.post("/terms/time-limit", {"within": "7", "version": "0"}).status_code == 409
    )
    assert (
        sides.school.post("/terms/time-limit", {"within": "7", "version": "1"}).status_code == 303
    )
    assert "due 7 working days after" in words(sides.school, "/terms")
    with sides.arranged.operator() as session:
        assert one(session, ReportSetting).within == 7
        make_report(session, agreement=sides.arranged.placement, term=one(session, SchoolTerm))
    kept = sides.school.post(f"{url}/remove")
    assert kept.status_code == 409
    assert "cannot be removed" in kept.text
    summer = term_form("Summer term 2026", date(2026, 4, 13), date(2026, 7, 22))
    sides.school.post("/terms/add", summer)
    with sides.arranged.operator() as session:
        unused = session.scalars(
            select(SchoolTerm.id).where(SchoolTerm.name == "Summer term 2026")
        ).one()
    assert sides.school.post(f"/terms/{unused}/remove").status_code == 303
    assert sides.arranged.count(SchoolTerm) == 1


@pytest.mark.parametrize("engine_name", ONE_ENGINE, indirect=True)
def test_the_scores_at_the_start_are_kept_once_and_put_right(sides: Sides) -> None:
    url = f"/agreements/{sides.arranged.hourly.id}/progress"
    assert sides.school.get(f"{url}/start").status_code == 403
    nothing = sides.mentor.post(f"{url}/start", {"version": "0"})
    assert nothing.status_code == 422
    assert "Score at least one of them" in nothing.text
    first = {"version": "0", "resilience": "2", "missing_episodes": "1"}
    assert sides.mentor.post(f"{url}/start", first).status_code == 303
    assert sides.mentor.post(f"{url}/start", first).status_code == 409
    again = {"version": "1", "resilience": "3", "education": "4"}
    assert sides.mentor.post(f"{url}/start", again).status_code == 303
    said = words(sides.school, url)
    assert "Scored once so far." in said
    assert "Missing episodes" not in said
    with sides.arranged.operator() as session:
        assert one(session, Scoring).version == 2
        scores = session.execute(select(OutcomeScore.indicator, OutcomeScore.score)).all()
        assert dict(scores) == {Indicator.RESILIENCE: 3, Indicator.EDUCATION: 4}
        recorded = session.scalars(
            select(AuditEvent).where(AuditEvent.event == "delivery:outcomes:scored")
        ).all()
        assert len(recorded) == 2


def test_a_meeting_is_arranged_held_and_followed_up_by_both_sides(
    sides: Sides, run_jobs: RunJobs
) -> None:
    arranged = sides.arranged
    with arranged.operator() as session:
        make_term(
            session, council=arranged.council, name="Summer term 2026",
            first_day=date(2026, 4, 13), last_day=date(2026, 5, 22),
        )  # fmt: skip
    assert "Arrange with Larkspur Mentoring: keep in touch" in words(sides.school, "/")
    (link,) = {
        href
        for href in html.fromstring(sides.school.get("/meetings").text).xpath("//a/@href")
        if "kind=keep-in-touch" in href
    }
    (chosen,) = html.fromstring(sides.school.get(link).text).xpath("//option[@selected]/@value")
    form = {"party": chosen, "kind": "keep-in-touch", "present": "", "notes": "Said much."}
    early = sides.school.post("/meetings/add", form | day("held_on", date(2026, 5, 12)))
    assert early.status_code == 422
    assert "still to come" in early.text
    unknown = form | {"party": f"{arranged.council.id}_{arranged.framework.id}", "notes": ""}
    foreign = sides.school.post("/meetings/add", unknown | day("held_on", date(2026, 5, 12)))
    assert foreign.status_code == 422
    added = sides.school.post(
        "/meetings/add", form | {"notes": ""} | day("held_on", date(2026, 5, 12))
    )
    assert added.status_code == 303
    assert "Arranged 12 May 2026" in words(sides.manager, "/meetings")
    assert "Arrange with" not in words(sides.school, "/")
    assert sides.mentor.get("/meetings").status_code == 403

    url = added.location
    held = form | {"version": "1", "present": "Vic School", "notes": "Training is late."}
    assert (
        sides.manager.post(f"{url}/edit", held | day("held_on", date(2026, 5, 1))).status_code
        == 303
    )
    stale = sides.school.post(f"{url}/edit", held | day("held_on", date(2026, 5, 2)))
    assert stale.status_code == 409
    assert "Ada Admin changed this meeting" in stale.text
    todo = {"words": "Send the list", "side": "provider"} | day("due_on", date(2026, 5, 8))
    assert sides.school.post(f"{url}/actions", todo).status_code == 303
    assert "Send the list" in words(sides.manager, "/")
    assert "Send the list" not in words(sides.school, "/")
    (done,) = html.fromstring(sides.manager.get(url).text).xpath(
        "//form[contains(@action,'/done')]"
    )
    assert sides.manager.post(done.get("action")).status_code == 303
    assert "Done 2 May 2026, Ada Admin" in words(sides.school, url)
    assert "Send the list" not in words(sides.manager, "/")
    run_jobs()
    with arranged.operator() as session:
        told = session.scalars(
            select(Notice.sentence).where(Notice.person_id == sides.manager_person.id)
        ).all()
        assert told == ["Vic School entered a date for a meeting: keep in touch, 12 May 2026"]
        assert one(session, Meeting).version == 2


def test_a_contribution_to_a_review_is_recorded_once_it_was_held(sides: Sides) -> None:
    url = f"/agreements/{sides.arranged.hourly.id}/contributions"
    form = {"kind": "pep", "manner": "attended", "words": "Spoke of attendance."}
    early = sides.mentor.post(f"{url}/add", form | day("held_on", date(2026, 5, 3)))
    assert early.status_code == 422
    assert "once the meeting has been held" in early.text
    given = form | day("held_on", date(2026, 5, 1))
    assert sides.mentor.post(f"{url}/add", given).status_code == 303
    said = words(sides.school, url)
    assert "Personal Education Plan (PEP)" in said
    assert "Spoke of attendance." in said
    assert sides.school.post(f"{url}/add", given).status_code == 403
    with sides.arranged.operator() as session:
        own = f"{url}/{one(session, Contribution).id}"
    changed = given | {"manner": "wrote", "version": "1"}
    assert sides.mentor.post(own, changed).status_code == 303
    stale = sides.mentor.post(own, given | {"version": "1"})
    assert stale.status_code == 409
    assert "Wrote something for it" in stale.text
