"""A list is whole over its pages, forwards and backwards, and a bent cursor does no harm."""

from __future__ import annotations

import base64
import json

import pytest
from sqlalchemy import select

from portal.identity.models import Organisation
from portal.kernel.database import Database, ScopedSession
from portal.kernel.keyset import page_of
from portal.kernel.tenancy import Scope, Task
from tests.makers import make_council

KEYS = (Organisation.name, Organisation.id)


@pytest.fixture
def councils(owner_database: Database) -> Database:
    with owner_database.transaction(Scope.system(Task.OPERATOR)) as session:
        for number in range(7):
            make_council(session, name=f"Council {number}")
    return owner_database


def names(session: ScopedSession, cursor: str | None, *, descending: bool = False) -> list[object]:
    page = page_of(
        session, select(Organisation), *KEYS, cursor=cursor, descending=descending, size=3
    )
    return [[int(row.name[-1]) for row in page.rows], page.before, page.after]


@pytest.mark.parametrize("descending", [False, True])
def test_pages_hold_every_row_once_and_lead_back(councils: Database, descending: bool) -> None:
    with councils.session(Scope.system(Task.OPERATOR)) as session:
        order = list(range(7))[:: -1 if descending else 1]
        first, before, after = names(session, None, descending=descending)
        assert (first, before) == (order[:3], None)
        second, back, further = names(session, str(after), descending=descending)
        assert second == order[3:6]
        last, _, end = names(session, str(further), descending=descending)
        assert (last, end) == (order[6:], None)
        again, start, _ = names(session, str(back), descending=descending)
        assert (again, start) == (order[:3], None)


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "nonsense",
        "é",
        base64.urlsafe_b64encode(b"[]").decode(),
        base64.urlsafe_b64encode(b"{}").decode(),
        base64.urlsafe_b64encode(json.dumps(["a", "x", "not an id"]).encode()).decode(),
        base64.urlsafe_b64encode(json.dumps(["a", 7, "0" * 32]).encode()).decode(),
        base64.urlsafe_b64encode(json.dumps(["z", "x", "0" * 32]).encode()).decode(),
    ],
)
def test_a_cursor_that_cannot_be_read_gives_the_first_page(councils: Database, cursor: str) -> None:
    with councils.session(Scope.system(Task.OPERATOR)) as session:
        assert names(session, cursor)[0] == [0, 1, 2]
