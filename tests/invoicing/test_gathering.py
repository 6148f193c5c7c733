from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import event, select

from portal.agreements.models import Agreement, Mentor
from portal.audit.actions import Actor
from portal.delivery.rules import SessionState
from portal.evidence.rules import EvidenceKind
from portal.frameworks.models import Framework
from portal.frameworks.rules import PlaceState, Unit
from portal.identity.models import Organisation, Person
from portal.identity.rules import Role
from portal.invoicing.actions.deciding import query
from portal.invoicing.actions.replying import amend
from portal.invoicing.actions.submitting import submit
from portal.invoicing.checks import Check, Severity, check
from portal.invoicing.fingerprint import fingerprint
from portal.invoicing.gathering import Gathered, Stream, gather_draft, gather_invoice
from portal.invoicing.models import ChargedUnit, Invoice, InvoiceLine
from portal.invoicing.queries import lines_of
from portal.kernel.database import Database
from portal.kernel.errors import NotFound
from portal.kernel.ids import new_id
from portal.kernel.months import Month
from portal.kernel.tenancy import Scope, Task
from tests.makers import (
    make_agreement,
    make_agreement_price,
    make_assignment,
    make_budget,
    make_category,
    make_council,
    make_evidence,
    make_framework,
    make_mentor,
    make_person,
    make_place,
    make_provider,
    make_session,
    make_stay,
    make_vat_standing,
)

APRIL = Month(2026, 4)
MAY_2 = datetime(2026, 5, 2, 9, tzinfo=UTC)
TODAY = MAY_2.date()


@dataclass(frozen=True)
class Arranged:
    """A council and a provider with an agreement of each unit, and nothing delivered."""

    owner: Database
    database: Database
    council: Organisation
    provider: Organisation
    framework: Framework
    hourly: Agreement
    single: Agreement
    weekly: Agreement
    mentor: Mentor
    finance: Person
    approver: Person

    @property
    def stream(self) -> Stream:
        return Stream(self.provider.id, self.council.id, self.framework.id)

    def scope(self, organisation: Organisation) -> Scope:
        return Scope(organisation_id=organisation.id, person_id=new_id())

    def draft(self, month: Month = APRIL, today: date = TODAY) -> Gathered:
        with self.database.session(self.scope(self.provider)) as session:
            return gather_draft(session, self.stream, month, today=today)

    def submit(self, month: Month = APRIL, at: datetime = MAY_2) -> Invoice:
        seen = fingerprint(self.draft(month, at.date()).draft)
        scope = Scope(organisation_id=self.provider.id, person_id=self.finance.id)
        actor = Actor(self.finance.id, self.finance.name, self.provider.id)
        with self.database.transaction(scope) as session:
            return submit(
                session, actor, self.stream, month, number=f"N-{month.code}", seen=seen, at=at
            )

    def checks_of(self, invoice: Invoice, organisation: Organisation) -> list[Check]:
        with self.database.session(self.scope(organisation)) as session:
            found = session.get_one(Invoice, invoice.id)
            return check(gather_invoice(session, found, lines_of(session, found), today=TODAY))


@pytest.fixture
def arranged(owner_database: Database, database: Database) -> Arranged:
    with owner_database.transaction(Scope.system(Task.OPERATOR)) as session:
        council, provider = make_council(session), make_provider(session)
        framework = make_framework(session, lead=council, starts_on=date(2025, 9, 1))
        make_vat_standing(session, provider=provider)
        make_evidence(session, provider=provider)
        mentor = make_mentor(session, provider=provider)
        made: list[Agreement] = []
        for code, unit, price, weekly, state in (
            ("1a", Unit.HOUR, "42.00", 120, PlaceState.SUSPENDED),
            ("1b", Unit.SESSION, "55.00", 1, PlaceState.ACTIVE),
            ("1c", Unit.NIGHT, "820.00", 5, PlaceState.ACTIVE),
        ):
            category = make_category(session, framework=framework, code=code, unit=unit)
            place = make_place(
                session, category=category, provider=provider, price=price, state=state
            )
            agreement = make_agreement(
                session,
                place=place,
                council=council,
                price=price,
                reference=f"IA-{code}",
                authorised_weekly=weekly,
                authorised_total=6000,
            )
            make_assignment(session, agreement=agreement, mentor=mentor)
            made.append(agreement)
        return Arranged(
            owner_database,
            database,
            council,
            provider,
            framework,
            made[0],
            made[1],
            made[2],
            mentor,
            make_person(session, organisation=provider, roles=[Role.FINANCE]),
            make_person(session, organisation=council, roles=[Role.APPROVER]),
        )


