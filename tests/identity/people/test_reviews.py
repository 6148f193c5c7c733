"""Access is reviewed every six months: reminded of, confirmed by others, kept."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.identity.people.reviews.actions import (
    ChangedSince,
    OwnConfirmation,
    confirm,
    open_missing,
    remind,
)
from portal.identity.people.reviews.models import AccessReview
from portal.identity.people.reviews.queries import open_review
from portal.kernel.clock import set_clock
from portal.kernel.jobs.registry import SCHEDULES
from tests.identity.people.browsing import browser, words_of
from tests.identity.people.conftest import AT, OPERATOR, SIGN_IN, Council, Office
from tests.makers import make_review
from tests.support.background import Letters

DUE = date(2026, 10, 12)


def _reviews(council: Council) -> list[AccessReview]:
    with council.owner.session(OPERATOR) as session:
        return list(session.scalars(select(AccessReview).order_by(AccessReview.due_on)))


@pytest.fixture
def review(council: Council) -> AccessReview:
    """One that is due in ten days."""
    with council.owner.transaction(OPERATOR) as session:
        set_clock(session, AT)
        return make_review(session, organisation=council.organisation, due_on=DUE)


def test_each_morning_opens_the_first_review_and_reminds_in_time(
    office: Office, council: Council, letters: Letters
) -> None:
    def morning_of(day: date) -> list[str]:
        before, at = len(letters()), AT + (day - AT.date())
        with office.within(SIGN_IN) as session:
            open_missing(session, at=at)
            remind(session, at=at)
        return sorted(letter.to for letter in letters()[before:])

    assert "people:reviews" in SCHEDULES
    both = ["ada@aldermoor.example", "ben@aldermoor.example"]
    assert morning_of(AT.date()) == []
    (opened,) = _reviews(council)
    assert opened.due_on == date(2027, 4, 2)
    for day, told in (
        (date(2027, 3, 18), []),
        (date(2027, 3, 19), both),
        (date(2027, 3, 20), []),
        (date(2027, 4, 2), both),
        (date(2027, 4, 9), both),
    ):
        assert morning_of(day) == told, day
    late = ["is overdue" in letter.body for letter in letters()]
    assert late == [False] * 4 + [True] * 2
    assert len(_reviews(council)) == 1


def test_the_home_page_and_the_list_say_when_it_is_due(
    app: Flask, council: Council, review: AccessReview
) -> None:
    administrator = browser(app, council, council.member(council.first))
    assert "Due soon" in words_of(administrator.get("/"))
    with council.owner.transaction(OPERATOR) as session:
        set_clock(session, AT + timedelta(days=11))
    late = browser(app, council, council.member(council.first))
    assert "Overdue" in words_of(late.get("/"))
    assert "overdue since 12 October 2026" in words_of(late.get("/people"))


def test_two_administrators_confirm_everybody_and_the_next_is_due_in_six_months(
    app: Flask, council: Council, review: AccessReview
) -> None:
    everybody = [council.first, council.second, council.approver, council.holder]
    ticks = {p.id: f"{council.member(p).id}:{council.member(p).version}" for p in everybody}
    first = browser(app, council, council.member(council.first))
    assert "Another administrator confirms you" in words_of(first.get("/people/review"))
    nobody = first.post("/people/review")
    assert nobody.status_code == 422
    own = first.post("/people/review", {"member": ticks[council.first.id]})
    assert own.status_code == 422
    assert OwnConfirmation.sentence in words_of(own)
    partly = [ticks[p.id] for p in everybody if p is not council.first]
    assert first.post("/people/review", {"member": partly}).status_code == 303
    assert [one.finished_at for one in _reviews(council)] == [None]
    second = browser(app, council, council.member(council.second))
    assert second.post("/people/review", {"member": ticks[council.first.id]}).status_code == 303
    done, following = _reviews(council)
    assert done.id == review.id and done.finished_at is not None
    assert (following.due_on, following.finished_at) == (date(2027, 4, 2), None)
    said = words_of(second.get("/people/reviews"))
    assert "Ruth Fern Invoice approver Ada Birch" in said
    assert [event.event for event in council.events()].count("people:review:confirmed") == 4
    assert council.events()[-1].event == "people:review:finished"


def test_roles_that_changed_while_the_page_was_open_are_not_confirmed(
    office: Office, council: Council, review: AccessReview
) -> None:
    member = council.member(council.approver)
    with pytest.raises(ChangedSince), office.working(council.first) as session:
        confirm(session, council.actor(council.first), [(member.id, member.version + 1)], at=AT)


def test_whoever_came_after_the_first_confirmations_is_confirmed_too(
    office: Office, council: Council, review: AccessReview
) -> None:
    """A review is finished when everybody who works here then is confirmed, not before."""
    with office.working(council.first) as session:
        member = council.member(council.approver)
        actor = council.actor(council.first)
        confirm(session, actor, [(member.id, member.version)], at=AT)
        again = confirm(session, actor, [(member.id, member.version)], at=AT)
        assert again.finished_at is None
        found = open_review(session, council.organisation.id)
        assert found is not None and len(found.confirmations) == 1
