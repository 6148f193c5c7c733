"""What people write never becomes markup, whoever reads it (promise 7).

On SQLite: the templates that escape it are the same on both engines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from playwright.sync_api import Page
from sqlalchemy import Connection, Enum, String, text, update
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from portal import create_app
from portal.config import Config
from portal.identity.models import Membership
from portal.kernel.pages import DOWNLOAD_POLICY, SECURITY_HEADERS
from portal.kernel.tenancy import Scope, Task, table_of
from tests.access.cells import Cell, cells
from tests.access.expectations import models
from tests.complaints.somebody import ANSWERS, somebody_at
from tests.faults.payloads import PAYLOADS
from tests.support.databases import Databases
from tests.support.size import size
from tests.visiting import Visitor, stranger, visit
from tests.world import Standing, standing

OPERATOR = Scope.system(Task.OPERATOR)
TRIED = PAYLOADS[:: size(17, 1)]
ROUNDS = size(1, 4)
WHOLE = "\n".join(TRIED)
RUNS = re.compile(
    r"^[\s\x00-\x20]*((javascript|vbscript|data|blob)\s*:|(https?:)?//xqmark)", re.IGNORECASE
)
ADDRESSES = {"href", "src", "action", "formaction", "data", "poster", "xlink:href", "content"}
NOT_WRITTEN = re.compile(
    r"digest|hash|secret|salt|nonce|email|_id$|^(code|event|subject_kind|key|kind|endpoint\w*|"
    r"location|sha256|address|web|account_number|sort_code|vat_number|reference|language)$"
)
"""Columns that the portal fills, or whose shape a form holds to more than their length."""
NAMED_IN_ADDRESSES = {("organisation", "name"), ("stored_file", "name")}
CODES = {("clearance", "result")}
"""Of a closed list, though its column says no more than that it is text."""
ENDS_THE_VISIT = ("identity.", "recovery.", "joining.", "second_step.", "following.leave")


@dataclass
class Portal:
    """The application over the world, with the browsers of everybody who was asked for."""

    place: Standing
    app: Flask
    browsers: dict[object, Visitor] = field(default_factory=dict)

    def pages(self) -> list[Cell]:
        """Each page once for each role that may read it; everyday, once."""
        chosen: dict[object, Cell] = {}
        for cell in cells(self.app, self.place.world):
            role = cell.who.role if cell.who else None
            if cell.method == "GET" and cell.refusal is None and not cell.fragment:
                chosen.setdefault((cell.endpoint, size(None, role)), cell)
        return [cell for cell in chosen.values() if not cell.endpoint.endswith(".leave")]

    def browser(self, cell: Cell) -> Visitor:
        """The browser of whoever asks."""
        if cell.who is None:
            return self.browsers.setdefault(None, stranger(self.app))
        key = cell.who.person.id
        if key not in self.browsers:
            own = self.place.world.memberships[key]
            with self.place.owner.transaction(OPERATOR) as session:
                membership = session.get_one(Membership, own.id)
                self.browsers[key] = visit(self.app, session, membership)
        return self.browsers[key]


@pytest.fixture(scope="module")
def portal(databases: Databases) -> Iterator[Portal]:
    """The portal over a world of its own."""
    with standing(databases, "sqlite") as place:
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
        yield Portal(place, app)
        app.extensions["portal.database"].close()


def taken_up(answer: TestResponse) -> list[str]:
    """What of a payload became more than text in an answer."""
    policy = answer.headers["Content-Security-Policy"]
    assert policy in {SECURITY_HEADERS["Content-Security-Policy"], DOWNLOAD_POLICY}
    if answer.mimetype != "text/html" or not answer.data:
        downloaded = answer.headers.get("Content-Disposition", "").startswith("attachment")
        shown = {"text/html", "image/svg+xml", "application/xhtml+xml"}
        return [] if downloaded or answer.mimetype not in shown else [answer.mimetype]
    found = ["a template was worked out"] if "xq7mark7" in answer.text else []
    for element in html.fromstring(answer.text).iter():
        if not isinstance(element.tag, str):
            found += ["a comment"] * ("xqmark" in str(element.text))
            continue
        ran = element.tag in {"script", "style"} and "xqmark" in (element.text or "")
        if ran or "xqmark" in element.tag:
            found.append(f"<{element.tag}>")
        found += [
            f"<{element.tag} {name}={value[:60]!r}>"
            for name, value in element.attrib.items()
            if "xqmark" in name
            or name.startswith(("on", "hx-on", "data-hx-on", "style"))
            or (name in ADDRESSES and RUNS.match(value))
        ]
    return found


def forms(answer: TestResponse) -> list[Any]:
    """The forms of a page that change something."""
    if answer.mimetype != "text/html" or not answer.data:
        return []
    return list(
        html.fromstring(answer.text).xpath("//form[translate(@method,'POST','post')='post']")
    )


def filled(form: Any, words: str, *, sensible: bool) -> tuple[dict[str, Any], int]:
    """What a form sends with these words in its text fields, and how many of those there are.

    ``sensible``: no longer than the field takes; dates, sums and addresses as they should be.
    """
    sent: dict[str, Any] = {"_nonce": uuid4().hex}
    places = 0
    for one in form.xpath(".//input[@name] | .//textarea[@name] | .//select[@name]"):
        name, kind = one.get("name"), one.get("type", "text")
        if one.tag == "select":
            options = [option.get("value") for option in one.xpath(".//option[@value!='']")]
            sent[name] = options[-1] if options else ""
        elif kind in {"hidden", "radio", "checkbox"}:
            sent.setdefault(name, one.get("value", ""))
        elif kind not in {"file", "submit", "button"}:
            shape = _shape(name, one.get("inputmode"), kind) if sensible else None
            longest = (one.get("data-maxlength") or one.get("maxlength")) if sensible else None
            sent[name] = shape or (words[: int(longest)] if longest else words)
            places += shape is None
    return sent, places


def _shape(name: str, inputmode: str | None, kind: str) -> str | None:
    ends = {"-day": "1", "-month": "5", "-year": "2026"}
    for end, value in ends.items():
        if name.endswith(end):
            return value
    if kind in {"email", "tel", "password"} or inputmode in {"numeric", "decimal", "email", "tel"}:
        return "1" if inputmode in {"numeric", "decimal"} else "sam@school.example"
    return None


def test_there_are_two_hundred_and_each_is_told_from_the_portals_own() -> None:
    assert len(set(PAYLOADS)) == 200 and all("xqmark" in one for one in PAYLOADS)
    page = "<p>{}</p>"
    seen = [one for one in PAYLOADS if _seen_unescaped(page.format(one))]
    assert len(seen) > 100, "the eye that looks for them would see them"


def _seen_unescaped(markup: str) -> list[str]:
    answer = TestResponse(
        [markup.encode()], "200 OK",
        {"Content-Type": "text/html", **SECURITY_HEADERS}, request=None,  # type: ignore[arg-type]
    )  # fmt: skip
    return taken_up(answer)


@pytest.mark.slow
def test_every_form_keeps_what_is_written_in_it_as_text(portal: Portal) -> None:
    """Each form first with all of them in every text field, which most refuse and show again; then
    in turn with as many as fit, which is saved where the rest of the form is right."""
    wrong: list[str] = []
    tried, shown, saved = set(), set(), set()
    turn = count()
    for round_ in range(ROUNDS):
        for cell in portal.pages():
            for form in forms(portal.browser(cell).get(cell.url)):
                address = form.get("action") or cell.url
                endpoint = _endpoint(portal.app, address)
                if endpoint is None or endpoint.startswith(ENDS_THE_VISIT):
                    continue
                if (endpoint, round_) in tried:
                    continue
                tried.add((endpoint, round_))
                visitor = portal.browser(cell)
                some = TRIED[next(turn) * 7 % len(TRIED)]
                for words, sensible in ((WHOLE, False), (some, True)):
                    data, places = filled(form, words, sensible=sensible)
                    if not places:
                        continue
                    answer = visitor.post(address, data)
                    assert answer.status_code < 500, (address, answer.text[-2000:])
                    wrong += [f"POST {address}: {one}" for one in taken_up(answer)]
                    if answer.status_code == 422 and TRIED[-1] in unescape(answer.text):
                        shown.add(endpoint)
                    if answer.status_code == 303:
                        saved.add(endpoint)
                        wrong += [
                            f"after POST {address}: {one}"
                            for one in taken_up(visitor.get(answer.location))
                        ]
    assert wrong == []
    assert len(tried) >= 40 * ROUNDS and len(saved) >= 6, (len(tried), sorted(saved))
    assert len(shown) >= 60, sorted(shown)


def test_what_somebody_without_an_account_writes_stays_text(portal: Portal) -> None:
    somebody = somebody_at(portal.app)
    wrong: list[str] = []
    for question in ANSWERS:
        shown = somebody.get(f"/tell-us/{question}")
        wrong += taken_up(shown)
        asked = [form for form in forms(shown) if form.xpath(".//*[@name='_nonce']")]
        for form in asked[:1]:
            data, _ = filled(form, WHOLE, sensible=False)
            data = {**data, **{k: v for k, v in ANSWERS[question].items() if k in _radios(form)}}
            wrong += taken_up(somebody.post(f"/tell-us/{question}", data))
        somebody.say(question, **ANSWERS[question])
    wrong += taken_up(somebody.get("/tell-us/check"))
    somebody.say("happened", happened=WHOLE[:18_000])
    somebody.say("wish", wish=WHOLE[:18_000])
    somebody.say("name", named="yes", name=TRIED[0][:100])
    wrong += taken_up(somebody.get("/tell-us/check"))
    assert somebody.send().status_code == 303
    wrong += taken_up(somebody.get("/tell-us/sent"))
    assert wrong == []


def _radios(form: Any) -> set[str]:
    return set(form.xpath(".//input[@type='radio']/@name"))


def _endpoint(app: Flask, address: str) -> str | None:
    try:
        endpoint, _ = app.url_map.bind("").match(address.split("?", maxsplit=1)[0], method="POST")
    except HTTPException:
        return None
    return str(endpoint)


def write_everywhere(connection: Connection) -> int:
    """Put all of them into every column that people fill, as if every form let them through."""
    for (trigger,) in connection.execute(
        text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%refuses%'")
    ).all():
        connection.execute(text(f"DROP TRIGGER {trigger}"))
    written = 0
    for model in models():
        table = table_of(model)
        for column in table.columns:
            if not isinstance(column.type, String) or isinstance(column.type, Enum):
                continue
            named = (table.name, column.name)
            if NOT_WRITTEN.search(column.name) or named in NAMED_IN_ADDRESSES | CODES:
                continue
            try:
                with connection.begin_nested():
                    written += bool(
                        connection.execute(update(table).values({column.name: WHOLE})).rowcount
                    )
            except IntegrityError:
                continue
    return written


def test_what_is_kept_is_shown_as_text_on_every_page(portal: Portal) -> None:
    with portal.place.owner.transaction(OPERATOR) as session:
        assert write_everywhere(session.connection()) >= 110
    wrong: list[str] = []
    shown = 0
    for cell in portal.pages():
        answer = portal.browser(cell).get(cell.url)
        assert answer.status_code != 500, (str(cell), answer.text[-1500:])
        shown += "xqmark" in answer.get_data().decode(errors="replace")
        wrong += [f"{cell}: {one}" for one in taken_up(answer)]
    assert wrong == []
    assert shown >= 40, shown


def test_none_of_them_runs_in_a_browser(portal: Portal, page: Page) -> None:
    """Pages of either side, with everything written everywhere, as Chromium reads
    them."""
    with portal.place.owner.transaction(OPERATOR) as session:
        write_everywhere(session.connection())
    chosen = [cell for cell in portal.pages() if cell.endpoint in SHOWN_IN_BROWSER]
    assert len(chosen) >= len(SHOWN_IN_BROWSER)
    answers = {cell.url: portal.browser(cell).get(cell.url) for cell in chosen}
    anybody = portal.app.test_client()
    page.route("**/*", lambda route: _fulfil(route, anybody, answers))
    for url in answers:
        page.goto(f"http://localhost{url}")
        assert page.evaluate("typeof window.xqmark") == "undefined", url
        assert "xqmark" in page.content(), url


SHOWN_IN_BROWSER = {
    "agreements.show",
    "complaints.show",
    "delivery.sessions.edit",
    "inbox.show",
    "invoicing.show",
    "offers.compare",
    "referrals.show",
}


def _fulfil(route: Any, client: FlaskClient, answers: dict[str, TestResponse]) -> None:
    path = route.request.url.removeprefix("http://localhost")
    answer = answers.get(path) or client.get(path)
    route.fulfill(status=answer.status_code, headers=dict(answer.headers), body=answer.get_data())
