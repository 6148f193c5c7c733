"""What somebody has typed and not sent, locked under a key that only they can make again."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from nacl.encoding import URLSafeBase64Encoder
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox


class WrongKey(Exception):
    """The key does not open this: it was made of another passphrase."""


@dataclass(slots=True)
class Draft:
    """A complaint while it is written: to whom, what was answered, which files came with it.

    ``files`` are the names of the stored files by their ids. ``sent`` leaves only the receipt.
    """

    council_id: UUID
    passphrase: str
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    saved: bool = False
    sent: bool = False

    def seal(self, key: str) -> bytes:
        """The whole as bytes that only the key opens."""
        whole = {
            "council": self.council_id.hex,
            "passphrase": self.passphrase,
            "answers": self.answers,
            "files": self.files,
            "saved": self.saved,
            "sent": self.sent,
        }
        return _box(key).encrypt(json.dumps(whole).encode())

    @classmethod
    def open(cls, sealed: bytes, key: str) -> Draft:
        """What was sealed. Raises WrongKey."""
        try:
            whole = json.loads(_box(key).decrypt(sealed))
        except (CryptoError, ValueError) as error:
            raise WrongKey from error
        return cls(
            council_id=UUID(whole["council"]),
            passphrase=whole["passphrase"],
            answers=whole["answers"],
            files=whole["files"],
            saved=whole["saved"],
            sent=whole["sent"],
        )


def _box(key: str) -> SecretBox:
    return SecretBox(key.encode(), encoder=URLSafeBase64Encoder)
