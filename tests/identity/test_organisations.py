"""Choosing the organisation to work as."""

from __future__ import annotations

from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.audit.models import AuditEvent
from portal.identity.models import Membership, Organisation, Person
from portal.identity.rules import Role
from portal.kernel.database import Database
from portal.kernel.tenancy import Scope, Task
from tests.makers import (
    RECORDED_AT,
    csrf_token,
    make_membership,
    make_person,
    make_provider,
    sign_in,
)

OPERATOR = Scope.system(Task.OPERATOR)


@pytest.fixture
def second(owner_database: Database, person: Person) -> Membership:
    """The approver's belonging to a provider, as its finance officer."""
    with owner_database.transaction(OPERATOR) as session:
        provider = make_provider(session, name="Larkspur Mentoring")
        return make_membership(session, person=person, organisation=provider, roles=[Role.FINANCE])


def _choose(client: FlaskClient, membership_id: object) -> int:
    token = csrf_token(client.get("/organisations").text)
    url = f"/organisations/{membership_id}"
    return client.post(url, data={"csrf_token": token}).status_code


def test_somebody_in_one_organisation_works_as_it_at_once(
    client: FlaskClient, person: Person, council: Organisation
) -> None:
    sign_in(client, person)
    page = client.get("/").text
    assert council.name in page
    assert "Change organisation" not in page


def test_somebody_in_two_chooses_and_can_change(
    client: FlaskClient, person: Person, second: Membership, owner_database: Database
) -> None:
    sign_in(client, person)
    assert client.get("/").location == "/organisations"
    page = client.get("/organisations").text
    assert "Aldermoor Council" in page
    assert "Larkspur Mentoring" in page
    assert _choose(client, second.id) == 303
    home = client.get("/").text
    assert "Larkspur Mentoring" in home
    assert "finance" in home
    assert "invoice approver" not in home
    assert "Change organisation" in home
    with owner_database.session(OPERATOR) as session:
        last = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
        assert last is not None
        assert last.event == "identity:organisation:chosen"
        assert last.organisation_id == second.organisation_id


def test_before_choosing_nothing_of_any_organisation_opens(
    client: FlaskClient, person: Person, second: Membership
) -> None:
    sign_in(client, person)
    answered = client.get("/frameworks")
    assert (answered.status_code, answered.location) == (303, "/organisations")


def test_somebody_elses_membership_is_not_there(
    client: FlaskClient, person: Person, second: Membership, owner_database: Database
) -> None:
    with owner_database.transaction(OPERATOR) as session:
        other = make_provider(session, name="Millstone Care")
        stranger = make_person(session, organisation=other, roles=[Role.FINANCE])
        foreign = session.scalars(
            select(Membership).where(Membership.person_id == stranger.id)
        ).one()
    sign_in(client, person)
    assert _choose(client, foreign.id) == 404
    assert _choose(client, uuid4()) == 404
    assert "Millstone" not in client.get("/organisations").text


def test_a_membership_that_ended_works_for_no_further_request(
    client: FlaskClient, person: Person, second: Membership, owner_database: Database
) -> None:
    sign_in(client, person)
    _choose(client, second.id)
    with owner_database.transaction(OPERATOR) as session:
        membership = session.get_one(Membership, second.id)
        membership.ended_at = RECORDED_AT
        for role in membership.roles:
            session.delete(role)
    assert client.get("/frameworks").location == "/organisations"
    assert str(second.id) not in client.get("/organisations").text
