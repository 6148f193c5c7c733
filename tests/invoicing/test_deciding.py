"""Decisions on lines: who may, what follows, and what the database refuses by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from portal.audit.models import AuditEvent
from portal.budgets.actions import CapExceeded, raise_cap
from portal.budgets.models import Budget
from portal.identity.models import Person
from portal.invoicing.actions import deciding, paying, replying
from portal.invoicing.actions.events import Event
from portal.invoicing.actions.lines import LockedInvoice
from portal.invoicing.models import ChargedUnit, Decision, Invoice, InvoiceLine
from portal.invoicing.rules import (
    GRANTED,
    LINE_TRANSITIONS,
    OPEN,
    InvoiceState,
    LineState,
    LineStep,
    RefusalReason,
    invoice_state,
)
from portal.kernel.clock import local_date
from portal.kernel.database import Database
from portal.kernel.errors import NotFound, Stale
from portal.kernel.ids import new_id
from portal.kernel.money import Money
from portal.kernel.tenancy import Scope, Task
from portal.kernel.transitions import IllegalStep
from tests.invoicing.filed import AT, Filed, file_invoice
from tests.support.databases import Databases


@pytest.fixture
def filed(owner_database: Database, database: Database) -> Filed:
    """Four sections of £231.00."""
    return file_invoice(owner_database, database)


def approve(filed: Filed, *positions: int, by: Person | None = None) -> LockedInvoice:
    person = by or filed.approver
    versions = filed.versions(*positions)
    with filed.database.transaction(filed.scope(person)) as session:
        return deciding.approve(session, filed.actor(person), filed.invoice_id, versions, at=AT)


def query(filed: Filed, position: int, *, version: int | None = None) -> LockedInvoice:
    line = filed.line(position)
    with filed.database.transaction(filed.scope(filed.approver)) as session:
        return deciding.query(
            session,
            filed.actor(filed.approver),
            filed.invoice_id,
            line.id,
            version=version or line.version,
            question="Who was there?",
            at=AT,
        )


def refuse(filed: Filed, position: int) -> LockedInvoice:
    line = filed.line(position)
    with filed.database.transaction(filed.scope(filed.approver)) as session:
        return deciding.refuse(
            session,
            filed.actor(filed.approver),
            filed.invoice_id,
            line.id,
            version=line.version,
            reason=RefusalReason.DUPLICATE,
            words="",
            at=AT,
        )


def answer(filed: Filed, position: int) -> LockedInvoice:
    line = filed.line(position)
    with filed.database.transaction(filed.scope(filed.finance)) as session:
        return replying.answer(
            session,
            filed.actor(filed.finance),
            filed.invoice_id,
            line.id,
            version=line.version,
            words="Sam was.",
            at=AT,
        )


def amend(filed: Filed, position: int, *, less: int) -> LockedInvoice:
    """Take ``less`` parts off the line's largest unit."""
    line = filed.line(position)
    with filed.database.transaction(filed.scope(filed.finance)) as session:
        unit = session.scalars(
            select(ChargedUnit)
            .where(ChargedUnit.line_id == line.id)
            .order_by(ChargedUnit.parts.desc(), ChargedUnit.id)
        ).first()
        assert unit is not None
        return replying.amend(
            session,
            filed.actor(filed.finance),
            filed.invoice_id,
            line.id,
            version=line.version,
            parts={unit.id: unit.parts - less},
            words="It was shorter.",
            at=AT,
        )


def pay(filed: Filed, remittance: str) -> Money:
    with filed.database.transaction(filed.scope(filed.approver)) as session:
        return paying.pay(
            session,
            filed.actor(filed.approver),
            filed.invoice_id,
            version=filed.invoice().version,
            paid_on=local_date(AT),
            remittance=remittance,
            at=AT,
        ).amount


def events(filed: Filed) -> list[str]:
    with filed.database.transaction(filed.scope(filed.approver)) as session:
        return list(
            session.scalars(select(AuditEvent.event).order_by(AuditEvent.at, AuditEvent.id))
        )


def assert_follows_from_lines(filed: Filed) -> None:
    """The state and sums kept with the invoice are those that its lines come to."""
    invoice, lines = filed.invoice(), filed.lines()
    assert invoice.state is invoice_state(line.state for line in lines)
    assert invoice.net == Money.total(line.net for line in lines)
    granted = [line for line in lines if line.state in GRANTED]
    assert invoice.approved == Money.total(line.net for line in granted)
    paid = [line for line in lines if line.state is LineState.PAID]
    assert invoice.paid == Money.total(line.net for line in paid)
    assert (invoice.verified_on is None) == any(line.state in OPEN for line in lines)


