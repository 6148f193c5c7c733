"""Approved lines go into a run by one person, out of it by another, and are paid by remittances."""

from __future__ import annotations

import io
from datetime import timedelta
from threading import Barrier, Thread
from uuid import UUID
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from portal.audit.models import AuditEvent
from portal.identity.models import Organisation, Person
from portal.identity.rules import Role
from portal.invoicing.actions import paying
from portal.invoicing.banking import actions as banking
from portal.invoicing.banking.rules import ChangeState
from portal.invoicing.models import Payment
from portal.invoicing.rules import InvoiceState, LineState
from portal.invoicing.runs import actions, queries
from portal.invoicing.runs.events import Event
from portal.invoicing.runs.models import PaymentRun, RunEntry, RunLine
from portal.invoicing.runs.rules import EntryState, RunState
from portal.kernel.clock import local_date, set_clock
from portal.kernel.database import Database
from portal.kernel.errors import DomainError
from portal.kernel.money import Money
from portal.kernel.tenancy import Scope, Task
from portal.kernel.transitions import IllegalStep
from tests.invoicing.banking.test_changing import ACCOUNT, CALL
from tests.invoicing.filed import AT, Filed, file_invoice, post
from tests.invoicing.test_deciding import approve
from tests.invoicing.test_invoice_pages import page, words
from tests.makers import csrf_token, make_person, sign_in

OPERATOR = Scope.system(Task.OPERATOR)
TODAY = local_date(AT)
INDEX, NEW, REMITTANCES = "/payment-runs", "/payment-runs/new", "/payment-runs/remittances"


@pytest.fixture
def filed(app: Flask, owner_database: Database, database: Database) -> Filed:
    """Four sections of £231.00, of which the approver approved two."""
    made = file_invoice(owner_database, database)
    approve(made, 1, 2)
    return made


def propose(filed: Filed, amount: str = "462.00", *, by: Person | None = None) -> UUID:
    person = by or filed.second
    with filed.database.transaction(filed.scope(person)) as session:
        amounts = {filed.invoice_id: Money.pounds(amount)}
        return actions.propose(session, filed.actor(person), amounts, at=AT).id


def release(filed: Filed, run_id: UUID, *, by: Person | None = None) -> None:
    person = by or filed.budget_holder
    with filed.database.transaction(filed.scope(person)) as session:
        actions.release(session, filed.actor(person), run_id, at=AT)


def run_of(filed: Filed, run_id: UUID) -> tuple[PaymentRun, list[RunEntry]]:
    with filed.database.transaction(filed.scope(filed.second)) as session:
        return queries.get_run(session, run_id), list(queries.entries_of(session, run_id))


def test_what_is_approved_and_in_no_run_goes_in(filed: Filed) -> None:
    run, (entry,) = run_of(filed, propose(filed))
    assert (run.state, str(run.total), run.reference[:8]) == (
        RunState.PROPOSED, "£462.00", "PR-2605-",
    )  # fmt: skip
    assert (str(entry.amount), entry.state) == ("£462.00", EntryState.WAITING)
    approve(filed, 3)
    _, (second,) = run_of(filed, propose(filed, "231.00"))
    assert str(second.amount) == "£231.00"
    with pytest.raises(actions.ChangedMeanwhile):
        propose(filed, "231.00")


def test_what_the_page_did_not_show_is_not_proposed(filed: Filed) -> None:
    approve(filed, 3)
    with pytest.raises(actions.ChangedMeanwhile):
        propose(filed, "462.00")
    with (
        pytest.raises(actions.NothingToRun),
        filed.database.transaction(filed.scope(filed.second)) as session,
    ):
        actions.propose(session, filed.actor(filed.second), {}, at=AT)


