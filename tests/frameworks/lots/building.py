"""A commissioner at the forms of a framework's set-up: what is typed, and where it leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.support.visits import Read, Visitor


def day(name: str, text: str) -> dict[str, str]:
    """A date's three boxes, of a day like 2020-02-01."""
    year, month, number = text.split("-")
    return {f"{name}-day": number, f"{name}-month": month, f"{name}-year": year}


@dataclass(frozen=True)
class Builder:
    """Fills in one framework's forms."""

    visitor: Visitor
    home: str

    def send(self, path: str, **typed: Any) -> Read:
        """Open a form of the set-up and send it, with the version that it shows."""
        address = f"{self.home}/{path}"
        shown = self.visitor.open(address)
        assert shown.status == 200, shown.words
        version = shown.values("version")
        return self.visitor.send(address, {**typed, **({"version": version[0]} if version else {})})

    def fill(self, path: str, **typed: Any) -> str:
        """The same, taken: the address it leads to."""
        answer = self.send(path, **typed)
        assert answer.status == 303, answer.words
        return str(answer.response.location)

    def add_lot(self, number: int, title: str) -> str:
        """Add a lot: the path of its forms."""
        self.fill("lots/new", number=str(number), title=title)
        page = self.visitor.open(self.home)
        return page.link(f"Add a category to lot {number}").split("/set-up/")[1]

    def add_category(self, new: str, code: str, title: str, **typed: Any) -> str:
        """Add a category to a lot: the path of its own page."""
        usual = {"unit": "night", "price_method": "optimum", "limit": "at-most"}
        led_to = self.fill(new, **{**usual, "code": code, "title": title, **typed})
        return led_to.split("/set-up/")[1]


def make(visitor: Visitor, **typed: Any) -> Builder:
    """Make a framework with what is typed, else usual things."""
    usual = {
        "title": "Mentoring", "reference": "FW-1", "summary": "Mentors for young people in care.",
        "regime": "procurement-act-2023", "light_touch": "y", "payment_days": "30",
        **day("starts_on", "2026-09-01"), **day("ends_on", "2029-08-31"),
    }  # fmt: skip
    answer = visitor.send("/frameworks/new", {**usual, **typed})
    assert answer.status == 303, answer.words
    return Builder(visitor, str(answer.response.location))
