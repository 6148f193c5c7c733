"""Identifiers that sort by the time they were made (UUID version 7, RFC 9562)."""

from __future__ import annotations

import secrets
import time
from threading import Lock
from uuid import UUID

_COUNTER_BITS = 12


class _Ticks:
    """Numbers that always rise and follow the clock when it is ahead of them."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._last = 0

    def next(self, milliseconds: int) -> int:
        with self._lock:
            self._last = max(self._last + 1, milliseconds << _COUNTER_BITS)
            return self._last


_ticks = _Ticks()


def new_id() -> UUID:
    """A new UUIDv7, above every earlier one of this process.

    Its tick is 48 bits of milliseconds and 12 bits that count within one; a burst of
    more, or a clock set back, runs ahead of the clock instead of repeating or falling.
    """
    tick = _ticks.next(time.time_ns() // 1_000_000)
    high = (tick >> _COUNTER_BITS) << 16 | 0x7000 | tick & 0xFFF
    low = 0b10 << 62 | secrets.randbits(62)
    return UUID(int=high << 64 | low)
