import time
from concurrent.futures import ThreadPoolExecutor
from uuid import RFC_4122

import pytest

from portal.kernel.ids import new_id


def test_an_id_is_a_version_7_uuid_of_now() -> None:
    made = new_id()
    assert (made.version, made.variant) == (7, RFC_4122)
    assert abs((made.int >> 80) - time.time_ns() // 1_000_000) < 60_000


def test_ids_rise_even_in_a_burst() -> None:
    made = [new_id() for _ in range(10_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_ids_rise_when_the_clock_is_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    before = new_id()
    monkeypatch.setattr(time, "time_ns", lambda: 0)
    assert new_id() > before


def test_ids_differ_between_threads() -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: new_id(), range(2000)))
    assert len(set(made)) == 2000
