"""A mentor's own day: every agreement's sessions, said in one tap, and nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from uuid import UUID, uuid4

import pytest
from lxml import html

from portal.delivery.models import DeliverySession
from portal.delivery.rules import CancelledBy, SessionState
from portal.identity.models import Person
from tests.delivery.conftest import AT, Arranged, one
from tests.makers import make_agreement, make_assignment, make_mentor, make_session
from tests.visiting import Visitor

TODAY = AT.date()  # 2 May 2026, 10am in London


@pytest.fixture
def mentor(arranged: Arranged, browser_of: Callable[[Person], Visitor]) -> Visitor:
    """The mentor's browser."""
    return browser_of(arranged.mentoring)


def planned(arranged: Arranged, start: time, *, day: date = TODAY, minutes: int = 60) -> UUID:
    """A scheduled session of the mentor."""
    with arranged.operator() as session:
        return make_session(
            session, agreement=arranged.hourly, mentor=arranged.mentor, day=day, at=start,
            minutes=minutes, state=SessionState.SCHEDULED,
        ).id  # fmt: skip


def stands(arranged: Arranged) -> DeliverySession:
    with arranged.operator() as session:
        found: DeliverySession = one(session, DeliverySession)
        return found


def words(text: str) -> str:
    return " ".join(html.fromstring(text).text_content().split())


def send(visitor: Visitor, url: str, **data: str) -> tuple[int, str]:
    answer = visitor.post(url, {"_nonce": uuid4().hex, "version": "1", **data})
    return answer.status_code, words(answer.text) if answer.text else ""


def test_the_day_holds_every_agreement_and_what_is_unsaid(
    arranged: Arranged, mentor: Visitor
) -> None:
    planned(arranged, time(8))
    planned(arranged, time(14))
    planned(arranged, time(9), day=date(2026, 4, 30))
    with arranged.operator() as session:
        other = make_agreement(session, place=arranged.place, council=arranged.council,
                               reference="IA-OTHER")  # fmt: skip
        make_assignment(session, agreement=other, mentor=arranged.mentor)
        make_session(session, agreement=other, mentor=arranged.mentor, day=TODAY, at=time(6))
        colleague = make_mentor(session, provider=arranged.provider)
        make_session(session, agreement=arranged.hourly, mentor=colleague, day=TODAY, at=time(5))
    said = words(mentor.get("/today").text)
    order = ["Thu 30 Apr, 9am to 10am", "Sessions today", "6am to 7am", "IA-OTHER", "8am to 9am",
             "2pm to 3pm", "Record another session"]  # fmt: skip
    places = [said.index(part) for part in order]
    assert places == sorted(places)
    assert "5am to 6am" not in said
    assert said.count("Say here what happened, once it has begun.") == 1  # of the one at 2pm
    assert "You have no session on this day" in words(mentor.get("/today?day=2026-05-03").text)
    assert mentor.get("/today?day=nonsense").status_code == 200
    home = words(mentor.get("/").text)
    assert "2 sessions today" in home


def test_one_tap_and_then_the_details(arranged: Arranged, mentor: Visitor) -> None:
    held = planned(arranged, time(8), minutes=90)
    code, said = send(mentor, f"/today/{held}/happened", state="delivered")
    assert code == 303
    said = words(mentor.get(f"/today?said={held}").text)
    assert "8am to 9:30am, IA-HOURS: delivered." in said
    code, said = send(mentor, f"/today/{held}", minutes="", mode="remote")
    assert code == 422
    assert "Enter how long it lasted" in said
    details = {"minutes": "1", "mode": "remote", "interactions": "2", "summary": "Fractions"}
    assert send(mentor, f"/today/{held}", **details)[0] == 409  # of the page before the tap
    assert send(mentor, f"/today/{held}", **{**details, "version": "2"})[0] == 303
    now = stands(arranged)
    assert (now.state, now.minutes, now.planned_minutes) == (SessionState.DELIVERED, 60, 90)
    assert (now.mode.value, now.interactions, now.summary) == ("remote", 2, "Fractions")
    month = words(mentor.get(f"/delivery/agreements/{arranged.hourly.id}?month=2026-05").text)
    assert "1.5 hours planned, 1 hour delivered." in month


def test_what_has_not_happened_cannot_be_said(arranged: Arranged, mentor: Visitor) -> None:
    held = planned(arranged, time(9, 30))
    code, said = send(mentor, f"/today/{held}/happened", state="delivered")
    assert code == 422
    assert "ends at 10:30am on 2 May 2026, which is still to come" in said
    assert send(mentor, f"/today/{held}/happened", state="not-attended")[0] == 303
    assert stands(arranged).state is SessionState.NOT_ATTENDED


def test_a_cancelled_session_says_by_whom(arranged: Arranged, mentor: Visitor) -> None:
    held = planned(arranged, time(14))
    code, said = send(mentor, f"/today/{held}/cancel", cancelled_because="Ill")
    assert code == 422
    assert "Choose who cancelled it" in said
    asked = {"cancelled_by": "school", "cancelled_because": "Inset day"}
    assert send(mentor, f"/today/{held}/cancel", **asked)[0] == 303
    now = stands(arranged)
    assert (now.state, now.cancelled_by) == (SessionState.CANCELLED, CancelledBy.SCHOOL)
    assert now.cancelled_because == "Inset day"


def test_a_colleagues_or_an_invoiced_session_is_left_alone(
    arranged: Arranged, mentor: Visitor
) -> None:
    with arranged.operator() as session:
        colleague = make_mentor(session, provider=arranged.provider)
        theirs = make_session(session, agreement=arranged.hourly, mentor=colleague, day=TODAY,
                              at=time(5), state=SessionState.SCHEDULED).id  # fmt: skip
        invoiced = make_session(session, agreement=arranged.hourly, mentor=arranged.mentor,
                                day=TODAY, at=time(5), locked_at=AT).id  # fmt: skip
    assert mentor.get(f"/today/{theirs}").status_code == 404
    assert send(mentor, f"/today/{theirs}/happened", state="delivered")[0] == 404
    code, said = send(mentor, f"/today/{invoiced}/happened", state="not-attended")
    assert code == 409
    assert "on an invoice already" in said
