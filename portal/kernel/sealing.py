"""Secrets that the portal must read again, kept or handed out sealed.

The key is derived from SECRET_KEY, one for each purpose, so that what was sealed for one thing
opens for no other, nor for another person. What an earlier key sealed or signed still opens, until
that key is taken out of PORTAL_EARLIER_SECRET_KEYS.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

LASTING_SECONDS = 30 * 60


class BadSeal(ValueError):
    """What was given was not sealed here, for this purpose and person, or is too old."""


class Sealing:
    """Seals text for one purpose, and opens what this or an earlier key has sealed."""

    def __init__(self, secret_key: str, purpose: str, earlier: Sequence[str] = ()) -> None:
        self._fernet = MultiFernet([_derived(key, purpose) for key in (secret_key, *earlier)])

    def seal(self, text: str, *, of: UUID) -> str:
        """The text, encrypted and bound to this person or thing."""
        return self._fernet.encrypt(of.bytes + text.encode()).decode()

    def open(self, sealed: str, *, of: UUID, lasting: bool = True) -> str:
        """The text again; unless ``lasting``, within half an hour of real time.

        Raises BadSeal.
        """
        try:
            plain = self._fernet.decrypt(sealed.encode(), None if lasting else LASTING_SECONDS)
        except InvalidToken as error:
            raise BadSeal("this was not sealed here, or too long ago") from error
        if plain[:16] != of.bytes:
            raise BadSeal("this was sealed for somebody else")
        return plain[16:].decode()

    def seal_anew(self, sealed: str) -> str:
        """The same sealed with the present key, as old as it was. Raises BadSeal."""
        try:
            return self._fernet.rotate(sealed.encode()).decode()
        except InvalidToken as error:
            raise BadSeal("no key that is known sealed this") from error


def sealing(purpose: str) -> Sealing:
    """The running application's seal for a purpose."""
    config = current_app.config
    return Sealing(config["SECRET_KEY"], purpose, config["SECRET_KEY_FALLBACKS"])


def signing_keys() -> list[str]:
    """What itsdangerous signs with and checks against: the last one signs, earlier ones check."""
    config = current_app.config
    return [*reversed(config["SECRET_KEY_FALLBACKS"]), config["SECRET_KEY"]]


def _derived(secret_key: str, purpose: str) -> Fernet:
    derived = HKDF(SHA256(), length=32, salt=None, info=f"portal {purpose}".encode())
    return Fernet(base64.urlsafe_b64encode(derived.derive(secret_key.encode())))
