"""Keys, what is sealed to them, and private keys locked under a pass phrase.

Everybody who has a public key can seal to it; only its private key opens (X25519 and
XSalsa20-Poly1305, libsodium's sealed box).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Self

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.pwhash import argon2id
from nacl.secret import SecretBox
from nacl.utils import random

KEY_BYTES = 32


class DoesNotOpen(ValueError):
    """This key or pass phrase does not open it, or it was altered since it was sealed."""


@dataclass(frozen=True, slots=True, repr=False)
class KeyPair:
    """A public key and the private key that opens what is sealed to it; never printed."""

    public: bytes
    private: bytes

    @classmethod
    def new(cls) -> Self:
        """A key pair that nobody has had before."""
        return cls.of(bytes(PrivateKey.generate()))

    @classmethod
    def of(cls, private: bytes) -> Self:
        """The pair that a private key belongs to."""
        return cls(bytes(PrivateKey(private).public_key), private)

    def open(self, sealed: bytes) -> bytes:
        """What was sealed to the public key. Raises DoesNotOpen."""
        try:
            return SealedBox(PrivateKey(self.private)).decrypt(sealed)
        except (CryptoError, ValueError) as error:
            raise DoesNotOpen("this key does not open it, or it was altered") from error


def seal(message: bytes, *, to: bytes) -> bytes:
    """The message, for the holder of this public key only."""
    return SealedBox(PublicKey(to)).encrypt(message)


@dataclass(frozen=True, slots=True)
class Cost:
    """How much work each guess at a pass phrase is: passes over so many kilobytes."""

    passes: int
    kilobytes: int


USUAL = Cost(passes=3, kilobytes=32 * 1024)  # about a tenth of a second
_COST_BYTES = 5


@dataclass(frozen=True, slots=True)
class Locked:
    """A private key that only a pass phrase opens (argon2id, then XSalsa20-Poly1305).

    The cost stands before what is sealed, so that it can be raised for new keys.
    """

    sealed: bytes
    salt: bytes

    @classmethod
    def lock(cls, pair: KeyPair, phrase: str, *, cost: Cost = USUAL) -> Self:
        """A pair's private key under this pass phrase."""
        salt = random(argon2id.SALTBYTES)
        box = SecretBox(_stretched(phrase, salt, cost)).encrypt(pair.private)
        return cls(bytes([cost.passes]) + cost.kilobytes.to_bytes(4) + box, salt)

    def unlock(self, phrase: str) -> KeyPair:
        """The pair again. Raises DoesNotOpen for another pass phrase."""
        said, box = self.sealed[:_COST_BYTES], self.sealed[_COST_BYTES:]
        try:
            cost = Cost(said[0], int.from_bytes(said[1:]))
            return KeyPair.of(SecretBox(_stretched(phrase, self.salt, cost)).decrypt(box))
        except (CryptoError, ValueError, IndexError) as error:
            raise DoesNotOpen("this is not the pass phrase") from error


def _stretched(phrase: str, salt: bytes, cost: Cost) -> bytes:
    """Spaces at the ends and how many there are between words do not count."""
    said = " ".join(unicodedata.normalize("NFKC", phrase).split())
    return argon2id.kdf(
        KEY_BYTES, said.encode(), salt, opslimit=cost.passes, memlimit=cost.kilobytes * 1024
    )