def deliver_april(arranged: Arranged) -> None:
    """5.5 hours, of which 3.5 in one week; two sessions of one week; 30 nights."""
    with arranged.owner.transaction(Scope.system(Task.OPERATOR)) as session:
        for day, minutes in ((16, 120), (23, 90), (24, 120)):
            make_session(
                session,
                agreement=arranged.hourly,
                mentor=arranged.mentor,
                day=date(2026, 4, day),
                minutes=minutes,
            )
        for day in (7, 9):
            make_session(
                session,
                agreement=arranged.single,
                mentor=arranged.mentor,
                day=date(2026, 4, day),
                at=time(14),
                minutes=45,
            )
        make_stay(session, agreement=arranged.weekly)


def codes(checks: list[Check]) -> list[str]:
    return [each.code for each in checks]


def test_a_months_draft_is_what_was_delivered_at_the_prices_of_its_days(
    arranged: Arranged,
) -> None:
    deliver_april(arranged)
    draft = arranged.draft().draft
    assert [(line.terms.reference, str(line.net)) for line in draft.lines] == [
        ("IA-1a", "£231.00"),
        ("IA-1b", "£110.00"),
        ("IA-1c", "£3,514.29"),
    ]
    assert str(draft.total) == "£3,855.29"


def test_weeks_are_counted_in_hours_sessions_and_nights(arranged: Arranged) -> None:
    deliver_april(arranged)
    weeks = [each.figures for each in check(arranged.draft().facts) if each.code == "units-in-week"]
    assert (("Authorised a week", "2 hours"), ("Delivered", "3.5 hours")) in weeks
    assert (("Authorised a week", "1 session"), ("Delivered", "2 sessions")) in weeks
    assert (("Authorised a week", "5 nights"), ("Delivered", "7 nights")) in weeks


def test_the_approver_sees_the_checks_that_the_provider_saw(arranged: Arranged) -> None:
    with arranged.owner.transaction(Scope.system(Task.OPERATOR)) as session:
        make_session(
            session, agreement=arranged.hourly, mentor=arranged.mentor, day=date(2026, 3, 4)
        )
    earlier = arranged.submit(Month(2026, 3), datetime(2026, 4, 2, 9, tzinfo=UTC))
    deliver_april(arranged)
    with arranged.owner.transaction(Scope.system(Task.OPERATOR)) as session:
        make_session(
            session, agreement=arranged.hourly, mentor=arranged.mentor, day=date(2026, 3, 30)
        )
        make_agreement_price(
            session, agreement=arranged.weekly, price="840.00", starts_on=date(2026, 4, 16)
        )
        make_budget(
            session,
            framework=arranged.framework,
            council=arranged.council,
            cap="40000.00",
            approved="38900.00",
        )
        make_evidence(
            session,
            provider=arranged.provider,
            kinds=[EvidenceKind.PUBLIC_LIABILITY],
            valid_from=date(2024, 1, 1),
            valid_until=date(2024, 12, 31),
        )
    seen = check(arranged.draft().facts)
    assert set(codes(seen)) == {
        "cap",
        "late",
        "place-suspended",
        "units-in-week",
        "bank-details",
    }
    late = next(each for each in seen if each.code == "late")
    assert late.sentence == (
        "IA-1a charges 30 March 2026 late, under March 2026, which was invoiced on "
        f"{earlier.reference}."
    )
    invoice = arranged.submit()
    assert arranged.checks_of(invoice, arranged.council) == seen
    assert arranged.checks_of(invoice, arranged.provider) == seen


def test_what_changes_afterwards_is_seen_alike_by_both(arranged: Arranged) -> None:
    deliver_april(arranged)
    invoice = arranged.submit()
    with arranged.owner.transaction(Scope.system(Task.OPERATOR)) as session:
        hourly = session.get_one(Agreement, arranged.hourly.id)
        hourly.ends_on, hourly.authorised_total = date(2026, 4, 20), 60
        session.get_one(Mentor, arranged.mentor.id).volunteer = True
    seen = arranged.checks_of(invoice, arranged.council)
    assert {each.code for each in seen if each.severity is Severity.BLOCKS} == {
        "agreement-live",
        "units-in-total",
        "mentor-cleared",
    }
    assert arranged.checks_of(invoice, arranged.provider) == seen


