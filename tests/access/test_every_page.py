"""Every page, read and written, as everybody: nothing of another's is shown or changed, and who a
young person is to nobody without a record of it (promises 1, 2 and 21)."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Column, select, true
from werkzeug.test import TestResponse

from portal import create_app
from portal.audit.events import Event
from portal.audit.models import AuditChain, AuditEvent, AuditLink
from portal.config import Config
from portal.identity import looking
from portal.identity.models import Membership, SignIn
from portal.identity.rules import Role
from portal.kernel.access import Kind
from portal.kernel.database import ScopedSession
from portal.kernel.errors import SignedOut
from portal.kernel.tenancy import Base, Scope, Task, table_of
from portal.referrals.models import YoungPerson
from tests.access.cells import Cell, Identity, cells, hidden_words, identities
from tests.access.expectations import models
from tests.makers.files import put_bytes
from tests.support.databases import Databases
from tests.support.size import WHOLE
from tests.visiting import Visitor, stranger, visit
from tests.world import Standing

OPERATOR = Scope.system(Task.OPERATOR)
LEAST_CELLS = 5_000
"""Of the whole table. Everyday runs try one cell of each group; ``make faults`` tries them all."""
TRIED_OVER_HTTP_ELSEWHERE = {  # in tests/identity and tests/complaints; throttled, or forget
    "identity.start",
    "identity.start_with_passkey",
    "joining.accept_as_new",
    "joining.ask",
    "recovery.ask_for_password",
    "registration.confirm_as_new",
    "registration.register",
    "making.begin",
    "making.send",
    "making.leave",
    "following.open_it",
    "following.leave",
}
READS_BY_POST = {
    "audit.export",
    "invoicing.download",
    "invoicing.export",
    "credits.download",
    "reports.pdf",
    "runs.download",
}
"""Change nothing; posted, so that what was taken out is recorded."""
SEEN_AT = table_of(SignIn).c.seen_at
LET_IN = {200, 302, 303, 409, 410, 422}


@dataclass
class Portal:
    """The application over the world, with a browser of everybody's."""

    place: Standing
    app: Flask
    browsers: dict[UUID | None, Visitor]
    hidden: dict[UUID | None, re.Pattern[str]]
    cells: list[Cell]
    tried: list[Cell]
    names: re.Pattern[str]
    looks: int = 0

    def look(self, *_said: object, **_more: object) -> None:
        """Count a look at a young person's identity, in place of recording it."""
        self.looks += 1

    def ask(self, cell: Cell) -> TestResponse:
        """Make the request of a cell."""
        browser = self.browsers[_key(cell.who)]
        if cell.method == "GET":
            return browser.get(cell.url, fragment=cell.fragment)
        return browser.post(cell.url, {"kind": "csv"}, fragment=cell.fragment)

    def clue(self, cell: Cell, text: str) -> str | None:
        """A word that this person may not read; public pages name the providers to everybody."""
        public = cell.mark.kind is Kind.PUBLIC
        named = {own.provider.name for own in self.place.world.dealings} if public else set()
        found = self.hidden[_key(cell.who)].finditer(text)
        return next((match[0] for match in found if match[0] not in named), None)

    def let_in_again(self, who: Identity) -> None:
        """A new sign-in, for whoever has just signed out or changed organisation."""
        membership = self.place.world.memberships[who.person.id]
        with self.place.owner.transaction(OPERATOR) as session:
            self.browsers[who.person.id] = visit(self.app, session, membership)


@pytest.fixture(scope="module")
def portal(place: Standing, databases: Databases) -> Iterator[Portal]:
    """The portal with everybody signed in."""
    app = create_app(
        Config(
            database_url=place.address.application,
            operator_url=place.address.owner,
            secret_key="for tests only",
            demonstration=True,
            secure_cookies=False,
            cheap_passwords=True,
            files=str(databases.folder / "files"),
        )
    )
    world = place.world
    browsers: dict[UUID | None, Visitor] = {None: stranger(app)}
    hidden: dict[UUID | None, re.Pattern[str]] = {None: _any_of(hidden_words(world, None))}
    with place.owner.transaction(OPERATOR) as session:
        known = session.execute(select(YoungPerson.given_name, YoungPerson.family_name)).all()
        names = frozenset(name for one in known for name in one)
        put_bytes(session, app.extensions["portal.files"])
        for who in identities(world):
            membership = session.get_one(Membership, world.memberships[who.person.id].id)
            browsers[who.person.id] = visit(app, session, membership)
            hidden[who.person.id] = _any_of(hidden_words(world, who))
    table = list(cells(app, world))
    tried = table if WHOLE else _one_of_each(table)
    made = Portal(place, app, browsers, hidden, table, tried, _any_of(names))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(looking, "record_look", made.look)
        yield made
    app.extensions["portal.database"].close()


def test_the_table_is_as_large_as_promised(portal: Portal) -> None:
    assert len(portal.cells) >= LEAST_CELLS
    refused = Counter(cell.refusal for cell in portal.cells)
    assert min(refused[status] for status in (303, 401, 403, 404, None)) >= 20
    assert {_group(cell) for cell in portal.tried} == {_group(cell) for cell in portal.cells}


def test_an_auditor_is_let_into_no_form_of_the_organisations(portal: Portal) -> None:
    """Whoever reads everything changes nothing but what is their own (promise 2)."""
    theirs = [cell for cell in portal.cells if cell.who and cell.who.role is Role.AUDITOR]
    changing = [
        cell for cell in theirs if cell.method == "POST" and cell.mark.kind is Kind.PERMISSION
    ]
    assert len({cell.endpoint for cell in changing}) > 40
    let_in = {cell.endpoint for cell in changing if cell.permitted}
    assert let_in <= READS_BY_POST