def test_a_line_is_in_one_run_by_the_database_too(filed: Filed, owner_database: Database) -> None:
    run_id = propose(filed)
    with owner_database.transaction(OPERATOR) as session:
        line = session.scalars(select(RunLine).where(RunLine.run_id == run_id)).first()
        assert line is not None
        again = RunLine(
            entry_id=line.entry_id, run_id=run_id, council_id=line.council_id,
            provider_id=line.provider_id, line_id=line.line_id, approved_by=line.approved_by,
        )  # fmt: skip
        session.expunge_all()
    with (
        pytest.raises(IntegrityError, match=r"a_line_in_one_run|payment_run_line"),
        owner_database.transaction(OPERATOR) as session,
    ):
        session.add(again)


def test_nobody_releases_what_they_had_a_hand_in(
    filed: Filed, owner_database: Database, app: Flask
) -> None:
    run_id = propose(filed)
    for person in (filed.second, filed.approver):  # who proposed it, and who approved its lines
        with pytest.raises(actions.OnesOwnRun):
            release(filed, run_id, by=person)
    with owner_database.transaction(OPERATOR) as session:
        name, domain = filed.approver.email.split("@")
        session.execute(
            update(Person)
            .where(Person.id == filed.budget_holder.id)
            .values(email=f"{name}+two@{domain}")
        )
    with pytest.raises(actions.OnesOwnRun):
        release(filed, run_id)


def test_the_database_keeps_proposer_approver_and_releaser_apart(
    filed: Filed, owner_database: Database
) -> None:
    run_id = propose(filed)
    release(filed, run_id)
    with pytest.raises(IntegrityError), owner_database.transaction(OPERATOR) as session:
        session.execute(
            update(PaymentRun)
            .where(PaymentRun.id == run_id)
            .values(proposed_by=filed.budget_holder.id)
        )
    with pytest.raises(IntegrityError), owner_database.transaction(OPERATOR) as session:
        session.execute(
            update(RunLine)
            .where(RunLine.run_id == run_id)
            .values(approved_by=filed.budget_holder.id)
        )


def change_account(filed: Filed, owner: Database, app: Flask, *, upto: ChangeState) -> Person:
    """The provider's account is changed as far as that; who verified it."""
    with owner.transaction(OPERATOR) as session:
        people = [
            make_person(session, organisation=side, roles=[role], name=name)
            for side, role, name in (
                (filed.provider, Role.PROVIDER_ADMINISTRATOR, "Ash Administrator"),
                (filed.council, Role.COMMISSIONER, "Cam Council"),
            )
        ]
    administrator, commissioner = people
    actor = filed.actor(filed.finance)
    with app.app_context():
        with filed.database.transaction(filed.scope(filed.finance)) as session:
            change_id = banking.propose(session, actor, **ACCOUNT, at=AT).id
        second = type(actor)(administrator.id, administrator.name, filed.provider.id)
        scope = Scope(organisation_id=filed.provider.id, person_id=administrator.id)
        with filed.database.transaction(scope) as session:
            banking.confirm(session, second, change_id, at=AT)
        if upto is ChangeState.VERIFIED:
            scope = Scope(organisation_id=filed.council.id, person_id=commissioner.id)
            third = type(actor)(commissioner.id, commissioner.name, filed.council.id)
            with filed.database.transaction(scope) as session:
                banking.verify(session, third, change_id, **CALL, at=AT)
    return commissioner


@pytest.mark.parametrize(
    ("upto", "why"),
    [
        (ChangeState.CONFIRMED, "no council has called back yet to verify it"),
        (ChangeState.VERIFIED, "nothing is paid until 13 May 2026 is over"),
    ],
)
def test_a_changed_account_is_left_out_with_the_reason(
    filed: Filed,
    owner_database: Database,
    app: Flask,
    client: FlaskClient,
    upto: ChangeState,
    why: str,
) -> None:
    run_id = propose(filed)
    change_account(filed, owner_database, app, upto=upto)
    with pytest.raises(actions.NotPayable, match=why):
        release(filed, run_id)
    sign_in(client, filed.second)
    address = f"{INDEX}/{run_id}"
    _, (entry,) = run_of(filed, run_id)
    out = post(client, address, f"{address}/entries/{entry.id}/take-out", {})
    assert out.status_code == 303
    assert str(run_of(filed, run_id)[0].total) == "£0.00"
    said = words(client.get(NEW).get_data(as_text=True))
    assert "Nothing can be paid today." in said and why in said
    with pytest.raises(actions.ChangedMeanwhile):
        propose(filed)


