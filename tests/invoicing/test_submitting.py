"""Drafting a month from what was delivered, and submitting it once."""

from __future__ import annotations

from contextlib import ExitStack, closing
from datetime import UTC, date, datetime
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from portal.audit.actions import Actor
from portal.audit.models import AuditEvent
from portal.delivery.models import DeliverySession
from portal.invoicing.actions.events import Event
from portal.invoicing.actions.numbers import NumberTaken
from portal.invoicing.actions.submitting import (
    AlreadySubmitted,
    ChecksBlock,
    DraftChanged,
    submit,
)
from portal.invoicing.checks import Check, Facts, check
from portal.invoicing.draft_queries import draftable
from portal.invoicing.drafting import Draft
from portal.invoicing.fingerprint import fingerprint
from portal.invoicing.gathering import Stream, gather_draft
from portal.invoicing.models import ChargedUnit, Invoice
from portal.invoicing.queries import lines_of
from portal.kernel.database import Database
from portal.kernel.errors import NotFound
from portal.kernel.money import Money
from portal.kernel.months import Month
from portal.kernel.tenancy import Scope, Task
from tests.invoicing.april import APRIL, IN_MAY, April, add_weekly, make_april
from tests.makers import (
    make_agreement_price,
    make_council,
    make_framework,
    make_session,
    make_stay,
)
from tests.support.databases import Databases

OPERATOR = Scope.system(Task.OPERATOR)


def as_finance(april: April) -> Scope:
    """What the provider's finance person sees."""
    return Scope(organisation_id=april.provider.id, person_id=april.finance.id)


def draft_of(session: Session, stream: Stream, month: Month, *, at: datetime = IN_MAY) -> Draft:
    """The month's draft as it would be now."""
    return gather_draft(session, stream, month, today=at.date()).draft


def submit_april(
    session: Session,
    april: April,
    *,
    month: Month = APRIL,
    number: str = "INV-0012",
    seen: str | None = None,
    at: datetime = IN_MAY,
) -> Invoice:
    """Submit what the draft holds now."""
    actor = Actor(april.finance.id, april.finance.name, april.provider.id)
    return submit(
        session,
        actor,
        april.stream,
        month,
        number=number,
        seen=fingerprint(draft_of(session, april.stream, month)) if seen is None else seen,
        at=at,
    )


@pytest.fixture
def april(owner_database: Database) -> April:
    """April as delivered."""
    with owner_database.transaction(OPERATOR) as session:
        return make_april(session)


def test_sessions_are_charged_by_the_hour(april: April, database: Database) -> None:
    with database.transaction(as_finance(april)) as session:
        draft = draft_of(session, april.stream, APRIL)
    (line,) = draft.lines
    assert line.parts == 330  # 5.5 hours
    assert str(line.net) == "£231.00"
    assert line.description == "3 sessions, 16 to 30 April 2026"


def test_september_at_820_pounds_a_week_is_3514_pounds_29(
    april: April, database: Database, owner_database: Database
) -> None:
    with owner_database.transaction(OPERATOR) as session:
        weekly = add_weekly(session, april, price="820.00")
        make_stay(
            session,
            agreement=weekly,
            first_night=date(2026, 9, 1),
            last_night=date(2026, 9, 30),
        )
    at = datetime(2026, 10, 1, 9, tzinfo=UTC)
    with database.transaction(as_finance(april)) as session:
        draft = draft_of(session, april.stream, Month(2026, 9), at=at)
    nights = [line for line in draft.lines if line.service_month == Month(2026, 9)]
    assert [(line.parts, str(line.net)) for line in nights] == [(30, "£3,514.29")]


def test_a_price_that_changes_inside_march_makes_two_lines(
    april: April, database: Database, owner_database: Database
) -> None:
    with owner_database.transaction(OPERATOR) as session:
        weekly = add_weekly(session, april, price="3140.00")
        uplifted = Money.pounds("3140").percent(Decimal("101.5"))
        make_agreement_price(
            session, agreement=weekly, price=uplifted.plain, starts_on=date(2026, 3, 16)
        )
        make_stay(
            session, agreement=weekly, first_night=date(2026, 3, 1), last_night=date(2026, 3, 31)
        )
    with database.transaction(as_finance(april)) as session:
        draft = draft_of(session, april.stream, Month(2026, 3))
    assert [str(line.net) for line in draft.lines] == ["£6,728.57", "£7,284.80"]
    assert str(draft.net) == "£14,013.37"


def test_submitting_makes_the_invoice_locks_its_units_and_is_recorded_once(
    april: April, database: Database
) -> None:
    with database.transaction(as_finance(april)) as session:
        invoice = submit_april(session, april)
        assert str(invoice.total) == "£231.00"
        assert invoice.act_by == date(2026, 6, 4)  # 30 days from 5 May
        assert [line.position for line in lines_of(session, invoice)] == [1]
    with database.transaction(as_finance(april)) as session:
        assert all(session.scalars(select(DeliverySession.locked_at)).all())
        assert len(session.scalars(select(ChargedUnit)).all()) == 3
        assert draftable(session, april.provider.id, through=APRIL.last) == []
    with database.transaction(Scope(organisation_id=april.council.id)) as session:
        events = session.scalars(select(AuditEvent.event)).all()
    assert events.count(Event.SUBMITTED) == 1


