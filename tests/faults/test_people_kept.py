"""A council's people through the real actions: whatever is tried, somebody administers, nobody
holds what is kept apart, and an answered invitation stays so (promise 20)."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test
from sqlalchemy import bindparam, select

from portal.audit.actions import Actor
from portal.identity.models import Membership, MembershipRole
from portal.identity.people.actions import membership
from portal.identity.people.invitations.actions import accepting, inviting
from portal.identity.people.invitations.models import Invitation
from portal.identity.people.invitations.rules import Standing, standing
from portal.identity.people.rules import administers, problems_with, refused_together
from portal.identity.rules import OrganisationKind, Role
from portal.kernel.database import working_as
from portal.kernel.errors import DomainError
from portal.kernel.tenancy import Scope, Task
from tests.faults.machines import Read, Rows, Stepwise, runs
from tests.identity.people.conftest import AT as AUTUMN
from tests.identity.people.conftest import Council, council

__all__ = ["council"]

SIGN_IN = Scope.system(Task.SIGN_IN)
OFFERED = [
    Role.COUNCIL_ADMINISTRATOR,
    Role.APPROVER,
    Role.BUDGET_HOLDER,
    Role.AUDITOR,
    Role.COMMISSIONER,
    Role.FINANCE,  # no council's role
]
MEMBERS = (
    select(Membership.id, Membership.version, Membership.ended_at, MembershipRole.role)
    .outerjoin(MembershipRole, MembershipRole.membership_id == Membership.id)
    .where(Membership.organisation_id == bindparam("council_id"))
    .order_by(Membership.id, MembershipRole.role)
)
INVITATIONS = select(
    Invitation.id,
    Invitation.email,
    Invitation.accepted_at,
    Invitation.withdrawn_at,
    Invitation.expires_at,
).order_by(Invitation.id)


class Member(NamedTuple):
    """Somebody who is or was here."""

    id: UUID
    version: int
    left: bool
    roles: frozenset[Role]


class Seen(NamedTuple):
    """A council's people and everybody ever invited."""

    members: dict[UUID, Member]
    invitations: Rows

    def member(self, whose: int) -> Member:
        """Any of the people."""
        return list(self.members.values())[whose % len(self.members)]


class People(Stepwise):
    """A council's people given roles, leaving, invited, joining, in any order."""

    council: Council
    now: Seen

    def __init__(self) -> None:
        super().__init__()
        self.at = AUTUMN
        self.secrets: list[str] = []
        self.was = self.standings()

    def look(self) -> Seen:
        """The people with their roles, and the invitations."""
        members: dict[UUID, Member] = {}
        for one in self.read(MEMBERS, council_id=self.council.organisation.id):
            before = members[one.id].roles if one.id in members else frozenset()
            roles = before if one.role is None else before | {one.role}
            members[one.id] = Member(one.id, one.version, one.ended_at is not None, roles)
        return Seen(members, self.read(INVITATIONS))

    def standings(self) -> dict[UUID, Standing]:
        """What has become of each invitation by now."""
        return {one.id: self.standing(one) for one in self.now.invitations}

    def standing(self, one: Read) -> Standing:
        """What has become of an invitation by now."""
        return standing(
            accepted_at=one.accepted_at,
            withdrawn_at=one.withdrawn_at,
            expires_at=one.expires_at,
            at=self.at,
        )

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
        member = self.now.member(whose)
        try:
            with self.one_effect():
                membership.change_roles(
                    self.session, self.actor(by), member.id,
                    roles=roles, version=member.version - stale, at=self.at,
                )  # fmt: skip
        except DomainError:
            return
        assert not stale and not problems_with(OrganisationKind.COUNCIL, roles)
        assert self.now.members[member.id].roles == roles

    @rule(by=st.integers(0, 1), whose=st.integers(0, 9), stale=st.booleans())
    def leave(self, by: int, whose: int, stale: bool) -> None:
        """Anybody leaves."""
        member = self.now.member(whose)
        try:
            with self.one_effect():
                membership.end_membership(
                    self.session, self.actor(by), member.id,
                    version=member.version - stale, at=self.at,
                )  # fmt: skip
        except DomainError:
            return
        left = self.now.members[member.id]
        assert not stale and left.left and not left.roles

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
        every = self.now.invitations
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
        members = self.now.members.values()
        assert any(administers(one.roles) for one in members if not one.left)
        for one in members:
            assert not refused_together(one.roles) and Role.FINANCE not in one.roles
            assert bool(one.roles) is not one.left

    @invariant()
    def an_answered_invitation_stays_so(self) -> None:
        """Accepted and withdrawn are ends; at most one waits for an address."""
        now = self.standings()
        for its_id, before in self.was.items():
            if before in {Standing.ACCEPTED, Standing.WITHDRAWN}:
                assert now[its_id] is before
        self.was = now
        waiting = [one.email for one in self.now.invitations if now[one.id] is Standing.WAITING]
        assert len(waiting) == len(set(waiting))


def test_somebody_always_administers_and_an_answer_stands(
    engine_name: str, app: Flask, council: Council
) -> None:
    class Here(People):
        pass

    Here.database, Here.council = council.owner, council
    with app.app_context():
        run_state_machine_as_test(Here, settings=runs(engine_name, 10))