def test_three_are_paid_while_the_fourth_is_queried_and_amended(filed: Filed) -> None:
    assert filed.invoice().net == Money.pounds("924.00")
    query(filed, 4)
    approve(filed, 1, 2, 3)
    invoice = filed.invoice()
    assert (invoice.state, invoice.approved) == (InvoiceState.QUERIED, Money.pounds("693.00"))
    assert pay(filed, "BACS-1") == Money.pounds("693.00")
    assert filed.invoice().state is InvoiceState.QUERIED
    amend(filed, 4, less=30)
    assert filed.line(4).net == Money.pounds("210.00")
    assert filed.invoice().net == Money.pounds("903.00")
    approve(filed, 4)
    assert filed.invoice().state is InvoiceState.APPROVED
    assert pay(filed, "BACS-2") == Money.pounds("210.00")
    invoice = filed.invoice()
    assert (invoice.state, invoice.paid) == (InvoiceState.PAID, Money.pounds("903.00"))
    assert_follows_from_lines(filed)
    assert sorted(events(filed)) == sorted(
        [
            Event.SUBMITTED,
            Event.LINE_QUERIED,
            *[Event.LINE_APPROVED] * 3,
            Event.PAID,
            Event.LINE_AMENDED,
            Event.LINE_APPROVED,
            Event.PAID,
        ]
    )
    with filed.database.transaction(filed.scope(filed.approver)) as session:
        kept = session.execute(
            select(Decision.step, Decision.net).order_by(Decision.net, Decision.step)
        ).all()
    assert [(step, net.plain) for step, net in kept] == [
        (LineStep.APPROVE, "210.00"),
        *[(LineStep.APPROVE, "231.00")] * 3,
        (LineStep.QUERY, "231.00"),
    ]


@pytest.mark.parametrize("step", ["refuse", "approve"])
def test_a_queried_line_can_be_decided_without_a_reply(filed: Filed, step: str) -> None:
    query(filed, 1)
    (refuse if step == "refuse" else approve)(filed, 1)
    assert filed.line(1).state is (LineState.REFUSED if step == "refuse" else LineState.APPROVED)
    assert_follows_from_lines(filed)


def test_nobody_approves_what_their_hands_entered(
    owner_database: Database, database: Database
) -> None:
    filed = file_invoice(owner_database, database, also_approves=True)
    with pytest.raises(deciding.OnesOwnLine):
        approve(filed, 1, 2)
    assert {line.state for line in filed.lines()} == {LineState.SUBMITTED}
    approve(filed, 2)
    approve(filed, 1, by=filed.second)
    assert filed.line(1).state is LineState.APPROVED


@pytest.mark.parametrize(
    ("called", "own"),
    [("ada.approver+council@portal.example", True), ("adaapprover@elsewhere.example", False)],
)
def test_nor_under_another_account_of_the_same_mailbox(
    owner_database: Database, database: Database, called: str, own: bool
) -> None:
    filed = file_invoice(owner_database, database, sections=1)
    with owner_database.transaction(Scope.system(Task.OPERATOR)) as session:
        session.get_one(Person, filed.finance.id).email = "adaapprover@portal.example"
        session.get_one(Person, filed.approver.id).email = called
    if own:
        with pytest.raises(deciding.OnesOwnLine):
            approve(filed, 1)
        approve(filed, 1, by=filed.second)
    else:
        approve(filed, 1)
    assert filed.line(1).state is LineState.APPROVED


def test_the_database_refuses_ones_own_line_by_itself(
    owner_database: Database, database: Database
) -> None:
    filed = file_invoice(owner_database, database, also_approves=True)
    line = filed.line(1)
    with pytest.raises(DatabaseError, match="not_ones_own_line"):
        _insert(filed, line, by=filed.approver)
    _insert(filed, filed.line(2), by=filed.approver)


def test_the_database_refuses_ones_own_invoice_by_itself(filed: Filed) -> None:
    """Also where nothing says that the line is theirs: the hands are emptied first."""
    line = filed.line(1)
    with filed.database.transaction(filed.scope(filed.finance)) as session:
        session.get_one(InvoiceLine, line.id).hands = []
    with pytest.raises(DatabaseError, match="not_ones_own_invoice"):
        _insert(filed, line, by=filed.finance)


