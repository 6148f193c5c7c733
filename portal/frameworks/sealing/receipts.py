"""Receipts: what was received, when, and the digest of it, signed by the portal.

A receipt is one line that means something alone: ``placewell-receipt-1``, the moment (UTC), the
reference, the digest, and an Ed25519 signature of all of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import choice
from typing import Final, Self

from portal.kernel import keys
from portal.kernel.keys import SigningKey

WORD: Final = "placewell-receipt-1"
PURPOSE: Final = "receipts of applications"
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

    def signature(self, key: SigningKey) -> str:
        """The portal's signature of it."""
        return keys.signature(key, self.said)

    def line(self, signature: str) -> str:
        """The receipt as the applicant keeps it."""
        return f"{self.said} {signature}"

    @classmethod
    def read(cls, line: str, known: Iterable[SigningKey]) -> Self:
        """The receipt of a line, which may have been broken where it was copied.

        Raises BadReceipt unless one of these keys signed it.
        """
        try:
            word, moment, reference, digest, signature = line.split()
            received_at = datetime.strptime(moment, MOMENT).replace(tzinfo=UTC)
        except ValueError as error:
            raise BadReceipt("is not a receipt") from error
        receipt = cls(reference, received_at, digest)
        if word != WORD or not re.fullmatch(r"[0-9a-f]{64}", digest):
            raise BadReceipt("is not a receipt")
        if not any(keys.is_signed(key.verify_key, receipt.said, signature) for key in known):
            raise BadReceipt("was not signed by this portal")
        return receipt


def receipt_key(secret: str) -> SigningKey:
    """The key that a secret of the configuration gives: always the same one."""
    return keys.signing_key(secret, PURPOSE)


def new_reference() -> str:
    """Such as ``BID-7KQ4-XW2M-9RTN``: by chance, so that it does not tell how many there are."""
    return "-".join(("BID", *("".join(choice(LETTERS) for _ in range(4)) for _ in range(3))))