@pytest.mark.slow
def test_whoever_may_not_is_kept_out_and_changes_nothing(portal: Portal) -> None:
    """Every day, PostgreSQL tries what the rows decide; the guard is the same code on both."""
    before = _everything(portal.place)
    rows_alone = portal.place.engine == "postgresql" and not WHOLE
    decided = {404} if rows_alone else {303, 401, 403, 404}
    assert _try(portal, (cell for cell in portal.tried if cell.refusal in decided)) > 200
    assert _everything(portal.place) == before


@pytest.mark.slow
def test_whoever_may_reads_their_own_and_writes_nothing(portal: Portal) -> None:
    before = _everything(portal.place)
    own = (cell for cell in portal.tried if cell.refusal is None and cell.method == "GET")
    assert _try(portal, own) > 400
    assert portal.looks
    assert _everything(portal.place) == before


def test_whoever_may_change_is_let_in(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    """What each did is undone, so that the next finds the world as it was."""
    monkeypatch.setattr(ScopedSession, "commit", ScopedSession.flush)
    own = [cell for cell in portal.tried if cell.refusal is None and cell.method == "POST"]
    tried = 0
    for cell in own:
        if cell.endpoint in TRIED_OVER_HTTP_ELSEWHERE:
            continue
        tried += _try(portal, [cell])
        if cell.endpoint.startswith("identity.") and cell.who is not None:
            portal.let_in_again(cell.who)
    assert tried > 100


def _group(cell: Cell) -> tuple[object, ...]:
    """What a cell has in common with others: page and method, role, what is expected."""
    role = cell.who.role if cell.who else None
    return cell.endpoint, cell.method, role, cell.refusal


def _one_of_each(table: list[Cell]) -> list[Cell]:
    """One cell of each group, whose organisation, target and way of asking vary from one to the
    next."""
    groups: dict[tuple[object, ...], list[Cell]] = defaultdict(list)
    for cell in table:
        groups[_group(cell)].append(cell)
    return [group[number * 7 % len(group)] for number, group in enumerate(groups.values())]


def _try(portal: Portal, asked: Iterable[Cell]) -> int:
    wrong, tried = [], 0
    for cell in asked:
        if cell.endpoint in TRIED_OVER_HTTP_ELSEWHERE:
            continue
        tried += 1
        looks, answered = portal.looks, portal.ask(cell)
        text = answered.get_data().decode(errors="replace")
        expected = LET_IN if cell.refusal is None else {cell.refusal}
        if answered.status_code not in expected:
            wrong.append(f"{answered.status_code} for {cell}, not {sorted(expected)}")
        elif clue := portal.clue(cell, text):
            wrong.append(f"{cell} shows {clue!r}")
        elif (name := portal.names.search(text)) and portal.looks == looks:
            wrong.append(f"{cell} shows {name[0]!r} and records no look")
        elif lacks := _lacks(answered):
            wrong.append(f"{cell} lacks {lacks}")
        elif cell.refusal in {303, 401} and not _to_sign_in(answered):
            wrong.append(f"{cell} is not sent to the sign-in page")
    assert not wrong, f"{len(wrong)} of {tried}:\n" + "\n".join(wrong[:40])
    return tried


def _lacks(answered: TestResponse) -> str | None:
    """What every answer says, so that nothing is framed, guessed, lent out or kept (promise 7)."""
    said = answered.headers
    policy = said["Content-Security-Policy"]
    whole = answered.mimetype == "text/html" and b"</html>" in answered.data
    guards = {
        "a policy of its own files alone": policy.startswith("default-src 'none'; ")
        and "frame-ancestors 'none'" in policy
        and not re.search(r"unsafe|http|\*", policy),
        "nosniff": said["X-Content-Type-Options"] == "nosniff",
        "no framing": said["X-Frame-Options"] == "DENY",
        "no-store": "no-store" in said["Cache-Control"],
        "a referrer policy": said["Referrer-Policy"] in {"same-origin", "no-referrer"},
        "its own origin": "Access-Control-Allow-Origin" not in said,
        "a charset": not answered.data or "text/" not in said["Content-Type"]
        or "charset=utf-8" in said["Content-Type"],
        "no history": not whole or b'data-hx-history="false"' in answered.data,
    }  # fmt: skip
    return next((name for name, holds in guards.items() if not holds), None)


def _to_sign_in(answered: TestResponse) -> bool:
    target = answered.location or answered.headers.get("HX-Redirect", "")
    return target.startswith("/sign-in") or SignedOut.sentence in answered.get_data(as_text=True)


def _everything(place: Standing) -> dict[str, list[str]]:
    """Every row of every table, in order, but for what is recorded of refusals and looks
    themselves and for when each browser was last there, which is noted every few minutes."""
    of_itself = [Event.REFUSED, Event.REFUSED_OFTEN, Event.IDENTITY_SEEN]
    others = AuditEvent.event.not_in(of_itself)
    with place.owner.session(OPERATOR) as session:
        connection = session.connection()
        return {
            model.__tablename__: sorted(
                repr(tuple(row))
                for row in connection.execute(
                    select(*_columns_of(model)).where(others if model is AuditEvent else true())
                )
            )
            for model in models()
            if model not in (AuditLink, AuditChain)
        }


def _columns_of(model: type[Base]) -> list[Column[Any]]:
    """The columns of a table, but for when a browser was last there."""
    return [one for one in table_of(model).columns if one is not SEEN_AT]


def _any_of(words: frozenset[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(words))) or r"(?!)")


def _key(who: Identity | None) -> UUID | None:
    return who.person.id if who else None
