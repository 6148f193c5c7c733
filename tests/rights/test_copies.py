"""A person's data, exported whole, with everybody else masked (promise 24, rules.md C3)."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from flask.testing import FlaskClient
from sqlalchemy import inspect, select, update

from portal.audit.models import AuditEvent
from portal.identity.models import Membership, Person
from portal.identity.rules import Role
from portal.kernel.files import StoredFile
from portal.kernel.tenancy import Base
from portal.rights.copies.contents import SOMEBODY
from portal.rights.copies.models import PersonalCopy
from portal.rights.copies.parts import ACCOUNT, ELSEWHERE, LEFT_OUT, TOLD, WORK
from portal.rights.happenings import Event
from portal.rights.rules import COPY_DAYS
from tests.dealings import AT
from tests.makers import csrf_token, make_notice, sign_in
from tests.rights.conftest import OPERATOR, Kept

NAME, COLLEAGUE = "Zoë Asker", "Quentin Colleague"


def test_every_table_that_refers_to_a_person_is_told_or_left_out_for_a_reason() -> None:
    told = {part.model.__tablename__: set(part.own) for part in (*ACCOUNT, *TOLD)}
    for part in (*TOLD, *WORK):
        told.setdefault(part.model.__tablename__, set()).update(part.own)
    elsewhere = {model.__tablename__ for model in ELSEWHERE}
    missing = []
    for mapper in Base.registry.mappers:
        name = mapper.class_.__tablename__
        for column in inspect(mapper.class_).columns:
            refers = any(key.column.table.name == "person" for key in column.foreign_keys)
            if not refers and column.name != "person_id":
                continue
            if name not in elsewhere | LEFT_OUT.keys() and column.name not in told.get(name, ()):
                missing.append(f"{name}.{column.name}")
    assert missing == []


def _asks(client: FlaskClient, url: str) -> str:
    token = csrf_token(client.get(url).text)
    answer = client.post(url, data={"csrf_token": token, "_nonce": f"of {url}"})
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def test_a_copy_is_whole_and_names_nobody_else(kept: Kept) -> None:
    """Asked for on one's account, made in the background, read and taken away, then deleted."""
    world = kept.world
    person = world.person(world.larkspur, Role.FINANCE)
    colleague = world.person(world.larkspur, Role.PROVIDER_ADMINISTRATOR)
    with kept.owner.transaction(OPERATOR) as session:
        for one, name in ((person, NAME), (colleague, COLLEAGUE)):
            session.execute(update(Person).where(Person.id == one.id).values(name=name))
        make_notice(
            session, person=person, organisation=world.larkspur,
            sentence=f"{COLLEAGUE} (q@elsewhere.example) wrote to {person.email}",
        )  # fmt: skip
    client = kept.app.test_client()
    sign_in(client, person)
    job = _asks(client, "/copies")
    kept.run_jobs()
    page = client.get(job).text
    assert "Open the copy" in page
    with kept.owner.session(OPERATOR) as session:
        copy = session.scalars(
            select(PersonalCopy).where(PersonalCopy.person_id == person.id)
        ).one()
    url = f"/copies/{copy.id}"
    shown = client.get(url).text
    assert NAME in shown
    assert world.between(world.aldermoor, world.larkspur).issued.invoice.reference in shown
    taken = client.post(f"{url}/download", data={"csrf_token": csrf_token(shown)})
    with zipfile.ZipFile(io.BytesIO(taken.data)) as archive:
        text = archive.read("personal-data.json").decode()
        assert NAME in archive.read("personal-data.txt").decode()
    content = json.loads(text)
    assert content["You"] == [{"Name": NAME, "E-mail address": person.email}]
    assert {
        "Organisations and roles", "Password", "App that shows codes", "Passkeys",
        "Recovery codes", "Sign-ins", "Notices", "Work in the background", "Invoices submitted",
        "What you did, and what was done about you",
    } <= content.keys()  # fmt: skip
    sentences = [notice["What"] for notice in content["Notices"]]
    assert any(said.endswith(f"({SOMEBODY}) wrote to {person.email}") for said in sentences)
    for word in (COLLEAGUE, "Quentin", "argon2", "q@elsewhere"):
        assert word not in text
    stranger = kept.app.test_client()
    sign_in(stranger, colleague)
    assert stranger.get(url).status_code == 404
    kept.sweep(AT.replace(day=1, month=5 + COPY_DAYS // 7))
    with kept.owner.session(OPERATOR) as session:
        assert session.get(PersonalCopy, copy.id) is None
        assert session.get(StoredFile, copy.file_id) is None
        recorded = set(
            session.scalars(select(AuditEvent.event).where(AuditEvent.subject_id == person.id))
        )
        assert {Event.COPY_ASKED, Event.COPY_MADE, Event.COPY_TAKEN} <= recorded


@pytest.mark.slow
def test_an_administrator_gets_what_the_organisation_keeps_and_no_more(kept: Kept) -> None:
    world = kept.world
    person = world.person(world.larkspur, Role.FINANCE)
    administrator = world.person(world.larkspur, Role.PROVIDER_ADMINISTRATOR)
    kept.leaves(person, AT)
    client = kept.app.test_client()
    sign_in(client, administrator)
    member: Membership = world.memberships[person.id]
    _asks(client, f"/copies/of/{member.id}")
    kept.run_jobs()
    with kept.owner.session(OPERATOR) as session:
        copy = session.scalars(
            select(PersonalCopy).where(PersonalCopy.person_id == person.id)
        ).one()
    shown = client.get(f"/copies/{copy.id}").text
    assert "Invoices submitted" in shown
    for alone in ("Sign-ins", "Passkeys", "Password"):
        assert alone not in shown
    other = world.person(world.larkspur, Role.BIDS)
    stranger = kept.app.test_client()
    sign_in(stranger, other)
    assert stranger.get(f"/copies/of/{member.id}").status_code == 403
