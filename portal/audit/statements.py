"""Statements of where the chains end, signed and kept outside the database.

A statement is one line: ``placewell-record-1``, the moment (UTC), the chain's id, its position,
its digest, and an Ed25519 signature of all of these. Each line means something alone, in the file
of its day or in somebody's mailbox. Files are added and never written again.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Self
from uuid import UUID

from portal.kernel import keys
from portal.kernel.keys import SigningKey, VerifyKey

WORD: Final = "placewell-record-1"
PURPOSE: Final = "statements of the record"


class BadStatement(ValueError):
    """A line that is no statement, or that none of the known keys signed."""


@dataclass(frozen=True, slots=True)
class Statement:
    """Where a chain ended at a moment (UTC)."""

    at: datetime
    chain_id: UUID
    position: int
    digest: bytes

    @property
    def said(self) -> str:
        """What is signed."""
        moment = self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return f"{WORD} {moment} {self.chain_id} {self.position} {self.digest.hex()}"

    def signed(self, key: SigningKey) -> str:
        """The line, with its signature."""
        return f"{self.said} {keys.signature(key, self.said)}"

    @classmethod
    def read(cls, line: str, known: Iterable[VerifyKey]) -> Self:
        """The statement of a line. Raises BadStatement."""
        try:
            word, moment, chain, position, digest, signature = line.split()
            statement = cls(
                datetime.strptime(moment, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC),
                UUID(chain),
                int(position),
                bytes.fromhex(digest),
            )
        except ValueError as error:
            raise BadStatement("is not a statement") from error
        if word != WORD or statement.said != line.rsplit(" ", 1)[0]:
            raise BadStatement("is not a statement")
        if not any(keys.is_signed(key, statement.said, signature) for key in known):
            raise BadStatement("was not signed by this portal")
        return statement


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line of a file that cannot be taken for a statement, and why."""

    file: str
    line: int
    why: str


def signing_key(secret: str) -> SigningKey:
    """The key that a secret of the configuration gives: always the same one."""
    return keys.signing_key(secret, PURPOSE)


def public_words(key: SigningKey) -> str:
    """The public half, as it is written down: 64 hexadecimal digits."""
    return bytes(key.verify_key).hex()


def read_public_key(words: str) -> VerifyKey:
    """A public key from its 64 hexadecimal digits. Raises ValueError."""
    return VerifyKey(bytes.fromhex(words))


def keep(folder: Path, at: datetime, lines: Iterable[str]) -> Path:
    """Add a file of statements, whole and on the disk when this returns.

    One that is there already, of the same second, stays as it is.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{at.astimezone(UTC):%Y-%m-%dT%H%M%SZ}.txt"
    if path.exists():
        return path
    writing = path.with_suffix(".writing")
    with writing.open("w", encoding="ascii") as file:
        file.writelines(f"{line}\n" for line in lines)
        file.flush()
        os.fsync(file.fileno())
    writing.chmod(0o444)
    writing.rename(path)
    return path


def kept(folder: Path, known: Iterable[VerifyKey]) -> Iterator[Statement | Unreadable]:
    """Every statement of a folder's text files, the oldest first, and the lines that are none."""
    known = list(known)
    for path in sorted(folder.glob("*.txt")):
        with path.open(encoding="utf-8", errors="replace") as file:
            for number, line in enumerate(file, start=1):
                if not line.strip():
                    continue
                try:
                    yield Statement.read(line.strip(), known)
                except BadStatement as error:
                    yield Unreadable(path.name, number, str(error))
