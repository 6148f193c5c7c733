"""Termly reports through their pages: written, submitted, given back, accepted, late."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from lxml import html
from sqlalchemy import select

from portal.agreements.models import Agreement
from portal.audit.models import AuditEvent
from portal.delivery.outcomes.rules import Indicator
from portal.delivery.reports.models import ReportDraft, ReportSubmission
from portal.delivery.reports.rules import ReportState
from portal.delivery.rules import SessionState
from portal.delivery.terms.models import SchoolTerm
from portal.identity.models import Person
from portal.identity.rules import Role
from portal.invoicing.checks import check
from portal.invoicing.gathering import Stream, gather_draft
from portal.kernel.clock import set_clock
from portal.kernel.months import Month
from portal.notices.models import Notice
from tests.delivery.conftest import AT, Arranged, one
from tests.faults.at_once import at_once
from tests.kernel.files.samples import PDF
from tests.makers import make_person, make_session, make_stay
from tests.makers.delivered import make_correction
from tests.makers.reports import make_report, make_scoring, make_term
from tests.support.background import RunJobs
from tests.support.size import ONE_ENGINE
from tests.visiting import Visitor

WRITTEN = {
    "activity": "We met each week.",
    "progress": "More at ease in school.",
    "plans": "",
    "resilience": "4",
    "education": "3",
}


@dataclass(frozen=True)
class Term:
    """The term from 5 January to 22 May 2026, with who writes and who decides."""

    arranged: Arranged
    term: SchoolTerm
    mentor: Visitor
    school: Visitor
    school_person: Person

    @property
    def url(self) -> str:
        return f"/agreements/{self.arranged.hourly.id}/reports/{self.term.id}"

    def at(self, day: date, hour: int = 9) -> None:
        """Set the clock."""
        with self.arranged.operator() as session:
            set_clock(session, datetime(day.year, day.month, day.day, hour, tzinfo=UTC))

    def submitted(self) -> None:
        """Write the report and submit it."""
        assert self.mentor.post(f"{self.url}/write", {**WRITTEN, "version": "0"}).status_code == 303
        assert self.mentor.post(f"{self.url}/submit", {"version": "1"}).status_code == 303


@pytest.fixture
def term(arranged: Arranged, browser_of: Callable[[Person], Visitor]) -> Term:
    with arranged.operator() as session:
        made = make_term(session, council=arranged.council, last_day=date(2026, 5, 22))
        school = make_person(
            session, organisation=arranged.council, roles=[Role.REFERRER], name="Vic School"
        )
        for day, state, minutes in (
            (17, SessionState.DELIVERED, 120),
            (24, SessionState.DELIVERED, 90),
            (28, SessionState.NOT_ATTENDED, 60),
        ):
            make_session(
                session, agreement=arranged.hourly, mentor=arranged.mentor,
                day=date(2026, 4, day), minutes=minutes, state=state,
            )  # fmt: skip
        make_session(
            session, agreement=arranged.hourly, mentor=arranged.mentor, day=date(2026, 6, 2)
        )
        make_scoring(session, agreement=arranged.hourly, scores={Indicator.RESILIENCE: 2})
        set_clock(session, datetime(2026, 5, 26, 9, tzinfo=UTC))
    return Term(arranged, made, browser_of(arranged.mentoring), browser_of(school), school)


def words(visitor: Visitor, url: str) -> str:
    answer = visitor.get(url)
    assert answer.status_code == 200, answer.text
    return " ".join(html.fromstring(answer.text).text_content().split())


def test_a_report_is_written_submitted_given_back_and_accepted(
    term: Term, run_jobs: RunJobs
) -> None:
    write = words(term.mentor, f"{term.url}/write")
    assert "Sessions delivered 2 Interactions 2 Time together 3.5 hours" in write
    assert "Sessions not attended 1" in write
    saved = term.mentor.post(
        f"{term.url}/write/draft", {"activity": "We met each week.", "version": "0"}, fragment=True
    )
    assert "Saved at" in saved.text
    assert 'value="1"' in saved.text
    assert "Say how far the agreed outcomes are reached" in words(term.mentor, term.url)
    refused = term.mentor.post(f"{term.url}/submit", {"version": "1"})
    assert refused.status_code == 422
    assert "We met each week" not in words(term.school, term.url)
    assert "Draft" in words(term.school, term.url)

    assert term.mentor.post(f"{term.url}/write", {**WRITTEN, "version": "1"}).status_code == 303
    assert term.mentor.post(f"{term.url}/submit", {"version": "1"}).status_code == 409
    assert term.mentor.post(f"{term.url}/submit", {"version": "2"}).status_code == 303
    read = words(term.school, term.url)
    assert "More at ease in school." in read
    assert "Resilience: up 2." in read
    assert term.mentor.post(f"{term.url}/write", {**WRITTEN, "version": "2"}).status_code == 409

    decide = f"{term.url}/decide"
    silent = term.school.post(decide, {"number": "1", "step": "return", "because": " "})
    assert silent.status_code == 422
    assert "Say what should be put right" in silent.text
    back = {"number": "1", "step": "return", "because": "Say more of school."}
    assert term.school.post(decide, back).status_code == 303
    given_back = words(term.mentor, term.url)
    assert "gave it back: Say more of school." in given_back
    assert "9 June 2026" in given_back  # ten working days after Tuesday 26 May
    changed = {**WRITTEN, "progress": "Two days more in school.", "version": "2"}
    term.mentor.post(f"{term.url}/write", changed)
    assert "More at ease in school." in words(term.school, term.url)
    assert "Two days more" not in words(term.school, term.url)
    term.mentor.post(f"{term.url}/submit", {"version": "3"})
    stale = term.school.post(decide, {"number": "1", "step": "accept"})
    assert stale.status_code == 409
    assert term.school.post(decide, {"number": "2", "step": "accept"}).status_code == 303
    assert "Nothing more is needed for this term." in words(term.mentor, term.url)
    assert "IA-HOURS" in words(term.mentor, "/reports?state=accepted")
    assert "No report matches." in words(term.mentor, "/reports?state=to-write")

    run_jobs()
    with term.arranged.operator() as session:
        events = session.scalars(
            select(AuditEvent.event)
            .where(AuditEvent.subject_kind == "termly report")
            .order_by(AuditEvent.at, AuditEvent.id)
        ).all()
        assert [name.removeprefix("delivery:report:") for name in events] == [
            "drafted", "drafted", "submitted", "returned", "drafted", "submitted", "accepted",
        ]  # fmt: skip
        said = str(session.scalars(select(AuditEvent.details)).all())
        assert "at ease" not in said
        told = {
            person_id: set(session.scalars(select(Notice.sentence).where(
                Notice.person_id == person_id)))
            for person_id in (term.school_person.id, term.arranged.mentoring.id)
        }  # fmt: skip
        assert told == {
            term.school_person.id: {"IA-HOURS: the report for Spring term 2026 is submitted"},
            term.arranged.mentoring.id: {
                "IA-HOURS: the report for Spring term 2026 is given back to be put right",
                "IA-HOURS: the report for Spring term 2026 is accepted",
            },
        }


@pytest.mark.parametrize("engine_name", ONE_ENGINE, indirect=True)
def test_the_counts_of_a_submission_stay_as_they_stood(term: Term) -> None:
    term.submitted()
    with term.arranged.operator() as session:
        make_session(
            session, agreement=term.arranged.hourly, mentor=term.arranged.mentor,
            day=date(2026, 4, 30), minutes=60,
        )  # fmt: skip
        submission = one(session, ReportSubmission)
        assert (submission.sessions, submission.minutes, submission.not_attended) == (2, 210, 1)
    assert "Sessions delivered 2" in words(term.school, term.url)


@pytest.mark.parametrize("engine_name", ONE_ENGINE, indirect=True)
def test_what_was_corrected_after_its_invoice_counts_as_it_is_right(term: Term) -> None:
    with term.arranged.operator() as session:
        made = [
            make_session(
                session, agreement=term.arranged.hourly, mentor=term.arranged.mentor,
                day=date(2026, 5, day), minutes=120, locked_at=AT,
            )
            for day in (1, 2)
        ]  # fmt: skip
        make_correction(session, of=made[0], minutes=30)
        make_correction(session, of=made[1], state=SessionState.NOT_ATTENDED)
    said = words(term.school, term.url)
    assert "Sessions delivered 3 Interactions 3 Time together 4 hours" in said
    assert "Sessions not attended 2" in said


@pytest.mark.parametrize("engine_name", ONE_ENGINE, indirect=True)
def test_nights_count_within_the_term_alone(term: Term) -> None:
    with term.arranged.operator() as session:
        for month, last in ((4, 30), (5, 31)):
            make_stay(
                session, agreement=term.arranged.placement,
                first_night=date(2026, month, 1), last_night=date(2026, month, last),
            )  # fmt: skip
        make_stay(
            session, agreement=term.arranged.placement, present=False,
            first_night=date(2026, 3, 30), last_night=date(2026, 3, 31),
        )  # fmt: skip
    url = f"/agreements/{term.arranged.placement.id}/reports/{term.term.id}"
    assert "Nights present 52 Nights absent 2" in words(term.school, url)


@pytest.mark.parametrize("engine_name", ONE_ENGINE, indirect=True)
def test_two_who_write_at_once_both_see_what_stands(term: Term) -> None:
    term.mentor.post(f"{term.url}/write", {**WRITTEN, "version": "0"})
    late = {**WRITTEN, "activity": "Mine.", "version": "0"}
    answer = term.mentor.post(f"{term.url}/write", late)
    assert answer.status_code == 409
    assert "We met each week." in answer.text
    assert "Mine." in answer.text
    form = html.fromstring(answer.text).xpath("//input[@name='version']/@value")
    assert form == ["1"]
    assert term.mentor.post(f"{term.url}/write", {**late, "version": "1"}).status_code == 303
    with term.arranged.operator() as session:
        assert one(session, ReportDraft).activity == "Mine."


def test_a_report_is_submitted_once_and_decided_once_by_two_at_once(
    term: Term, browser_of: Callable[[Person], Visitor]
) -> None:
    term.mentor.post(f"{term.url}/write", {**WRITTEN, "version": "0"})
    with term.arranged.operator() as session:
        colleague = make_person(session, organisation=term.arranged.council, roles=[Role.REFERRER])
    writers = [term.mentor, browser_of(term.arranged.mentoring)]
    submitted = at_once(lambda one: one.post(f"{term.url}/submit", {"version": "1"}), writers)
    assert sorted(one.status_code for one in submitted) == [303, 409]
    decided = at_once(
        lambda one: one[0].post(
            f"{term.url}/decide", {"number": "1", "step": one[1], "because": "More"}
        ),
        [(term.school, "accept"), (browser_of(colleague), "return")],
    )
    assert sorted(one.status_code for one in decided) == [303, 409]
    assert term.arranged.count(ReportSubmission) == 1


def test_a_file_is_the_councils_once_the_report_is_submitted(term: Term) -> None:
    sent = {"files": [(BytesIO(PDF), "Certificate.pdf"), (BytesIO(PDF), "Letter.pdf")]}
    assert term.mentor.post(f"{term.url}/add-files", sent).status_code == 303
    links = html.fromstring(term.mentor.get(term.url).text).xpath(
        "//a[contains(@href, '/files/')]/@href"
    )
    assert len(links) == 2
    assert term.school.get(links[0]).status_code == 404
    assert term.mentor.post(f"{links[1]}/remove").status_code == 303
    term.submitted()
    answer = term.school.get(links[0])
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert term.mentor.post(f"{links[0]}/remove").status_code == 409


@pytest.mark.parametrize("engine_name", ONE_ENGINE, indirect=True)
def test_the_pdf_is_recorded_and_names_no_child(term: Term) -> None:
    assert term.school.post(f"{term.url}/pdf").status_code == 404
    term.submitted()
    answer = term.school.post(f"{term.url}/pdf")
    assert answer.data.startswith(b"%PDF")
    with term.arranged.operator() as session:
        taken = session.scalars(
            select(AuditEvent).where(AuditEvent.event == "delivery:report:exported")
        ).one()
        assert taken.person_id == term.school_person.id


@pytest.mark.parametrize("engine_name", ONE_ENGINE, indirect=True)
def test_no_report_before_the_term_ends_nor_where_none_is_owed(term: Term) -> None:
    term.at(date(2026, 5, 21))
    term.mentor.post(f"{term.url}/write", {**WRITTEN, "version": "0"})
    early = term.mentor.post(f"{term.url}/submit", {"version": "1"})
    assert early.status_code == 409
    assert "The term ends on 22 May 2026." in early.text
    with term.arranged.operator() as session:
        before = make_term(
            session, council=term.arranged.council, name="Autumn",
            first_day=date(2025, 9, 1), last_day=date(2025, 12, 19),
        )  # fmt: skip
    unowed = f"/agreements/{term.arranged.hourly.id}/reports/{before.id}"
    assert term.school.get(unowed).status_code == 404
    assert "IA-NIGHTS" not in words(term.mentor, "/reports")


@pytest.mark.parametrize("engine_name", ONE_ENGINE, indirect=True)
def test_a_late_report_warns_on_the_invoice_at_home_and_in_a_notice(
    term: Term, run_jobs: RunJobs
) -> None:
    arranged = term.arranged
    stream = Stream(arranged.provider.id, arranged.council.id, arranged.framework.id)

    def warned(today: date) -> list[str]:
        with arranged.database.session(arranged.scope()) as session:
            gathered = gather_draft(session, stream, Month(2026, 4), today=today)
        return [one.sentence for one in check(gathered.facts) if one.code == "report-late"]

    due = date(2026, 6, 8)  # ten working days after Friday 22 May: the spring bank holiday is none
    assert warned(due) == []
    (sentence,) = warned(date(2026, 6, 9))
    assert sentence == (
        "The Spring term 2026 report was due on 8 June 2026 and not submitted for IA-HOURS. "
        "What was delivered is still payable."
    )
    term.at(date(2026, 6, 9))
    assert "Write the report on IA-HOURS, Spring term 2026" in words(term.mentor, "/")
    assert "Overdue" in words(term.school, "/reports?state=to-write")
    for day in (9, 10):
        run_jobs(
            datetime(2026, 6, day, 6, 50, tzinfo=UTC),
            schedules=["reports:remind-writers", "reports:remind-council"],
        )
    with arranged.operator() as session:
        told = session.execute(
            select(Notice.person_id, Notice.sentence).where(Notice.kind == "report")
        ).all()
    assert sorted(told, key=str) == sorted(
        [
            (arranged.mentoring.id, "1 report for Spring term 2026 is late: due on 8 June 2026"),
            (term.school_person.id, "2 reports for Spring term 2026 are late: due on 8 June 2026"),
        ],
        key=str,
    )
    term.submitted()
    assert warned(date(2026, 6, 9)) == []


@pytest.mark.parametrize("engine_name", ONE_ENGINE, indirect=True)
def test_the_pages_take_as_many_questions_for_ten_terms_as_for_one(
    term: Term, statements: list[str]
) -> None:
    agreement_page = f"/agreements/{term.arranged.hourly.id}"
    pages = ("/reports", term.url, agreement_page, f"{agreement_page}/progress")
    term.submitted()

    def asked() -> list[int]:
        counts = []
        for page in pages:
            statements.clear()
            assert term.school.get(page).status_code == 200
            counts.append(len(statements))
        return counts

    asked()
    few = asked()
    with term.arranged.operator() as session:
        agreement = session.get_one(Agreement, term.arranged.hourly.id)
        agreement.starts_on = date(2016, 1, 5)
        for year in range(2017, 2026):
            earlier = make_term(
                session, council=term.arranged.council, name=f"Spring term {year}",
                first_day=date(year, 1, 5), last_day=date(year, 3, 27),
            )  # fmt: skip
            make_report(session, agreement=agreement, term=earlier, state=ReportState.ACCEPTED)
            make_scoring(session, agreement=agreement, term=earlier)
    assert asked() == few
    assert "Spring term 2017" in words(term.school, "/reports")
