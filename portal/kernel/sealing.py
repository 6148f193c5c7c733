"""Secrets that the portal must read again, kept or handed out sealed.

The key is derived from SECRET_KEY, one for each purpose, so that what was sealed for one thing
opens for no other, nor for another person. What an earlier key sealed or signed still opens, until
that key is taken out of PORTAL_EARLIER_SECRET_KEYS.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import current_app
from nacl.encoding import URLSafeBase64Encoder
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from portal.kernel.clock import real_seconds
from portal.kernel.keys import derived_key

LASTING_SECONDS = 30 * 60
_TIME_BYTES = 8
_BOUND_BYTES = _TIME_BYTES + 16  # and whom it is of


class BadSeal(ValueError):
    """What was given was not sealed here, for this purpose and person, or is too old."""


class Sealing:
    """Seals text for one purpose, and opens what this or an earlier key has sealed.

    XSalsa20-Poly1305 over the moment of sealing, the id of whom it is of, and the text.
    """

    def __init__(self, secret_key: str, purpose: str, earlier: Sequence[str] = ()) -> None:
        self._boxes = [
            SecretBox(derived_key(key, f"sealing {purpose}")) for key in (secret_key, *earlier)
        ]

    def seal(self, text: str, *, of: UUID) -> str:
        """The text, encrypted and bound to this person or thing."""
        return self._seal(int(real_seconds()).to_bytes(_TIME_BYTES) + of.bytes + text.encode())

    def open(self, sealed: str, *, of: UUID, lasting: bool = True) -> str:
        """The text again; unless ``lasting``, within half an hour of real time.

        Raises BadSeal.
        """
        plain = self._open(sealed)
        sealed_at = int.from_bytes(plain[:_TIME_BYTES])
        if not lasting and sealed_at + LASTING_SECONDS < real_seconds():
            raise BadSeal("this was sealed too long ago")
        if plain[_TIME_BYTES:_BOUND_BYTES] != of.bytes:
            raise BadSeal("this was sealed for somebody else")
        return plain[_BOUND_BYTES:].decode()

    def seal_anew(self, sealed: str) -> str:
        """The same sealed with the present key, as old as it was. Raises BadSeal."""
        return self._seal(self._open(sealed))

    def _seal(self, plain: bytes) -> str:
        return self._boxes[0].encrypt(plain, encoder=URLSafeBase64Encoder).decode()

    def _open(self, sealed: str) -> bytes:
        for box in self._boxes:
            try:
                return box.decrypt(sealed.encode(), encoder=URLSafeBase64Encoder)
            except (CryptoError, ValueError):
                continue
        raise BadSeal("no key that is known sealed this")


def sealing(purpose: str) -> Sealing:
    """The running application's seal for a purpose."""
    config = current_app.config
    return Sealing(config["SECRET_KEY"], purpose, config["SECRET_KEY_FALLBACKS"])


def signing_keys() -> list[str]:
    """What itsdangerous signs with and checks against: the last one signs, earlier ones check."""
    config = current_app.config
    return [*reversed(config["SECRET_KEY_FALLBACKS"]), config["SECRET_KEY"]]
