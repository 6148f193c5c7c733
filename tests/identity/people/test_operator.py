"""The operator's commands, each recorded with its reason; and no other way in for support."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import ORMExecuteState

from portal.audit.models import AuditEvent
from portal.identity.models import Credential, Organisation, SignIn
from portal.identity.rules import Role
from portal.kernel.database import ScopedSession
from portal.kernel.tenancy import Scope, Task
from tests.access.cells import cells
from tests.identity.people.browsing import browser, link_in
from tests.identity.people.conftest import AT, OPERATOR, Council
from tests.support.background import Letters
from tests.support.size import ONE_ENGINE
from tests.support.visits import Visits
from tests.visiting import stranger, visit

WHERE = ["--street", "1 High Street", "--city", "Exampleton", "--postcode", "ZZ1 1ZZ"]
WHOM = ["--administrator", "Nora Elm", "--email", "Nora@bracken.example"]
WHY = ["--reason", "Contract 7 was signed"]


def _run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=arguments)


def _events(council: Council) -> list[tuple[str, str, Any]]:
    with council.owner.session(OPERATOR) as session:
        found = session.scalars(select(AuditEvent).order_by(AuditEvent.id))
        return [(one.event, one.person_name, one.details.get("reason")) for one in found]


@pytest.mark.parametrize("kind", ["council", "provider"])
def test_an_organisation_is_created_with_its_first_administrator(
    app: Flask, council: Council, letters: Letters, kind: str
) -> None:
    command = ["create-organisation", kind, "Brackenvale", *WHERE, *WHOM]
    assert _run(app, *command).exit_code == 2  # a reason is asked for
    done = _run(app, *command, *WHY)
    assert done.exit_code == 0, done.output
    assert _events(council)[0] == (
        "people:organisation:created", "The portal's operator", "Contract 7 was signed",
    )  # fmt: skip
    (letter,) = letters()
    assert letter.to == "nora@bracken.example"
    link = link_in(letter, "invitations")
    stranger(app).post(f"{link}/new", {"name": "Nora", "password": "maple otter lantern"})
    with council.owner.session(OPERATOR) as session:
        made = session.scalars(select(Organisation).where(Organisation.name == "Brackenvale")).one()
        joined = session.scalars(
            select(AuditEvent).where(AuditEvent.event == "people:member:joined")
        ).one()
        assert joined.organisation_id == made.id
        assert joined.details["given"] == [f"{kind}-administrator"]
    again = _run(app, *command, *WHY)
    assert again.exit_code == 1
    assert "one of that name already" in again.output


def test_somebody_locked_out_may_try_again(app: Flask, council: Council) -> None:
    with council.owner.transaction(OPERATOR) as session:
        locked = session.get_one(Credential, council.approver.id)
        locked.failures, locked.locked_until = 9, AT + timedelta(days=900)
    assert _run(app, "unlock", council.approver.email).exit_code == 2
    assert _run(app, "unlock", "nobody@a.example", *WHY).exit_code == 1
    assert _run(app, "unlock", council.approver.email.upper(), *WHY).exit_code == 0
    with council.owner.session(OPERATOR) as session:
        credential = session.get_one(Credential, council.approver.id)
        assert (credential.failures, credential.locked_until) == (0, None)
    assert [event.event for event in council.events(council.approver)] == ["people:member:unlocked"]


def test_every_sign_in_of_a_person_ends(app: Flask, council: Council) -> None:
    signed_in = browser(app, council, council.member(council.approver))
    assert signed_in.get("/").status_code == 200
    done = _run(app, "end-sign-ins", council.approver.email, *WHY)
    assert "Ended 1 sign-in" in done.output
    assert signed_in.get("/").status_code == 303
    with council.owner.session(OPERATOR) as session:
        assert all(session.scalars(select(SignIn.ended_at)))
    (event,) = council.events(council.approver)
    assert event.organisation_id == council.organisation.id
    assert event.details["reason"] == "Contract 7 was signed"


def test_organisations_are_listed_with_how_many_work_there(app: Flask, council: Council) -> None:
    listed = _run(app, "organisations").output
    assert "council   Aldermoor Council" in listed
    assert "4 people" in listed


@pytest.mark.slow
@pytest.mark.parametrize("visits", ONE_ENGINE, indirect=True, scope="module")
def test_no_page_ever_works_as_the_operator(visits: Visits) -> None:
    """Every address, by everybody who administers, and by nobody: no session is the operator's."""
    world, scopes = visits.world, set()

    def begins(session: ScopedSession, *_rest: Any) -> None:
        scopes.add(session.info["scope"])

    def asks(state: ORMExecuteState) -> None:
        scopes.add(state.session.info["scope"])

    with visits.standing.owner.transaction(OPERATOR) as session:
        people = [
            world.memberships[world.person(world.aldermoor, Role.COUNCIL_ADMINISTRATOR).id],
            world.memberships[world.person(world.larkspur, Role.PROVIDER_ADMINISTRATOR).id],
        ]
        browsers = [stranger(visits.app), *(visit(visits.app, session, one) for one in people)]
    asked = {(cell.method, cell.url) for cell in cells(visits.app, world)}
    event.listen(ScopedSession, "after_begin", begins)
    event.listen(ScopedSession, "do_orm_execute", asks)
    try:
        for method, url in sorted(asked):
            for one in browsers:
                (one.get if method == "GET" else one.post)(url)
    finally:
        event.remove(ScopedSession, "after_begin", begins)
        event.remove(ScopedSession, "do_orm_execute", asks)
    assert len(asked) > 60
    assert Scope.system(Task.SIGN_IN) in scopes
    assert {scope.task for scope in scopes} & {Task.OPERATOR} == set()
