"""Credit notes: at most what remains of a paid line, accepted by the council, spend lowered."""

from __future__ import annotations

from contextlib import ExitStack, closing
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from portal.budgets.models import Budget
from portal.identity.models import Person
from portal.invoicing.actions import paying
from portal.invoicing.actions.numbers import NumberTaken, refuse_taken
from portal.invoicing.caps.queries import approved_in
from portal.invoicing.credits import actions
from portal.invoicing.credits.models import CreditDecision, CreditNote, LineCredit
from portal.invoicing.credits.rules import (
    CreditReason,
    NothingCredited,
    TooMuchCredited,
    credited_vat,
    remaining,
)
from portal.kernel.clock import local_date
from portal.kernel.database import Database
from portal.kernel.errors import NotFound
from portal.kernel.money import ZERO, Money
from tests.invoicing.filed import AT, Filed, file_invoice, post
from tests.invoicing.test_deciding import approve
from tests.invoicing.test_invoice_pages import line_page, page, words
from tests.makers import csrf_token, sign_in
from tests.support.databases import Databases

CHARGED, CREDIT = Money.pounds("1680.00"), Money.pounds("84.00")


def test_what_remains_of_a_line_bounds_what_is_credited() -> None:
    assert remaining(CHARGED, ZERO, CREDIT) == Money.pounds("1596.00")
    assert remaining(CHARGED, CREDIT, Money.pounds("1596.00")) == ZERO
    with pytest.raises(TooMuchCredited, match=r"Enter at most £1,596\.00"):
        remaining(CHARGED, CREDIT, Money.pounds("1597.00"))
    with pytest.raises(NothingCredited):
        remaining(CHARGED, ZERO, ZERO)


def test_the_vat_of_a_credit_is_rounded_once() -> None:
    """20 % of £33.33 is £6.666."""
    assert credited_vat(Money.pounds("33.33"), Decimal(20)) == Money.pounds("6.67")
    assert credited_vat(CREDIT, Decimal(0)) == ZERO


@pytest.fixture
def filed(owner_database: Database, database: Database) -> Filed:
    """One line of 40 hours at £42.00, £1,680.00, paid."""
    return paid(owner_database, database)


def paid(owner: Database, database: Database) -> Filed:
    made = file_invoice(owner, database, sections=1, minutes=2400, cap="40000.00")
    approve(made, 1)
    with made.database.transaction(made.scope(made.approver)) as session:
        paying.pay(
            session,
            made.actor(made.approver),
            made.invoice_id,
            version=made.invoice().version,
            paid_on=local_date(AT),
            remittance="R1",
            at=AT,
        )
    return made


def enter(filed: Filed, pounds: str, number: str = "CN-1", by: Person | None = None) -> CreditNote:
    person = by or filed.finance
    with filed.database.transaction(filed.scope(person)) as session:
        return actions.enter(
            session,
            filed.actor(person),
            filed.invoice_id,
            filed.line(1).id,
            number=number,
            net=Money.pounds(pounds),
            reason=CreditReason.TOO_MUCH,
            words="Two hours were counted twice.",
            at=AT,
        )


def decide(filed: Filed, credit: CreditNote, *, accept: bool = True) -> None:
    with filed.database.transaction(filed.scope(filed.approver)) as session:
        actor = filed.actor(filed.approver)
        actions.decide(session, actor, credit.id, accept=accept, words="As agreed", at=AT)


def spend(filed: Filed) -> Money:
    with filed.database.transaction(filed.scope(filed.budget_holder)) as session:
        return session.scalars(select(Budget).order_by(Budget.id)).one().approved


def test_84_pounds_are_credited_on_1680_from_page_to_page(
    client: FlaskClient, filed: Filed
) -> None:
    before = filed.invoice()
    at = f"/credit-notes/on/{filed.invoice_id}/{filed.line(1).id}"
    sign_in(client, filed.finance)
    assert f'href="{at}"' in client.get(line_page(filed, 1)).get_data(as_text=True)
    typed = {"number": "CN-1", "net": "1681.00", "reason": "too-much", "words": "Counted twice"}
    refused = post(client, at, at, typed)
    assert refused.status_code == 422
    said = refused.get_data(as_text=True)
    assert "Enter at most £1,680.00, which is what remains of the line" in words(said)
    assert 'value="1681.00"' in said
    sent = post(client, at, at, {**typed, "net": "84.00"})
    assert sent.status_code == 303
    note = sent.location
    for more, sentence in (
        ({"number": "CN-2", "net": "1597.00"}, "Enter at most £1,596.00"),
        ({"number": "cn 1", "net": "1.00"}, "Your number CN-1 is already on a credit note"),
        ({"number": "LM-2026-O4", "net": "1.00"}, "Your number LM-2026-04 is already on"),
    ):
        again = post(client, at, at, {**typed, **more})
        assert again.status_code == 422
        assert sentence in words(again.get_data(as_text=True))
    assert spend(filed) == CHARGED

    sign_in(client, filed.approver)
    assert "CN-1" in client.get("/credit-notes").get_data(as_text=True)
    unsaid = post(client, note, f"{note}/decision", {"outcome": "refuse", "words": ""})
    assert unsaid.status_code == 422
    done = post(client, note, f"{note}/decision", {"outcome": "accept", "words": ""})
    assert (done.status_code, done.location) == (303, note)
    assert spend(filed) == Money.pounds("1596.00")
    shown = words(client.get(page(filed)).get_data(as_text=True))
    for figure in ("Total £1,680.00", "Paid £1,680.00", "Credited £84.00", "Spent £1,596.00"):
        assert figure in shown
    assert "Credit note CN-1 accepted" in shown
    after = filed.invoice()
    for name in ("net", "vat", "approved", "paid", "state", "version"):
        assert getattr(after, name) == getattr(before, name)
    assert filed.line(1).net == CHARGED
    for kind, begins in (("csv", b"\xef\xbb\xbfCredit note number"), ("xlsx", b"PK")):
        token = csrf_token(client.get(note).get_data(as_text=True))
        file = client.post(f"{note}/download", data={"csrf_token": token, "kind": kind})
        assert file.status_code == 200
        assert file.data.startswith(begins)


