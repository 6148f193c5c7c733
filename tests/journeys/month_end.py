"""The month end in the browser: what is delivered becomes one invoice, is decided and paid.

The same steps with JavaScript, without it and on a phone; each run needs a portal of its own.
"""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.people import APPROVER, FINANCE, come_in, enter_date, heading, overflow

NUMBER = "INV-0024"
QUESTION = "Was the session on 7 September two hours long?"
REASON = "It was one hour. The second hour was travel."
REMITTANCE = "REM-2026-10-17"
BEGINNINGS = {"PDF": b"%PDF-", "CSV": b"\xef\xbb\xbf", "Excel": b"PK\x03\x04"}
UBL = "E-invoice (UBL)"


def month_end(finance_on: BrowserContext, approver_on: BrowserContext) -> tuple[Page, Page]:
    """Take September 2026 from the draft to the payment; the two people's last pages.

    The approver queries line 1, whose second session the provider then takes from two hours
    to one: £42.63 less than the £2,982.22 that was submitted.
    """
    finance = come_in(finance_on, FINANCE)
    _draft(finance)
    _submit(finance)
    approver = come_in(approver_on, APPROVER)
    _decide(approver)
    _reply(finance)
    _approve_the_reply(approver)
    _pay(approver)
    _see_it_paid(finance)
    return finance, approver


def _draft(finance: Page) -> None:
    heading(finance, "What needs you")
    finance.get_by_role("link", name="Submit September 2026 to Larkminster City Council").click()
    heading(finance, "Draft invoice for September 2026")
    expect(finance.get_by_role("main")).to_contain_text("Nothing stands against this invoice")
    expect(finance.get_by_label("Totals")).to_contain_text("£2,982.22")
    finance.get_by_role("link", name="7 sessions, 4 to 28 September 2026").click()
    heading(finance, "7 sessions, 4 to 28 September 2026")
    expect(finance.get_by_role("table", name="Sessions").locator("tbody tr")).to_have_count(7)
    expect(finance.get_by_role("main")).to_contain_text("9.5 hours × £42.63 = £404.99")
    assert overflow(finance) == 0
    finance.get_by_role("link", name="Draft invoice for September 2026").click()


def _submit(finance: Page) -> None:
    number = finance.get_by_label("Your own invoice number")
    number.fill("")
    send = finance.get_by_role("button", name="Submit to Larkminster City Council")
    send.click()
    expect(finance).to_have_title(re.compile("^Error: Draft invoice for September 2026"))
    number.fill(NUMBER)
    send.dblclick()
    heading(finance, re.compile(r"^Invoice 2609-\w{5} for September 2026$"))
    assert overflow(finance) == 0
    finance.goto("/invoices?search=" + NUMBER)
    expect(finance.locator("#results tbody tr")).to_have_count(1)
    expect(finance.locator("#results tbody tr")).to_contain_text("To decide")


def _decide(approver: Page) -> None:
    heading(approver, "What needs you")
    approver.get_by_role("link", name="Decide September 2026 of Lanternway Mentoring").click()
    for position in range(1, 9):
        approver.get_by_label(f"Approve line {position}", exact=True).check()
    approver.get_by_label("Approve line 1", exact=True).uncheck()
    approver.get_by_role("button", name=re.compile("^Approve")).click()
    expect(approver.locator("#line-2")).to_contain_text("Approved")
    expect(approver.locator("#line-1")).to_contain_text("To decide")
    approver.locator("#line-1").get_by_role("link").click()
    approver.get_by_text("Query it").click()
    approver.get_by_role("button", name="Send the query").click()
    expect(approver).to_have_title(re.compile("^Error: "))
    approver.get_by_label("Your question").fill(QUESTION)
    approver.get_by_role("button", name="Send the query").click()
    expect(approver.locator("#line-1")).to_contain_text("Queried")


def _reply(finance: Page) -> None:
    finance.goto("/")
    finance.get_by_role("main").get_by_role("link", name=re.compile("^Answer")).click()
    finance.get_by_role("link", name="Answer or amend line 1").click()
    expect(finance.get_by_role("blockquote")).to_have_text(QUESTION)
    finance.get_by_text("Charge less").click()
    finance.get_by_label(re.compile("7 September")).fill("1")
    finance.get_by_label("Why it changes").fill(REASON)
    assert overflow(finance) == 0
    finance.get_by_role("button", name="Amend the line").click()
    expect(finance.get_by_role("main")).to_contain_text("It now charges £362.36.")


def _approve_the_reply(approver: Page) -> None:
    approver.goto("/")
    approver.get_by_role("main").get_by_role("link", name=re.compile("^Read a reply")).click()
    approver.locator("#line-1").get_by_role("link").click()
    expect(approver.get_by_role("main")).to_contain_text(REASON)
    approver.get_by_role("button", name="Approve £362.36").click()
    expect(approver.locator("#line-1")).to_contain_text("Approved")


def _pay(approver: Page) -> None:
    approver.goto("/")
    approver.get_by_role("link", name="Pay September 2026 of Lanternway Mentoring").click()
    approver.get_by_role("main").get_by_role("link", name="Record the payment").click()
    heading(approver, "Record a payment of £2,939.59")
    enter_date(approver, "Date paid", 2, 10, 2026)
    approver.get_by_label("Remittance reference").fill(REMITTANCE)
    approver.get_by_role("button", name="Record the payment").dblclick()
    heading(approver, re.compile(r"^Invoice 2609-\w{5} for September 2026$"))


def _see_it_paid(finance: Page) -> None:
    finance.goto("/invoices?state=paid&search=" + NUMBER)
    finance.locator("#results tbody a").click()
    main = finance.get_by_role("main")
    expect(main).to_contain_text("£2,939.59 on 2 October 2026, remittance " + REMITTANCE)
    expect(main.get_by_text("paid on 2 October 2026")).to_have_count(1)
    expect(main).to_contain_text("Everything that was approved has been paid.")
    assert overflow(finance) == 0


def download(page: Page, button: str) -> bytes:
    """The file behind a download button of the open invoice, its name checked."""
    with page.expect_download() as started:
        page.get_by_role("button", name=button, exact=True).click()
    assert re.fullmatch(r"[\w.-]+\.(pdf|csv|xlsx|xml)", started.value.suggested_filename)
    content = Path(started.value.path()).read_bytes()
    assert content.startswith(BEGINNINGS.get(button, b"<?xml"))
    assert len(content) > 500
    return content
