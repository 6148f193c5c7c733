"""Each row is seen by its parties alone: by the application's filter on both engines, and by
PostgreSQL with that filter switched off (promises 1 and 3)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, delete, insert, select, text, true, update
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import with_loader_criteria

from portal.agreements.conversations.models import Conversation
from portal.agreements.models import Assignment, Mentor
from portal.audit.actions import Actor, Subject, record
from portal.audit.models import AuditEvent
from portal.identity.actions import Event
from portal.identity.models import Organisation
from portal.identity.rules import Role
from portal.kernel import database as kernel_database
from portal.kernel.database import Database, enter
from portal.kernel.tenancy import Base, Scope, Task, table_of
from tests.access.expectations import FOR_EVERYBODY, expected, key, keys, models, rows
from tests.dealings import AT
from tests.world import Standing, World

OPERATOR = Scope.system(Task.OPERATOR)
SEEN_BY_ANYBODY = {
    "clock_setting", "contact", "escrow_key", "exit_address", "procedure", "published_answer",
    "question", "question_version", "round", "round_category", "round_extension", "round_notice",
}  # fmt: skip
EVERYTHING = with_loader_criteria(Base, lambda _entity: true(), include_aliases=True)


def scopes(world: World) -> list[Scope]:
    """Every organisation, each mentor narrowed to their own agreements, a follower, the public."""
    whole = [Scope(organisation.id, next(iter(world.members(organisation))))
             for organisation in world.organisations]  # fmt: skip
    mentors = [
        Scope(provider.id, world.person(provider, Role.DELIVERY).id, only_assigned=True)
        for provider in (world.larkspur, world.millstone, world.nettlewood)
    ]
    follower = Scope.follower(world.dealings[0].complaint.id)
    return [*whole, *mentors, follower, Scope.public()]


def test_every_table_has_rows_to_prove_it_with(place: Standing) -> None:
    with place.owner.session(OPERATOR) as session:
        empty = [model.__tablename__ for model in models() if not keys(session, model)]
    assert empty == []


def test_each_organisation_sees_its_rows_and_no_others(place: Standing) -> None:
    world = place.world
    with place.owner.session(OPERATOR) as everything:
        for organisation in world.organisations:
            members = world.members(organisation)
            with place.application.session(Scope(organisation.id)) as session:
                for model in models():
                    whole = rows(everything, model)
                    wanted = {key(r) for r in whole if expected(world, organisation, r, members)}
                    assert keys(session, model) == wanted, (organisation.name, model)


def test_each_table_is_hidden_from_somebody(place: Standing) -> None:
    for model in models():
        if model.__tablename__ in FOR_EVERYBODY:
            continue
        with place.owner.session(OPERATOR) as session:
            whole = keys(session, model)
        for organisation in place.world.organisations:
            with place.application.session(Scope(organisation.id)) as session:
                assert keys(session, model) < whole, (organisation.name, model)


def test_a_mentor_sees_only_the_agreements_they_are_assigned_to(place: Standing) -> None:
    world = place.world
    own = world.between(world.aldermoor, world.larkspur)
    scope = Scope(
        world.larkspur.id, world.person(world.larkspur, Role.DELIVERY).id, only_assigned=True
    )
    by_name = {model.__tablename__: model for model in models()}
    with place.application.session(scope) as session:
        assert keys(session, by_name["agreement"]) == {(own.hourly.id,), (own.weekly.id,)}
        assigned = {own.hourly.id, own.weekly.id}
        for name in ("agreement_price", "delivery_session", "stay"):
            seen = {row.agreement_id for row in rows(session, by_name[name])}
            assert seen
            assert seen <= assigned, name


def test_a_mentor_whose_time_is_over_sees_nothing_of_the_agreement(place: Standing) -> None:
    assert _seen_of_an_agreement(place, over=False) >= {
        "agreement", "agreement_clock", "agreement_price", "contact_record", "conversation",
        "conversation_message", "delivery_correction", "delivery_session", "disclosure",
        "order_form", "outcome_score", "substitution", "termly_report",
    }  # fmt: skip
    assert _seen_of_an_agreement(place, over=True) == set()


def test_postgresql_hides_it_with_our_own_filter_off(
    postgresql: Standing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernel_database, "ONLY_ONES_OWN", EVERYTHING)
    assert _seen_of_an_agreement(postgresql, over=True) == set()


def _seen_of_an_agreement(place: Standing, *, over: bool) -> set[str]:
    """The tables of which a mentor sees rows only as long as they are assigned to an agreement.

    Not counted: who works on which agreement and what is invoiced, which a provider's rows tell
    all its people, and what they raised and read themselves.
    """
    world = place.world
    agreement = world.between(world.aldermoor, world.larkspur).hourly
    person = world.person(world.larkspur, Role.DELIVERY)
    with place.application.session(Scope(world.larkspur.id, person.id), writes=True) as session:
        own = select(Mentor.id).where(Mentor.person_id == person.id)
        for one in session.scalars(
            select(Assignment)
            .where(Assignment.agreement_id == agreement.id, Assignment.mentor_id.in_(own))
            .order_by(Assignment.id)
        ).all():
            one.ends_on, one.over_at = (AT.date(), AT) if over else (None, None)
        of_it = {agreement.id} | set(
            session.scalars(
                select(Conversation.id).where(Conversation.agreement_id == agreement.id)
            )
        )
        session.flush()
        enter(session, Scope(world.larkspur.id, person.id, only_assigned=True))
        seen = {
            model.__tablename__
            for model in models()
            for row in rows(session, model)
            if of_it
            & {getattr(row, name, None) for name in ("id", "agreement_id", "conversation_id")}
        }
        session.rollback()
    return seen - {
        "assignment", "concern", "conversation_reading", "invoice_line", "invoice_section",
    }  # fmt: skip


def test_a_mentor_reads_of_the_record_only_what_they_did(place: Standing) -> None:
    provider = place.world.larkspur
    mentor = place.world.person(provider, Role.DELIVERY)
    colleague = place.world.person(provider, Role.FINANCE)
    with place.application.session(Scope(provider.id, colleague.id), writes=True) as session:
        record(
            session,
            Actor(colleague.id, colleague.name, provider.id),
            Event.SIGNED_IN,
            Subject("organisation", provider.id, provider.name, provider_id=provider.id),
            at=AT,
        )
        session.flush()
        whole = {(event.id,): event.person_id for event in rows(session, AuditEvent)}
        enter(session, Scope(provider.id, mentor.id, only_assigned=True))
        seen = keys(session, AuditEvent)
        session.rollback()
    assert set(whole.values()) == {mentor.id, colleague.id}
    assert seen == {its_key for its_key, person_id in whole.items() if person_id == mentor.id}


def test_the_public_sees_the_clock_and_what_is_published(place: Standing) -> None:
    with place.application.session(Scope.public()) as session:
        seen = [model.__tablename__ for model in models() if keys(session, model)]
    assert set(seen) == SEEN_BY_ANYBODY


def test_postgresql_hides_the_same_rows_with_our_own_filter_off(
    postgresql: Standing, monkeypatch: pytest.MonkeyPatch
) -> None:
    filtered = _everything_seen(postgresql)
    monkeypatch.setattr(kernel_database, "ONLY_ONES_OWN", EVERYTHING)
    assert _everything_seen(postgresql) == filtered


def test_that_filter_was_off_indeed(place: Standing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel_database, "ONLY_ONES_OWN", EVERYTHING)
    agreement = next(model for model in models() if model.__tablename__ == "agreement")
    with place.application.session(Scope(place.world.aldermoor.id)) as session:
        seen = keys(session, agreement)
    assert len(seen) == (10 if place.engine == "sqlite" else 4)


@pytest.mark.parametrize("model", models(), ids=lambda model: model.__tablename__)
def test_postgresql_refuses_to_change_foreign_rows(postgresql: Standing, model: type[Base]) -> None:
    table = table_of(model)
    first = next(iter(table.primary_key.columns))
    with postgresql.owner.session(OPERATOR) as session:
        whole = session.connection().execute(select(table)).mappings().all()
    for organisation in postgresql.world.organisations:
        scope = Scope(organisation.id, next(iter(postgresql.world.members(organisation))))
        foreign = [row for row in whole if not _written_by(model, organisation, row)]
        only_writer = len(whole) == 1 and table.name in SEEN_BY_ANYBODY
        assert foreign or only_writer, f"no row of {table.name} is foreign to {organisation.name}"
        with postgresql.application.session(scope, writes=True) as session:
            connection = session.connection()
            for row in foreign:
                its_key = [column == row[column.key] for column in table.primary_key.columns]
                same = {first.key: row[first.key]}
                assert connection.execute(update(table).where(*its_key).values(same)).rowcount == 0
                assert connection.execute(delete(table).where(*its_key)).rowcount == 0
                _refused(connection, insert(table).values(dict(row)))
            session.rollback()


@pytest.mark.parametrize(
    "scope",
    [Scope.public(), Scope.system(Task.OPERATOR)],
    ids=["nobody", "claiming to be the operator"],
)
def test_the_application_role_sees_nothing_without_an_organisation(
    postgresql: Standing, scope: Scope
) -> None:
    with postgresql.application.session(scope) as session:
        seen = {
            model.__tablename__
            for model in models()
            if session.connection().execute(select(table_of(model)).limit(1)).first()
        }
    assert seen == SEEN_BY_ANYBODY


def test_a_connection_that_was_told_nothing_sees_nothing(postgresql: Standing) -> None:
    fresh = Database(postgresql.address.application)
    with fresh.engine.connect() as connection:
        for model in models():
            if model.__tablename__ not in SEEN_BY_ANYBODY:
                assert connection.execute(select(table_of(model))).first() is None, model
    fresh.close()


def test_only_the_sign_in_reads_passwords_and_sign_ins(place: Standing) -> None:
    with place.application.session(Scope.system(Task.SIGN_IN)) as session:
        seen = {model.__tablename__ for model in models() if keys(session, model)}
    assert {"credential", "sign_in", "person", "membership", "organisation"} <= seen
    assert not seen & {"agreement", "delivery_session", "stay", "invoice", "mentor", "evidence"}


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE agreement CASCADE",
        "ALTER TABLE agreement DISABLE ROW LEVEL SECURITY",
        "DROP POLICY reading ON agreement",
        "SET ROLE portal_owner",
        "SET row_security = off; SELECT * FROM agreement",
        "CREATE TABLE stolen AS SELECT 1",
        "ALTER TABLE audit_event DISABLE TRIGGER ALL",
    ],
)
def test_the_application_role_cannot_take_the_policies_away(
    postgresql: Standing, statement: str
) -> None:
    with (
        postgresql.application.engine.connect() as connection,
        pytest.raises(ProgrammingError, match=r"must be owner|permission denied|row-level"),
    ):
        connection.execute(text(statement))


def _everything_seen(place: Standing) -> dict[tuple[int, str], Any]:
    seen = {}
    for position, scope in enumerate(scopes(place.world)):
        with place.application.session(scope) as session:
            for model in models():
                seen[position, model.__tablename__] = keys(session, model)
    return seen


def _written_by(model: type[Base], organisation: Organisation, row: Any) -> bool:
    return organisation.id in {row[name] for name in model.__seen_by__.writers}


def _refused(connection: Connection, statement: Any) -> None:
    """Refused for whose it is, before anything else is looked at."""
    with pytest.raises(ProgrammingError, match="row-level security"), connection.begin_nested():
        connection.execute(statement)
