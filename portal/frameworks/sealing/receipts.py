"""Receipts: what was received, when, and the digest of it, signed by the portal.

A receipt is one line that means something alone: ``placewell-receipt-1``, the moment (UTC), the
reference, the digest, and an Ed25519 signature of all of these.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import choice
from typing import Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

WORD: Final = "placewell-receipt-1"
PURPOSE: Final = b"placewell receipts of applications"
MOMENT: Final = "%Y-%m-%dT%H:%M:%S.%fZ"
LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is read for another


class BadReceipt(ValueError):
    """A line that is no receipt, or that this portal did not sign as it stands."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was received: its reference, when (UTC, by the database's clock), and its digest."""

    reference: str
    received_at: datetime
    digest: str

    @property
    def said(self) -> str:
        """What is signed."""
        moment = self.received_at.astimezone(UTC).strftime(MOMENT)
        return f"{WORD} {moment} {self.reference} {self.digest}"

    def signature(self, key: Ed25519PrivateKey) -> str:
        """The portal's signature of it."""
        return urlsafe_b64encode(key.sign(self.said.encode())).decode()

    def line(self, signature: str) -> str:
        """The receipt as the applicant keeps it."""
        return f"{self.said} {signature}"

    @classmethod
    def read(cls, line: str, keys: Iterable[Ed25519PrivateKey]) -> Self:
        """The receipt of a line, which may have been broken where it was copied.

        Raises BadReceipt unless one of these keys signed it.
        """
        try:
            word, moment, reference, digest, signature = line.split()
            received_at = datetime.strptime(moment, MOMENT).replace(tzinfo=UTC)
            signed = urlsafe_b64decode(signature)
        except ValueError as error:
            raise BadReceipt("is not a receipt") from error
        receipt = cls(reference, received_at, digest)
        if word != WORD or not re.fullmatch(r"[0-9a-f]{64}", digest):
            raise BadReceipt("is not a receipt")
        if not any(_signed(key, signed, receipt.said) for key in keys):
            raise BadReceipt("was not signed by this portal")
        return receipt


def receipt_key(secret: str) -> Ed25519PrivateKey:
    """The key that a secret of the configuration gives: always the same one."""
    derived = HKDF(SHA256(), 32, salt=None, info=PURPOSE).derive(secret.encode())
    return Ed25519PrivateKey.from_private_bytes(derived)


def new_reference() -> str:
    """Such as ``BID-7KQ4-XW2M-9RTN``: by chance, so that it does not tell how many there are."""
    return "-".join(("BID", *("".join(choice(LETTERS) for _ in range(4)) for _ in range(3))))


def _signed(key: Ed25519PrivateKey, signature: bytes, said: str) -> bool:
    try:
        key.public_key().verify(signature, said.encode())
    except InvalidSignature:
        return False
    return True
