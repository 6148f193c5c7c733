"""A forgotten password and a lost second factor: one link, once, for a while (promise 5)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.identity.factors.models import Authenticator, Passkey, RecoveryCode
from portal.identity.models import SignIn
from portal.identity.passwords import matches
from portal.identity.queries import credential_of
from portal.identity.recovery.models import RecoveryLink
from portal.identity.recovery.rules import LinkKind, link_works, may_send_another, takes_effect
from portal.kernel.clock import set_clock
from tests.identity.people.browsing import browser, link_in, words_of
from tests.identity.people.conftest import AT, OPERATOR, Council
from tests.makers import make_council, make_factors, make_link, make_membership
from tests.support.background import Letters, RunJobs
from tests.visiting import stranger

NEW = "otter lantern maple"
SENTENCE = "Each link works once, and not for long."


@pytest.mark.parametrize(
    ("used_at", "after", "expected"),
    [
        (None, timedelta(minutes=59, seconds=59), True),
        (None, timedelta(hours=1), False),
        (AT, timedelta(), False),
    ],
)
def test_a_link_works_once_and_for_its_time(
    used_at: datetime | None, after: timedelta, expected: bool
) -> None:
    assert link_works(AT + timedelta(hours=1), used_at, AT + after) is expected


def test_a_person_is_sent_three_links_an_hour() -> None:
    assert [may_send_another(sent) for sent in range(5)] == [True, True, True, False, False]


@pytest.mark.parametrize(
    ("new", "old", "after", "expected"),
    [
        (True, True, timedelta(), True),
        (True, False, timedelta(hours=71, minutes=59), False),
        (True, False, timedelta(hours=72), True),
        (False, True, timedelta(hours=72), False),
        (False, False, timedelta(days=30), False),
    ],
)
def test_an_address_changes_when_the_new_one_says_yes_and_the_old_one_not_no(
    new: bool, old: bool, after: timedelta, expected: bool
) -> None:
    made = takes_effect(
        new_confirmed=new,
        old_confirmed=old,
        stoppable_until=AT + timedelta(hours=72),
        at=AT + after,
    )
    assert made is expected


def test_a_forgotten_password_is_set_anew_and_ends_every_sign_in(
    app: Flask, council: Council, letters: Letters, run_jobs: RunJobs
) -> None:
    signed_in = browser(app, council, council.member(council.approver))
    with council.owner.transaction(OPERATOR) as session:
        make_factors(session, person=council.approver)
    guest = stranger(app)
    asked = guest.post("/forgotten-password", {"email": " RUTH@aldermoor.example"})
    assert (asked.status_code, asked.location) == (303, "/forgotten-password/sent")
    run_jobs()
    link = link_in(letters()[0], "new-password")
    assert "stays as it is" in words_of(guest.get(link))
    for wrong in ("short", "ruth@aldermoor1", "aldermoorcouncil26"):
        assert guest.post(link, {"password": wrong}).status_code == 422
    assert signed_in.get("/").status_code == 200
    done = guest.post(link, {"password": NEW})
    assert (done.status_code, done.location) == (303, "/sign-in")
    assert signed_in.get("/").status_code == 303
    with council.owner.session(OPERATOR) as session:
        found = credential_of(session, council.approver.email)
        assert found is not None and matches(found[1].password_hash, NEW)
        assert session.get(Authenticator, council.approver.id) is not None  # still asked for
    again = stranger(app).post(link, {"password": NEW})
    assert again.status_code == 410
    assert SENTENCE in words_of(again)
    run_jobs()
    assert letters()[-1].subject == "Your password was changed"


def test_strangers_get_the_same_answer_after_the_same_work(
    app: Flask, council: Council, letters: Letters, run_jobs: RunJobs
) -> None:
    """Nobody is looked for before the answer: a job looks."""
    answers = []
    for email in (council.approver.email, "nobody@aldermoor.example"):
        answered = stranger(app).post("/forgotten-password", {"email": email})
        answers.append((answered.status_code, answered.location, answered.text))
        assert letters() == []
    assert answers[0] == answers[1]
    run_jobs()
    assert [letter.to for letter in letters()] == [council.approver.email]


def test_a_fourth_link_in_an_hour_is_not_sent(
    app: Flask, council: Council, letters: Letters, run_jobs: RunJobs
) -> None:
    for _ in range(4):
        stranger(app).post("/forgotten-password", {"email": council.approver.email})
    run_jobs()
    assert len(letters()) == 3


def test_one_place_asks_twenty_times_an_hour_at_most(app: Flask) -> None:
    guest = stranger(app)
    statuses = [guest.post("/forgotten-password", {}).status_code for _ in range(21)]
    assert statuses == [422] * 20 + [429]


def test_after_one_link_was_used_the_others_work_no_more(app: Flask, council: Council) -> None:
    with council.owner.transaction(OPERATOR) as session:
        set_clock(session, AT)
        for secret in ("one", "two"):
            make_link(
                session, person=council.approver, kind=LinkKind.PASSWORD, secret=secret, at=AT
            )
    guest = stranger(app)
    assert guest.post("/new-password/two", {"password": NEW}).status_code == 303
    assert guest.get("/new-password/one").status_code == 410
    assert guest.get("/new-second-factor/two").status_code == 410  # each kind its own links


def test_a_lost_second_factor_takes_an_administrators_word_and_the_persons_mailbox(
    app: Flask, council: Council, letters: Letters
) -> None:
    signed_in = browser(app, council, council.member(council.approver))
    with council.owner.transaction(OPERATOR) as session:
        make_factors(session, person=council.approver)
        other = make_council(session, name="Brackenvale Council")
        make_membership(session, person=council.approver, organisation=other, roles=[])
    administrator = browser(app, council, council.member(council.first))
    page = f"/people/{council.member(council.approver).id}/second-factor"
    assert administrator.post(page).status_code == 422
    sent = administrator.post(page, {"reason": "I spoke to her in the office"})
    assert sent.status_code == 303
    to_person, to_colleague = letters()
    assert (to_person.to, to_colleague.to) == (council.approver.email, council.second.email)
    assert "/new-second-factor/" not in to_colleague.body
    link = link_in(to_person, "new-second-factor")
    guest = stranger(app)
    assert "signed out everywhere" in words_of(guest.get(link))
    assert guest.post(link).location == "/sign-in"
    with council.owner.session(OPERATOR) as session:
        for kind in (Authenticator, Passkey, RecoveryCode):
            statement = select(kind).where(kind.person_id == council.approver.id)
            assert session.scalars(statement).first() is None
        ended = select(SignIn.ended_at).where(SignIn.person_id == council.approver.id)
        assert all(session.scalars(ended))
    assert signed_in.get("/").status_code == 303
    assert stranger(app).post(link).status_code == 410
    (event,) = council.events(council.approver)
    assert event.event == "people:member:second-factor-reset-started"
    assert event.details == {"reason": "I spoke to her in the office"}


def test_nobody_starts_that_for_themselves(app: Flask, council: Council) -> None:
    administrator = browser(app, council, council.member(council.first))
    page = f"/people/{council.member(council.first).id}/second-factor"
    assert administrator.post(page, {"reason": "It is me"}).status_code == 409
    with council.owner.session(OPERATOR) as session:
        assert session.scalars(select(RecoveryLink)).first() is None
