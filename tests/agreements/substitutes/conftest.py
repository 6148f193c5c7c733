"""Aldermoor and Larkspur, each by the person who acts, and agreements between them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest
from sqlalchemy import select

from portal.agreements.clocks.actions import start_clocks
from portal.agreements.models import Agreement, Mentor
from portal.identity.models import Person
from portal.identity.rules import Role
from portal.kernel.jobs.registry import SCHEDULES
from portal.kernel.jobs.worker import Worker
from portal.kernel.tenancy import Scope, Task
from portal.notices.models import Notice
from portal.notices.rules import NoticeKind
from tests.agreements.substitutes.mentors import (
    EASTER,
    LATER,
    OPERATOR,
)
from tests.dealings import Dealings
from tests.makers import (
    make_agreement,
    make_assignment,
)
from tests.support.visits import Visitor, Visits


@pytest.fixture
def dealings(visits: Visits) -> Dealings:
    """What Aldermoor and Larkspur have between them."""
    return visits.world.between(visits.world.aldermoor, visits.world.larkspur)


@pytest.fixture
def provider(visits: Visits) -> Visitor:
    """Larkspur's administrator."""
    return visits.by(visits.world.larkspur, Role.PROVIDER_ADMINISTRATOR)


@pytest.fixture
def council(visits: Visits) -> Visitor:
    """Aldermoor's Virtual School officer."""
    return visits.by(visits.world.aldermoor, Role.REFERRER)


@pytest.fixture
def ordered(visits: Visits, dealings: Dealings) -> Callable[..., Agreement]:
    """Make an agreement of both, ordered on a day, with a mentor of its own."""

    def make(reference: str, mentor: Mentor | None = None, starts_on: date = EASTER) -> Agreement:
        with visits.standing.owner.transaction(OPERATOR) as session:
            agreement = make_agreement(
                session, place=dealings.place, council=dealings.council, reference=reference,
                starts_on=starts_on,
            )  # fmt: skip
            start_clocks(session, agreement, starts_on)
            if mentor is not None:
                make_assignment(session, agreement=agreement, mentor=mentor)
        return agreement

    return make


@pytest.fixture
def told(visits: Visits) -> Callable[..., list[tuple[str, str]]]:
    """Do what waits in the background; whom it has told of a kind, by address."""

    def run(
        kind: NoticeKind, about: str, at: datetime = LATER, *schedules: str
    ) -> list[tuple[str, str]]:
        own = {name: SCHEDULES[name] for name in schedules}
        worker = Worker(visits.app, moment=lambda _session: at, schedules=own)
        while worker.once():
            pass
        with visits.standing.application.session(Scope.system(Task.POST)) as session:
            notices = session.scalars(
                select(Notice).where(Notice.kind == kind.value, Notice.sentence.contains(about))
            )
            found = [(one.person_id, one.sentence) for one in notices]
        with visits.standing.owner.session(OPERATOR) as session:
            return sorted((session.get_one(Person, to).email, said) for to, said in found)

    return run
