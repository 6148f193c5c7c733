"""The same through the real actions: whatever is tried, what is kept stays legal, each step has
one effect or none, and sums are those of their parts (promise 20)."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from portal.audit.actions import Actor
from portal.audit.models import AuditEvent
from portal.identity.models import Membership
from portal.identity.people.actions import membership
from portal.identity.people.invitations.actions import accepting, inviting
from portal.identity.people.invitations.models import Invitation
from portal.identity.people.invitations.queries import standing_of
from portal.identity.people.invitations.rules import Standing
from portal.identity.people.queries import held_roles
from portal.identity.people.rules import administers, problems_with, refused_together
from portal.identity.rules import OrganisationKind, Role
from portal.invoicing.actions import deciding, paying, replying
from portal.invoicing.models import ChargedUnit, Decision, Invoice, InvoiceLine
from portal.invoicing.rules import (
    GRANTED,
    LINE_TRANSITIONS,
    LineState,
    LineStep,
    RefusalReason,
    invoice_state,
)
from portal.kernel.clock import local_date
from portal.kernel.database import Database, working_as
from portal.kernel.errors import DomainError, Stale
from portal.kernel.jobs import job, queue
from portal.kernel.jobs.models import Job
from portal.kernel.jobs.registry import KINDS
from portal.kernel.jobs.rules import JobState
from portal.kernel.money import Money
from portal.kernel.tenancy import Scope, Task
from portal.kernel.transitions import IllegalStep
from tests.identity.people.conftest import AT as AUTUMN
from tests.identity.people.conftest import Council, council
from tests.invoicing.filed import AT, Filed, file_invoice
from tests.support.size import size

__all__ = ["council"]

OPERATOR = Scope.system(Task.OPERATOR)
SIGN_IN = Scope.system(Task.SIGN_IN)
JOBS = Scope.system(Task.JOBS)
FLAKY = "tests:flaky"


def runs(engine: str, everyday: int) -> settings:
    """The promise's 2,000 runs of 50 steps; 100 on PostgreSQL, where each step takes a journey."""
    return settings(
        max_examples=size(everyday, 2_000 if engine == "sqlite" else 100),
        stateful_step_count=size(20, 50),
        derandomize=True,
        database=None,
    )


class Kept(RuleBasedStateMachine):
    """One session for a run, rolled back at its end; a step that is refused leaves nothing."""

    database: Database
    scope = OPERATOR

    def __init__(self) -> None:
        super().__init__()
        self.session: Session = self.database.session(self.scope, writes=True)
        self.at = AT
        self.events = self.recorded()

    def teardown(self) -> None:
        """Leave the database as it was."""
        self.session.rollback()
        self.session.close()

    def recorded(self) -> int:
        """How many events there are."""
        return self.session.scalar(select(func.count(AuditEvent.id))) or 0

    @contextmanager
    def one_effect(self, events: int = 1) -> Iterator[None]:
        """The step changes what it should and records so many events, or nothing at all."""
        self.at += timedelta(minutes=1)
        try:
            with self.session.begin_nested():
                yield
        except DomainError:
            self.session.expire_all()
            assert self.recorded() == self.events, "what was refused was recorded as done"
            raise
        self.session.expire_all()
        self.events += events
        assert self.recorded() == self.events