def test_after_the_hold_the_new_account_is_paid_and_its_verifier_does_not_release(
    filed: Filed, owner_database: Database, app: Flask
) -> None:
    verifier = change_account(filed, owner_database, app, upto=ChangeState.VERIFIED)
    later = AT + timedelta(days=8)
    with filed.database.transaction(filed.scope(filed.second)) as session:
        run = actions.propose(
            session, filed.actor(filed.second), {filed.invoice_id: Money.pounds("462")}, at=later
        )
    _, (entry,) = run_of(filed, run.id)
    assert (entry.account_number, entry.sort_code) == ("87654321", "112233")
    with pytest.raises(actions.OnesOwnRun):
        release(filed, run.id, by=verifier)


def test_of_two_who_propose_at_once_one_is_told(filed: Filed) -> None:
    ready, refused, made = Barrier(2), [], []

    def ask(person: Person) -> None:
        ready.wait()
        try:
            made.append(propose(filed, by=person))
        except DomainError as sentence:
            refused.append(type(sentence))

    asking = [Thread(target=ask, args=[one]) for one in (filed.second, filed.approver)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert (len(made), refused) == (1, [actions.ChangedMeanwhile])


def test_what_is_in_a_run_is_not_paid_beside_it(filed: Filed, client: FlaskClient) -> None:
    run_id = propose(filed)
    with (
        pytest.raises(paying.InARun),
        filed.database.transaction(filed.scope(filed.approver)) as session,
    ):
        paying.pay(
            session, filed.actor(filed.approver), filed.invoice_id,
            version=filed.invoice().version, paid_on=TODAY, remittance="A", at=AT,
        )  # fmt: skip
    sign_in(client, filed.approver)
    said = words(client.get(f"{page(filed)}/payment").get_data(as_text=True))
    assert "This invoice is in payment run PR-2605-" in said
    assert post(client, f"{INDEX}/{run_id}", f"{INDEX}/{run_id}/cancel", {}).status_code == 303
    again, _ = run_of(filed, propose(filed))
    assert again.state is RunState.PROPOSED, "what a cancelled run held can go in another"
    with pytest.raises(IllegalStep):
        release(filed, run_id)


def remittance(filed: Filed, run: PaymentRun, amount: str = "462.00") -> str:
    return (
        "Run,Invoice,Amount,Paid on,Remittance\r\n"
        f"{run.reference},{filed.invoice().reference},{amount},2026-05-06,BACS-7\r\n"
        f"{run.reference},2604-NOBODY,1.00,2026-05-06,BACS-7\r\n"
    )


def test_through_the_pages_from_the_proposal_to_the_payment(
    filed: Filed, owner_database: Database, client: FlaskClient
) -> None:
    with owner_database.transaction(OPERATOR) as session:
        for side in (filed.provider, filed.council):
            session.execute(
                update(Organisation)
                .where(Organisation.id == side.id)
                .values(endpoint_scheme="0060", endpoint_id="123456789")
            )
    sign_in(client, filed.second)
    assert "Can be paid today" in words(client.get(NEW).get_data(as_text=True))
    assert post(client, NEW, NEW, {}).status_code == 422
    stale = post(client, NEW, NEW, {"invoice": f"{filed.invoice_id}:1"})
    assert stale.status_code == 409
    assert "Nothing was proposed" in words(stale.get_data(as_text=True))
    address = post(client, NEW, NEW, {"invoice": f"{filed.invoice_id}:46200"}).headers["Location"]
    said = words(client.get(address).get_data(as_text=True))
    assert "Somebody else has to release it." in said
    run_id = UUID(address.rsplit("/", 1)[1])
    approve(filed, 3)
    sign_in(client, filed.budget_holder)
    assert "Release payment run PR-2605-" in words(client.get("/").get_data(as_text=True))
    assert download(client, address, "csv")[0] == 409, "nothing is taken out before the release"
    assert post(client, address, f"{address}/release", {}).status_code == 303
    run, _ = run_of(filed, run_id)
    status, content = download(client, address, "csv")
    assert status == 200
    assert f"{run.reference},2026-05-06,{filed.invoice().reference},LM-2026-04,2026-04," in str(
        content, "utf-8-sig"
    )
    assert b",462.00,GBP," in content
    assert download(client, address, "xlsx")[1][:2] == b"PK"
    with ZipFile(io.BytesIO(download(client, address, "zip")[1])) as zipped:
        (name,) = zipped.namelist()
        assert name == f"invoice-{filed.invoice().reference}.xml"
        assert b"LM-2026-04" in zipped.read(name)
    sign_in(client, filed.approver)
    assert upload(client, b"\xff")[0] == 422
    status, said = upload(client, remittance(filed, run, "462.01").encode())
    assert "The run pays £462.00 for it, not £462.01." in said and "Record" not in said[-80:]
    status, said = upload(client, remittance(filed, run).encode())
    assert "No released run of this reference pays an invoice of this reference." in said
    assert "Record 1 payment" in said and filed.invoice().paid == Money(0)
    done = {"rows": remittance(filed, run)}
    assert post(client, REMITTANCES, f"{REMITTANCES}/confirm", done).status_code == 303
    assert post(client, REMITTANCES, f"{REMITTANCES}/confirm", done).status_code == 303
    invoice = filed.invoice()
    assert (str(invoice.approved), str(invoice.paid)) == ("£693.00", "£462.00")
    assert invoice.state is InvoiceState.TO_DECIDE
    assert [line.state for line in filed.lines()] == [
        LineState.PAID, LineState.PAID, LineState.APPROVED, LineState.SUBMITTED,
    ]  # fmt: skip
    sign_in(client, filed.finance)
    said = words(client.get(page(filed)).get_data(as_text=True))
    assert "£462.00 on 6 May 2026, remittance BACS-7" in said
    with owner_database.transaction(OPERATOR) as session:
        assert len(session.scalars(select(Payment)).all()) == 1
        happened = session.scalars(
            select(AuditEvent.event).where(AuditEvent.event.like("%payment-run%"))
        ).all()
    assert set(happened) == {
        Event.PROPOSED, Event.RELEASED, Event.EXPORTED,
        Event.REMITTED,
    }  # fmt: skip


def test_a_late_payment_shows_what_it_costs_by_law(
    filed: Filed, owner_database: Database, client: FlaskClient
) -> None:
    with owner_database.transaction(OPERATOR) as session:
        set_clock(session, AT + timedelta(days=38))  # 13 June, due on 3 June
    sign_in(client, filed.second)
    said = words(client.get(page(filed)).get_data(as_text=True))
    # 462 x 11.75 % x 10 / 365 = 1.487...
    assert (
        "Late and not paid £1.49 interest by law and £40.00 fixed sum. 10 days on £462.00" in said
    )
    said = words(client.get(NEW).get_data(as_text=True))
    assert "Late: £41.49 interest and fixed sum by law, not in the amount" in said


def download(client: FlaskClient, address: str, kind: str) -> tuple[int, bytes]:
    token = csrf_token(client.get(address).get_data(as_text=True))
    answer = client.post(f"{address}/download", data={"csrf_token": token, "kind": kind})
    return answer.status_code, answer.get_data()


def upload(client: FlaskClient, content: bytes) -> tuple[int, str]:
    shown = client.get(REMITTANCES).get_data(as_text=True)
    answer = client.post(
        REMITTANCES,
        data={
            "csrf_token": csrf_token(shown),
            "_nonce": shown.split('name="_nonce" value="')[1].split('"')[0],
            "file": (io.BytesIO(content), "remittances.csv"),
        },
    )
    return answer.status_code, words(answer.get_data(as_text=True))
