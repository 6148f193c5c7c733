"""An account changes by two people of the provider, a call back and a hold (promise 4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from portal.audit.models import AuditEvent
from portal.evidence.models import BankDetails
from portal.identity.models import Organisation, Person
from portal.identity.rules import Role
from portal.invoicing.actions import deciding
from portal.invoicing.banking import actions, queries
from portal.invoicing.banking.events import Event
from portal.invoicing.banking.models import BankChange
from portal.invoicing.banking.rules import ChangeState, KnownFrom
from portal.kernel.database import Database
from portal.kernel.errors import DomainError
from portal.kernel.jobs.models import Job
from portal.kernel.post.models import Letter
from portal.kernel.tenancy import Scope, Task
from portal.kernel.transitions import IllegalStep
from tests.invoicing.filed import AT, Filed, file_invoice, post
from tests.invoicing.test_deciding import approve
from tests.invoicing.test_invoice_pages import words
from tests.makers import make_person, sign_in

HELD_UNTIL = date(2026, 5, 13)
OPERATOR = Scope.system(Task.OPERATOR)


@dataclass(frozen=True)
class Bank:
    """A filed invoice, a second person of its provider and a commissioner of its council."""

    app: Flask
    filed: Filed
    owner: Database
    administrator: Person
    commissioner: Person

    def scope(self, person: Person) -> Scope:
        side = self.filed.council
        if person in (self.filed.finance, self.administrator):
            side = self.filed.provider
        return Scope(organisation_id=side.id, person_id=person.id)

    def act(
        self, person: Person, step: Callable[..., BankChange], *given: Any, **more: Any
    ) -> UUID:
        """One step of somebody's, in a transaction of its own; the change's id."""
        scope = self.scope(person)
        actor = replace(self.filed.actor(person), organisation_id=scope.organisation_id)
        with self.app.app_context(), self.filed.database.transaction(scope) as session:
            return step(session, actor, *given, **{"at": AT, **more}).id

    def propose(self, **more: str) -> UUID:
        return self.act(self.filed.finance, actions.propose, **(ACCOUNT | more))

    def confirmed(self) -> UUID:
        change_id = self.propose()
        return self.act(self.administrator, actions.confirm, change_id)

    def verified(self) -> UUID:
        return self.act(self.commissioner, actions.verify, self.confirmed(), **CALL)

    def change(self, change_id: UUID) -> BankChange:
        with self.filed.database.transaction(self.scope(self.commissioner)) as session:
            return session.get_one(BankChange, change_id)

    def unpaid(self, today: date) -> str | None:
        with self.filed.database.transaction(self.scope(self.commissioner)) as session:
            provider_id = self.filed.provider.id
            return queries.unpaid_because(session, [provider_id], today).get(provider_id)

    def paid_to(self, today: date) -> str:
        with self.filed.database.transaction(self.scope(self.commissioner)) as session:
            (account,) = queries.accounts_on(session, [self.filed.provider.id], today).values()
            return account.account_number


ACCOUNT = {
    "account_name": "Larkspur Mentoring Ltd",
    "account_number": "87654321",
    "sort_code": "112233",
    "because": "We moved to another bank",
    "phone": "01632 960 999",
}
CALL: dict[str, Any] = {
    "spoke_to": "Ada at the front desk",
    "called_number": "01632 960 001",
    "known_from": KnownFrom.CONTRACT,
    "note": "She read the account out",
}


@pytest.fixture
def bank(app: Flask, owner_database: Database, database: Database) -> Bank:
    filed = file_invoice(owner_database, database, sections=2)
    with owner_database.transaction(OPERATOR) as session:
        session.execute(
            update(Organisation)
            .where(Organisation.id == filed.provider.id)
            .values(accounts_email="accounts@larkspur.example")
        )
        return Bank(
            app,
            filed,
            owner_database,
            make_person(
                session,
                organisation=filed.provider,
                roles=[Role.PROVIDER_ADMINISTRATOR],
                name="Ash Administrator",
            ),
            make_person(
                session, organisation=filed.council, roles=[Role.COMMISSIONER], name="Cam Council"
            ),
        )


def test_the_account_is_used_from_the_day_after_the_hold(bank: Bank) -> None:
    before = bank.paid_to(AT.date())
    change_id = bank.propose()
    assert bank.unpaid(AT.date()) is None, "one person cannot stop the payments"
    bank.act(bank.administrator, actions.confirm, change_id)
    assert "no council has called back yet" in str(bank.unpaid(AT.date()))
    bank.act(bank.commissioner, actions.verify, change_id, **CALL)
    assert bank.change(change_id).hold_until == HELD_UNTIL
    assert "nothing is paid until 13 May 2026 is over" in str(bank.unpaid(HELD_UNTIL))
    assert bank.paid_to(HELD_UNTIL) == before
    after = HELD_UNTIL + timedelta(days=1)
    assert (bank.unpaid(after), bank.paid_to(after)) == (None, "87654321")


def test_those_known_before_are_told_at_once(bank: Bank) -> None:
    bank.propose()
    with bank.owner.transaction(OPERATOR) as session:
        (letter,) = session.scalars(select(Letter))
        told = [
            job.arguments for job in session.scalars(select(Job)) if job.name == "notices:deliver"
        ]
        events = session.scalars(
            select(AuditEvent.event).where(AuditEvent.event.like("%bank-account%"))
        ).all()
    assert letter.address == "accounts@larkspur.example"
    assert letter.body and "87654321" not in letter.body
    assert [one["permission"] for one in told] == ["bank:change"]
    assert events == [Event.PROPOSED]


def test_nobody_takes_two_of_the_steps(bank: Bank) -> None:
    change_id = bank.propose()
    with pytest.raises(actions.OnesOwnChange):
        bank.act(bank.filed.finance, actions.confirm, change_id)
    with pytest.raises(IllegalStep):
        bank.act(bank.commissioner, actions.verify, change_id, **CALL)
    bank.act(bank.administrator, actions.confirm, change_id)
    approve(bank.filed, 1)
    with pytest.raises(actions.NotYoursToVerify):
        bank.act(bank.filed.approver, actions.verify, change_id, **CALL)
    bank.act(bank.filed.second, actions.verify, change_id, **CALL)
    with (
        pytest.raises(deciding.OnesOwnAccount),
        bank.filed.database.transaction(bank.filed.scope(bank.filed.second)) as session,
    ):
        deciding.approve(
            session, bank.filed.actor(bank.filed.second), bank.filed.invoice_id,
            bank.filed.versions(2), at=AT,
        )  # fmt: skip


def test_a_second_account_of_one_person_is_no_second_person(bank: Bank) -> None:
    change_id = bank.propose()
    with bank.owner.transaction(OPERATOR) as session:
        name, domain = bank.filed.finance.email.split("@")
        session.execute(
            update(Person)
            .where(Person.id == bank.administrator.id)
            .values(email=f"{name}+two@{domain}")
        )
    with pytest.raises(actions.OnesOwnChange):
        bank.act(bank.administrator, actions.confirm, change_id)


@pytest.mark.parametrize("field", ["confirmed_by", "verified_by"])
def test_the_database_holds_it_too(bank: Bank, field: str) -> None:
    change_id = bank.verified()
    with pytest.raises(IntegrityError), bank.owner.transaction(OPERATOR) as session:
        session.execute(
            update(BankChange)
            .where(BankChange.id == change_id)
            .values({field: bank.filed.finance.id})
        )


def test_the_call_goes_to_a_number_known_before(bank: Bank) -> None:
    change_id = bank.confirmed()
    with pytest.raises(actions.NumberFromTheRequest):
        bank.act(
            bank.commissioner, actions.verify, change_id,
            **(CALL | {"called_number": "+44 1632 960999"}),
        )  # fmt: skip


def test_either_side_stops_it_until_the_hold_is_over(bank: Bank) -> None:
    before = bank.paid_to(AT.date())
    first = bank.verified()
    bank.act(bank.filed.finance, actions.stop, first, because="That was not us")
    assert bank.change(first).state is ChangeState.STOPPED
    second = bank.verified()
    bank.act(bank.commissioner, actions.refuse, second, because="They called to say no")
    later = HELD_UNTIL + timedelta(days=30)
    assert (bank.paid_to(later), bank.unpaid(AT.date())) == (before, None)
    third = bank.verified()
    over = AT + timedelta(days=10)
    with pytest.raises(actions.InForce):
        bank.act(bank.commissioner, actions.refuse, third, because="Too late", at=over)
    with bank.owner.transaction(OPERATOR) as session:
        accounts = session.scalars(select(BankDetails.account_number)).all()
    assert sorted(accounts) == sorted([before, "87654321"])


def test_one_change_at_a_time_and_not_to_the_same_account(bank: Bank) -> None:
    with pytest.raises(actions.SameAccount):
        bank.propose(account_number=bank.paid_to(AT.date()), sort_code="000000")
    bank.propose()
    with pytest.raises(actions.AnotherChange):
        bank.propose(account_number="11111111")


def test_of_two_who_ask_at_once_one_is_told_of_the_other(bank: Bank) -> None:
    ready, refused = Barrier(2), []

    def ask(person: Person) -> None:
        ready.wait()
        try:
            bank.act(person, actions.propose, **ACCOUNT)
        except DomainError as sentence:
            refused.append(type(sentence))

    asking = [Thread(target=ask, args=[one]) for one in (bank.filed.finance, bank.administrator)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert refused == [actions.AnotherChange]


def test_through_the_pages_from_the_request_to_the_hold(bank: Bank, client: FlaskClient) -> None:
    sign_in(client, bank.filed.finance)
    wrong = post(client, CHANGE, CHANGE, typed(account_number="123"))
    assert wrong.status_code == 422
    assert "Enter an account number of 8 digits" in words(wrong.get_data(as_text=True))
    same = typed(account_number=bank.paid_to(AT.date()), sort_code="00-00-00")
    assert post(client, CHANGE, CHANGE, same).status_code == 422
    address = post(client, CHANGE, CHANGE, typed()).headers["Location"]
    said = words(client.get(address).get_data(as_text=True))
    assert "You asked for this, so somebody else of your organisation must confirm it" in said
    sign_in(client, bank.administrator)
    assert "Confirm the bank account that Fay Finance asked for" in home(client)
    assert post(client, address, f"{address}/confirm", {}).status_code == 303
    sign_in(client, bank.commissioner)
    assert "Call Larkspur Mentoring back about its changed bank account" in home(client)
    told = call() | {"called_number": "01632 960 999"}
    answer = post(client, address, f"{address}/verify", told)
    assert answer.status_code == 422
    said = words(answer.get_data(as_text=True))
    assert "This number came with the request." in said and "She read the account out" in said
    assert post(client, address, f"{address}/verify", call()).status_code == 303
    said = words(client.get(address).get_data(as_text=True))
    assert "Held until 13 May 2026" in said and "5 working days after the call back" in said
    assert "Called Ada at the front desk on 01632 960 001" in said
    answer = post(client, address, f"{address}/refuse", {"because": ""})
    assert (answer.status_code, "Say why" in answer.get_data(as_text=True)) == (422, True)
    assert post(client, address, f"{address}/refuse", {"because": "No"}).status_code == 303
    sign_in(client, bank.filed.approver)
    said = words(client.get(address).get_data(as_text=True))
    assert "87654321" not in said and "•••••321" in said
    sign_in(client, bank.filed.finance)
    said = words(client.get("/bank-accounts").get_data(as_text=True))
    assert "Change the bank account" in said and "Refused" in said
    address = post(client, CHANGE, CHANGE, typed()).headers["Location"]
    assert post(client, address, f"{address}/stop", {"because": ""}).status_code == 422
    assert post(client, address, f"{address}/stop", {"because": "No"}).status_code == 303


def test_a_council_sets_its_own_hold(bank: Bank, client: FlaskClient) -> None:
    sign_in(client, bank.filed.budget_holder)
    hold = "/bank-accounts/hold"
    assert post(client, hold, hold, {"days": "0"}).status_code == 422
    assert post(client, hold, hold, {"days": "10"}).status_code == 303
    said = words(client.get("/bank-accounts").get_data(as_text=True))
    assert "held for 10 working days after the call back" in said
    assert bank.change(bank.verified()).hold_until == date(2026, 5, 20)


CHANGE = "/bank-accounts/change"


def home(client: FlaskClient) -> str:
    return words(client.get("/").get_data(as_text=True))


def typed(**more: str) -> dict[str, str | list[str]]:
    return {**ACCOUNT, "sort_code": "11-22-33", **more}


def call() -> dict[str, str | list[str]]:
    return {**CALL, "known_from": "contract"}
