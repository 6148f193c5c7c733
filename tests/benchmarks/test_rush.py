"""How long 1,000 applications take that come in the last minute before closing (promise 12)."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice

from portal.identity.models import Person
from portal.kernel.database import Database
from tests.faults.bidding import Window, make_fair, windows
from tests.faults.test_over_http import Browser, address, come_in, portal

__all__ = ["address", "come_in", "portal"]

BIDDERS = 100
APPLICATIONS = 1_000
SENDERS = 8


def test_a_thousand_applications_are_received_within_a_minute(
    come_in: Callable[[Person], Browser], owner_database: Database
) -> None:
    ready = windows(come_in, make_fair(owner_database, bidders=BIDDERS))
    begun = time.perf_counter()
    with ThreadPoolExecutor(SENDERS) as senders:
        answers = list(senders.map(Window.send, islice(cycle(ready), APPLICATIONS)))
    took = time.perf_counter() - begun
    print(f"\n{APPLICATIONS} applications over HTTP: {took:.0f} s, at most 60")
    assert Counter(one.status for one in answers) == {303: APPLICATIONS}
    assert took < 60
