"""What a web process does once, when all is imported and before its first request."""

from __future__ import annotations

import gc


def calm_collector() -> None:
    """Let the garbage collector leave alone what start-up made, and look less often.

    A request makes tens of thousands of short-lived rows and values and then drops them all; at
    the standard thresholds the collector walks them several times in between, for a seventh of
    the time of a large invoice. Rarer still saves no more time, and what is dropped in a circle
    then waits in 4 MB more (tests/benchmarks/test_memory.py).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
