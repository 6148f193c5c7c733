"""A file kept, looked at by the scanner, given back, and forgotten."""

from __future__ import annotations

import errno
from collections.abc import Callable
from datetime import timedelta
from typing import IO, Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from portal.kernel.database import Database
from portal.kernel.files import FileRefused, FileState, StoredFile, answer_with, forget, keep
from portal.kernel.files.refusals import BeingChecked, FoundHarmful, NoRoom, OutOfReach
from portal.kernel.files.scanning import ScannerFailed
from portal.kernel.files.store import Folder, open_storage
from portal.kernel.ids import made_before, new_id
from portal.kernel.tenancy import Scope, Task
from tests.kernel.files.samples import PDF, upload
from tests.makers import RECORDED_AT, make_council, make_provider
from tests.support.background import RunJobs

OPERATOR, JOBS = Scope.system(Task.OPERATOR), Scope.system(Task.JOBS)


class Scanner:
    """A scanner that says what it is told to, or nothing."""

    def __init__(
        self, *, clean: bool | None, meanwhile: Callable[[], object] = lambda: None
    ) -> None:
        self.clean, self.seen, self.meanwhile = clean, b"", meanwhile

    def is_clean(self, content: IO[bytes]) -> bool:
        """What was told."""
        self.seen = content.read()
        self.meanwhile()
        if self.clean is None:
            raise ScannerFailed("out of memory")
        return self.clean


@pytest.fixture
def provider_id(owner_database: Database) -> UUID:
    """A provider."""
    with owner_database.transaction(OPERATOR) as session:
        return make_provider(session).id


@pytest.fixture
def folder(app: Flask, tmp_path: Any) -> Folder:
    """A storage of the test's own."""
    made = open_storage(str(tmp_path / "files"))
    assert isinstance(made, Folder)
    app.extensions["portal.files"] = made
    return made


@pytest.fixture
def kept(app: Flask, database: Database, provider_id: UUID, folder: Folder) -> Callable[[], UUID]:
    """Keep a file of the provider's, and give its id."""

    def keep_one() -> UUID:
        with app.app_context(), database.transaction(Scope(provider_id)) as session:
            return keep(session, upload(), provider_id=provider_id, at=RECORDED_AT).id

    return keep_one


def opened(app: Flask, database: Database, scope: Scope, file_id: UUID) -> bytes:
    with app.test_request_context(), database.session(scope) as session:
        answer = answer_with(session.get(StoredFile, file_id))
        answer.direct_passthrough = False
        return answer.get_data()


def test_a_kept_file_comes_back_as_it_was_and_only_as_a_download(
    app: Flask, database: Database, provider_id: UUID, folder: Folder
) -> None:
    with app.test_request_context(), database.transaction(Scope(provider_id)) as session:
        file = upload(name="Our £5m cover é.pdf")
        stored = keep(session, file, provider_id=provider_id, at=RECORDED_AT)
        answer = app.process_response(answer_with(stored))
        answer.direct_passthrough = False
        assert answer.get_data() == PDF
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="Our 5m cover e.pdf"; '
        "filename*=UTF-8''Our%20%C2%A35m%20cover%20%C3%A9.pdf"
    )
    assert answer.content_type == "application/pdf"
    assert answer.content_length == len(PDF)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    (path,) = (one for one in folder.root.rglob("*") if one.is_file())
    assert path.name == stored.id.hex
    assert path.stat().st_mode & 0o077 == 0


def test_a_file_is_seen_by_its_parties_and_whoever_follows_its_thing(
    app: Flask, database: Database, owner_database: Database, folder: Folder
) -> None:
    followed = uuid4()
    with owner_database.transaction(OPERATOR) as session:
        council, another = make_council(session).id, make_council(session).id
        provider = make_provider(session).id
    desk = Scope.system(Task.PUBLIC_DESK)
    with app.app_context(), database.transaction(desk) as session:
        stored = keep(session, upload(), council_id=council, following_id=followed, at=RECORDED_AT)
    for scope in (Scope(council), Scope.follower(followed), desk):
        assert opened(app, database, scope, stored.id) == PDF
    for scope in (Scope(another), Scope(provider), Scope.follower(uuid4()), Scope.public()):
        with database.session(scope) as session:
            assert session.get(StoredFile, stored.id) is None
    with (
        pytest.raises(IntegrityError, match="file_belongs_to_somebody"),
        app.app_context(),
        database.transaction(desk) as session,
    ):
        keep(session, upload(), at=RECORDED_AT)


def test_a_file_waits_for_the_scanner(
    app: Flask, database: Database, provider_id: UUID, kept: Callable[[], UUID], run_jobs: RunJobs
) -> None:
    app.extensions["portal.scanner"] = scanner = Scanner(clean=True)
    file_id = kept()
    with pytest.raises(BeingChecked, match="Open it again in a minute"):
        opened(app, database, Scope(provider_id), file_id)
    run_jobs()
    assert scanner.seen == PDF
    assert opened(app, database, Scope(provider_id), file_id) == PDF


