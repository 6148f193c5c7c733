"""A complaint in the browser: taken up, acknowledged, answered and closed; its sender sees it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.people import come_in, enter_date, heading, overflow
from tests.support.pages import PHONE, CheckPage, NewContext

pytestmark = pytest.mark.usefixtures("served")

MANAGER = "complaints@larkminster.example"
HARD = (
    "Following comprehensive consideration of representations received concerning unanticipated "
    "cancellations, appropriate organisational arrangements are being implemented immediately."
)
EASY = (
    "We are sorry. Your mentor did not come and you were not told. That was wrong. "
    "From now on we will send you a text on the day before. You can tell us if it happens again."
)


def _step(page: Page, reference: str, name: str) -> None:
    heading(page, f"Complaint {reference}")
    page.get_by_role("main").get_by_role("link", name=name, exact=True).last.click()
    heading(page, name)
    assert overflow(page) == 0


def _handle(page: Page, reference: str) -> None:
    page.goto("/complaints")
    page.get_by_role("link", name=reference).click()
    _step(page, reference, "Take it up")
    page.get_by_role("button", name="Take it up").click()
    expect(page.get_by_role("link", name="Choose the track")).to_be_visible()
    page.get_by_label("Children's statutory complaint").check()
    page.get_by_label("Why this track").fill("A child in our care")
    page.get_by_label("What it is about").fill("The mentor did not come\nNobody said so before")
    page.get_by_role("button", name="Take it up").click()
    expect(page.get_by_role("main")).to_contain_text("Stage 1, local answer: to be answered")

    _step(page, reference, "Acknowledge it")
    expect(page.get_by_label("What you tell them")).to_have_value(re.compile("Thank you"))
    page.get_by_role("button", name="Send").click()
    _step(page, reference, "Take longer")
    enter_date(page, "New date", 22, 10, 2026)
    page.get_by_label("Reason").fill("The mentor is away this week.")
    page.get_by_role("button", name="Extend and tell them").click()
    for number in range(2):
        _step(page, reference, "Say what was found")
        page.get_by_role("group", name="Point").get_by_role("radio").nth(0).check()
        page.get_by_role("group", name="What was found").get_by_label("Upheld", exact=True).check()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Upheld at stage 1")).to_have_count(number + 1)

    _step(page, reference, "Answer this stage")
    page.get_by_label("What you tell them").fill(HARD)
    page.get_by_role("button", name="Check how it reads").click()
    expect(page.get_by_role("main")).to_contain_text("Aim for 9")
    page.get_by_label("What you tell them").fill(EASY)
    page.get_by_role("button", name="Send the answer").click()
    _step(page, reference, "Close it")
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_role("main")).to_contain_text("The complaint is closed.")


def _follow(page: Page, reference: str, passphrase: str) -> None:
    page.goto("/young-people/larkminster-city-council/follow")
    page.locator("[name=reference]").fill(reference)
    page.locator("[name=passphrase]").fill(passphrase)
    page.get_by_role("button", name="Open it").click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("From now on we will send you a text")
    expect(main).to_contain_text("We will answer you by 22 October 2026")
    expect(main).to_contain_text("you can ask us to look again")
    assert "Children's statutory" not in main.inner_text()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("scripts", "reference", "passphrase"),
    [
        (True, "CT-7K3M-9QPD", "maple lantern otter river"),
        (False, "CT-6QRS-2WXY", "gentle pebble willow kite"),
    ],
    ids=["with JavaScript", "without JavaScript"],
)
def test_a_complaint_is_answered_and_its_sender_sees_it(
    open_context: NewContext, scripts: bool, reference: str, passphrase: str
) -> None:
    page = come_in(open_context(java_script_enabled=scripts), MANAGER)
    _handle(page, reference)
    _follow(
        open_context(java_script_enabled=scripts, viewport=PHONE).new_page(), reference, passphrase
    )


def test_the_managers_pages_are_whole(open_context: NewContext, axe: CheckPage) -> None:
    page = come_in(open_context(), MANAGER)
    for address in (
        "/complaints",
        "/alerts",
        "/learning",
        "/complaint-figures",
        "/complaints/kept",
        "/complaints/new",
    ):
        page.goto(address)
        axe(page)
    page.goto("/complaints?state=every")
    page.get_by_role("link", name="CT-6VQT-4NRC").click()
    axe(page)
    page.set_viewport_size(PHONE)
    assert overflow(page) == 0