class Lines(Kept):
    """An invoice of three lines, decided, answered, amended and paid in any order."""

    filed: Filed

    def lines(self) -> list[InvoiceLine]:
        """The lines as they stand."""
        found = select(InvoiceLine).where(InvoiceLine.invoice_id == self.filed.invoice_id)
        return list(self.session.scalars(found.order_by(InvoiceLine.position)))

    @rule(place=st.integers(0, 2), step=st.sampled_from(LineStep), stale=st.booleans())
    def step(self, place: int, step: LineStep, stale: bool) -> None:
        """Any step, now and then on a page that is no longer true."""
        line = self.lines()[place]
        if step is LineStep.PAY:
            self._pay()
            return
        before, legal = line.state, (line.state, step) in LINE_TRANSITIONS
        version = line.version - 1 if stale else line.version
        try:
            with self.one_effect():
                self._take(line, step, version)
        except Stale:
            assert stale
        except IllegalStep:
            assert not legal and not stale
        else:
            assert legal and not stale
            after = self.lines()[place]
            assert after.state is LINE_TRANSITIONS[before, step]
            assert after.version == version + 1

    def _take(self, line: InvoiceLine, step: LineStep, version: int) -> None:
        one = (self.filed.invoice_id, line.id)
        council = (self.session, self.filed.actor(self.filed.approver))
        provider = (self.session, self.filed.actor(self.filed.finance))
        if step is LineStep.APPROVE:
            deciding.approve(*council, one[0], {line.id: version}, at=self.at)
        elif step is LineStep.QUERY:
            deciding.query(*council, *one, version=version, question="Who?", at=self.at)
        elif step is LineStep.REFUSE:
            why = RefusalReason.DUPLICATE
            deciding.refuse(*council, *one, version=version, reason=why, words="", at=self.at)
        elif step is LineStep.ANSWER:
            replying.answer(*provider, *one, version=version, words="Sam", at=self.at)
        else:
            units = select(ChargedUnit).where(ChargedUnit.line_id == line.id)
            unit = self.session.scalars(
                units.order_by(ChargedUnit.parts.desc(), ChargedUnit.id)
            ).first()
            assert unit is not None
            less = {unit.id: unit.parts - 1}
            replying.amend(*provider, *one, version=version, parts=less, words="Less", at=self.at)

    def _pay(self) -> None:
        waiting = [line for line in self.lines() if line.state is LineState.APPROVED]
        version = self.session.get_one(Invoice, self.filed.invoice_id).version
        try:
            with self.one_effect():
                paid = paying.pay(
                    self.session,
                    self.filed.actor(self.filed.approver),
                    self.filed.invoice_id,
                    version=version,
                    paid_on=local_date(self.at),
                    remittance=f"R{uuid4().hex}",
                    at=self.at,
                )
                assert paid.amount == Money.total(line.net for line in waiting)
        except paying.NothingToPay:
            assert not waiting

    @invariant()
    def the_invoice_is_what_its_lines_are(self) -> None:
        """State and sums follow from the lines, and each decision stands once."""
        invoice, lines = self.session.get_one(Invoice, self.filed.invoice_id), self.lines()
        granted = [line for line in lines if line.state in GRANTED]
        paid = [line for line in lines if line.state is LineState.PAID]
        assert invoice.state is invoice_state(line.state for line in lines)
        assert invoice.net == Money.total(line.net for line in lines)
        assert invoice.approved == Money.total(line.net for line in granted)
        assert invoice.paid == Money.total(line.net for line in paid)
        approvals = select(Decision.line_id).where(Decision.step == LineStep.APPROVE)
        assert sorted(self.session.scalars(approvals)) == sorted(line.id for line in granted)


def test_an_invoice_is_always_what_its_lines_are(
    engine_name: str, database: Database, owner_database: Database
) -> None:
    filed = file_invoice(owner_database, database, sections=3, minutes=60)

    class Here(Lines):
        pass

    Here.database, Here.filed = owner_database, filed
    run_state_machine_as_test(Here, settings=runs(engine_name, 2))


OFFERED = [
    Role.COUNCIL_ADMINISTRATOR,
    Role.APPROVER,
    Role.BUDGET_HOLDER,
    Role.AUDITOR,
    Role.COMMISSIONER,
    Role.FINANCE,  # no council's role
]


