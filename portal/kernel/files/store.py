"""Where the bytes of files lie: a folder, or S3-compatible storage for several machines.

Names are the portal's own ids; nothing that a person typed reaches the storage.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Protocol, cast
from uuid import UUID

from flask import Flask, current_app

from portal.kernel.files.scanning import open_scanner

HALF_WRITTEN = ".writing"


class Storage(Protocol):
    """Keeps bytes under ids. Every method may raise OSError when the storage is away."""

    def put(self, file_id: UUID, content: bytes) -> None:
        """Keep the content; it is safe on the disk when this returns."""

    def open(self, file_id: UUID) -> IO[bytes]:
        """The content, to be read and closed. Raises FileNotFoundError when there is none."""

    def delete(self, file_id: UUID) -> None:
        """Remove the content; nothing happens when there is none."""

    def exists(self, file_id: UUID) -> bool:
        """Whether there is content under this id."""

    def kept(self) -> Iterator[UUID]:
        """The ids of everything that lies there, half-written things included."""


class Folder:
    """A folder of this machine, readable by the portal's own user alone.

    A file is written under another name, flushed to the disk and then renamed, so that under
    an id there is the whole content or none.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, file_id: UUID, content: bytes) -> None:
        """Keep the content, flushed to the disk together with its name."""
        path = self._path(file_id)
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.parent.mkdir(exist_ok=True, mode=0o700)
        writing = path.with_suffix(HALF_WRITTEN)
        try:
            descriptor = os.open(writing, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
            with os.fdopen(descriptor, "wb") as opened:
                opened.write(content)
                opened.flush()
                os.fsync(opened.fileno())
            writing.rename(path)
        except OSError:
            with suppress(OSError):
                writing.unlink(missing_ok=True)
            raise
        for folder in (path.parent, self.root):
            _flush_folder(folder)

    def open(self, file_id: UUID) -> IO[bytes]:
        """The content."""
        return self._path(file_id).open("rb")

    def delete(self, file_id: UUID) -> None:
        """Remove the content, and what is left of a writing that was broken off."""
        path = self._path(file_id)
        path.unlink(missing_ok=True)
        path.with_suffix(HALF_WRITTEN).unlink(missing_ok=True)

    def exists(self, file_id: UUID) -> bool:
        """Whether there is content under this id."""
        return self._path(file_id).is_file()

    def kept(self) -> Iterator[UUID]:
        """The ids of everything, folder by folder."""
        for path in self.root.glob("[0-9a-f][0-9a-f]/*"):
            with suppress(ValueError):
                yield UUID(path.stem)

    def copy_to(self, target: Path) -> None:
        """Copy every whole file into another folder; one that goes meanwhile is left out."""
        copy = Folder(target)
        target.mkdir(mode=0o700)
        for file_id in self.kept():
            with suppress(FileNotFoundError), self.open(file_id) as opened:
                copy.put(file_id, opened.read())

    def _path(self, file_id: UUID) -> Path:
        """In one of 256 folders; an id begins with the time, so its end tells the folder."""
        return self.root / file_id.hex[-2:] / file_id.hex


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def open_storage(address: str) -> Storage:
    """The storage at an address: ``s3://bucket/prefix``, or else a folder."""
    if address.startswith("s3://"):
        from portal.kernel.files.s3 import Bucket  # boto3 is there only where it is used

        return Bucket.at(address)
    return Folder(Path(address))


def init_files(app: Flask, address: str, scanner: str) -> None:
    """Open the storage that this process keeps files in, and know the scanner that looks at them.

    Raises ValueError for a scanner's address that cannot be read.
    """
    app.extensions["portal.files"] = open_storage(address)
    app.extensions["portal.scanner"] = open_scanner(scanner)


def storage() -> Storage:
    """The process's storage."""
    return cast(Storage, current_app.extensions["portal.files"])
