"""Steps that are taken at the same moment, each by somebody else."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

T = TypeVar("T")


def at_once(*steps: Callable[[], T]) -> list[T]:
    """What comes of each, in their order; all of them wait for the last to be ready."""
    start = Barrier(len(steps))

    def take(step: Callable[[], T]) -> T:
        start.wait()
        return step()

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(take, steps))
