"""Signing in as people do: with a code, with passkeys that a browser holds, without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.people import PASSWORD, give_code, give_password, heading, overflow
from tests.support.pages import PHONE, CheckPage, NewContext
from tests.support.server import Served

pytestmark = pytest.mark.usefixtures("served")

COMMISSIONER = "commissioner@larkminster.example"
EVALUATOR = "evaluator@larkminster.example"


@pytest.fixture
def named(served: Served) -> str:
    """The portal at a name: at a number no passkey works."""
    return served.url.replace("127.0.0.1", "localhost")


@contextmanager
def authenticator(page: Page) -> Iterator[None]:
    """The browser's own virtual device, which checks its holder and keeps passkeys."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    yield
    session.detach()


def signed_in(page: Page) -> None:
    """Expect to be in."""
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def test_a_passkey_is_added_and_signs_in_after_the_password_and_without_it(
    open_context: NewContext, named: str, axe: CheckPage
) -> None:
    page = open_context().new_page()
    with authenticator(page):
        page.goto(f"{named}/sign-in?next=/account/passkeys")
        axe(page)
        give_password(page, COMMISSIONER)
        heading(page, "Check that it is you")
        axe(page)
        give_code(page)
        heading(page, "Passkeys")
        page.get_by_label("Name for this passkey").fill("This laptop")
        page.get_by_label("Your password").fill(PASSWORD)
        page.get_by_role("button", name="Add a passkey").click()
        expect(page.get_by_role("rowheader", name="This laptop")).to_be_visible()
        axe(page)

        page.get_by_role("button", name="Sign out").click()
        give_password(page, COMMISSIONER)
        page.get_by_role("button", name="Use a passkey").click()
        signed_in(page)

        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("button", name="Sign in with a passkey").click()
        signed_in(page)
        page.goto(f"{named}/account/history")
        expect(page.get_by_role("row").nth(1)).to_contain_text("Passkey")
        axe(page)


def test_a_passkey_that_is_not_given_is_said_beside_its_button(
    open_context: NewContext, named: str
) -> None:
    page = open_context().new_page()
    with authenticator(page):
        page.goto(f"{named}/sign-in")
        page.get_by_role("button", name="Sign in with a passkey").click()
        expect(page.locator("form").get_by_role("alert")).to_contain_text("No passkey was used")
    heading(page, "Sign in")


def test_without_javascript_a_code_is_enough(page_without_js: Page) -> None:
    page = page_without_js
    page.goto("/sign-in?next=/frameworks")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_have_count(0)
    give_password(page, EVALUATOR)
    page.get_by_label("Code").fill("000 000")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("link", name=re.compile("^This code is wrong"))).to_be_visible()
    give_code(page)
    heading(page, "Frameworks")
    page.goto("/account/app")
    expect(page.locator("svg.portal-qr")).to_be_visible()
    page.set_viewport_size(PHONE)
    assert overflow(page) == 0
