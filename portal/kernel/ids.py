"""Identifiers that sort by the time they were made (UUID version 7, RFC 9562)."""

from __future__ import annotations

import secrets
import time
from datetime import timedelta
from threading import Lock
from uuid import UUID

_COUNTER_BITS = 12


class _Ticks:
    """Numbers that always rise and follow the clock when it is ahead of them."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._last = 0

    def take(self, milliseconds: int, count: int) -> range:
        """The next so many numbers."""
        with self._lock:
            first = max(self._last + 1, milliseconds << _COUNTER_BITS)
            self._last = first + count - 1
            return range(first, first + count)


_ticks = _Ticks()


def new_id() -> UUID:
    """A new UUIDv7, above every earlier one of this process."""
    return new_ids(1)[0]


def made_before(one: UUID, another: UUID, gap: timedelta) -> bool:
    """Whether an id was made at least so long before another, by the clock of their machines."""
    apart = (another.int >> 80) - (one.int >> 80)  # milliseconds
    return apart >= gap / timedelta(milliseconds=1)


def new_ids(count: int) -> list[UUID]:
    """So many new ids, each above the one before.

    An id's tick is 48 bits of milliseconds and 12 bits that count within one; a burst of
    more, or a clock set back, runs ahead of the clock instead of repeating or falling.
    """
    ticks = _ticks.take(time.time_ns() // 1_000_000, count)
    chance = secrets.token_bytes(8 * count)
    return [
        UUID(
            int=(tick >> _COUNTER_BITS) << 80
            | (0x7000 | tick & 0xFFF) << 64
            | 0b10 << 62
            | int.from_bytes(chance[8 * place : 8 * place + 8]) >> 2
        )
        for place, tick in enumerate(ticks)
    ]
