"""Changing roles and ending access, with what is refused (promises 4, 5 and 17)."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from sqlalchemy.exc import IntegrityError

from portal.identity.models import MembershipRole, Person
from portal.identity.people.actions.membership import (
    LastAdministrator,
    OwnRoles,
    RolesRefused,
    change_roles,
    end_membership,
)
from portal.identity.rules import Role
from portal.kernel.database import Database
from portal.kernel.errors import DomainError, NotFound, Stale
from portal.kernel.tenancy import Scope
from tests.identity.people.conftest import AT, OPERATOR, Council
from tests.makers import make_council, make_person, make_provider


def _change(
    database: Database, council: Council, by: Person, whom: Person, *roles: Role, version: int = 0
) -> None:
    member = council.member(whom)
    with database.transaction(council.scope(by)) as session:
        change_roles(
            session,
            council.actor(by),
            member.id,
            roles=roles,
            version=version or member.version,
            at=AT,
        )


def _end(database: Database, council: Council, by: Person, whom: Person) -> None:
    member = council.member(whom)
    with database.transaction(council.scope(by)) as session:
        end_membership(session, council.actor(by), member.id, version=member.version, at=AT)


def test_roles_change_and_the_record_says_who_gave_what(
    database: Database, council: Council
) -> None:
    _change(database, council, council.first, council.approver, Role.COMMISSIONER, Role.EVALUATOR)
    assert council.roles(council.approver) == {Role.COMMISSIONER, Role.EVALUATOR}
    (event,) = council.events(council.approver)
    assert event.event == "people:member:roles-changed"
    assert event.person_id == council.first.id
    assert event.details == {"given": ["commissioner", "evaluator"], "taken": ["approver"]}


def test_roles_kept_apart_are_refused_and_nothing_changes(
    database: Database, council: Council
) -> None:
    for roles in ((Role.APPROVER, Role.BUDGET_HOLDER), (Role.AUDITOR, Role.COMMISSIONER)):
        with pytest.raises(RolesRefused):
            _change(database, council, council.first, council.approver, *roles)
    assert council.roles(council.approver) == {Role.APPROVER}


@pytest.mark.parametrize("email", ["ruth+budget@aldermoor.example", "r.uth@aldermoor.example"])
def test_a_second_account_of_the_same_mailbox_may_not_hold_the_other_role(
    database: Database, council: Council, email: str
) -> None:
    with council.owner.transaction(OPERATOR) as session:
        twin = make_person(
            session,
            organisation=council.organisation,
            roles=[Role.COMMISSIONER],
            name="R Fern",
            email=email,
        )
    with pytest.raises(RolesRefused, match="same mailbox"):
        _change(database, council, council.first, twin, Role.BUDGET_HOLDER)
    _change(database, council, council.first, twin, Role.EVALUATOR)
    assert council.roles(twin) == {Role.EVALUATOR}


def test_the_database_refuses_the_same_pairs(council: Council) -> None:
    """Also under a second address of the same mailbox; not in another organisation."""
    with council.owner.transaction(OPERATOR) as session:
        elsewhere = make_council(session, name="Brackenvale Council")
        make_person(
            session,
            organisation=elsewhere,
            roles=[Role.APPROVER, Role.COMMISSIONER],
            email="patlee@a.example",
        )
    for number, (held, given) in enumerate(
        [
            (Role.APPROVER, Role.BUDGET_HOLDER),
            (Role.BUDGET_HOLDER, Role.APPROVER),
            (Role.AUDITOR, Role.COMMISSIONER),
            (Role.REFERRER, Role.AUDITOR),
        ]
    ):
        with council.owner.transaction(OPERATOR) as session:
            first, second = (
                make_person(session, organisation=council.organisation, roles=roles, email=email)
                for roles, email in (
                    ([held], f"pat.lee{number}@a.example"),
                    ([], f"patlee{number}+2@a.example"),
                )
            )
        for person in (first, second):
            member = council.member(person)
            with (
                pytest.raises(IntegrityError, match="roles_kept_apart"),
                council.owner.transaction(OPERATOR) as session,
            ):
                session.add(MembershipRole(membership_id=member.id, role=given))


def test_in_a_council_nobody_changes_their_own_roles(database: Database, council: Council) -> None:
    with pytest.raises(OwnRoles):
        _change(
            database,
            council,
            council.first,
            council.first,
            Role.COUNCIL_ADMINISTRATOR,
            Role.APPROVER,
        )
    assert council.roles(council.first) == {Role.COUNCIL_ADMINISTRATOR}


def test_a_provider_of_one_person_gives_itself_what_it_needs(
    database: Database, council: Council
) -> None:
    with council.owner.transaction(OPERATOR) as session:
        provider = make_provider(session)
        alone = make_person(session, organisation=provider, roles=[Role.PROVIDER_ADMINISTRATOR])
    small = Council(provider, alone, alone, alone, alone, council.owner)
    _change(database, small, alone, alone, Role.PROVIDER_ADMINISTRATOR, Role.FINANCE)
    assert small.roles(alone) == {Role.PROVIDER_ADMINISTRATOR, Role.FINANCE}
    with pytest.raises(LastAdministrator):
        _change(database, small, alone, alone, Role.FINANCE)
    with pytest.raises(LastAdministrator):
        _end(database, small, alone, alone)


def test_a_stale_form_changes_nothing(database: Database, council: Council) -> None:
    _change(database, council, council.first, council.approver, Role.COMMISSIONER, version=1)
    with pytest.raises(Stale):
        _change(database, council, council.second, council.approver, Role.EVALUATOR, version=1)
    assert council.roles(council.approver) == {Role.COMMISSIONER}


def test_leaving_ends_with_a_date_and_takes_every_role(
    database: Database, council: Council
) -> None:
    _end(database, council, council.first, council.approver)
    member = council.member(council.approver)
    assert member.ended_at == AT
    assert council.roles(council.approver) == set()
    (event,) = council.events(council.approver)
    assert (event.event, event.details) == ("people:member:left", {"taken": ["approver"]})
    with pytest.raises(NotFound):
        _end(database, council, council.first, council.approver)
    with pytest.raises(NotFound):
        _change(database, council, council.first, council.approver, Role.APPROVER)


def test_people_of_another_organisation_are_not_there(database: Database, council: Council) -> None:
    with council.owner.transaction(OPERATOR) as session:
        other = make_council(session, name="Brackenvale Council")
        stranger = make_person(
            session, organisation=other, roles=[Role.COUNCIL_ADMINISTRATOR, Role.APPROVER]
        )
    foreign = Council(other, stranger, stranger, stranger, stranger, council.owner)
    member = council.member(council.approver)
    with pytest.raises(NotFound), database.transaction(foreign.scope(stranger)) as session:
        end_membership(session, foreign.actor(stranger), member.id, version=1, at=AT)
    assert council.roles(council.approver) == {Role.APPROVER}


def test_the_last_administrator_stays(database: Database, council: Council) -> None:
    _end(database, council, council.first, council.second)
    with pytest.raises(LastAdministrator):
        _end(database, council, council.first, council.first)
    assert council.member(council.first).ended_at is None


def test_of_two_administrators_who_remove_each_other_at_once_one_stays(
    database: Database, council: Council
) -> None:
    """Promise 17: both have looked before either wrote."""
    refused: list[DomainError] = []
    for leaving in (True, False):
        pairs = [(council.first, council.second), (council.second, council.first)]
        members = {person.id: council.member(person) for person, _ in pairs}
        ready = Barrier(2)

        def remove(by: Person, whom: Person) -> None:
            ready.wait()  # noqa: B023
            try:
                with database.transaction(council.scope(by)) as session:
                    member = members[whom.id]  # noqa: B023
                    if leaving:  # noqa: B023
                        end_membership(
                            session,
                            council.actor(by),
                            member.id,
                            version=member.version,
                            at=AT,
                        )
                    else:
                        change_roles(
                            session,
                            council.actor(by),
                            member.id,
                            roles=[Role.COMMISSIONER],
                            version=member.version,
                            at=AT,
                        )
            except DomainError as error:
                refused.append(error)

        threads = [Thread(target=remove, args=pair) for pair in pairs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        left = [p for p in (council.first, council.second) if council.roles(p) & _IN_CHARGE]
        assert len(left) == 1
        with council.owner.transaction(OPERATOR) as session:
            for person in (council.first, council.second):
                member = session.merge(council.member(person))
                member.ended_at = None
                if person not in left:
                    for held in list(member.roles):
                        session.delete(held)
                    session.flush()
                    session.add(
                        MembershipRole(membership_id=member.id, role=Role.COUNCIL_ADMINISTRATOR)
                    )
    assert [type(error) for error in refused] == [LastAdministrator] * 2


_IN_CHARGE = {Role.COUNCIL_ADMINISTRATOR}


def test_only_the_sign_ins_task_writes_roles(database: Database, council: Council) -> None:
    """An organisation's session can write none by itself, on either database."""
    member = council.member(council.approver)
    with (
        pytest.raises(Exception, match="membership_role"),
        database.transaction(Scope(council.organisation.id, council.first.id)) as session,
    ):
        session.add(MembershipRole(membership_id=member.id, role=Role.COMMISSIONER))
