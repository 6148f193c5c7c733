"""Statements of where the chains end, signed and kept outside the database.

A statement is one line: ``placewell-record-1``, the moment (UTC), the chain's id, its position,
its digest, and an Ed25519 signature of all of these. Each line means something alone, in the file
of its day or in somebody's mailbox. Files are added and never written again.
"""

from __future__ import annotations

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Self
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

WORD: Final = "placewell-record-1"
PURPOSE: Final = b"placewell statements of the record"


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

    def signed(self, key: Ed25519PrivateKey) -> str:
        """The line, with its signature."""
        return f"{self.said} {urlsafe_b64encode(key.sign(self.said.encode())).decode()}"

    @classmethod
    def read(cls, line: str, keys: Iterable[Ed25519PublicKey]) -> Self:
        """The statement of a line. Raises BadStatement."""
        try:
            word, moment, chain, position, digest, signature = line.split()
            statement = cls(
                datetime.strptime(moment, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC),
                UUID(chain),
                int(position),
                bytes.fromhex(digest),
            )
            sealed = urlsafe_b64decode(signature)
        except ValueError as error:
            raise BadStatement("is not a statement") from error
        if word != WORD or statement.said != line.rsplit(" ", 1)[0]:
            raise BadStatement("is not a statement")
        for key in keys:
            try:
                key.verify(sealed, statement.said.encode())
            except InvalidSignature:
                continue
            return statement
        raise BadStatement("was not signed by this portal")


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line of a file that cannot be taken for a statement, and why."""

    file: str
    line: int
    why: str


def signing_key(secret: str) -> Ed25519PrivateKey:
    """The key that a secret of the configuration gives: always the same one."""
    derived = HKDF(SHA256(), 32, salt=None, info=PURPOSE).derive(secret.encode())
    return Ed25519PrivateKey.from_private_bytes(derived)


def public_words(key: Ed25519PrivateKey) -> str:
    """The public half, as it is written down: 64 hexadecimal digits."""
    return key.public_key().public_bytes_raw().hex()


def read_public_key(words: str) -> Ed25519PublicKey:
    """A public key from its 64 hexadecimal digits. Raises ValueError."""
    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(words))


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


def kept(folder: Path, keys: Iterable[Ed25519PublicKey]) -> Iterator[Statement | Unreadable]:
    """Every statement of a folder's text files, the oldest first, and the lines that are none."""
    known = list(keys)
    for path in sorted(folder.glob("*.txt")):
        with path.open(encoding="utf-8", errors="replace") as file:
            for number, line in enumerate(file, start=1):
                if not line.strip():
                    continue
                try:
                    yield Statement.read(line.strip(), known)
                except BadStatement as error:
                    yield Unreadable(path.name, number, str(error))
