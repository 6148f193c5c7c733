"""A provider prices its bid, and sees at once what each price would mean."""

from __future__ import annotations

import pytest

from tests.frameworks.applications.arranged import Applicant, arranged, begin, colleague
from tests.support.visits import Visits


@pytest.fixture(scope="module")
def one(visits: Visits) -> Applicant:
    """An application for mentoring and fostering, shared by this file's tests."""
    applicant = begin(visits, arranged(visits))
    applicant.choose("1a", "2a", "2b")
    return applicant


def test_each_way_to_type_a_price_is_taken_or_refused_with_its_sentence(one: Applicant) -> None:
    wrong = {
        "0": "Enter a price above £0.00",
        "90.12345": "Enter pounds and pence with at most two decimals, like 42.00",
        "-1": "Enter an amount that is not below zero",
        "1,000": "The price must be below £45.00; £45.00 itself is too much",
        "45": "The price must be below £45.00; £45.00 itself is too much",
        "4.99": "The price must be £5.00 or more, which is the lowest accepted",
        "ten": "Enter the amount in figures, like 42.00",
    }
    for typed, sentence in wrong.items():
        answer = one.price("1a", typed)
        assert answer.status == 422, typed
        assert sentence in answer.words
        assert answer.values("price_1") == [typed]
    taken = {"007": "7.00", "£10": "10.00", "１２": "12.00", " 44.99 ": "44.99"}  # noqa: RUF001
    for typed, kept in taken.items():
        assert one.price("1a", typed).status == 303, typed
        assert one.visitor.open(f"{one.home}/prices/1a").values("price_1") == [kept]
    assert one.price("2a", "1,000", "").status == 303
    assert one.visitor.open(f"{one.home}/prices/2a").values("price_1") == ["1000.00"]
    assert "2a Standard fostering, 11-17: Enter a price" in one.tasks().words


def test_what_a_price_means_is_said_while_it_is_typed(one: Applicant) -> None:
    path = f"{one.home}/prices/2a"
    page = one.visitor.open(path)
    assert "Optimum price £720.00" in page.words and "40 of 100 points are for price" in page.words
    seen = {f"version-{place}": page.values(f"version-{place}")[0] for place in (1, 2)}
    said = one.type(f"{path}/draft", {"price_1": "900", "price_2": "8 00", **seen})
    assert "<html" not in said.markup and said.status == 200
    assert "Points for price 32.00 of 40" in said.words
    assert "Enter the amount in figures" in said.words and "Saved at" in said.words
    again = one.visitor.open(path)
    assert again.values("price_1") == ["900.00"]
    assert again.values("price_2") == [""] or again.values("price_2") == []
    hourly = one.visitor.open(f"{one.home}/prices/1a")
    assert "Accepted: £5.00 or more, below £45.00" in hourly.words
    assert one.price("1a", "28").status == 303
    means = one.visitor.open(f"{one.home}/prices/1a").words
    assert "Price band A" in means and "£28,000.00" in means and "40.00 of 40" in means


def test_no_price_is_ever_in_an_address(one: Applicant) -> None:
    page = one.visitor.open(f"{one.home}/prices/1a")
    assert 'data-hx-post="' in page.markup and "data-hx-get" not in page.markup
    assert page.markup.count('method="get"') == 0


def test_a_colleague_changed_the_price_meanwhile(visits: Visits, one: Applicant) -> None:
    path = f"{one.home}/prices/1a"
    seen = one.visitor.open(path).values("version-1")[0]
    assert colleague(visits, one).price("1a", "31").status == 303
    conflict = one.visitor.send(path, {"price_1": "29", "version-1": seen})
    assert conflict.status == 409
    assert "saved a price on" in conflict.words and "£31.00" in conflict.words
    assert conflict.values("price_1") == ["29"]
    newest = conflict.values("version-1")[0]
    assert one.visitor.send(path, {"price_1": "29", "version-1": newest}).status == 303
    assert one.visitor.open(path).values("price_1") == ["29.00"]


def test_only_what_is_bid_for_and_priced_has_a_page(one: Applicant) -> None:
    assert one.visitor.open(f"{one.home}/prices/2b").status == 404
    assert one.visitor.open(f"{one.home}/prices/9z").status == 404
