"""Telling people of one organisation or another: in the portal at once, by e-mail as they chose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from portal.identity.models import Membership, Organisation, Person
from portal.identity.permissions import Permission
from portal.identity.rules import Role
from portal.kernel.database import Database
from portal.kernel.post import write
from portal.kernel.post.models import Letter
from portal.kernel.tenancy import Scope, Task
from portal.notices.actions import prefer, tell
from portal.notices.models import Notice
from portal.notices.rules import Frequency, NoticeKind
from tests.makers import make_council, make_membership, make_person, make_provider
from tests.support.background import Letters, RunJobs

# A Thursday, and the Monday after it.
THURSDAY = datetime(2026, 4, 30, 9, tzinfo=UTC)
DAY = timedelta(days=1)
OURS = ("notices:digest", "notices:returned")
MONDAY = THURSDAY + 4 * DAY
OPERATOR, POST = Scope.system(Task.OPERATOR), Scope.system(Task.POST)


@dataclass(frozen=True)
class People:
    """A council with two approvers and a referrer, and a provider's finance officer."""

    council: Organisation
    provider: Organisation
    first: Person
    second: Person
    referrer: Person
    finance: Person


@pytest.fixture
def people(owner_database: Database) -> People:
    with owner_database.transaction(OPERATOR) as session:
        council, provider = make_council(session), make_provider(session)
        names = [
            (council, Role.APPROVER, "first"),
            (council, Role.APPROVER, "second"),
            (council, Role.REFERRER, "referrer"),
            (provider, Role.FINANCE, "finance"),
        ]
        return People(
            council,
            provider,
            *(
                make_person(
                    session, organisation=organisation, roles=[role], name=name.title(),
                    email=f"{name}@post.example",
                )
                for organisation, role, name in names
            ),
        )  # fmt: skip


@pytest.fixture
def provider_tells(database: Database, people: People) -> Callable[..., None]:
    """The provider's finance officer tells the council's approvers of something."""

    def say(kind: NoticeKind = NoticeKind.INVOICE_WAITING, **changes: object) -> None:
        scope = Scope(people.provider.id, people.finance.id)
        with database.transaction(scope) as session:
            whole: dict[str, object] = {
                "sentence": "April was submitted",
                "endpoint": "invoicing.show",
                "values": {"invoice_id": UUID(int=7)},
                "organisation_id": people.council.id,
                "permission": Permission.INVOICE_DECIDE,
                "at": THURSDAY,
                **changes,
            }
            tell(session, kind, **whole)  # type: ignore[arg-type]

    return say


def _told(database: Database) -> list[tuple[UUID, str]]:
    with database.session(POST) as session:
        rows = session.execute(
            select(Notice.person_id, Notice.sentence).order_by(Notice.at, Notice.id)
        )
        return [(person_id, sentence) for person_id, sentence in rows]


def _prefer(database: Database, people: People, person: Person, frequency: Frequency) -> None:
    with database.transaction(Scope(people.council.id, person.id)) as session:
        prefer(session, person.id, people.council.id, {NoticeKind.INVOICE_WAITING: frequency})


def test_a_provider_tells_those_of_a_council_who_hold_the_permission(
    database: Database, people: People, provider_tells: Callable[..., None], run_jobs: RunJobs
) -> None:
    provider_tells()
    assert _told(database) == []  # the job has not run
    run_jobs()
    assert {person_id for person_id, _ in _told(database)} == {people.first.id, people.second.id}


def test_one_person_is_told_alone(
    database: Database, people: People, provider_tells: Callable[..., None], run_jobs: RunJobs
) -> None:
    provider_tells(person_id=people.referrer.id, permission=None)
    provider_tells(person_id=people.finance.id, permission=None)  # is not in that council
    run_jobs()
    assert [person_id for person_id, _ in _told(database)] == [people.referrer.id]


def test_of_the_same_key_nobody_is_told_twice_and_who_came_later_still_is(
    owner_database: Database, database: Database, people: People,
    provider_tells: Callable[..., None], run_jobs: RunJobs,
) -> None:  # fmt: skip
    provider_tells(key="april")
    provider_tells(key="april")
    run_jobs()
    assert len(_told(database)) == 2
    with owner_database.transaction(OPERATOR) as session:
        make_membership(
            session, person=people.finance, organisation=people.council, roles=[Role.APPROVER]
        )
    scope = Scope(people.council.id, people.first.id)
    with database.transaction(scope) as session:  # another asks for it under the same key
        tell(
            session, NoticeKind.INVOICE_WAITING, sentence="April was submitted",
            endpoint="invoicing.index", organisation_id=people.council.id,
            permission=Permission.INVOICE_DECIDE, at=THURSDAY, key="april",
        )  # fmt: skip
    run_jobs()
    assert sorted(person_id for person_id, _ in _told(database)) == sorted(
        [people.first.id, people.second.id, people.finance.id]
    )


