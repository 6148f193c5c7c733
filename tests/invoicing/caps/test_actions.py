"""A council sets its caps: the first counts what was approved, and then it is only raised."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, update

from portal.audit.models import AuditEvent
from portal.budgets.actions import CapCounts, CapExceeded, CapTooLow, Event
from portal.budgets.models import Budget
from portal.frameworks.models import Framework
from portal.identity.models import Person
from portal.invoicing.actions import deciding
from portal.invoicing.caps.actions import set_cap
from portal.invoicing.caps.queries import YearCap, year_caps
from portal.kernel.database import Database
from portal.kernel.errors import NotFound, Stale
from portal.kernel.money import ZERO, Money
from portal.kernel.tenancy import Scope, Task
from portal.kernel.years import Year, contract_year
from tests.invoicing.filed import AT, Filed, file_invoice
from tests.makers import make_council, make_framework

START = date(2025, 9, 1)
FIRST, SECOND = contract_year(START, START), contract_year(START, date(2026, 9, 1))


@pytest.fixture
def filed(owner_database: Database, database: Database) -> Filed:
    """Four lines of £231.00 in the first contract year, which has no cap."""
    return file_invoice(owner_database, database)


def put(
    filed: Filed, cap: str, *, year: Year = FIRST, version: int = 0, by: Person | None = None
) -> Budget:
    person = by or filed.budget_holder
    with filed.database.transaction(filed.scope(person)) as session:
        return set_cap(
            session, filed.actor(person), filed.invoice().framework_id, year,
            cap=Money.pounds(cap), funding_source="Pupil Premium Plus", version=version, at=AT,
        )  # fmt: skip


def approve(filed: Filed, *positions: int) -> None:
    with filed.database.transaction(filed.scope(filed.approver)) as session:
        deciding.approve(
            session, filed.actor(filed.approver), filed.invoice_id, filed.versions(*positions),
            at=AT,
        )  # fmt: skip


def rows(filed: Filed) -> list[YearCap]:
    with filed.database.transaction(filed.scope(filed.budget_holder)) as session:
        framework = session.get_one(Framework, filed.invoice().framework_id)
        return year_caps(session, framework, filed.council.id)


def test_a_first_cap_counts_what_was_approved_without_one(filed: Filed) -> None:
    approve(filed, 1, 2)
    assert (rows(filed)[0].budget, rows(filed)[0].approved) == (None, Money.pounds("462.00"))
    with pytest.raises(CapTooLow, match=r"at least £462\.00"):
        put(filed, "461.99")
    budget = put(filed, "693.00")
    assert (budget.approved, budget.cap) == (Money.pounds("462.00"), Money.pounds("693.00"))
    approve(filed, 3)
    with pytest.raises(CapExceeded, match=r"£231\.00 over its cap of £693\.00"):
        approve(filed, 4)


def test_a_cap_is_changed_until_something_is_approved_against_it(filed: Filed) -> None:
    assert put(filed, "500.00").version == 1
    assert rows(filed)[0].settable
    lowered = put(filed, "231.00", version=1)
    assert (str(lowered.cap), lowered.version) == ("£231.00", 2)
    approve(filed, 1)
    assert not rows(filed)[0].settable
    for cap in ("0.00", "900.00"):
        with pytest.raises(CapCounts, match="a budget holder can raise it"):
            put(filed, cap, version=2)
    with filed.database.transaction(filed.scope(filed.budget_holder)) as session:
        recorded = session.execute(
            select(AuditEvent.event, AuditEvent.details)
            .where(AuditEvent.event.in_({Event.CAP_SET, Event.CAP_CHANGED}))
            .order_by(AuditEvent.event.desc())
        ).all()
    paid_by = {"funding_source": "Pupil Premium Plus"}
    assert [tuple(one) for one in recorded] == [
        (Event.CAP_SET, {"before_pence": None, "after_pence": 50_000, **paid_by}),
        (Event.CAP_CHANGED, {"before_pence": 50_000, "after_pence": 23_100, **paid_by}),
    ]


@pytest.mark.parametrize(("version", "then"), [(1, 0), (0, 1), (2, 1)])
def test_a_stale_form_sets_nothing(filed: Filed, version: int, then: int) -> None:
    if then:
        put(filed, "500.00")
    with pytest.raises(Stale):
        put(filed, "600.00", version=version)
    assert [row.budget.cap for row in rows(filed) if row.budget] == [Money.pounds("500.00")] * then


def test_only_a_contract_year_of_a_framework_that_the_council_buys_from_has_a_cap(
    filed: Filed, owner_database: Database
) -> None:
    for year in (Year(date(2025, 8, 1), date(2026, 7, 31)), contract_year(START, date(2031, 9, 1))):
        with pytest.raises(NotFound):
            put(filed, "500.00", year=year)
    with owner_database.transaction(Scope.system(Task.OPERATOR)) as session:
        elsewhere = make_framework(session, lead=make_council(session))
    with (
        pytest.raises(NotFound),
        filed.database.transaction(filed.scope(filed.budget_holder)) as session,
    ):
        set_cap(
            session, filed.actor(filed.budget_holder), elsewhere.id, FIRST, cap=ZERO,
            funding_source="Grant", version=0, at=AT,
        )  # fmt: skip


def test_a_cap_of_a_year_that_begins_on_another_day_now_is_still_seen(
    filed: Filed, owner_database: Database
) -> None:
    put(filed, "500.00", year=SECOND)
    with owner_database.transaction(Scope.system(Task.OPERATOR)) as session:
        session.execute(
            update(Framework)
            .where(Framework.id == filed.invoice().framework_id)
            .values(starts_on=date(2025, 10, 1))
        )
    found = [(row.year.first, row.stray) for row in rows(filed) if row.budget]
    assert found == [(SECOND.first, True)]
    assert date(2026, 10, 1) in {row.year.first for row in rows(filed)}
