"""The folder and the bucket keep the same promises; the scanners are understood."""

from __future__ import annotations

import io
import socket
import struct
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import boto3
import pytest
from moto import mock_aws

from portal.config import Config
from portal.kernel.files.scanning import Clamd, Command, Scanner, ScannerFailed, open_scanner
from portal.kernel.files.store import Folder, Storage, open_storage
from portal.kernel.ids import new_id
from tests.kernel.files.samples import PDF


@pytest.fixture(params=["folder", "bucket"])
def store(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Storage]:
    """Each kind of storage, empty."""
    if request.param == "folder":
        yield open_storage(str(tmp_path / "files"))
        return
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "for tests only")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-2")
    monkeypatch.delenv("AWS_ENDPOINT_URL_S3", raising=False)
    with mock_aws():
        boto3.client("s3").create_bucket(
            Bucket="portal", CreateBucketConfiguration={"LocationConstraint": "eu-west-2"}
        )
        yield open_storage("s3://portal/files")


def test_what_is_put_is_there_until_it_is_deleted(store: Storage) -> None:
    one, another = new_id(), new_id()
    store.put(one, PDF)
    store.put(another, b"another")
    store.put(one, PDF + b"again")
    with store.open(one) as opened:
        assert opened.read() == PDF + b"again"
    assert set(store.kept()) == {one, another}
    store.delete(one)
    store.delete(one)
    assert (store.exists(one), store.exists(another)) == (False, True)
    with pytest.raises(FileNotFoundError):
        store.open(one)


def test_a_bucket_that_is_not_there_fails_as_a_disk_does(
    store: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if isinstance(store, Folder):
        (tmp_path / "files").write_text("a file where the folder should be")
    else:
        store = open_storage("s3://nobody-made-this")
    with pytest.raises(OSError, match=r"NoSuchBucket|File exists"):
        store.put(new_id(), PDF)


def test_the_folder_is_beside_the_database_unless_it_is_named(tmp_path: Path) -> None:
    said = {"PORTAL_DATA": str(tmp_path), "PORTAL_SECRET_KEY": "for tests only"}
    assert Config.from_environment(said).files == str(tmp_path / "files")
    named = Config.from_environment({**said, "PORTAL_FILES": "s3://portal/files"})
    assert named.files == "s3://portal/files"


class Daemon:
    """A clamd that answers one question with one line."""

    def __init__(self, answer: bytes) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.answer, self.heard = answer, b""
        self.thread = Thread(target=self._answer)
        self.thread.start()

    def _answer(self) -> None:
        conversation, _ = self.socket.accept()
        with conversation, conversation.makefile("rb") as heard:
            assert heard.read(10) == b"zINSTREAM\0"
            while length := struct.unpack(">I", heard.read(4))[0]:
                self.heard += heard.read(length)
            conversation.sendall(self.answer)
        self.socket.close()


@pytest.mark.parametrize(
    ("answer", "clean"),
    [(b"stream: OK\0", True), (b"stream: Eicar-Test-Signature FOUND\0", False), (b"", None),
     (b"INSTREAM size limit exceeded. ERROR\0", None)],
)  # fmt: skip
def test_clamd_is_asked_in_pieces_and_understood(answer: bytes, clean: bool | None) -> None:
    daemon = Daemon(answer)
    scanner = open_scanner(f"tcp://127.0.0.1:{daemon.port}")
    assert isinstance(scanner, Clamd)
    content = PDF * 2000  # longer than one piece
    if clean is None:
        with pytest.raises(ScannerFailed):
            scanner.is_clean(io.BytesIO(content))
    else:
        assert scanner.is_clean(io.BytesIO(content)) is clean
    daemon.thread.join()
    assert daemon.heard == content


@pytest.mark.parametrize(
    ("program", "clean"), [("grep -q PDF", True), ("grep -q Eicar", False), ("false --x", False)]
)
def test_a_command_reads_the_file_and_says_by_its_end(program: str, clean: bool) -> None:
    scanner = open_scanner(f"command:{program}")
    assert isinstance(scanner, Command)
    assert scanner.is_clean(io.BytesIO(PDF)) is clean


def test_a_command_that_fails_says_nothing() -> None:
    scanner: Scanner | None = open_scanner("command:sh -c 'exit 2'")
    assert scanner is not None
    with pytest.raises(ScannerFailed, match="ended with 2"):
        scanner.is_clean(io.BytesIO(PDF))


@pytest.mark.parametrize("address", ["clamd", "tcp://host", "unix:", "command:", "http://a.b:1"])
def test_a_scanner_that_cannot_be_read_stops_the_start(address: str) -> None:
    with pytest.raises(ValueError, match="PORTAL_SCANNER"):
        open_scanner(address)


def test_without_a_scanner_there_is_none() -> None:
    assert open_scanner("") is None
    assert isinstance(open_scanner("unix:///run/clamav/clamd.ctl"), Clamd)