def test_decisions_are_never_changed_or_removed(filed: Filed, owner_database: Database) -> None:
    approve(filed, 1)
    for statement in ("UPDATE decision SET words = 'x'", "DELETE FROM decision"):
        with (
            owner_database.transaction(Scope.system(Task.OPERATOR)) as session,
            pytest.raises(DatabaseError, match="append-only"),
            session.begin_nested(),
        ):
            session.execute(text(statement))


def test_a_stale_decision_changes_nothing(filed: Filed) -> None:
    before = filed.versions(1, 2)
    query(filed, 1)
    for versions in (before, {filed.line(1).id: 1}):
        with (
            pytest.raises(Stale),
            filed.database.transaction(filed.scope(filed.second)) as session,
        ):
            deciding.approve(session, filed.actor(filed.second), filed.invoice_id, versions, at=AT)
    assert [line.state for line in filed.lines()][:2] == [LineState.QUERIED, LineState.SUBMITTED]
    with pytest.raises(Stale):
        query(filed, 1, version=1)


def test_a_line_of_another_invoice_is_not_found(filed: Filed) -> None:
    with (
        pytest.raises(NotFound),
        filed.database.transaction(filed.scope(filed.approver)) as session,
    ):
        deciding.approve(
            session, filed.actor(filed.approver), filed.invoice_id, {new_id(): 1}, at=AT
        )


def test_another_council_and_another_provider_find_nothing(filed: Filed) -> None:
    versions = filed.versions()
    for person in (filed.stranger, filed.outsider):
        away = Scope(organisation_id=new_id(), person_id=person.id)
        with pytest.raises(NotFound), filed.database.transaction(away) as session:
            deciding.approve(
                session, filed.actor(filed.approver), filed.invoice_id, versions, at=AT
            )


def test_an_approved_line_is_not_decided_again(filed: Filed) -> None:
    approve(filed, 1)
    for again in (approve, query, refuse):
        with pytest.raises(IllegalStep):
            again(filed, 1)
    assert filed.invoice().approved == Money.pounds("231.00")


def test_what_does_not_fit_under_the_cap_waits_for_the_budget_holder(
    owner_database: Database, database: Database
) -> None:
    """£39,600.00 of £40,000.00 is used, so one line of £231.00 fits and two do not."""
    filed = file_invoice(owner_database, database, cap="40000.00", approved="39600.00")
    with pytest.raises(CapExceeded, match=r"£62\.00 over its cap of £40,000\.00\. Up to £400\.00"):
        approve(filed, 1, 2)
    assert filed.invoice().approved == Money(0)
    approve(filed, 1)
    assert _budget(filed).approved == Money.pounds("39831.00")
    with pytest.raises(CapExceeded):
        approve(filed, 2)
    budget = _budget(filed)
    with filed.database.transaction(filed.scope(filed.budget_holder)) as session:
        raise_cap(
            session,
            filed.actor(filed.budget_holder),
            budget.id,
            cap=Money.pounds("41000.00"),
            reason="Four more young people",
            version=budget.version,
            at=AT,
        )
    approve(filed, 2, 3, 4)
    assert _budget(filed).approved == Money.pounds("40524.00")
    assert_follows_from_lines(filed)


def test_fifty_lines_in_one_click_are_fifty_decisions_and_fifty_events(
    owner_database: Database, database: Database
) -> None:
    filed = file_invoice(owner_database, database, sections=50, minutes=60)
    approve(filed)
    with filed.database.transaction(filed.scope(filed.approver)) as session:
        assert session.scalar(select(func.count(Decision.id))) == 50
        recorded = session.execute(
            select(AuditEvent.subject_id, AuditEvent.details)
            .where(AuditEvent.event == Event.LINE_APPROVED)
            .order_by(AuditEvent.subject_label)
        ).all()
    assert {row.subject_id for row in recorded} == {line.id for line in filed.lines()}
    assert {row.details["net_pence"] for row in recorded} == {4200}
    assert filed.invoice().approved == Money.pounds("2100.00")
    assert_follows_from_lines(filed)


def test_vat_is_worked_out_once_on_what_is_approved(
    owner_database: Database, database: Database
) -> None:
    """Four lines of £10.01: VAT on their sum is £8.01, four times £2.00 would be £8.00."""
    filed = file_invoice(
        owner_database, database, minutes=60, price="10.01", vat_number="GB123456789"
    )
    approve(filed)
    assert filed.invoice().vat == Money.pounds("8.01")
    assert filed.invoice().approved == Money.pounds("48.05")


