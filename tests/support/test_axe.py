"""The check of pages finds what it is for, and faint words on whatever page they first stand."""

import pytest
from playwright.sync_api import Page

from tests.support.axe import TIMES, Checker

WHOLE = '<!doctype html><html lang="en"><title>Page</title><main><h1>Page</h1>{}</main></html>'
GREY = '<p style="color: #595959; background: #fff">Clear enough</p>'
FAINT = '<p style="color: #aaa; background: #fff">Faint</p>'
ON_GREY = '<div style="background: #888">{}</div>'.format('<p style="color: #595959">Lost</p>')


def test_faint_words_are_found_after_clear_ones(page: Page) -> None:
    check = Checker()
    for _ in range(TIMES + 1):
        page.set_content(WHOLE.format(GREY))
        check(page)
    for faint in (FAINT, ON_GREY):
        page.set_content(WHOLE.format(GREY + faint))
        with pytest.raises(AssertionError, match="color-contrast"):
            check(page)


def test_words_that_were_hidden_before_are_measured_once_they_show(page: Page) -> None:
    check = Checker()
    page.set_content(WHOLE.format(f"<div hidden>{FAINT}</div>"))
    check(page)
    page.set_content(WHOLE.format(FAINT))
    with pytest.raises(AssertionError, match="color-contrast"):
        check(page)


def test_other_rules_look_at_every_page(page: Page) -> None:
    check = Checker()
    for _ in range(TIMES + 1):
        page.set_content(WHOLE.format("<input>"))
        with pytest.raises(AssertionError, match="label"):
            check(page)
