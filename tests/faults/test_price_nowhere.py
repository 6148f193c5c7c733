"""Before opening a price is in no page, fragment, export, database file, log or dump, neither
plain nor encoded (promise 8). After opening it is found, so the search does search."""

from __future__ import annotations

import logging
from collections import deque

import pytest
from flask import Flask
from sqlalchemy import select

from portal.identity.models import Membership, Organisation, Person
from portal.identity.rules import Role, role_fits
from portal.kernel.clock import set_clock
from portal.kernel.database import Database
from portal.kernel.session import FormReceipt
from tests.faults.bidding import Fair, make_fair
from tests.faults.needles import PRICE, finds, links, stored
from tests.makers import make_person, make_provider
from tests.makers.rounds import PHRASE
from tests.support.background import RunJobs
from tests.support.databases import Address, Databases
from tests.support.size import size
from tests.visiting import Visitor, stranger, visit

pytestmark = pytest.mark.slow

MOST_PAGES = size(14, 400)  # of one person
ROLES = size((Role.COMMISSIONER, Role.AUDITOR, Role.BIDS), tuple(Role))


def browser(app: Flask, fair: Fair, person: Person, organisation: Organisation) -> Visitor:
    with fair.operating() as session:
        membership = session.scalars(
            select(Membership).where(
                Membership.person_id == person.id, Membership.organisation_id == organisation.id
            )
        ).one()
        return visit(app, session, membership)


def others(app: Flask, fair: Fair) -> list[Visitor]:
    """Everybody but the bidder: each role of the council and of a rival, and the public."""
    with fair.operating() as session:
        people = [
            (make_person(session, organisation=one, roles=[role]), one)
            for one in (fair.council, make_provider(session))
            for role in ROLES
            if role_fits(one.kind, role)
        ]
    return [*(browser(app, fair, *one) for one in people), stranger(app)]


def crawled(visitor: Visitor, starts: list[str]) -> int:
    """Follow every link from these pages, as pages and fragments; none holds the price."""
    waiting, seen = deque(starts), set(starts)
    asked = 0
    while waiting and asked < MOST_PAGES:
        path = waiting.popleft()
        asked += 1
        page, part = visitor.get(path), visitor.get(path, fragment=True)
        assert finds(page.data) == finds(part.data) == set(), path
        new = [link for link in dict.fromkeys(links(page.text)) if link not in seen]
        seen.update(new)
        waiting.extend(new)
    return asked


def test_the_price_is_nowhere_until_two_people_open(
    app: Flask,
    owner_database: Database,
    address: Address,
    databases: Databases,
    run_jobs: RunJobs,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    fair = make_fair(owner_database, bidders=1)
    (bidder,) = fair.bidders
    own = browser(app, fair, bidder.person, bidder.provider)
    home = f"/applications/{bidder.application.id}"
    typed = {"price_1": PRICE, "version-1": "1"}
    wrong = own.post(f"{home}/prices/1a", {**typed, "price_1": f"{PRICE}9", "_nonce": "never"})
    assert wrong.status_code == 422
    assert own.post(f"{home}/prices/1a/draft", typed, fragment=True).status_code == 200
    saved = own.post(f"{home}/prices/1a", {**typed, "version-1": "2", "_nonce": "once"})
    assert saved.status_code == 303
    check = own.get(f"{home}/check")
    assert finds(check.data), "its own provider reads it"
    seen = own.get(f"{home}/submit").text.split('name="seen"')[1].split('value="')[1].split('"')[0]
    declared = {"declared_as": "Director", "declare": "y", "seen": seen, "_nonce": "twice"}
    assert own.post(f"{home}/submit", declared).status_code == 303
    with fair.operating() as session:
        assert session.scalars(select(FormReceipt.nonce)).all() == ["once", "twice"]
    run_jobs()

    rounds = [f"/rounds/{fair.round.id}", f"/rounds/{fair.round.id}/opening"]
    starts = [
        "/",
        *rounds,
        "/rounds",
        "/opportunities",
        "/record",
        f"/frameworks/{fair.framework.id}",
    ]
    for visitor in others(app, fair):
        assert crawled(visitor, starts) > len(starts)
        export = visitor.post("/record/export", {"kind": "csv"})
        assert finds(export.data) == set()
        exchange = visitor.get(home)
        assert exchange.status_code in (303, 403, 404) and finds(exchange.data) == set()
    assert {name: finds(kept) for name, kept in stored(address, databases) if finds(kept)} == {}
    assert finds(caplog.text.encode()) == set()

    with fair.operating() as session:
        set_clock(session, fair.round.closes_at)
    for person in fair.openers:
        opener = browser(app, fair, person, fair.council)
        answer = opener.post(f"/rounds/{fair.round.id}/opening", {"phrase": PHRASE})
        assert (answer.status_code, finds(answer.data)) == (303, set())
    assert fair.opened_at() is not None
    assert any(finds(kept) for _, kept in stored(address, databases)), (
        "once opened it is written down"
    )
