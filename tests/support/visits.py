"""Visits to the application's pages as somebody of the world, each page read as a browser would.

page = visits.by(world.aldermoor, Role.APPROVER).open("/frameworks")
assert page.status == 200 and "Shared mentoring" in page.words
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import event
from werkzeug.test import TestResponse

from portal import create_app
from portal.config import Config
from portal.identity.models import Organisation
from portal.identity.rules import Role
from tests.makers import csrf_token, sign_in
from tests.support.databases import ENGINES, Databases
from tests.world import Standing, World, standing


@dataclass(frozen=True)
class Read:
    """One answer: its status, and what a whole page or a fragment says."""

    response: TestResponse
    statements: int

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.response.status_code

    @property
    def markup(self) -> str:
        """The answer as sent."""
        return self.response.get_data(as_text=True)

    @property
    def words(self) -> str:
        """All the words, with single spaces between them."""
        text = " ".join(html.fromstring(self.markup).itertext())
        return re.sub(r"\s+", " ", text)

    @property
    def heading(self) -> str:
        """The one h1; fails for a page that has none or two, or whose title is another."""
        tree = html.fromstring(self.markup)
        (heading,) = tree.xpath("//h1")
        words = re.sub(r"\s+", " ", heading.text_content()).strip()
        assert tree.findtext(".//title").removeprefix("Error: ").startswith(words)
        return words

    @property
    def section(self) -> str:
        """The section of the navigation that is marked as the page's own."""
        (marked,) = html.fromstring(self.markup).xpath("//nav//a[@aria-current='page']")
        return str(marked.text_content()).strip()

    @property
    def wrong(self) -> list[str]:
        """The ids that the error summary leads to, which stand in the page in the same order."""
        tree = html.fromstring(self.markup)
        links = tree.xpath("//div[contains(@class, 'govuk-error-summary')]//a/@href")
        ids = [str(link).removeprefix("#") for link in links]
        assert ids == [name for name in tree.xpath("//@id") if name in ids]
        return ids

    @property
    def rows(self) -> list[str]:
        """The words of each row of the tables' bodies."""
        found = html.fromstring(self.markup).xpath("//tbody/tr")
        return [re.sub(r"\s+", " ", " ".join(row.itertext())).strip() for row in found]

    def link(self, words: str) -> str:
        """The address behind a link of exactly these words. Raises IndexError for none."""
        found = html.fromstring(self.markup).xpath(
            "//a[normalize-space()=$words]/@href", words=words
        )
        return str(found[0])

    def values(self, name: str) -> list[str]:
        """The values of every input or option of this name, in the page's order."""
        tree = html.fromstring(self.markup)
        found = tree.xpath("//input[@name=$n]/@value | //select[@name=$n]/option/@value", n=name)
        return [str(value) for value in found]

    def addresses(self, begin: str) -> list[str]:
        """The addresses of the links that begin like this, in the page's order."""
        found = html.fromstring(self.markup).xpath("//a[starts-with(@href, $b)]/@href", b=begin)
        return [str(address) for address in found]

    def forms(self, part: str) -> list[str]:
        """The addresses of the forms that hold this part."""
        found = html.fromstring(self.markup).xpath("//form[contains(@action, $p)]/@action", p=part)
        return [str(action) for action in found]


@dataclass(frozen=True)
class Visitor:
    """A signed-in person's browser."""

    app: Flask
    client: FlaskClient

    def open(self, path: str, *, htmx: bool = False) -> Read:
        """Open an address; as htmx does, when asked."""
        headers = {"HX-Request": "true"} if htmx else {}
        with counting(self.app) as statements:
            response = self.client.get(path, headers=headers)
        return Read(response, len(statements))

    def send(self, path: str, data: Mapping[str, Any], *, nonce: str = "") -> Read:
        """Send a form with its token against forgery, and a nonce where one is given."""
        token = csrf_token(self.client.get("/notices").get_data(as_text=True))
        extra = {"csrf_token": token, **({"_nonce": nonce} if nonce else {})}
        with counting(self.app) as statements:
            response = self.client.post(path, data={**data, **extra})
        return Read(response, len(statements))


@dataclass
class Visits:
    """The application over the world, open to everybody in it."""

    standing: Standing
    app: Flask
    visitors: dict[str, Visitor] = field(default_factory=dict)

    @property
    def world(self) -> World:
        """Who and what there is."""
        return self.standing.world

    def by(self, organisation: Organisation, role: Role) -> Visitor:
        """The browser of the person who holds only this role there, signed in once."""
        person = self.world.person(organisation, role)
        if person.email not in self.visitors:
            client = self.app.test_client()
            sign_in(client, person)
            self.visitors[person.email] = Visitor(self.app, client)
        return self.visitors[person.email]


@contextmanager
def counting(app: Flask) -> Iterator[list[str]]:
    """The statements that the application sends meanwhile."""
    contexts: list[Any] = []
    statements: list[str] = []

    def note(_cn: Any, _cu: Any, statement: str, _values: Any, context: Any, _many: bool) -> None:
        # An engine that only reads passes its events on to the one that it was made from, or not.
        if not any(context is known for known in contexts):
            contexts.append(context)
            statements.append(statement)

    database = app.extensions["portal.database"]
    engines = {database.session(writes=writes).get_bind() for writes in (False, True)}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)


@contextmanager
def visiting(databases: Databases, engine: str) -> Iterator[Visits]:
    """The world served on one engine."""
    with standing(databases, engine) as made:
        app = create_app(
            Config(
                database_url=made.address.application,
                operator_url=made.address.owner,
                secret_key="for tests only",
                demonstration=True,
                secure_cookies=False,
                cheap_passwords=True,
                files=str(databases.folder / "files"),
            )
        )
        yield Visits(made, app)
        app.extensions["portal.database"].close()


@pytest.fixture(scope="module", params=ENGINES)
def visits(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Visits]:
    """The world served on SQLite, then on PostgreSQL, once for a file of tests."""
    with visiting(databases, request.param) as made:
        yield made