class People(Kept):
    """A council's people given roles, leaving, invited, joining, in any order."""

    council: Council

    def __init__(self) -> None:
        super().__init__()
        self.at = AUTUMN
        self.secrets: list[str] = []
        self.was = {one.id: self.standing(one) for one in self.invitations()}

    def members(self) -> list[Membership]:
        """Everybody who is or was here."""
        own = Membership.organisation_id == self.council.organisation.id
        found = select(Membership).where(own).options(selectinload(Membership.roles))
        return list(self.session.scalars(found.order_by(Membership.id)))

    def again(self, member: Membership) -> Membership:
        """A membership as it stands now."""
        return next(one for one in self.members() if one is member)

    def invitations(self) -> list[Invitation]:
        """Every invitation."""
        return list(self.session.scalars(select(Invitation).order_by(Invitation.id)))

    def standing(self, invitation: Invitation) -> Standing:
        """What has become of an invitation by now."""
        return standing_of(invitation, self.at)

    def actor(self, number: int) -> Actor:
        """One of the two administrators that the council begins with."""
        return self.council.actor((self.council.first, self.council.second)[number % 2])

    @rule(
        by=st.integers(0, 1),
        whose=st.integers(0, 9),
        roles=st.frozensets(st.sampled_from(OFFERED)),
        stale=st.booleans(),
    )
    def give(self, by: int, whose: int, roles: frozenset[Role], stale: bool) -> None:
        """Any roles to anybody."""
        member = self.members()[whose % len(self.members())]
        before, version = held_roles(member), member.version - stale
        try:
            with self.one_effect():
                membership.change_roles(
                    self.session, self.actor(by), member.id,
                    roles=roles, version=version, at=self.at,
                )  # fmt: skip
        except DomainError:
            assert held_roles(self.again(member)) == before
        else:
            assert not stale and not problems_with(OrganisationKind.COUNCIL, roles)
            assert held_roles(self.again(member)) == roles

    @rule(by=st.integers(0, 1), whose=st.integers(0, 9), stale=st.booleans())
    def leave(self, by: int, whose: int, stale: bool) -> None:
        """Anybody leaves."""
        member = self.members()[whose % len(self.members())]
        try:
            with self.one_effect():
                membership.end_membership(
                    self.session, self.actor(by), member.id,
                    version=member.version - stale, at=self.at,
                )  # fmt: skip
        except DomainError:
            return
        left = self.again(member)
        assert not stale and left.ended_at is not None and not left.roles

    @rule(number=st.integers(0, 3), roles=st.frozensets(st.sampled_from(OFFERED), min_size=1))
    def invite(self, number: int, roles: frozenset[Role]) -> None:
        """An address is invited, perhaps again."""
        try:
            with self.one_effect(), self.sending():
                inviting.invite(
                    self.session, self.actor(0), name=f"Ines {number} Invited",
                    email=f"ines{number}@example.org", roles=roles, difference="Another person",
                    at=self.at,
                )  # fmt: skip
        except DomainError:
            return

    @rule(which=st.integers(0, 9), step=st.sampled_from(["again", "withdraw", "accept"]))
    def answer(self, which: int, step: str) -> None:
        """Any step with any invitation."""
        every = self.invitations()
        if not every:
            return
        one = every[which % len(every)]
        before = self.standing(one)
        try:
            with self.one_effect(), self.sending():
                if step == "again":
                    inviting.send_again(self.session, self.actor(1), one.id, at=self.at)
                elif step == "withdraw":
                    inviting.withdraw(self.session, self.actor(1), one.id, at=self.at)
                elif self.secrets:
                    self._accept(self.secrets[which % len(self.secrets)])
                else:
                    raise accepting.LinkGone
        except DomainError:
            return
        if step != "accept":
            assert before in {Standing.WAITING, Standing.EXPIRED}

    def _accept(self, secret: str) -> None:
        with working_as(self.session, SIGN_IN):
            accepting.join_as_new(self.session, secret, name="Ines", password_hash="x", at=self.at)

    @rule(days=st.integers(1, 5))
    def wait(self, days: int) -> None:
        """Days go by."""
        self.at += timedelta(days=days)

    @contextmanager
    def sending(self) -> Iterator[None]:
        """The secret of each link that is sent is kept, as the letter would."""
        made = secrets.token_urlsafe

        def kept(length: int | None = None) -> str:
            self.secrets.append(made(length))
            return self.secrets[-1]

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(secrets, "token_urlsafe", kept)
            yield

    @invariant()
    def somebody_administers_and_nobody_holds_what_is_kept_apart(self) -> None:
        """Whoever left holds nothing."""
        members = self.members()
        assert any(administers(held_roles(one)) for one in members if one.ended_at is None)
        for member in members:
            roles = held_roles(member)
            assert not refused_together(roles) and Role.FINANCE not in roles
            assert bool(roles) == (member.ended_at is None)

    @invariant()
    def an_answered_invitation_stays_so(self) -> None:
        """Accepted and withdrawn are ends; at most one waits for an address."""
        every = self.invitations()
        now = {one.id: self.standing(one) for one in every}
        for its_id, before in self.was.items():
            if before in {Standing.ACCEPTED, Standing.WITHDRAWN}:
                assert now[its_id] is before
        self.was = now
        waiting = [one.email for one in every if now[one.id] is Standing.WAITING]
        assert len(waiting) == len(set(waiting))


