from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask.testing import FlaskClient

from portal import create_app
from portal.config import Config
from tests.support.databases import Databases

SAID = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}


@contextmanager
def client(databases: Databases, *, trusted_proxies: int) -> Iterator[FlaskClient]:
    with databases.fresh("sqlite") as address:
        app = create_app(
            Config(
                database_url=address.application,
                secret_key="only for tests",
                trusted_proxies=trusted_proxies,
            )
        )
        yield app.test_client()
        app.extensions["portal.database"].close()


@pytest.mark.parametrize(("trusted", "secure"), [(0, False), (1, True)])
def test_a_proxys_word_is_taken_only_where_one_is_expected(
    databases: Databases, *, trusted: int, secure: bool
) -> None:
    with client(databases, trusted_proxies=trusted) as browser:
        answer = browser.get("/sign-in", headers=SAID)
    kept = "max-age=31536000; includeSubDomains" if secure else None
    assert answer.headers.get("Strict-Transport-Security") == kept


@pytest.mark.parametrize(("trusted", "last"), [(0, 429), (1, 422)])
def test_people_behind_one_proxy_are_throttled_each_for_themselves(
    databases: Databases, trusted: int, last: int
) -> None:
    with client(databases, trusted_proxies=trusted) as browser:
        browser.application.config["WTF_CSRF_ENABLED"] = False
        statuses = [
            browser.post("/sign-in", headers={"X-Forwarded-For": f"203.0.113.{number}"}).status_code
            for number in range(31)
        ]
    assert set(statuses[:30]) == {422}
    assert statuses[30] == last
