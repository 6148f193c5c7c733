"""Somebody at the portal's pages without a browser: a form is opened, filled in and sent whole.

What the page fills in already, its token and its nonce go back with it, as from a browser.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from lxml import html
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse


@dataclass(frozen=True)
class Form:
    """A form as it is shown."""

    target: str
    element: Any

    def choices(self, name: str, label: str = "") -> list[str]:
        """The values that a field offers to choose from; only those of this label, if one is."""
        boxes = self.element.xpath(
            ".//input[@name=$n and (@type='radio' or @type='checkbox')]", n=name
        )
        offered = {
            str(box.get("value")): self.element.xpath("string(.//label[@for=$i])", i=box.get("id"))
            for box in boxes
        } | {
            str(one.get("value")): one.text_content()
            for one in self.element.xpath(".//select[@name=$n]/option[@value != '']", n=name)
        }
        return [code for code, said in offered.items() if label in ("", said.strip())]

    def asks(self, name: str, kind: str) -> bool:
        """Whether it has such a field."""
        return bool(self.element.xpath(".//input[@name=$n and @type=$k]", n=name, k=kind))

    def filled_in(self, typed: dict[str, Any]) -> MultiDict[str, Any]:
        """All its fields with what is typed into some; a name like score-* stands for all such."""
        fields: MultiDict[str, Any] = MultiDict(self.element.form_values())
        names = sorted({str(one.name) for one in self.element.inputs if one.name})
        for name, value in typed.items():
            found = [one for one in names if one.startswith(name[:-1])]
            for one in found if name.endswith("*") else [name]:
                fields.setlist(one, value if isinstance(value, list) else [value])
        return fields


@dataclass(frozen=True)
class Desk:
    """A person's browser."""

    client: FlaskClient

    def read(self, address: str) -> str:
        """The words of a page's main part, with single spaces between them."""
        return words(self._get(address))

    def link(self, address: str, begins: str) -> str:
        """The address behind the first link of a page whose words begin like this."""
        answer = self._get(address)
        for found in html.fromstring(answer.text).xpath("//main//a"):
            if " ".join(found.text_content().split()).startswith(begins):
                return str(found.get("href"))
        raise AssertionError(f"no link “{begins}” on {address}: {words(answer)}")

    def pages(self, address: str) -> list[str]:
        """The addresses below this one that a page links to, in its order."""
        links = html.fromstring(self._get(address).text).xpath("//main//a/@href")
        return list(dict.fromkeys(str(one) for one in links if one.startswith(f"{address}/")))

    def missing(self, address: str) -> list[str]:
        """Where the list of what is missing leads; nothing where there is none."""
        tree = html.fromstring(self._get(address).text)
        below = "//h2[.='What is missing']/following-sibling::ul[1]//a/@href"
        return [str(one) for one in tree.xpath(below)]

    def form(self, address: str, action: str = "") -> Form:
        """The form of a page; ``action`` is a part of its own address, where there are several."""
        answer = self._get(address)
        for form in html.fromstring(answer.text).forms:
            main = next(form.iterancestors("main"), None)
            if main is not None and form.method == "POST" and action in (form.action or ""):
                return Form(form.action or address, form)
        raise AssertionError(f"no form {action} on {address}: {words(answer)}")

    def send(self, form: Form, **typed: Any) -> TestResponse:
        """Fill in a form and send it, whatever the answer is."""
        return self.client.post(form.target, data=form.filled_in(typed))

    def fill(self, address: str, /, action: str = "", **typed: Any) -> str:
        """Fill in the form of a page and send it: the address that it leads to."""
        answer = self.send(self.form(address, action), **typed)
        assert answer.status_code == 303, words(answer)
        return str(answer.location)

    def _get(self, address: str) -> TestResponse:
        answer = self.client.get(address)
        assert answer.status_code == 200, f"{address}: {answer.status_code} {words(answer)}"
        return answer


def words(answer: TestResponse) -> str:
    """What an answer says in its main part."""
    tree = html.fromstring(answer.text or "<p></p>")
    (main,) = tree.xpath("//main") or [tree]
    return re.sub(r"\s+", " ", " ".join(main.itertext())).strip()


def day(name: str, iso: str) -> dict[str, str]:
    """The three boxes of a date, of a day like 2020-02-01."""
    year, month, number = iso.split("-")
    return {f"{name}-day": number, f"{name}-month": month, f"{name}-year": year}
