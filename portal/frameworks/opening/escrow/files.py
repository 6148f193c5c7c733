"""The escrow's key as the operator keeps it: a file outside the portal, under a pass phrase.

One line: ``placewell-escrow-1``, the public key, the salt and the locked private key, in
hexadecimal digits.
"""

from __future__ import annotations

import os
from pathlib import Path

from portal.frameworks.sealing.boxes import KeyPair, Locked
from portal.kernel.errors import DomainError

WORD = "placewell-escrow-1"


class NoEscrowFile(DomainError):
    """The file is not an escrow key, or one is there already."""


def write(path: Path, pair: KeyPair, phrase: str) -> None:
    """Keep a key in a new file that only its owner reads.

    Raises NoEscrowFile rather than writing over another file.
    """
    locked = Locked.lock(pair, phrase)
    words = (WORD, pair.public.hex(), locked.salt.hex(), locked.sealed.hex())
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise NoEscrowFile(f"There is a file {path} already. Nothing was written.") from error
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"{' '.join(words)}\n")
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> Locked:
    """The locked key of a file. Raises NoEscrowFile."""
    try:
        word, _public, salt, sealed = path.read_text(encoding="ascii").split()
        locked = Locked(bytes.fromhex(sealed), bytes.fromhex(salt))
    except (OSError, ValueError) as error:
        raise NoEscrowFile(f"{path} is not an escrow key.") from error
    if word != WORD:
        raise NoEscrowFile(f"{path} is not an escrow key.")
    return locked
