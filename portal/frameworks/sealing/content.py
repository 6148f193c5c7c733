"""What is sealed: an application's content with a salt, padded so that its size tells nothing."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_bytes
from typing import Any, Self

from portal.frameworks.sealing.boxes import DoesNotOpen

SALT_BYTES = 32
SIZE = 64 * 1024  # bytes; what does not fit takes twice that, and so on
LARGEST = 64 * 1024 * 1024  # bytes of text, as a limit to what is unpacked


@dataclass(frozen=True, slots=True)
class Content:
    """An application's content as one certain text, and the salt that keeps it from being guessed.

    Without the salt, the digest on a receipt would let anybody try prices until one fits.
    """

    salt: bytes
    text: bytes

    @classmethod
    def of(cls, value: dict[str, Any]) -> Self:
        """The content as JSON, its keys in order, with a new salt."""
        text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return cls(token_bytes(SALT_BYTES), text.encode())

    @property
    def value(self) -> dict[str, Any]:
        """The content again."""
        read: dict[str, Any] = json.loads(self.text)
        return read

    @property
    def digest(self) -> str:
        """SHA-256 of the salt and the text, in hexadecimal digits: what the receipt says."""
        return sha256(self.salt + self.text).hexdigest()

    def padded(self) -> bytes:
        """Salt, length and packed text, filled up to 64 KB or the next doubling."""
        packed = zlib.compress(self.text, 9)
        filled = self.salt + len(packed).to_bytes(4) + packed
        size = SIZE
        while size < len(filled):
            size *= 2
        return filled.ljust(size, b"\0")

    @classmethod
    def read(cls, padded: bytes) -> Self:
        """The content of what was padded. Raises DoesNotOpen for what was not."""
        salt, rest = padded[:SALT_BYTES], padded[SALT_BYTES:]
        packed = rest[4 : 4 + int.from_bytes(rest[:4])]
        try:
            text = zlib.decompressobj().decompress(packed, LARGEST)
            read = cls(salt, text)
            _ = read.value
        except (zlib.error, ValueError) as error:
            raise DoesNotOpen("this is not an application's content") from error
        return read
