"""Secrets that the portal must read again, kept or handed out sealed.

The key is derived from SECRET_KEY, one for each purpose, so that what was sealed for one thing
opens for no other, nor for another person.
"""

from __future__ import annotations

import base64
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

LASTING_SECONDS = 30 * 60


class BadSeal(ValueError):
    """What was given was not sealed here, for this purpose and person, or is too old."""


class Sealing:
    """Seals and opens text for one purpose."""

    def __init__(self, secret_key: str, purpose: str) -> None:
        derived = HKDF(SHA256(), length=32, salt=None, info=f"portal {purpose}".encode())
        self._fernet = Fernet(base64.urlsafe_b64encode(derived.derive(secret_key.encode())))

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


def sealing(purpose: str) -> Sealing:
    """The running application's seal for a purpose."""
    return Sealing(current_app.config["SECRET_KEY"], purpose)
