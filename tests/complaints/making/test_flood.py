"""A flood from one address is held back, and somebody else's words come through (issue 6)."""

from __future__ import annotations

import pytest
from lxml import html
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.complaints.models import Complaint
from tests.complaints.somebody import somebody_at
from tests.support.visits import Visits

SHARED = "10.8.0.1"
AN_HOUR = 20
FLOOD = 1_000


def test_20_an_hour_may_come_from_a_home_that_many_share(visits: Visits, kept: Session) -> None:
    front = somebody_at(visits.app, address=SHARED)
    front.say_all()
    for _ in range(AN_HOUR):
        assert front.send().status_code == 303
    held_back = front.send()
    assert held_back.status_code == 429
    words = html.fromstring(held_back.text).text_content()
    assert "Your words are not lost" in words and "999" in words and "0800 1111" in words
    assert front.get("/tell-us/sent").status_code == 200, "what was sent stays sent"
    before = kept.scalar(select(func.count(Complaint.id)))
    kept.rollback()
    somebody_at(visits.app).send_all()
    assert kept.scalar(select(func.count(Complaint.id))) == (before or 0) + 1


@pytest.mark.slow
def test_a_flood_of_complaints_from_one_address_leaves_room(visits: Visits, kept: Session) -> None:
    before = kept.scalar(select(func.count(Complaint.id))) or 0
    kept.rollback()
    begun = []
    flood = somebody_at(visits.app, address="10.8.0.2")
    for number in range(FLOOD):
        with flood.client.session_transaction() as cookie:
            cookie.pop("making", None)
        begun.append(flood.say("what", kind="complaint").status_code)
        if number % 100 == 50:
            somebody_at(visits.app).send_all()
    assert begun == [303] * 60 + [429] * (FLOOD - 60)
    assert kept.scalar(select(func.count(Complaint.id))) == before + FLOOD // 100
