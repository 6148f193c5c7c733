"""A round's private key in three shares, of which any two are the whole and one alone is nothing.

The key is the exclusive or of three random pieces, and each share lacks one piece. Whoever holds
one share lacks 32 bytes that nothing else tells, so no computing brings them nearer to the key.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from secrets import token_bytes
from typing import Self
from uuid import UUID

from portal.frameworks.sealing.boxes import KEY_BYTES, DoesNotOpen, KeyPair, seal

PIECES = 3


class NotTwoShares(ValueError):
    """The two shares are one and the same, or of different keys."""


@dataclass(frozen=True, slots=True, repr=False)
class Share:
    """Two of the three pieces, and which one it lacks; never printed."""

    lacks: int
    pieces: tuple[bytes, bytes]

    def __bytes__(self) -> bytes:
        return bytes([self.lacks]) + b"".join(self.pieces)

    @classmethod
    def read(cls, written: bytes) -> Self:
        """The share of its bytes. Raises DoesNotOpen for what is none."""
        lacks, pieces = written[:1], written[1:]
        if len(pieces) != 2 * KEY_BYTES or lacks[0] >= PIECES:
            raise DoesNotOpen("this is not a share")
        return cls(lacks[0], (pieces[:KEY_BYTES], pieces[KEY_BYTES:]))

    @property
    def numbered(self) -> dict[int, bytes]:
        """Its pieces by their number."""
        held = [number for number in range(PIECES) if number != self.lacks]
        return dict(zip(held, self.pieces, strict=True))


def split(private: bytes) -> tuple[Share, Share, Share]:
    """A private key in three shares."""
    first, second = token_bytes(KEY_BYTES), token_bytes(KEY_BYTES)
    third = _xor((private, first, second))
    return Share(0, (second, third)), Share(1, (first, third)), Share(2, (first, second))


def combine(one: Share, another: Share) -> bytes:
    """The private key again. Raises NotTwoShares."""
    pieces = one.numbered | another.numbered
    both = one.numbered.keys() & another.numbered.keys()
    if len(pieces) < PIECES or any(one.numbered[n] != another.numbered[n] for n in both):
        raise NotTwoShares("these are not two shares of one key")
    return _xor(list(pieces.values()))


@dataclass(frozen=True, slots=True)
class RoundKey:
    """What is kept of a round's key: its public half, and each share sealed to its holder."""

    public: bytes
    openers: tuple[bytes, bytes]
    escrow: bytes

    @classmethod
    def make(cls, round_id: UUID, *, openers: tuple[bytes, bytes], escrow: bytes) -> Self:
        """A new key for a round, given the public keys of its two openers and of the escrow.

        The private key is gone when this returns. Raises ValueError where one of the three would
        hold two shares.
        """
        if len({*openers, escrow}) < PIECES:
            raise ValueError("the two openers and the escrow need a key each")
        pair = KeyPair.new()
        first, second, third = (
            seal(round_id.bytes + bytes(share), to=holder)
            for share, holder in zip(split(pair.private), (*openers, escrow), strict=True)
        )
        return cls(pair.public, (first, second), third)


def open_share(sealed: bytes, *, round_id: UUID, holder: KeyPair) -> Share:
    """A holder's share of this round's key. Raises DoesNotOpen, also for another round's."""
    opened = holder.open(sealed)
    if opened[:16] != round_id.bytes:
        raise DoesNotOpen("this share is of another round")
    return Share.read(opened[16:])


def round_key(one: Share, another: Share, *, public: bytes) -> KeyPair:
    """The key of the round that has this public key.

    Raises NotTwoShares unless both shares are its own, and two.
    """
    pair = KeyPair.of(combine(one, another))
    if pair.public != public:
        raise NotTwoShares("these are not shares of this round's key")
    return pair


def _xor(pieces: Sequence[bytes]) -> bytes:
    return bytes(a ^ b ^ c for a, b, c in zip(*pieces, strict=True))
