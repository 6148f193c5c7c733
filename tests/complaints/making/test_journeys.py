"""Making and following a complaint in a browser: on a phone by keyboard alone, and without
JavaScript."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.support.pages import CheckPage
from tests.support.server import Served

FRONT = "/young-people/larkminster-city-council"
WORDS = "They took my bag 🎒 and <b>nobody</b> said sorry.\nأخذوا حقيبتي."  # noqa: RUF001
WEATHER = re.compile("bbc.co.uk/weather")
NARROW = 320
LONGEST_WAY = 60  # presses of Tab to anything on a page


def looked_at(page: Page, axe: CheckPage) -> None:
    """No finding by axe, nothing wider than the smallest screen, a way out."""
    axe(page)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= NARROW, f"{page.url} is {width} wide"
    expect(page.get_by_role("button", name="Exit this page")).to_be_visible()


def reach(page: Page, selector: str) -> None:
    """Go to a control by Tab alone."""
    for _ in range(LONGEST_WAY):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached by keyboard on {page.url}")


def test_by_keyboard_alone_on_the_narrowest_phone(
    served: Served, phone: Page, axe: CheckPage
) -> None:
    phone.set_viewport_size({"width": NARROW, "height": 640})

    def choose(value: str) -> None:
        reach(phone, "input[type=radio]")
        for _ in range(10):
            if phone.evaluate("value => document.activeElement.value === value", value):
                break
            phone.keyboard.press("ArrowDown")
        phone.keyboard.press("Space")

    def write(text: str) -> None:
        reach(phone, "textarea, main input:not([type=radio]):not([type=file])")
        phone.keyboard.insert_text(text)

    def press(words: str, heading: str) -> None:
        looked_at(phone, axe)
        reach(phone, f"main [data-module='govuk-button']:is({words})")
        phone.keyboard.press("Enter")
        expect(phone.get_by_role("heading", level=1)).to_have_text(heading)

    go_on = ":not(.govuk-button--secondary)"
    phone.goto(f"{FRONT}/tell-us")
    press(go_on, "What do you want to tell us?")
    press(go_on, "What do you want to tell us?")
    expect(phone.get_by_role("alert")).to_contain_text("Choose what you want to tell us")
    choose("worry")
    press(go_on, "Are you safe right now?")
    choose("no")
    press(go_on, "Get help now")
    expect(phone.get_by_role("main")).to_contain_text("999")
    press(go_on, "What happened?")
    write(WORDS)
    press(go_on, "Who are you?")
    choose("young-person")
    press(go_on, "Do you want to give your name?")
    choose("no")
    press(go_on, "How should we answer you?")
    choose("here")
    press(go_on, "Check what you wrote")
    expect(phone.get_by_role("main")).to_contain_text("<b>nobody</b>")
    press(go_on, "Thank you. We have got it.")
    expect(phone.get_by_role("main")).to_contain_text("have been told")
    reference, words = phone.locator(".public-code__words").all_inner_texts()
    press(go_on, "You can tell us if something is wrong")
    phone.goto(f"{FRONT}/follow")
    write(reference)
    phone.keyboard.press("Tab")
    phone.keyboard.insert_text(words)
    press(go_on, "We have got it")
    write("Please call my aunt.")
    press("[type=submit]" + go_on, "We have got it")
    expect(phone.locator(".public-talk")).to_contain_text("Please call my aunt.")
    looked_at(phone, axe)
    with phone.expect_request(WEATHER):
        for _ in range(3):
            phone.keyboard.press("Shift")
    again = phone.context.new_page()  # the way out is still on its way
    again.goto(f"{FRONT}/follow/read")
    expect(again.get_by_role("heading", level=1)).to_have_text("Come back to what you told us")


def test_without_javascript_saving_and_coming_back(served: Served, page_without_js: Page) -> None:
    page = page_without_js

    def answer(**chosen: str) -> None:
        for name, value in chosen.items():
            field = page.locator(f"main [name={name}]")
            if field.first.get_attribute("type") == "radio":
                page.locator(f"main [name={name}][value={value}]").check()
            else:
                field.fill(value)
        page.locator("main form[novalidate] .govuk-button:not(.govuk-button--secondary)").click()

    page.goto(FRONT)
    page.get_by_role("link", name="Say that something is wrong").click()
    page.get_by_role("button", name="Start now").click()
    answer(kind="complaint")
    answer(safe="yes")
    page.locator("textarea").fill(WORDS)
    page.get_by_role("button", name="Save and come back later").click()
    code = page.locator(".public-code__words").all_inner_texts()
    page.get_by_role("button", name="I have written them down").click()
    page.get_by_role("link", name="See what you told us before").click()
    for _ in range(2):
        answer(reference=code[0], passphrase=code[1])
        if page.url.endswith("/about"):
            break
    page.get_by_role("link", name="Back").click()
    assert page.locator("textarea").input_value() == WORDS
    answer()
    answer(about="not-sure")
    answer(wish="")
    answer(who="young-person")
    answer(named="yes", name="Sam")
    answer(answer_by="email", email="sam@school.example")
    answer(safe_times="After school", message="no")
    answer(helper="no")
    diary = FilePayload(name="diary.txt", mimeType="text/plain", buffer=b"Monday")
    page.locator("input[type=file]").set_input_files([diary])
    answer()
    answer(speaks="", needs="")
    expect(page.get_by_role("main")).to_contain_text("diary.txt")
    page.get_by_role("link", name=re.compile("Change.*give your name")).click()
    answer(named="no")
    expect(page.get_by_role("main")).not_to_contain_text("Sam")
    page.get_by_role("button", name="Send it").click()
    assert page.locator(".public-code__words").all_inner_texts() == code
    page.goto(f"{FRONT}/follow")
    answer(reference=code[0].lower(), passphrase=code[1])
    expect(page.get_by_role("main")).to_contain_text("We answer you by")
    with page.expect_download() as download:
        page.get_by_role("link", name="diary.txt").click()
    assert download.value.suggested_filename == "diary.txt"
    page.get_by_role("link", name="Take it back").click()
    page.get_by_role("button", name="Yes, take it back").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You took it back")
    page.get_by_role("button", name="Close this").click()
    page.goto(f"{FRONT}/follow/read")
    expect(page.get_by_role("heading", level=1)).to_have_text("Come back to what you told us")


@pytest.mark.slow
def test_a_film_of_30_mb_is_answered_in_a_browser(
    served: Served, page: Page, tmp_path: Path
) -> None:
    page.goto(f"{FRONT}/tell-us/what")
    page.get_by_label("Something is wrong").check()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Are you safe right now?")
    page.goto(f"{FRONT}/tell-us/files")
    film = tmp_path / "film.mp4"
    film.write_bytes(bytes(30 * 1024 * 1024))
    page.locator("input[type=file]").set_input_files(film)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert")).to_contain_text("too big to send")
