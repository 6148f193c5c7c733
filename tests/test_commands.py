from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient

from portal import create_app
from portal.config import Config
from portal.identity.rules import Role
from portal.kernel.database import Database
from portal.kernel.files import StoredFile, answer_with, keep
from portal.kernel.tenancy import Scope, Task
from tests.kernel.files.samples import upload
from tests.makers import RECORDED_AT, make_council, make_person, sign_in
from tests.support.databases import Address

NO_FILES = Path("nobody sends any")


@contextmanager
def app_on(
    address: Address, *, demonstration: bool = True, files: Path = NO_FILES
) -> Iterator[Flask]:
    app = create_app(
        Config(
            database_url=address.application,
            operator_url=address.owner,
            secret_key="only for tests",
            demonstration=demonstration,
            secure_cookies=False,
            cheap_passwords=True,
            files=str(files),
        )
    )
    try:
        yield app
    finally:
        app.extensions["portal.database"].close()


def run(address: Address, *args: str, demonstration: bool = True, files: Path = NO_FILES) -> Result:
    with app_on(address, demonstration=demonstration, files=files) as app:
        return app.test_cli_runner().invoke(args=args)


def page(client: FlaskClient) -> str:
    return client.get("/sign-in").get_data(as_text=True)


def test_the_demonstrations_clock_is_set_and_shown_on_every_page(address: Address) -> None:
    said = run(address, "clock", "2026-04-02T09:00")
    assert said.exit_code == 0
    assert "2 April 2026 at 9am" in said.output
    with app_on(address) as app:
        assert "The clock is set to 2 April 2026 at 9am" in page(app.test_client())


def test_outside_a_demonstration_the_clock_cannot_be_set(address: Address) -> None:
    said = run(address, "clock", "2026-04-02T09:00", demonstration=False)
    assert said.exit_code != 0
    assert "demonstration and training mode only" in said.output
    with app_on(address, demonstration=False) as app:
        assert "The clock is set" not in page(app.test_client())


@pytest.mark.parametrize("moment", ["2026-02-30T09:00", "tomorrow", "2026-03-29T01:30"])
def test_a_moment_that_does_not_exist_is_refused(address: Address, moment: str) -> None:
    said = run(address, "clock", moment)
    assert said.exit_code != 0
    assert f"{moment} is not a moment like 2026-04-02T09:00." in said.output


def test_sign_in_names_tell_who_they_are(address: Address, owner_database: Database) -> None:
    with owner_database.transaction(Scope.system(Task.OPERATOR)) as session:
        council = make_council(session, name="Larkminster City Council")
        make_person(
            session, organisation=council, roles=[Role.APPROVER], email="a@larkminster.example"
        )
    said = run(address, "sign-in-names")
    assert said.output.split() == [
        "a@larkminster.example",
        *["Larkminster", "City", "Council", "Invoice", "approver"],
    ]


def test_a_copy_made_in_use_is_whole_and_can_be_signed_in_to(
    address: Address, owner_database: Database, engine_name: str, tmp_path: Path
) -> None:
    with owner_database.transaction(Scope.system(Task.OPERATOR)) as session:
        council = make_council(session)
        person = make_person(session, organisation=council, roles=[Role.APPROVER])
    files, copy = tmp_path / "files", tmp_path / "copy.db"
    with (
        app_on(address, files=files) as app,
        app.app_context(),
        owner_database.transaction(Scope.system(Task.OPERATOR)) as session,
    ):
        stored = keep(session, upload(), council_id=council.id, at=RECORDED_AT)
    said = run(address, "back-up", str(copy), files=files)
    if engine_name == "postgresql":
        assert said.exit_code != 0
        assert "pg_dump" in said.output
        return
    assert said.exit_code == 0
    assert f"Copied to {copy} and {copy}.files." in said.output
    url = f"sqlite:///{copy}"
    restored = tmp_path / "restored"
    Path(f"{copy}.files").rename(restored)
    with app_on(Address(url, url), files=restored) as app:
        client = app.test_client()
        sign_in(client, person)
        assert client.get("/").status_code == 200
        database: Database = app.extensions["portal.database"]
        with app.test_request_context(), database.session(Scope(council.id)) as session:
            assert answer_with(session.get(StoredFile, stored.id)).status_code == 200
    again = run(address, "back-up", str(copy))
    assert again.exit_code != 0
    assert "exists already" in again.output


def test_loading_a_file_that_is_not_there_says_so(address: Address) -> None:
    said = run(address, "load", "nowhere.yaml")
    assert said.exit_code != 0
    assert "There is no file nowhere.yaml." in said.output
