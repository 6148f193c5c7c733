"""The pages of delivery, asked as a browser asks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from uuid import uuid4

import pytest
from lxml import html
from sqlalchemy import select

from portal.audit.models import AuditEvent
from portal.delivery.models import DeliverySession, Stay
from portal.delivery.rules import SessionState
from portal.identity.models import Person
from portal.identity.rules import Role
from portal.kernel.local_time import to_utc
from tests.delivery.conftest import AT, Arranged, nights_form, one, session_form
from tests.makers import (
    make_agreement,
    make_assignment,
    make_mentor,
    make_person,
    make_provider,
    make_session,
    make_stay,
)
from tests.visiting import Visitor


def page(visitor: Visitor, url: str) -> html.HtmlElement:
    answer = visitor.get(url)
    assert answer.status_code == 200, answer.text
    return html.fromstring(answer.text)


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_the_month_says_what_is_recorded_and_what_is_missing(
    arranged: Arranged, finance: Visitor
) -> None:
    with arranged.operator() as session:
        make_session(session, agreement=arranged.hourly, mentor=arranged.mentor,
                     day=date(2026, 4, 16), minutes=120)  # fmt: skip
        make_session(session, agreement=arranged.hourly, mentor=arranged.mentor,
                     day=date(2026, 4, 23), minutes=90, locked_at=AT)  # fmt: skip
        make_session(session, agreement=arranged.hourly, mentor=arranged.mentor,
                     day=date(2026, 4, 30), state=SessionState.SCHEDULED)  # fmt: skip
        make_stay(session, agreement=arranged.placement, last_night=date(2026, 4, 10))
    said = words(page(finance, "/delivery?month=2026-04"))
    assert "2 sessions, 3.5 hours" in said
    assert "1 scheduled session has passed: say what happened" in said
    assert "10 of 30 nights recorded" in said
    assert "11 to 30 April not recorded yet" in said
    said = words(page(finance, "/delivery?month=2026-03"))
    assert "IA-HOURS" not in said
    assert "20 to 31 March not recorded yet" in said


def test_a_month_without_agreements_says_so(finance: Visitor) -> None:
    assert "No agreement of yours runs in January 2026." in words(
        page(finance, "/delivery?month=2026-01")
    )


def test_a_wrong_month_gets_a_sentence(finance: Visitor) -> None:
    assert "Enter a month like 2026-04" in words(page(finance, "/delivery?month=2026-13"))


def test_htmx_gets_the_part_that_changes(arranged: Arranged, finance: Visitor) -> None:
    for url in ("/delivery", f"/delivery/agreements/{arranged.hourly.id}"):
        part = finance.get(url, fragment=True).text
        assert "<html" not in part
        assert "<h2" in part


def test_a_session_is_recorded_once_however_often_it_is_sent(
    arranged: Arranged, finance: Visitor
) -> None:
    url = f"/delivery/agreements/{arranged.hourly.id}"
    form = session_form(arranged.mentor, summary="Talked of Ash") | {"_nonce": uuid4().hex}
    answers = [finance.post(f"{url}/sessions", form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    with arranged.owner.session(arranged.scope()) as session:
        recorded = one(session, DeliverySession)
        assert recorded.starts_at == to_utc(datetime(2026, 4, 16, 10))
        assert recorded.service_date == date(2026, 4, 16)
        assert recorded.hands == [str(arranged.finance.id)]
        event = session.scalars(
            select(AuditEvent).where(AuditEvent.event == "delivery:session:recorded")
        ).one()
        assert event.details["minutes"] == 120
        assert "Ash" not in str(event.details) + event.subject_label
    said = words(page(finance, answers[0].location))
    assert "Saved: 2 hours on 16 April 2026." in said
    assert "Delivered 1 session 2 hours" in said


def test_before_the_agreement_starts_nothing_is_recorded(
    arranged: Arranged, finance: Visitor
) -> None:
    answer = finance.post(
        f"/delivery/agreements/{arranged.hourly.id}/sessions",
        session_form(arranged.mentor, day_day=14, summary="Kept"),
    )
    assert answer.status_code == 422
    assert (
        "This agreement starts on 16 April 2026, so a session on 14 April 2026 cannot be recorded."
        in answer.text
    )
    assert "Kept" in answer.text
    assert arranged.count(DeliverySession) == 0
    assert arranged.count(AuditEvent, event="delivery:session:recorded") == 0


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"minutes": "25"}, "25 hours is longer than a day"),
        ({"minutes": "-2"}, "must not be less than 0"),
        ({"minutes": "0"}, "cannot last 0 hours"),
        ({"day_day": 31}, "31 April 2026 does not exist"),
        ({"day_day": ""}, "Date must include a day"),
        ({"day_day": 3, "day_month": 5}, "is still to come"),
        ({"start": "4:30"}, "could be morning or afternoon"),
        ({"start": ""}, "Enter when it started"),
        ({"interactions": "1001"}, "Interactions must be 1,000 or less"),
        ({"mode": ""}, "Choose how they met"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    arranged: Arranged, finance: Visitor, changes: dict[str, object], sentence: str
) -> None:
    url = f"/delivery/agreements/{arranged.hourly.id}/sessions"
    for fragment in (False, True):
        answer = finance.post(url, session_form(arranged.mentor, **changes), fragment=fragment)
        assert answer.status_code == 422
        found = html.fromstring(answer.text).xpath("//p[contains(@class, 'govuk-error-message')]")
        assert sentence in " ".join(words(error) for error in found)
    assert arranged.count(DeliverySession) == 0


def test_the_repeated_hour_is_asked_about(arranged: Arranged, finance: Visitor) -> None:
    url = f"/delivery/agreements/{arranged.hourly.id}/sessions"
    form = session_form(arranged.mentor, day_day=25, day_month=10, start="01:30", state="scheduled")
    answer = finance.post(url, form)
    assert answer.status_code == 422
    assert "Which hour is meant?" in answer.text
    assert finance.post(url, form | {"which_hour": "second"}).status_code == 303
    with arranged.owner.session(arranged.scope()) as session:
        assert one(session, DeliverySession).starts_at.hour == 1


def test_a_session_is_changed_unless_the_page_is_stale(
    arranged: Arranged, finance: Visitor
) -> None:
    with arranged.operator() as session:
        recorded = make_session(
            session, agreement=arranged.hourly, mentor=arranged.mentor, day=date(2026, 4, 16)
        )
    url = f"/delivery/sessions/{recorded.id}/edit"
    form = page(finance, url)
    assert form.xpath("//input[@name='minutes']/@value") == ["1"]
    changed = session_form(arranged.mentor, minutes="1.5")
    assert finance.post(url, changed | {"version": "1"}).status_code == 303
    stale = finance.post(url, session_form(arranged.mentor, minutes="3") | {"version": "1"})
    assert stale.status_code == 409
    both = html.fromstring(stale.text)
    assert "1.5 hours" in words(both)
    assert both.xpath("//input[@name='minutes']/@value") == ["3"]
    assert both.xpath("//input[@name='version']/@value")[0] == "2"
    with arranged.owner.session(arranged.scope()) as session:
        after = one(session, DeliverySession)
        assert (after.minutes, after.version) == (90, 2)
        assert str(arranged.finance.id) in after.hands
        event = session.scalars(
            select(AuditEvent).where(AuditEvent.event == "delivery:session:changed")
        ).one()
        assert event.details["minutes"] == [60, 90]


def test_a_session_is_removed_with_a_record_of_it(arranged: Arranged, finance: Visitor) -> None:
    with arranged.operator() as session:
        recorded = make_session(
            session, agreement=arranged.hourly, mentor=arranged.mentor, day=date(2026, 4, 16)
        )
    answer = finance.post(f"/delivery/sessions/{recorded.id}/remove", {"version": "1"})
    assert answer.status_code == 303
    assert arranged.count(DeliverySession) == 0
    assert arranged.count(AuditEvent, event="delivery:session:removed") == 1


def test_what_is_invoiced_stands(arranged: Arranged, finance: Visitor) -> None:
    with arranged.operator() as session:
        recorded = make_session(session, agreement=arranged.hourly, mentor=arranged.mentor,
                                day=date(2026, 4, 16), locked_at=AT)  # fmt: skip
        stay = make_stay(session, agreement=arranged.placement, locked_at=AT)
    for url, form in (
        (f"/delivery/sessions/{recorded.id}", session_form(arranged.mentor, minutes="9")),
        (f"/delivery/nights/{stay.id}", nights_form(date(2026, 4, 1), date(2026, 4, 2))),
    ):
        shown = page(finance, f"{url}/edit")
        assert "invoiced" in words(shown)
        assert not shown.xpath("//main//form")
        assert finance.post(f"{url}/edit", form | {"version": "1"}).status_code == 409
        assert finance.post(f"{url}/remove", {"version": "1"}).status_code == 409
    with arranged.owner.session(arranged.scope()) as session:
        assert one(session, DeliverySession).minutes == 60
        assert one(session, Stay).last_night == date(2026, 4, 30)


def test_nights_are_cut_by_month_and_never_overlap(arranged: Arranged, finance: Visitor) -> None:
    url = f"/delivery/agreements/{arranged.placement.id}"
    form = nights_form(date(2026, 3, 30), date(2026, 4, 10))
    assert finance.post(f"{url}/nights", form).status_code == 303
    with arranged.owner.session(arranged.scope()) as session:
        stays = session.scalars(select(Stay).order_by(Stay.first_night)).all()
        assert [(stay.first_night, stay.last_night) for stay in stays] == [
            (date(2026, 3, 30), date(2026, 3, 31)),
            (date(2026, 4, 1), date(2026, 4, 10)),
        ]
    again = finance.post(
        f"{url}/nights", nights_form(date(2026, 4, 10), date(2026, 4, 12), "absent")
    )
    assert again.status_code == 422
    assert "already recorded" in again.text
    april = stays[1].id
    edited = nights_form(date(2026, 4, 1), date(2026, 4, 12)) | {"version": "1"}
    assert finance.post(f"/delivery/nights/{april}/edit", edited).status_code == 303
    over = nights_form(date(2026, 4, 20), date(2026, 5, 1)) | {"version": "2"}
    refused = finance.post(f"/delivery/nights/{april}/edit", over)
    assert refused.status_code == 422
    assert "End it on 30 April 2026" in refused.text
    assert finance.post(f"/delivery/nights/{april}/edit", edited).status_code == 409
    assert finance.post(f"/delivery/nights/{april}/remove", {"version": "2"}).status_code == 303
    assert arranged.count(Stay) == 1
    assert arranged.count(AuditEvent, event="delivery:nights:recorded") == 2


def test_each_agreement_takes_what_it_is_charged_by(arranged: Arranged, finance: Visitor) -> None:
    nights = finance.post(
        f"/delivery/agreements/{arranged.hourly.id}/nights",
        nights_form(date(2026, 4, 20), date(2026, 4, 21)),
    )
    assert nights.status_code == 422
    assert arranged.count(Stay) == 0


def test_a_colleague_cannot_be_booked_twice_by_somebody_who_sees_less(
    arranged: Arranged, browser_of: Callable[[Person], Visitor]
) -> None:
    with arranged.operator() as session:
        colleague = make_mentor(session, provider=arranged.provider, name="Sam Hill")
        elsewhere = make_agreement(session, place=arranged.place, council=arranged.council,
                                   reference="IA-SECRET")  # fmt: skip
        for agreement in (elsewhere, arranged.hourly):
            make_assignment(session, agreement=agreement, mentor=colleague,
                            starts_on=date(2026, 4, 17))  # fmt: skip
        make_session(session, agreement=elsewhere, mentor=colleague, day=date(2026, 4, 20),
                     at=time(10), minutes=60)  # fmt: skip
    mentor = browser_of(arranged.mentoring)
    assert "IA-SECRET" not in mentor.get("/delivery?month=2026-04").text
    assert mentor.get(f"/delivery/agreements/{elsewhere.id}").status_code == 404
    answer = mentor.post(
        f"/delivery/agreements/{arranged.hourly.id}/sessions",
        session_form(colleague, day_day=20, start="10:30"),
    )
    assert answer.status_code == 422
    assert "Sam Hill already has a session from 10am on 20 April 2026 to 11am." in answer.text
    assert "IA-SECRET" not in answer.text


def test_what_belongs_to_another_provider_is_not_there(
    arranged: Arranged, browser_of: Callable[[Person], Visitor]
) -> None:
    with arranged.operator() as session:
        other = make_provider(session, name="Millstone Care")
        person = make_person(session, organisation=other, roles=[Role.FINANCE])
        recorded = make_session(
            session, agreement=arranged.hourly, mentor=arranged.mentor, day=date(2026, 4, 16)
        )
        stay = make_stay(session, agreement=arranged.placement)
    foreign = browser_of(person)
    form = session_form(arranged.mentor) | {"version": "1"}
    nights = nights_form(date(2026, 4, 1), date(2026, 4, 2)) | {"version": "1"}
    for url in (
        f"/delivery/agreements/{arranged.hourly.id}",
        f"/delivery/sessions/{recorded.id}/edit",
        f"/delivery/nights/{stay.id}/edit",
    ):
        assert foreign.get(url).status_code == 404
    for url, sent in (
        (f"/delivery/agreements/{arranged.hourly.id}/sessions", form),
        (f"/delivery/agreements/{arranged.placement.id}/nights", nights),
        (f"/delivery/sessions/{recorded.id}/edit", form),
        (f"/delivery/sessions/{recorded.id}/remove", form),
        (f"/delivery/nights/{stay.id}/edit", nights),
        (f"/delivery/nights/{stay.id}/remove", nights),
    ):
        assert foreign.post(url, sent).status_code == 404
    assert arranged.count(DeliverySession) == 1
    assert arranged.count(Stay) == 1


def test_pages_take_a_constant_number_of_queries(
    arranged: Arranged, finance: Visitor, statements: list[str]
) -> None:
    urls = ("/delivery?month=2026-04", f"/delivery/agreements/{arranged.hourly.id}?month=2026-04")

    def queries() -> list[int]:
        counts = []
        for url in urls:
            statements.clear()
            page(finance, url)
            counts.append(len(statements))
        return counts

    few = queries()
    with arranged.operator() as session:
        for number in range(20):
            agreement = make_agreement(session, place=arranged.place, council=arranged.council,
                                       reference=f"IA-{number}")  # fmt: skip
            make_assignment(session, agreement=agreement, mentor=arranged.mentor)
            make_session(session, agreement=agreement, mentor=arranged.mentor,
                         day=date(2026, 4, number + 1), at=time(21))  # fmt: skip
            make_session(session, agreement=arranged.hourly, mentor=arranged.mentor,
                         day=date(2026, 4, 16), at=time(number))  # fmt: skip
            home = make_agreement(session, place=arranged.homes, council=arranged.council)
            make_stay(session, agreement=home)
    assert queries() == few
    assert max(few) <= 11