STEPS = ("approve", "query", "refuse", "answer", "amend", "pay")


@dataclass(frozen=True)
class Kept:
    """One filed invoice for many walks, each of which is rolled back."""

    filed: Filed


@pytest.fixture(scope="module")
def kept(databases: Databases) -> Iterator[Kept]:
    """On SQLite: the walk is about the rules, and the engines are told apart above."""
    with databases.fresh("sqlite") as address:
        opened = Database(address.owner)
        yield Kept(file_invoice(opened, opened))
        opened.close()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(walk=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 3)), max_size=12))
def test_the_state_follows_from_the_lines_after_every_step(
    kept: Kept, walk: list[tuple[str, int]]
) -> None:
    filed = kept.filed
    with filed.database.session(Scope.system(Task.OPERATOR), writes=True) as session:
        for number, (step, place) in enumerate(walk):
            lines = _lines(session, filed)
            allowed = (
                any(each.state is LineState.APPROVED for each in lines)
                if step == "pay"
                else (lines[place].state, LineStep(step)) in LINE_TRANSITIONS
            )
            try:
                with session.begin_nested():
                    _take(session, filed, step, lines[place], number)
            except (IllegalStep, paying.NothingToPay):
                assert not allowed
            else:
                assert allowed
            session.expire_all()
            states = [line.state for line in _lines(session, filed)]
            assert session.get_one(Invoice, filed.invoice_id).state is invoice_state(states)
        session.rollback()


def _lines(session: Session, filed: Filed) -> Sequence[InvoiceLine]:
    return session.scalars(
        select(InvoiceLine)
        .where(InvoiceLine.invoice_id == filed.invoice_id)
        .order_by(InvoiceLine.position)
    ).all()


def _take(session: Session, filed: Filed, step: str, line: InvoiceLine, number: int) -> None:
    """Take one step of a walk on a line; an amendment takes one minute off its longest session."""
    at = AT + timedelta(minutes=number)
    council, provider = filed.actor(filed.approver), filed.actor(filed.finance)
    invoice_id, version = filed.invoice_id, line.version
    if step == "approve":
        deciding.approve(session, council, invoice_id, {line.id: version}, at=at)
    elif step == "query":
        deciding.query(
            session, council, invoice_id, line.id, version=version, question="Who?", at=at
        )
    elif step == "refuse":
        deciding.refuse(
            session, council, invoice_id, line.id,
            version=version, reason=RefusalReason.NOT_DELIVERED, words="", at=at,
        )  # fmt: skip
    elif step == "answer":
        replying.answer(session, provider, invoice_id, line.id, version=version, words="Sam", at=at)
    elif step == "amend":
        unit = session.scalars(
            select(ChargedUnit)
            .where(ChargedUnit.line_id == line.id)
            .order_by(ChargedUnit.parts.desc(), ChargedUnit.id)
        ).first()
        assert unit is not None
        replying.amend(
            session, provider, invoice_id, line.id,
            version=version, parts={unit.id: unit.parts - 1}, words="Less", at=at,
        )  # fmt: skip
    else:
        paying.pay(
            session, council, invoice_id,
            version=session.get_one(Invoice, invoice_id).version,
            paid_on=local_date(at), remittance=f"R{number}", at=at,
        )  # fmt: skip


def _approval(filed: Filed, line: InvoiceLine, *, by: Person) -> Decision:
    return Decision(
        line_id=line.id,
        invoice_id=filed.invoice_id,
        council_id=filed.council.id,
        provider_id=filed.provider.id,
        step=LineStep.APPROVE,
        words="",
        net=line.net,
        submitted_by=filed.finance.id,
        decided_by=by.id,
        decided_by_name=by.name,
        decided_at=AT,
    )


def _insert(filed: Filed, line: InvoiceLine, *, by: Person) -> UUID:
    decision = _approval(filed, line, by=by)
    with filed.database.transaction(filed.scope(filed.approver)) as session:
        session.add(decision)
        session.flush()
        return decision.id


def _budget(filed: Filed) -> Budget:
    with filed.database.transaction(filed.scope(filed.budget_holder)) as session:
        return session.scalars(select(Budget).order_by(Budget.id)).one()