def test_what_is_not_accepted_can_be_credited_again(filed: Filed) -> None:
    credit = enter(filed, "1680.00")
    with pytest.raises(TooMuchCredited):
        enter(filed, "0.01", "CN-2")
    decide(filed, credit, accept=False)
    assert spend(filed) == CHARGED
    again = enter(filed, "1680.00", "CN-2")
    decide(filed, again)
    assert spend(filed) == ZERO
    with pytest.raises(actions.DecidedBefore):
        decide(filed, again, accept=False)


def test_no_invoice_takes_the_number_of_a_credit_note(filed: Filed) -> None:
    enter(filed, "84.00", "CN-1")
    with filed.database.transaction(filed.scope(filed.finance)) as session:
        assert refuse_taken(session, filed.provider.id, "cn 2") == "CN2"
        with pytest.raises(NumberTaken, match="Your number CN-1 is already on a credit note"):
            refuse_taken(session, filed.provider.id, "cn l")


def test_a_first_cap_counts_what_was_credited_before(filed: Filed) -> None:
    decide(filed, enter(filed, "84.00"))
    year = filed.line(1).contract_year
    with filed.database.transaction(filed.scope(filed.approver)) as session:
        framework_id = filed.invoice().framework_id
        found = approved_in(session, framework_id, filed.council.id, [year])
    assert found == {year: Money.pounds("1596.00")}


def test_only_a_paid_line_and_only_by_its_provider(
    filed: Filed, owner_database: Database, database: Database
) -> None:
    other = file_invoice(owner_database, database, sections=1, called=" Two")
    approve(other, 1)
    with pytest.raises(actions.NotPaidYet):
        enter(other, "1.00")
    with pytest.raises(NotFound):
        enter(filed, "1.00", by=filed.approver)


def test_the_database_keeps_the_bounds_by_itself(filed: Filed) -> None:
    credit = enter(filed, "84.00")
    parties = {"council_id": filed.council.id, "provider_id": filed.provider.id}
    own = CreditDecision(
        **parties,
        credit_id=credit.id,
        invoice_id=filed.invoice_id,
        accepted=True,
        words="",
        entered_by=credit.entered_by,
        decided_by=credit.entered_by,
        decided_by_name="Fay",
        decided_at=AT,
    )
    same_number = CreditNote(
        **parties,
        line_id=credit.line_id,
        invoice_id=filed.invoice_id,
        number="CN 1",
        number_key=credit.number_key,
        reason=CreditReason.TOO_MUCH,
        net=CREDIT,
        vat=ZERO,
        entered_by=filed.finance.id,
        entered_by_name="Fay",
        entered_at=AT,
    )
    for row in (own, same_number):
        with pytest.raises(DatabaseError):
            add(filed, row)
    with pytest.raises(DatabaseError):
        credit_beyond(filed, CHARGED + Money(1))


def add(filed: Filed, row: CreditDecision | CreditNote) -> None:
    with filed.database.transaction(filed.scope(filed.finance)) as session:
        session.add(row)


def credit_beyond(filed: Filed, credited: Money) -> None:
    with filed.database.transaction(filed.scope(filed.finance)) as session:
        session.scalars(select(LineCredit)).one().credited = credited


def test_two_credits_at_once_never_take_more_than_the_line(databases: Databases) -> None:
    """Only PostgreSQL lets two writers read at once; SQLite's second waits at its first word."""
    with databases.fresh("postgresql") as address, ExitStack() as open_ones:
        owner, database = (
            open_ones.enter_context(closing(Database(url)))
            for url in (address.owner, address.application)
        )
        filed = paid(owner, database)
        line_id = filed.line(1).id
        with database.session(filed.scope(filed.finance), writes=True) as session:
            session.scalars(select(LineCredit)).all()
            enter(filed, "1600.00")
            with pytest.raises(TooMuchCredited):
                actions.enter(
                    session,
                    filed.actor(filed.finance),
                    filed.invoice_id,
                    line_id,
                    number="CN-2",
                    net=Money.pounds("81.00"),
                    reason=CreditReason.TOO_MUCH,
                    words="",
                    at=AT,
                )
        assert spend(filed) == CHARGED