def test_each_hears_by_e_mail_as_they_chose(
    database: Database, people: People, provider_tells: Callable[..., None], run_jobs: RunJobs,
    letters: Letters,
) -> None:  # fmt: skip
    _prefer(database, people, people.first, Frequency.AT_ONCE)
    _prefer(database, people, people.second, Frequency.NEVER)
    provider_tells()
    run_jobs(THURSDAY, schedules=OURS)
    (letter,) = letters()
    assert letter.to == "first@post.example"
    assert "/invoices/00000000-0000-0000-0000-000000000007" in letter.body
    assert "April" not in letter.body + letter.subject  # a link, never the content
    run_jobs(MONDAY, schedules=OURS)
    assert len(letters()) == 1


def test_a_daily_digest_counts_and_links_and_comes_once(
    people: People, provider_tells: Callable[..., None], run_jobs: RunJobs, letters: Letters
) -> None:
    run_jobs(THURSDAY, schedules=OURS)
    provider_tells(person_id=people.first.id)
    provider_tells(person_id=people.first.id)
    run_jobs(THURSDAY + timedelta(hours=1), schedules=OURS)
    assert letters() == []  # this morning's digest had nothing, so there was none
    run_jobs(THURSDAY + DAY, schedules=OURS)
    (letter,) = letters()
    assert (letter.to, letter.subject) == (
        "first@post.example",
        f"2 notices for you at {people.council.name}",
    )
    assert "- 2 reminders of invoices to decide" in letter.body
    assert "http://127.0.0.1:5000/notices\n" in letter.body and "April" not in letter.body
    run_jobs(THURSDAY + 2 * DAY, schedules=OURS)
    assert len(letters()) == 1


def test_a_weekly_digest_comes_on_monday(
    database: Database, people: People, provider_tells: Callable[..., None], run_jobs: RunJobs,
    letters: Letters,
) -> None:  # fmt: skip
    _prefer(database, people, people.first, Frequency.WEEKLY)
    provider_tells(person_id=people.first.id)
    run_jobs(THURSDAY, schedules=OURS)
    for days in (1, 2, 3):
        run_jobs(THURSDAY + days * DAY, schedules=OURS)
    assert letters() == []
    run_jobs(MONDAY, schedules=OURS)
    assert [letter.to for letter in letters()] == ["first@post.example"]


def test_what_was_read_and_who_has_left_get_no_digest(
    owner_database: Database, database: Database, people: People,
    provider_tells: Callable[..., None], run_jobs: RunJobs, letters: Letters,
) -> None:  # fmt: skip
    run_jobs(THURSDAY, schedules=OURS)
    provider_tells()
    run_jobs()
    with owner_database.transaction(OPERATOR) as session:
        for notice in session.query(Notice).filter_by(person_id=people.first.id):
            notice.read_at, notice.waits_for = THURSDAY, None
        session.query(Membership).filter_by(person_id=people.second.id).one().ended_at = THURSDAY
    run_jobs(THURSDAY + DAY, schedules=OURS)
    assert letters() == []


def test_an_address_that_was_given_up_is_told_to_the_administrators(
    app: Flask, owner_database: Database, database: Database, people: People, run_jobs: RunJobs
) -> None:
    with owner_database.transaction(OPERATOR) as session:
        administrator = make_person(
            session, organisation=people.council, roles=[Role.COUNCIL_ADMINISTRATOR]
        )
    with app.app_context(), database.transaction(POST) as session:
        letter_id = write(
            session, to="gone@post.example", subject="", template="notices/at_once.txt",
            at=THURSDAY, person_id=people.first.id, about="", link="",
        )  # fmt: skip
        letter = session.get_one(Letter, letter_id)
        letter.body, letter.given_up_at = None, THURSDAY
    run_jobs(THURSDAY + timedelta(minutes=15), schedules=OURS)
    run_jobs(THURSDAY + timedelta(minutes=30), schedules=OURS)
    assert _told(database) == [
        (
            administrator.id,
            "An e-mail to gone@post.example could not be delivered: check the address",
        )
    ]
