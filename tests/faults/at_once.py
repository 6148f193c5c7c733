"""Requests that arrive in the same moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from flask.testing import FlaskClient

Given = TypeVar("Given")
Answer = TypeVar("Answer")


def at_once(send: Callable[[Given], Answer], given: Sequence[Given]) -> list[Answer]:
    """What each gives, in their order; none begins before all are ready."""
    start = Barrier(len(given))

    def ready(one: Given) -> Answer:
        start.wait()
        return send(one)

    with ThreadPoolExecutor(len(given)) as threads:
        return list(threads.map(ready, given))


def same_browser(client: FlaskClient, count: int) -> list[FlaskClient]:
    """So many tabs of one browser, each on its way from an address of its own."""
    name = client.application.config["SESSION_COOKIE_NAME"]
    kept = client.get_cookie(name)
    assert kept is not None
    tabs = []
    for number in range(count):
        tab = client.application.test_client()
        tab.set_cookie(name, kept.decoded_value)
        tab.environ_base["REMOTE_ADDR"] = f"10.8.{number // 250}.{number % 250 + 1}"
        tabs.append(tab)
    return tabs