def test_somebody_always_administers_and_an_answer_stands(
    engine_name: str, app: Flask, council: Council
) -> None:
    class Here(People):
        pass

    Here.database, Here.council = council.owner, council
    with app.app_context():
        run_state_machine_as_test(Here, settings=runs(engine_name, 2))


LEGAL = {
    JobState.WAITING: {JobState.WAITING, JobState.RUNNING},
    JobState.RUNNING: set(JobState),
    JobState.DONE: {JobState.DONE},
    JobState.FAILED: {JobState.FAILED, JobState.WAITING},
}


class Jobs(Kept):
    """Jobs asked for, taken by workers that may be slow or dead, ended well or badly."""

    scope = JOBS

    def __init__(self) -> None:
        super().__init__()
        self.hands: list[tuple[Job, Any]] = []
        self.was: dict[Any, JobState] = {}

    @rule(key=st.sampled_from([None, "a", "b"]))
    def ask(self, key: str | None) -> None:
        """Under one key it is asked for once."""
        known = key is not None and any(one.key and one.key.endswith(key) for one in self.all())
        asked = queue.enqueue(self.session, FLAKY, at=self.at, key=key)
        assert (asked is None) == known

    @rule()
    def take(self) -> None:
        """A worker takes what is due; nobody else holds the same lease."""
        due = queue.is_anything_due(self.session, at=self.at)
        taken = queue.take(self.session, at=self.at)
        assert (taken is not None) == due
        if taken is not None:
            self.session.flush()
            self.hands.append((taken, taken.lease))

    @rule(which=st.integers(0, 9), end=st.sampled_from(["finish", "try again", "fail", "go on"]))
    def end(self, which: int, end: str) -> None:
        """A worker, perhaps one that was taken for dead, says how it went."""
        if not self.hands:
            return
        held, lease = self.hands[which % len(self.hands)]
        holds = self.session.get_one(Job, held.id).lease == lease
        as_taken = Job(id=held.id, lease=lease, name=held.name)
        later = self.at + timedelta(seconds=30)
        error = RuntimeError("no")
        said: dict[str, Callable[[], None]] = {
            "finish": lambda: queue.finish(self.session, as_taken, at=self.at, made=None),
            "try again": lambda: queue.try_again(
                self.session, as_taken, problem="No", error=error, run_at=later
            ),
            "fail": lambda: queue.fail(
                self.session, as_taken, problem="No", error=error, at=self.at
            ),
            "go on": lambda: queue.go_on(self.session, as_taken, done=1, of=2, until=later),
        }
        try:
            said[end]()
        except queue.LeaseLost:
            assert not holds
        else:
            assert holds
        self.session.expire_all()

    @rule(which=st.integers(0, 9))
    def retry(self, which: int) -> None:
        """An operator lets what failed be tried again."""
        failed = [one for one in self.all() if one.state is JobState.FAILED]
        if failed:
            queue.retry(failed[which % len(failed)], at=self.at)
            self.session.flush()

    @rule(minutes=st.integers(1, 5))
    def wait(self, minutes: int) -> None:
        """Leases run out."""
        self.at += timedelta(minutes=minutes)

    def all(self) -> list[Job]:
        """Every job."""
        return list(self.session.scalars(select(Job).order_by(Job.id)))

    @invariant()
    def each_goes_only_where_it_may(self) -> None:
        """What is done stays done; only what failed comes back."""
        now = {one.id: one.state for one in self.all()}
        for its_id, before in self.was.items():
            assert now[its_id] in LEGAL[before]
        self.was = now
        leases = [one.lease for one in self.all() if one.lease is not None]
        assert len(leases) == len(set(leases))


def test_a_job_is_ended_once_by_whoever_holds_it(engine_name: str, database: Database) -> None:
    class Here(Jobs):
        pass

    Here.database = database
    job(FLAKY, scope=Task.JOBS)(lambda _work: None)
    try:
        run_state_machine_as_test(Here, settings=runs(engine_name, 5))
    finally:
        del KINDS[FLAKY]
