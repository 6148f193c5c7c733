"""A Virtual School officer refers a young person in the browser; a provider offers and accepts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.people import come_in, enter_date, heading, overflow
from tests.support.pages import PHONE, CheckPage, NewContext

pytestmark = [pytest.mark.usefixtures("served"), pytest.mark.slow]

REFERRER = "virtual-school@larkminster.example"
ADMINISTRATOR = "admin@lanternway.example"
MENTOR, ASSIGNED = "bethan@lanternway.example", "Bethan Yarnfield"
GIVEN, FAMILY = "Perpetua", "Wolverley"


def test_from_a_referral_to_knowing_who_it_is(open_context: NewContext, axe: CheckPage) -> None:
    referrer = come_in(open_context(), REFERRER)
    reference = refer(referrer)

    provider = come_in(open_context(), ADMINISTRATOR)
    provider.get_by_role("link", name=re.compile(reference)).click()
    expect(provider.get_by_text("calm")).to_be_visible()
    provider.get_by_role("button", name="Make an offer").click()
    heading(provider, f"Offer for {reference}")
    looked_at(provider, axe)
    mentors = provider.get_by_label("Mentor", exact=True)
    chosen = mentors.get_by_role("option", name=ASSIGNED).get_attribute("value")
    mentors.select_option(chosen)
    provider.get_by_label("Price for an hour").fill("42.50")
    provider.get_by_label("What you would do").fill("We begin with short walks.")
    provider.get_by_role("button", name="Send the offer").click()
    expect(provider.get_by_text("Your offer is with the council.")).to_be_visible()

    referrer.goto("/")
    referrer.get_by_role("link", name=f"Choose for {reference}: 1 offer").click()
    looked_at(referrer, axe)
    choice = referrer.get_by_role("link", name="Order from Lanternway Mentoring")
    wide = referrer.viewport_size
    referrer.set_viewport_size(PHONE)
    box = choice.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= PHONE["width"], "chosen without looking off the screen"
    assert wide is not None
    referrer.set_viewport_size(wide)
    choice.click()
    looked_at(referrer, axe)
    referrer.get_by_label("Cost code").fill("VS-4410")
    referrer.get_by_role("button", name="Issue the order form").click()
    heading(referrer, re.compile("^Order form OF-"))
    looked_at(referrer, axe)

    provider.goto("/")
    provider.get_by_role("link", name=re.compile("^Accept order form OF-")).click()
    expect(provider.get_by_text("In all at most")).to_be_visible()
    provider.get_by_role("button", name="Accept the order form").click()
    heading(provider, re.compile("^IA-"))
    expect(provider.get_by_text(FAMILY)).to_have_count(0)
    agreement = provider.url
    provider.get_by_role("link", name="Who it is").click()
    expect(provider.get_by_text(f"{GIVEN} {FAMILY}")).to_be_visible()
    looked_at(provider, axe)
    provider.get_by_role("link", name="Who may know this").click()
    expect(provider.get_by_role("row", name=re.compile(ASSIGNED))).to_be_visible()
    looked_at(provider, axe)

    mentor = come_in(open_context(), MENTOR)
    mentor.goto(f"{agreement}/young-person")
    expect(mentor.get_by_text(f"{GIVEN} {FAMILY}")).to_be_visible()


def refer(page: Page) -> str:
    """Refer somebody new to all who are eligible, with what the pages fill in; the reference."""
    page.goto("/referrals/new")
    page.get_by_label("What is needed?").select_option(label="1a One-to-one mentoring")
    page.get_by_label("Somebody new").check()
    page.get_by_label("Given names").fill(GIVEN)
    page.get_by_label("Family name").fill(FAMILY)
    enter_date(page, "Date of birth", 14, 3, 2012)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("What does the young person need?").fill("Somebody calm who builds things.")
    page.get_by_label("Engagement with education").check()
    page.get_by_label("Hours a week").fill("2")
    page.get_by_label("Hours in total").fill("40")
    page.get_by_label("Area", exact=True).fill("North Larkminster")
    page.get_by_label("All eligible providers").check()
    page.get_by_role("button", name="Save and see who can be asked").click()
    page.get_by_role("button", name="Send to 1 provider").click()
    reference = page.get_by_role("heading", level=1).inner_text()
    assert re.fullmatch("RF-.{4}-.{4}", reference)
    return reference


def looked_at(page: Page, axe: CheckPage) -> None:
    """Nothing is wrong with the page, and it fits a phone."""
    axe(page)
    page.set_viewport_size(PHONE)
    assert overflow(page) == 0
    page.set_viewport_size({"width": 1280, "height": 900})