def test_a_day_that_is_taken_off_no_longer_stands_against_its_line(arranged: Arranged) -> None:
    with arranged.owner.transaction(Scope.system(Task.OPERATOR)) as session:
        for day in (14, 16):
            make_session(
                session, agreement=arranged.hourly, mentor=arranged.mentor, day=date(2026, 4, day)
            )
    invoice = arranged.submit()
    with arranged.owner.transaction(Scope.system(Task.OPERATOR)) as session:
        session.get_one(Agreement, arranged.hourly.id).starts_on = date(2026, 4, 16)
    assert "agreement-live" in codes(arranged.checks_of(invoice, arranged.council))
    approver = Actor(arranged.approver.id, arranged.approver.name, arranged.council.id)
    finance = Actor(arranged.finance.id, arranged.finance.name, arranged.provider.id)
    with arranged.database.transaction(arranged.scope(arranged.council)) as session:
        line = session.scalars(select(InvoiceLine)).one()
        query(
            session,
            approver,
            invoice.id,
            line.id,
            version=line.version,
            question="Was 14 April before the agreement?",
            at=MAY_2,
        )
    with arranged.database.transaction(arranged.scope(arranged.provider)) as session:
        line = session.scalars(select(InvoiceLine)).one()
        first = session.scalars(
            select(ChargedUnit).order_by(ChargedUnit.first_day, ChargedUnit.id)
        ).first()
        assert first is not None
        amend(
            session,
            finance,
            invoice.id,
            line.id,
            version=line.version,
            parts={first.id: 0},
            words="Taken off.",
            at=MAY_2,
        )
    seen = arranged.checks_of(invoice, arranged.council)
    assert "agreement-live" not in codes(seen)
    assert arranged.checks_of(invoice, arranged.provider) == seen


def test_a_session_before_the_agreement_is_refused_with_its_reason(arranged: Arranged) -> None:
    with arranged.owner.transaction(Scope.system(Task.OPERATOR)) as session:
        session.get_one(Agreement, arranged.hourly.id).starts_on = date(2026, 4, 16)
        for day in (14, 16):
            make_session(
                session,
                agreement=arranged.hourly,
                mentor=arranged.mentor,
                day=date(2026, 4, day),
            )
    blocks = [each for each in check(arranged.draft().facts) if each.severity is Severity.BLOCKS]
    assert [each.sentence for each in blocks] == [
        "IA-1a was not in force on 14 April 2026. It began on 16 April 2026."
    ]


def test_only_what_was_delivered_and_waits_is_drafted(arranged: Arranged) -> None:
    with arranged.owner.transaction(Scope.system(Task.OPERATOR)) as session:
        for number, state in enumerate(SessionState, 10):
            make_session(
                session,
                agreement=arranged.hourly,
                mentor=arranged.mentor,
                day=date(2026, 4, number),
                state=state,
            )
        make_session(
            session,
            agreement=arranged.hourly,
            mentor=arranged.mentor,
            day=date(2026, 4, 20),
            locked_at=MAY_2,
        )
        make_session(
            session, agreement=arranged.hourly, mentor=arranged.mentor, day=date(2026, 5, 1)
        )
        make_stay(session, agreement=arranged.weekly, present=False)
    (line,) = arranged.draft().draft.lines
    assert line.parts == 60


def test_a_month_that_has_not_ended_blocks(arranged: Arranged) -> None:
    deliver_april(arranged)
    assert "month-open" in codes(check(arranged.draft(today=date(2026, 4, 30)).facts))
    assert "month-open" not in codes(check(arranged.draft(today=date(2026, 5, 1)).facts))


def test_august_service_in_septembers_invoice_counts_in_augusts_year(arranged: Arranged) -> None:
    with arranged.owner.transaction(Scope.system(Task.OPERATOR)) as session:
        for day in (date(2026, 8, 31), date(2026, 9, 1)):
            make_session(session, agreement=arranged.hourly, mentor=arranged.mentor, day=day)
    lines = arranged.draft(Month(2026, 9), date(2026, 10, 1)).facts.lines
    assert [line.contract_year for line in lines] == [date(2025, 9, 1), date(2026, 9, 1)]


def test_a_framework_of_others_is_not_found(arranged: Arranged) -> None:
    with arranged.owner.transaction(Scope.system(Task.OPERATOR)) as session:
        stranger = make_provider(session)
    scope = Scope(organisation_id=stranger.id, person_id=new_id())
    with arranged.database.session(scope) as session, pytest.raises(NotFound):
        gather_draft(session, arranged.stream, APRIL, today=TODAY)


def test_more_sessions_take_no_more_queries(arranged: Arranged) -> None:
    deliver_april(arranged)
    few = statements(arranged)
    with arranged.owner.transaction(Scope.system(Task.OPERATOR)) as session:
        for hour in range(8, 20):
            make_session(
                session,
                agreement=arranged.hourly,
                mentor=arranged.mentor,
                day=date(2026, 4, 28),
                at=time(hour),
            )
    assert statements(arranged) == few


def statements(arranged: Arranged) -> int:
    ran: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        ran.append(statement)

    engine = arranged.database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        arranged.draft()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(ran)