def test_what_the_scanner_finds_is_shut_away_and_its_bytes_go(
    app: Flask, database: Database, provider_id: UUID, kept: Callable[[], UUID], run_jobs: RunJobs,
    folder: Folder,
) -> None:  # fmt: skip
    app.extensions["portal.scanner"] = Scanner(clean=False)
    file_id = kept()
    run_jobs()
    with pytest.raises(FoundHarmful, match="nobody can open it"):
        opened(app, database, Scope(provider_id), file_id)
    assert not folder.exists(file_id)


@pytest.mark.parametrize("first", [FileState.RELEASED, FileState.REFUSED])
def test_of_two_answers_about_a_file_the_first_one_stands(
    app: Flask, database: Database, kept: Callable[[], UUID], run_jobs: RunJobs, first: FileState
) -> None:
    def answered_meanwhile() -> None:
        with database.transaction(JOBS) as session:
            session.get_one(StoredFile, file_id).state = first

    app.extensions["portal.scanner"] = Scanner(
        clean=first is FileState.REFUSED, meanwhile=answered_meanwhile
    )
    file_id = kept()
    run_jobs()
    with database.session(JOBS) as session:
        assert session.get_one(StoredFile, file_id).state is first


def test_a_scanner_that_does_not_answer_is_asked_again(
    app: Flask, database: Database, kept: Callable[[], UUID], run_jobs: RunJobs
) -> None:
    app.extensions["portal.scanner"] = Scanner(clean=None)
    file_id = kept()
    run_jobs()
    with database.session(JOBS) as session:
        assert session.get_one(StoredFile, file_id).state is FileState.QUARANTINED
    app.extensions["portal.scanner"] = Scanner(clean=True)
    run_jobs(RECORDED_AT + timedelta(days=300))
    with database.session(JOBS) as session:
        assert session.get_one(StoredFile, file_id).state is FileState.RELEASED


def test_a_forgotten_files_bytes_go_once_that_is_committed(
    app: Flask, database: Database, provider_id: UUID, kept: Callable[[], UUID], run_jobs: RunJobs,
    folder: Folder,
) -> None:  # fmt: skip
    file_id = kept()
    with app.app_context(), database.session(Scope(provider_id), writes=True) as session:
        forget(session, session.get_one(StoredFile, file_id), at=RECORDED_AT)
        session.flush()
        session.rollback()
    run_jobs()
    assert opened(app, database, Scope(provider_id), file_id) == PDF
    with app.app_context(), database.transaction(Scope.system(Task.RETENTION)) as session:
        forget(session, session.get_one(StoredFile, file_id), at=RECORDED_AT)
    assert folder.exists(file_id)
    run_jobs()
    assert not folder.exists(file_id)


def test_the_sweep_removes_old_bytes_without_a_row_and_nothing_else(
    database: Database, owner_database: Database, kept: Callable[[], UUID], run_jobs: RunJobs,
    folder: Folder,
) -> None:  # fmt: skip
    orphan, broken_off = (_made_yesterday(new_id()) for _ in range(2))
    folder.put(orphan, PDF)
    folder.put(broken_off, PDF)
    half = folder.root / broken_off.hex[-2:] / f"{broken_off.hex}.writing"
    (folder.root / broken_off.hex[-2:] / broken_off.hex).rename(half)
    in_hand = new_id()
    folder.put(in_hand, PDF)
    named = kept()
    run_jobs(RECORDED_AT + timedelta(days=300))
    assert [folder.exists(one) for one in (orphan, in_hand, named)] == [False, True, True]
    assert not half.exists()
    with owner_database.transaction(OPERATOR) as session:
        session.execute(delete(StoredFile).where(StoredFile.id == named))


def _made_yesterday(one: UUID) -> UUID:
    older = UUID(int=one.int - (25 * 3600 * 1000 << 80))
    assert made_before(older, one, timedelta(days=1))
    return older


def test_a_full_storage_leaves_no_row_and_says_to_try_again(
    app: Flask, database: Database, provider_id: UUID, folder: Folder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with (
        pytest.raises(NoRoom, match="Nothing was lost") as refused,
        app.app_context(),
        database.transaction(Scope(provider_id)) as session,
    ):
        keep(session, upload(), provider_id=provider_id, at=RECORDED_AT)
    monkeypatch.undo()
    assert isinstance(refused.value, FileRefused)
    assert refused.value.status == 503
    assert [one for one in folder.root.rglob("*") if one.is_file()] == []
    with database.session(JOBS) as session:
        assert session.query(StoredFile).all() == []


@pytest.mark.parametrize("harm", ["gone", "changed"])
def test_bytes_that_are_gone_or_changed_are_not_given(
    app: Flask, database: Database, provider_id: UUID, kept: Callable[[], UUID], folder: Folder,
    harm: str,
) -> None:  # fmt: skip
    file_id = kept()
    folder.delete(file_id)
    if harm == "changed":
        folder.put(file_id, PDF + b" ")
    with pytest.raises(OutOfReach):
        opened(app, database, Scope(provider_id), file_id)


def test_a_file_of_more_than_ten_megabytes_is_refused(app: Flask, database: Database) -> None:
    with (
        pytest.raises(FileRefused, match="larger than 10 MB"),
        app.app_context(),
        database.transaction(JOBS) as session,
    ):
        keep(session, upload(PDF + bytes(10 * 2**20)), at=RECORDED_AT)
