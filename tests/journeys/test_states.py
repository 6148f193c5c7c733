"""What people meet off the straight way: nothing yet, not allowed, signed out, back again."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.people import (
    APPROVER,
    FINANCE,
    MENTOR,
    NOTHING_YET,
    come_in,
    enter_date,
    fill_in_who,
    heading,
)
from tests.support.pages import NewContext

pytestmark = pytest.mark.usefixtures("served")


def test_a_provider_with_nothing_reads_sentences_and_not_empty_tables(
    open_context: NewContext,
) -> None:
    page = come_in(open_context(), NOTHING_YET)
    for address in ("/invoices", "/delivery", "/agreements", "/mentors"):
        page.goto(address)
        expect(page.locator(".portal-empty__sentence").first).to_have_text(re.compile(r"\w.*\.$"))
        assert page.locator("main table").count() == 0, address


def test_what_a_role_may_not_have_is_neither_offered_nor_given(open_context: NewContext) -> None:
    page = come_in(open_context(), MENTOR)
    navigation = page.get_by_role("navigation", name="Main")
    expect(navigation.get_by_role("link", name="Invoices")).to_have_count(0)
    answer = page.goto("/invoices")
    assert answer is not None
    assert answer.status == 403
    expect(page.locator("[data-refusal]")).to_be_visible()
    page.get_by_role("link", name="Go to the start page").click()
    heading(page, "Your agreements")


def test_a_link_from_a_message_is_returned_to_after_signing_in(open_context: NewContext) -> None:
    page = open_context().new_page()
    page.goto("/invoices?state=paid")
    heading(page, "Sign in")
    fill_in_who(page, APPROVER)
    assert page.url.endswith("/invoices?state=paid")
    heading(page, "Invoices")


@pytest.mark.parametrize("javascript", [True, False], ids=["htmx", "without"])
def test_somebody_signed_out_meanwhile_is_told(
    open_context: NewContext, *, javascript: bool
) -> None:
    context = open_context(java_script_enabled=javascript)
    page = come_in(context, MENTOR)
    page.goto("/delivery?month=2026-10")
    page.get_by_role("link", name="IA-0001").click()
    enter_date(page, "Date", 1, 10, 2026)
    page.get_by_label("Start time").fill("7:15am")
    page.get_by_label("Length in hours").fill("1")
    page.get_by_label("Summary").fill("Written before the sign-in ended")
    context.clear_cookies()
    page.get_by_role("button", name="Save session").click()
    told = page.locator("#portal-problem" if javascript else "[data-refusal]")
    expect(told).to_contain_text("Your sign-in has ended, so nothing was saved.")
    expect(told).to_be_in_viewport()
    if javascript:
        expect(page.get_by_label("Summary")).to_have_value("Written before the sign-in ended")


def test_the_way_back_leads_to_the_whole_list(open_context: NewContext) -> None:
    page = come_in(open_context(), FINANCE)
    page.goto("/invoices")
    every = shown(page)
    page.get_by_label("Number or agreement").fill("INV-0023")
    page.get_by_role("button", name="Apply filters").click()
    expect(page.locator("#results tbody tr")).to_have_count(1)
    page.locator("#results tbody a").click()
    heading(page, re.compile("^Invoice 2608-"))

    page.go_back()
    heading(page, "Invoices")
    expect(page.locator("#results tbody tr")).to_have_count(1)
    expect(page.get_by_label("Number or agreement")).to_have_value("INV-0023")
    page.go_back()
    heading(page, "Invoices")
    expect(page.locator("#results tbody tr")).to_have_count(len(every))
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    assert shown(page) == every


def shown(page: Page) -> list[str]:
    """The invoices in the list, as it reads."""
    return page.locator("#results tbody th a").all_inner_texts()