def test_a_second_april_invoice_makes_nothing_and_names_the_first(
    april: April, database: Database
) -> None:
    with database.transaction(as_finance(april)) as session:
        first = submit_april(session, april).id
    with (
        pytest.raises(AlreadySubmitted) as refused,
        database.transaction(as_finance(april)) as session,
    ):
        submit_april(session, april, number="INV-0013")
    assert refused.value.invoice_id == first
    assert "Nothing new was made" in refused.value.sentence
    assert invoices(database, april) == [first]


@pytest.mark.parametrize("number", ["inv-0012", "INV 12", "INV-OO12", "inv/0012."])
def test_the_same_number_in_disguise_is_refused(
    number: str, april: April, database: Database, owner_database: Database
) -> None:
    with database.transaction(as_finance(april)) as session:
        first = submit_april(session, april).id
    with owner_database.transaction(OPERATOR) as session:
        make_session(session, agreement=april.agreement, mentor=april.mentor, day=date(2026, 5, 7))
    in_june = datetime(2026, 6, 2, 9, tzinfo=UTC)
    with (
        pytest.raises(NumberTaken) as refused,
        database.transaction(as_finance(april)) as session,
    ):
        submit_april(session, april, month=Month(2026, 5), number=number, at=in_june)
    assert refused.value.invoice_id == first
    assert invoices(database, april) == [first]


def test_a_draft_that_changed_meanwhile_is_not_submitted(
    april: April, database: Database, owner_database: Database
) -> None:
    with database.transaction(as_finance(april)) as session:
        seen = fingerprint(draft_of(session, april.stream, APRIL))
    with owner_database.transaction(OPERATOR) as session:
        make_session(session, agreement=april.agreement, mentor=april.mentor, day=date(2026, 4, 20))
    with (
        pytest.raises(DraftChanged, match=r"£273\.00"),
        database.transaction(as_finance(april)) as session,
    ):
        submit_april(session, april, seen=seen)
    assert invoices(database, april) == []


def test_a_month_that_has_not_ended_is_blocked(april: April, database: Database) -> None:
    early = datetime(2026, 4, 30, 12, tzinfo=UTC)
    with (
        pytest.raises(ChecksBlock),
        database.transaction(as_finance(april)) as session,
    ):
        submit_april(session, april, at=early)
    assert invoices(database, april) == []


def test_a_framework_of_others_is_not_there(
    april: April, database: Database, owner_database: Database
) -> None:
    with owner_database.transaction(OPERATOR) as session:
        elsewhere = make_framework(session, lead=make_council(session))
        foreign = Stream(april.provider.id, elsewhere.lead_council_id, elsewhere.id)
    with (
        pytest.raises(NotFound),
        database.transaction(as_finance(april)) as session,
    ):
        draft_of(session, foreign, APRIL)


def test_two_clicks_at_once_make_one_invoice(april: April, database: Database) -> None:
    with database.transaction(as_finance(april)) as session:
        seen = fingerprint(draft_of(session, april.stream, APRIL))
    barrier = Barrier(2)
    outcomes: list[str] = []

    def click(number: str) -> None:
        barrier.wait()
        try:
            with database.transaction(as_finance(april)) as session:
                submit_april(session, april, number=number, seen=seen)
        except (AlreadySubmitted, IntegrityError) as lost:
            outcomes.append(type(lost).__name__)
        else:
            outcomes.append("submitted")

    threads = [Thread(target=click, args=(number,)) for number in ("INV-1", "INV-2")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("submitted") == 1
    assert len(invoices(database, april)) == 1


def invoices(database: Database, april: April) -> list[object]:
    """The ids of the provider's invoices."""
    with database.transaction(as_finance(april)) as session:
        return list(session.scalars(select(Invoice.id).order_by(Invoice.id)))


def test_nothing_that_is_being_charged_can_be_edited_meanwhile(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On SQLite a writer waits from its first word; on PostgreSQL the rows themselves are held."""
    with databases.fresh("postgresql") as address, ExitStack() as open_ones:
        owner, database = (
            open_ones.enter_context(closing(Database(url)))
            for url in (address.owner, address.application)
        )
        with owner.transaction(OPERATOR) as session:
            april = make_april(session)
        refused: list[str] = []

        def edit_meanwhile(facts: Facts) -> list[Check]:
            try:
                with database.transaction(as_finance(april)) as other:
                    other.connection().exec_driver_sql("SET LOCAL lock_timeout = '100ms'")
                    other.execute(update(DeliverySession).values(minutes=600))
            except OperationalError as error:
                refused.append(type(error.orig).__name__)
            return check(facts)

        monkeypatch.setattr("portal.invoicing.actions.submitting.check", edit_meanwhile)
        with database.transaction(as_finance(april)) as session:
            submit_april(session, april)
    assert refused == ["LockNotAvailable"]
