"""A file is quarantined, released or refused, and forgotten, whatever the scanner, the jobs and the
people do in whatever order: it is opened only when released, and its bytes go with it
(promise 20)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from typing import IO, cast
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test
from sqlalchemy.orm import Session

from portal.kernel.database import Database
from portal.kernel.errors import DomainError
from portal.kernel.files import FileState, StoredFile, answer_with, forget, keep
from portal.kernel.files.background import remove, scan, sweep
from portal.kernel.files.refusals import BeingChecked, FoundHarmful
from portal.kernel.files.scanning import ScannerFailed
from portal.kernel.jobs import Work
from portal.kernel.tenancy import Scope, Task
from tests.faults.machines import Kept, runs
from tests.kernel.files.samples import PDF, upload
from tests.makers import make_provider

JOBS = Scope.system(Task.JOBS)
OPERATOR = Scope.system(Task.OPERATOR)
HAS_BYTES = (FileState.QUARANTINED, FileState.RELEASED)
LEGAL: dict[FileState | None, set[FileState | None]] = {
    FileState.QUARANTINED: {FileState.QUARANTINED, FileState.RELEASED, FileState.REFUSED, None},
    FileState.RELEASED: {FileState.RELEASED, None},
    FileState.REFUSED: {FileState.REFUSED, None},
    None: {None},
}
SAID = {FileState.QUARANTINED: BeingChecked, FileState.REFUSED: FoundHarmful}
ANSWERS = st.sampled_from([True, False, None])


class Memory(dict[UUID, bytes]):
    """A storage that keeps the bytes here."""

    def put(self, file_id: UUID, content: bytes) -> None:
        """Keep them."""
        self[file_id] = content

    def open(self, file_id: UUID) -> IO[bytes]:
        """Give them."""
        if file_id not in self:
            raise FileNotFoundError(file_id)
        return BytesIO(self[file_id])

    def delete(self, file_id: UUID) -> None:
        """Remove them."""
        self.pop(file_id, None)

    def exists(self, file_id: UUID) -> bool:
        """Whether they are there."""
        return file_id in self

    def kept(self) -> Iterator[UUID]:
        """What lies here."""
        return iter(list(self))


@dataclass
class Scanner:
    """Answers what it is told, or nothing, after something else has happened meanwhile."""

    clean: bool | None
    meanwhile: Callable[[], None] = field(default=lambda: None)

    def is_clean(self, _content: IO[bytes]) -> bool:
        """What was told."""
        self.meanwhile()
        if self.clean is None:
            raise ScannerFailed("out of memory")
        return self.clean


@dataclass
class InHand:
    """What a handler is given, all in the one session of a run."""

    session: Session
    at: datetime

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """The same session."""
        yield self.session

    def progress(self, done: int, of: int) -> None:
        """Nobody looks."""


class Files(Kept):
    """Files that come, are scanned, opened, forgotten and swept away."""

    scope = JOBS
    app: Flask
    provider_id: UUID

    def __init__(self) -> None:
        super().__init__()
        self.was: dict[UUID, FileState | None] = {}
        self.bytes = self.app.extensions["portal.files"] = Memory()

    def one(self, which: int) -> UUID | None:
        """Any file that ever came."""
        ids = sorted(self.was)
        return ids[which % len(ids)] if ids else None

    def now(self, file_id: UUID) -> FileState | None:
        """How a file stands; None once it is forgotten."""
        self.session.flush()
        self.session.expire_all()
        stored = self.session.get(StoredFile, file_id)
        return stored.state if stored else None

    def work(self) -> Work:
        """One attempt at a job."""
        return cast(Work, InHand(self.session, self.at))

    @rule(scanned=st.booleans())
    def come(self, scanned: bool) -> None:
        """A file is sent, where a scanner is set up or none."""
        self.app.extensions["portal.scanner"] = Scanner(None) if scanned else None
        stored = keep(self.session, upload(), provider_id=self.provider_id, at=self.at)
        self.was[stored.id] = FileState.QUARANTINED if scanned else FileState.RELEASED

    @rule(which=st.integers(0, 9), clean=ANSWERS, other=ANSWERS, gone=st.booleans())
    def be_scanned(self, which: int, clean: bool | None, other: bool | None, gone: bool) -> None:
        """Any file is scanned, again or twice at once; meanwhile it may be forgotten."""
        file_id = self.one(which)
        if file_id is None:
            return
        before = self.now(file_id)

        def meanwhile() -> None:
            self._scan(file_id, Scanner(other))
            if gone and other is None:
                self._forget(file_id)

        self._scan(file_id, Scanner(clean, meanwhile))
        if before is not FileState.QUARANTINED:
            assert self.now(file_id) is before
            return
        first = other if other is not None else clean
        expected = {True: FileState.RELEASED, False: FileState.REFUSED, None: before}[first]
        assert self.now(file_id) is (None if gone and other is None else expected)

    @rule(which=st.integers(0, 9))
    def be_forgotten(self, which: int) -> None:
        """Any file is forgotten."""
        if (file_id := self.one(which)) is not None:
            self._forget(file_id)
            assert self.now(file_id) is None

    @rule(which=st.integers(0, 9))
    def lose_its_bytes(self, which: int) -> None:
        """The job that removes bytes runs, asked for or not."""
        if (file_id := self.one(which)) is not None:
            remove(self.work(), file_id=file_id.hex)
            assert self.bytes.exists(file_id) is (self.now(file_id) in HAS_BYTES)

    @rule(which=st.integers(0, 9))
    def be_opened(self, which: int) -> None:
        """Whoever opens a file is given it when it is released, or told why not."""
        file_id = self.one(which)
        state = self.now(file_id) if file_id else None
        if file_id is None or state is None:
            return
        stored = self.session.get_one(StoredFile, file_id)
        with self.app.test_request_context():
            if state is FileState.RELEASED:
                answer = answer_with(stored)
                answer.direct_passthrough = False
                assert answer.get_data() == PDF
            else:
                with pytest.raises(DomainError) as refused:
                    answer_with(stored)
                assert refused.type is SAID[state]

    @rule(days=st.integers(0, 2))
    def sweep(self, days: int) -> None:
        """The nightly sweep leaves alone what a row names."""
        self.at += timedelta(days=days)
        sweep(self.work())

    def _scan(self, file_id: UUID, scanner: Scanner) -> None:
        self.app.extensions["portal.scanner"] = scanner
        try:
            scan(self.work(), file_id=file_id.hex)
        except (ScannerFailed, FileNotFoundError):
            assert scanner.clean is None or not self.bytes.exists(file_id)
        self.session.flush()

    def _forget(self, file_id: UUID) -> None:
        stored = self.session.get(StoredFile, file_id)
        if stored is not None:
            forget(self.session, stored, at=self.at)
            self.session.flush()

    @invariant()
    def each_goes_only_where_it_may(self) -> None:
        """Nothing comes back, and what may be opened has its bytes."""
        now = {file_id: self.now(file_id) for file_id in self.was}
        for file_id, before in self.was.items():
            assert now[file_id] in LEGAL[before]
            if now[file_id] in HAS_BYTES:
                assert self.bytes.exists(file_id)
        self.was = now


def test_a_file_is_opened_only_when_released(
    engine_name: str, app: Flask, database: Database, owner_database: Database
) -> None:
    with owner_database.transaction(OPERATOR) as session:
        provider = make_provider(session).id

    class Here(Files):
        pass

    Here.database, Here.app, Here.provider_id = database, app, provider
    with app.app_context():
        run_state_machine_as_test(Here, settings=runs(engine_name, 5))
