"""The list of invoices for both sides, asked as a browser asks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from lxml import html
from sqlalchemy.orm import Session

from portal.frameworks.models import Framework
from portal.frameworks.rules import Regime
from portal.identity.models import Organisation, Person
from portal.identity.rules import Role
from portal.invoicing.models import Invoice
from portal.invoicing.rules import InvoiceState, number_key
from portal.kernel.database import Database
from portal.kernel.money import Money
from portal.kernel.months import Month
from portal.kernel.tenancy import Scope, Task
from tests.invoicing.april import April, make_april
from tests.makers import make_person, make_place, make_provider, sign_in
from tests.support.visits import Visitor

OPERATOR = Scope.system(Task.OPERATOR)
MARCH = Month(2026, 3)
Browse = Callable[[Person], Visitor]


@pytest.fixture
def april(owner_database: Database) -> April:
    """April as delivered; today is 5 May 2026."""
    with owner_database.transaction(OPERATOR) as session:
        return make_april(session)


@pytest.fixture
def browse(app: Flask) -> Browse:
    """A new browser in which somebody is signed in."""

    def signed_in(person: Person) -> Visitor:
        client = app.test_client()
        sign_in(client, person)
        return Visitor(app, client)

    return signed_in


def make_invoice(
    session: Session,
    april: April,
    *,
    number: str,
    month: Month = MARCH,
    received_on: date = date(2026, 4, 2),
    state: InvoiceState = InvoiceState.TO_DECIDE,
    regime: Regime = Regime.ACT_2023,
    verified_on: date | None = None,
    provider: Organisation | None = None,
    framework: Framework | None = None,
) -> Invoice:
    """An invoice of £63.00 without lines, as a list needs it."""
    due = (received_on if verified_on is None else verified_on) + timedelta(days=30)
    invoice = Invoice(
        council_id=april.council.id,
        provider_id=(provider or april.provider).id,
        framework_id=(framework or april.framework).id,
        month=month,
        reference=f"R-{number}",
        provider_number=number,
        provider_number_key=number_key(number),
        state=state,
        regime=regime,
        payment_days=30,
        submitted_at=datetime(received_on.year, received_on.month, received_on.day, 9, tzinfo=UTC),
        submitted_by=april.finance.id,
        submitted_by_name=april.finance.name,
        received_on=received_on,
        verified_on=verified_on,
        act_by=due,
        net=Money.pounds("63.00"),
        vat=Money(0),
        search_text=f"R-{number} {number} {april.agreement.reference}",
    )
    session.add(invoice)
    session.flush()
    return invoice


def make_years(session: Session, april: April, months: int) -> None:
    """An invoice to decide for each of the months before April 2026, the latest numbered 1."""
    month = MARCH
    for number in range(1, months + 1):
        make_invoice(
            session,
            april,
            number=f"INV-{number:04}",
            month=month,
            received_on=month.next.first,
        )
        month = month.previous


def test_a_provider_finds_the_months_to_submit_first(april: April, browse: Browse) -> None:
    page = browse(april.finance).open("/invoices")
    assert page.heading == "Invoices"
    (row,) = page.rows
    assert row.startswith("April 2026 for Aldermoor Council")
    assert "3 sessions (5.5 hours) Ready to check" in row
    assert "You have submitted no invoice yet" in page.words
    assert april.address in html.fromstring(page.markup).xpath("//a/@href")


def test_an_approvers_queue_begins_with_what_is_due_first(
    april: April, browse: Browse, owner_database: Database
) -> None:
    with owner_database.transaction(OPERATOR) as session:
        make_invoice(session, april, number="LATER", month=MARCH)
        make_invoice(
            session,
            april,
            number="OVERDUE",
            month=Month(2026, 2),
            received_on=date(2026, 3, 31),
        )
        make_invoice(session, april, number="PAID", month=Month(2026, 1), state=InvoiceState.PAID)
        budget_holder = make_person(session, organisation=april.council, roles=[Role.BUDGET_HOLDER])
    queue = browse(april.approver).open("/invoices").rows
    assert [row.split()[0] for row in queue] == ["R-OVERDUE", "R-LATER"]
    assert "30 April 2026 5 days late 30 days from receipt on 31 March 2026" in queue[0]
    assert "2 May 2026 3 days late" in queue[1]
    everything = browse(budget_holder).open("/invoices").rows
    assert len(everything) == 3


def test_under_the_older_law_payment_is_counted_from_verification(
    april: April, browse: Browse, owner_database: Database
) -> None:
    with owner_database.transaction(OPERATOR) as session:
        make_invoice(session, april, number="WAITS", regime=Regime.PCR_2015)
        make_invoice(
            session,
            april,
            number="VERIFIED",
            month=Month(2026, 2),
            regime=Regime.PCR_2015,
            state=InvoiceState.APPROVED,
            verified_on=date(2026, 4, 20),
        )
    rows = {row.split()[0]: row for row in browse(april.approver).open("/invoices?state=all").rows}
    waits = "30 days from verification Waiting 33 days 4 June 2026 if verified today"
    assert waits in rows["R-WAITS"]
    verified = "20 May 2026 30 days from verification on 20 April 2026"
    assert verified in rows["R-VERIFIED"]


def test_filters_narrow_the_list_and_words_find_numbers_and_agreements(
    april: April, browse: Browse, owner_database: Database
) -> None:
    with owner_database.transaction(OPERATOR) as session:
        other = make_provider(session, name="Millstone Care")
        make_place(session, category=april.category, provider=other)
        make_invoice(session, april, number="INV-0012")
        make_invoice(session, april, number="INV-0013", month=Month(2026, 2))
        make_invoice(session, april, number="M9", provider=other, state=InvoiceState.QUERIED)
    approver = browse(april.approver)

    def found(query: str) -> list[str]:
        return [row.split()[0] for row in approver.open(f"/invoices?{query}").rows]

    assert found("state=all&month=2026-02") == ["R-INV-0013"]
    assert found("state=queried") == ["R-M9"]
    assert found("state=all&search=INV-0012") == ["R-INV-0012"]
    assert found("state=all&search=0013") == ["R-INV-0013"]
    assert len(found("state=all&search=ald-0001")) == 3
    assert found("state=all&search=%27%22%2A+OR") == []
    narrowed = approver.open("/invoices?state=all&search=nothing-like-it")
    assert "No invoice is like that" in narrowed.words
    assert "See every invoice" in narrowed.words
    part = approver.open("/invoices?state=queried", htmx=True)
    assert "<html" not in part.markup
    assert len(part.rows) == 1


def test_a_wrong_filter_gets_a_sentence_at_its_field(
    april: April, browse: Browse, owner_database: Database
) -> None:
    with owner_database.transaction(OPERATOR) as session:
        make_invoice(session, april, number="INV-0012")
    approver = browse(april.approver)
    for query, sentence in (
        ("month=2026-13", "Choose a month from the list"),
        ("month=%00", "Choose a month from the list"),
        ("party=somebody", "Choose a provider from the list"),
        (f"party={april.provider.id}x", "Choose a provider from the list"),
        ("state=lost", "Choose a state from the list"),
        ("sort=price", "Choose an order from the list"),
    ):
        page = approver.open(f"/invoices?{query}")
        assert page.status == 200
        assert sentence in page.words, query
        assert len(page.rows) == 1
    assert approver.open("/invoices?page=nonsense").status == 200


def test_pages_go_both_ways_and_keep_the_filters(
    april: April, browse: Browse, owner_database: Database
) -> None:
    with owner_database.transaction(OPERATOR) as session:
        make_years(session, april, 60)
    finance = browse(april.finance)
    first = finance.open("/invoices?state=to-decide&search=ald-0001")
    invoices = [row for row in first.rows if row.startswith("R-")]
    assert len(invoices) == 50
    assert invoices[0].startswith("R-INV-0001")
    second = finance.open(first.link("Older →"))
    assert [row.split()[0] for row in second.rows if row.startswith("R-")] == [
        f"R-INV-{number:04}" for number in range(51, 61)
    ]
    assert "search=ald-0001" in first.link("Older →")
    back = finance.open(second.link("← Newer"))
    assert back.rows == first.rows
    due = browse(april.approver).open("/invoices")
    assert due.rows[0].startswith("R-INV-0060")
    assert browse(april.approver).open(due.link("Next →")).rows[-1].startswith("R-INV-0001")


def test_an_empty_queue_says_so(april: April, browse: Browse) -> None:
    page = browse(april.approver).open("/invoices")
    assert "No invoice waits for a decision" in page.words
    everything = browse(april.approver).open("/invoices?state=all")
    assert "No provider has sent an invoice yet" in everything.words


def test_a_stranger_to_invoices_is_refused_and_a_rival_sees_none(
    april: April, browse: Browse, owner_database: Database
) -> None:
    with owner_database.transaction(OPERATOR) as session:
        make_invoice(session, april, number="INV-0012")
        rival = make_person(session, organisation=make_provider(session), roles=[Role.FINANCE])
        bids = make_person(session, organisation=april.provider, roles=[Role.BIDS])
    assert browse(bids).open("/invoices").status == 403
    assert browse(rival).open("/invoices").rows == []
    party = f"/invoices?party={april.council.id}"
    assert "Choose a council from the list" in browse(rival).open(party).words


def test_fifty_invoices_take_as_many_queries_as_one(
    april: April, browse: Browse, owner_database: Database
) -> None:
    with owner_database.transaction(OPERATOR) as session:
        make_invoice(session, april, number="INV-9999", month=Month(2020, 1))
    both = browse(april.approver), browse(april.finance)
    few = [visitor.open("/invoices").statements for visitor in both]
    with owner_database.transaction(OPERATOR) as session:
        make_years(session, april, 49)
    assert [visitor.open("/invoices").statements for visitor in both] == few
