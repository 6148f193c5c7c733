"""Two people open the demonstration's round after closing: one with JavaScript, one without."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from portal.kernel.clock import set_clock
from portal.kernel.database import Database
from portal.kernel.tenancy import Scope, Task
from tests.journeys.people import come_in, heading, overflow
from tests.support.pages import PHONE, CheckPage, NewContext
from tests.support.server import Served

PHRASE = "heron-lantern-orchard-tuesday"  # printed when the demonstration is made


@pytest.mark.slow
def test_the_second_share_opens_what_one_alone_does_not(
    served: Served, open_context: NewContext, axe: CheckPage
) -> None:
    _clock(served, datetime(2026, 10, 30, 11, 59, tzinfo=UTC))
    first = come_in(open_context(), "commissioner@harrowmere.example")
    first.get_by_role("navigation").get_by_role("link", name="Rounds", exact=True).click()
    first.get_by_role("table").get_by_role("link", name="First round").first.click()
    first.get_by_role("link", name="Opening of the bids").click()
    main = first.get_by_role("main")
    expect(main).to_contain_text("Until then nobody can learn how many bids there are")
    expect(first.get_by_role("button", name="Give my share")).to_have_count(0)

    _clock(served, datetime(2026, 10, 30, 12, 1, tzinfo=UTC))
    first.reload()
    _give(first, "not-the-phrase-of-this-key")
    expect(first).to_have_title("Error: Opening of the bids – Placewell")
    expect(main).to_contain_text("This is not the pass phrase of your key")
    axe(first)
    _give(first, PHRASE)
    expect(main).to_contain_text("The bids open when the other person gives theirs.")
    expect(main).not_to_contain_text("Applications opened")

    second = come_in(
        open_context(java_script_enabled=False, viewport=PHONE), "commissioner@tarnbridge.example"
    )
    second.get_by_role("main").get_by_role("link", name="First round").first.click()
    if second.get_by_role("link", name="Opening of the bids").count():
        second.get_by_role("link", name="Opening of the bids").click()
    heading(second, "Opening of the bids")
    assert overflow(second) == 0
    expect(second.get_by_role("main")).to_contain_text("The other person has given theirs")
    _give(second, PHRASE)
    expect(second.get_by_role("main")).to_contain_text("Applications opened")
    assert overflow(second) == 0
    first.reload()
    expect(main).to_contain_text("Applications opened")
    axe(first)


def _give(page: Page, phrase: str) -> None:
    page.get_by_label("Pass phrase of your key").fill(phrase)
    page.get_by_role("button", name="Give my share").click()


def _clock(served: Served, moment: datetime) -> None:
    database = Database(served.database)
    with database.transaction(Scope.system(Task.OPERATOR)) as session:
        set_clock(session, moment)
    database.close()
