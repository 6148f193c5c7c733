"""Sessions planned for every week: which days, changed alone or from one on, and ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from lxml import html
from sqlalchemy import select

from portal.delivery.models import DeliverySession
from portal.delivery.plans.models import SessionPlan
from portal.delivery.plans.rules import Pattern, Proposed, impossible, pattern_refusal, say_pattern
from portal.delivery.rules import Mode, Refusal, SessionState
from portal.kernel.local_time import to_local
from tests.delivery.conftest import Arranged, one, session_form
from tests.makers import make_agreement, make_assignment, make_session
from tests.visiting import Visitor

MONDAY, WEDNESDAY = 0, 2
FORM = {
    "weekdays": "0",
    "start": "16:00",
    "minutes": "1.5",
    "mode": "face-to-face",
    **{f"first-{part}": value for part, value in (("day", "4"), ("month", "5"), ("year", "2026"))},
    **{f"last-{part}": value for part, value in (("day", "1"), ("month", "6"), ("year", "2026"))},
}


def pattern(first: date, last: date, *weekdays: int) -> Pattern:
    return Pattern(first, last, frozenset(weekdays), time(16), 90, uuid4(), Mode.FACE_TO_FACE)


def test_a_pattern_names_its_days_both_ends_counted() -> None:
    days = pattern(date(2026, 5, 4), date(2026, 5, 13), MONDAY, WEDNESDAY).days()
    assert [day.day for day in days] == [4, 6, 11, 13]
    assert say_pattern([WEDNESDAY, MONDAY], time(16)) == "Every Monday and Wednesday at 4pm"


@pytest.mark.parametrize(
    ("first", "last", "weekdays", "words"),
    [
        (date(2026, 5, 4), date(2026, 5, 3), {0}, "is before the first"),
        (date(2026, 5, 5), date(2026, 5, 8), {0}, "None of these weekdays"),
        (date(2026, 5, 4), date(2027, 5, 6), {0}, "at most a year"),
        (date(2026, 5, 4), date(2026, 10, 4), set(range(7)), "That is 154 sessions"),
        (date(2026, 5, 4), date(2026, 5, 4), {0}, None),
    ],
)
def test_a_plan_has_days_and_not_too_many(
    first: date, last: date, weekdays: set[int], words: str | None
) -> None:
    refusal = pattern_refusal(pattern(first, last, *weekdays))
    assert (refusal is None) if words is None else (refusal and words in refusal.sentence)


def test_one_reason_for_many_days_is_said_once() -> None:
    days = [date(2026, 5, day) for day in (4, 11, 18, 25)]
    no_check, busy = Refusal("mentor", "No check."), Refusal("start", "Elsewhere.")
    told = impossible([
        Proposed(days[0], None, busy), Proposed(days[1], None, no_check),
        Proposed(days[2], None, busy), Proposed(days[3], "Spring bank holiday", no_check),
    ])  # fmt: skip
    assert [(one.days, one.sentence) for one in told] == [
        ((days[0],), "Elsewhere."),
        ((days[1], days[3]), "No check."),
        ((days[2],), "Elsewhere."),
    ]


def scheduled(arranged: Arranged) -> list[tuple[int, int, str]]:
    """Day, month and London time of what is scheduled on the hourly agreement."""
    with arranged.operator() as session:
        found = session.scalars(
            select(DeliverySession)
            .where(DeliverySession.agreement_id == arranged.hourly.id)
            .order_by(DeliverySession.starts_at)
        ).all()
        assert {each.state for each in found} <= {SessionState.SCHEDULED}
        return [
            (each.service_date.day, each.service_date.month, f"{to_local(each.starts_at):%H:%M}")
            for each in found
        ]


def post(visitor: Visitor, url: str, data: Mapping[str, object]) -> tuple[int, str]:
    answer = visitor.post(url, {"_nonce": uuid4().hex, **data})
    return answer.status_code, " ".join(html.fromstring(answer.text).text_content().split())


def test_a_plan_is_made_changed_from_one_on_and_ended(
    arranged: Arranged, finance: Visitor, statements: list[str]
) -> None:
    new = f"/delivery/agreements/{arranged.hourly.id}/plans/new"
    form = {**FORM, "mentor": str(arranged.mentor.id)}
    with arranged.operator() as session:  # elsewhere on 11 May, from half past four
        other = make_agreement(session, place=arranged.place, council=arranged.council,
                               reference="IA-OTHER")  # fmt: skip
        make_assignment(session, agreement=other, mentor=arranged.mentor)
        make_session(session, agreement=other, mentor=arranged.mentor, day=date(2026, 5, 11),
                     at=time(16, 30), state=SessionState.SCHEDULED)  # fmt: skip
    wrong = finance.get(f"{new}?{urlencode({**form, 'first-day': ''})}")
    assert wrong.status_code == 422
    shown = html.fromstring(finance.get(f"{new}?{urlencode(form)}").text)
    days = {box.get("value"): box.get("checked") for box in shown.xpath("//input[@name='days']")}
    assert list(days) == ["2026-05-04", "2026-05-18", "2026-05-25", "2026-06-01"]
    assert [day for day, ticked in days.items() if ticked is not None] == [
        "2026-05-18", "2026-06-01",
    ]  # fmt: skip
    said = " ".join(shown.text_content().split())
    assert "Early May bank holiday" in said
    assert "already has a session from 4:30pm on 11 May 2026" in said

    plans = f"/delivery/agreements/{arranged.hourly.id}/plans"
    code, said = post(finance, plans, {**form, "days": ["2026-05-11", "2026-05-18"]})
    assert code == 422
    assert "11 May 2026: Mo Mentor already has a session" in said
    assert scheduled(arranged) == []
    chosen = ["2026-05-04", "2026-05-18", "2026-05-25", "2026-06-01"]
    assert post(finance, plans, {**form, "days": chosen})[0] == 303
    assert [day for day, *_ in scheduled(arranged)] == [4, 18, 25, 1]
    with arranged.operator() as session:
        plan = one(session, SessionPlan).id
        middle = session.scalars(
            select(DeliverySession.id).where(DeliverySession.service_date == date(2026, 5, 18))
        ).one()
    statements.clear()
    assert "Every Monday at 4pm" in finance.get(f"/delivery/plans/{plan}").text
    for_four = len(statements)

    moved = session_form(
        arranged.mentor, day_day=20, day_month=5, start="17:00", minutes="1", state="scheduled"
    )
    code, _ = post(finance, f"/delivery/sessions/{middle}/edit",
                   {**moved, "version": 1, "reach": "later"})  # fmt: skip
    assert code == 303
    later = [(20, 5, "17:00"), (27, 5, "17:00"), (3, 6, "17:00")]
    assert scheduled(arranged) == [(4, 5, "16:00"), *later]
    alone = {**moved, "start": "15:00", "version": 2, "reach": "one"}
    assert post(finance, f"/delivery/sessions/{middle}/edit", alone)[0] == 303
    assert scheduled(arranged)[1:3] == [(20, 5, "15:00"), (27, 5, "17:00")]

    end = {"last-day": "20", "last-month": "5", "last-year": "2026"}
    assert post(finance, f"/delivery/plans/{plan}/end", {})[0] == 422
    assert post(finance, f"/delivery/plans/{plan}/end", end)[0] == 303
    assert scheduled(arranged) == [(4, 5, "16:00"), (20, 5, "15:00")]
    statements.clear()
    finance.get(f"/delivery/plans/{plan}")
    assert len(statements) == for_four, "its page costs the same for few sessions and many"
