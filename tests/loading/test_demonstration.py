"""The demonstration's files: that they load on either engine, and hold what they are to show."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date

import pytest
from sqlalchemy import func, select

from portal.agreements.models import Agreement, Assignment
from portal.agreements.rules import AgreementState
from portal.audit.models import AuditEvent
from portal.budgets.models import Budget
from portal.complaints.keeping.queries import counted
from portal.complaints.keeping.rules import year_of
from portal.delivery.models import DeliverySession, Stay
from portal.delivery.rules import SessionState
from portal.evidence.models import BankDetails, VatStanding
from portal.frameworks.lots.queries import category_asks
from portal.frameworks.models import Category, Framework, FrameworkCouncil, Place
from portal.frameworks.rules import Mechanism, Regime
from portal.identity.factors.apps import PURPOSE
from portal.identity.factors.models import Authenticator
from portal.identity.models import Credential, Organisation
from portal.identity.passwords import matches
from portal.invoicing.checks import blocking, check
from portal.invoicing.gathering import gather_invoice
from portal.invoicing.models import Decision, Invoice, InvoiceLine, Payment
from portal.invoicing.queries import lines_of
from portal.invoicing.rules import InvoiceState
from portal.kernel.database import Database, ScopedSession
from portal.kernel.money import Money
from portal.kernel.months import Month
from portal.kernel.sealing import Sealing
from portal.kernel.tenancy import Scope, Task
from portal.reporting.complaints.rules import HIDDEN, figures
from portal.reporting.rounds.queries import places_taken, rounds_over
from portal.reporting.rounds.rules import providers_after
from tests.loading.loaded import DEMONSTRATION, all_rows, load, rows_in
from tests.makers.factors import SECRET_KEY

OPERATOR = Scope.system(Task.OPERATOR)


@pytest.mark.slow
def test_the_demonstration_shows_its_arrangements_and_loads_once(owner_database: Database) -> None:
    loaded = load(owner_database, DEMONSTRATION)
    assert rows_in(owner_database, VatStanding, BankDetails) == [86, 86]
    with owner_database.session(OPERATOR) as session:
        _four_councils_with_their_providers(session)
        _providers_join_over_three_rounds(session)
        _eight_young_people_are_mentored(session)
        _everything_through_july_is_paid(session)
        _work_waits_on_either_side(session)
        _nobody_approved_their_own(session)
        _everybody_has_the_same_password(session)
        _everybody_has_an_app_of_their_own(session)
        _the_yearly_figures_show_and_hide(session)
    before = all_rows(owner_database)
    again = load(owner_database, DEMONSTRATION)
    assert again.added.total() == 0
    assert again.there == loaded.added
    assert all_rows(owner_database) == before


def _four_councils_with_their_providers(session: ScopedSession) -> None:
    framework = session.scalars(select(Framework).where(Framework.reference == "HM-CIC-2024")).one()
    assert framework.regime is Regime.PCR_2015
    councils = select(func.count()).select_from(FrameworkCouncil)
    assert session.scalar(councils.where(FrameworkCouncil.framework_id == framework.id)) == 4
    providers = Counter(
        code[0]
        for code, _ in session.execute(
            select(Category.code, Place.provider_id)
            .join(Place, Place.category_id == Category.id)
            .where(Category.code.in_(("1a", "2a")), Place.framework_id == framework.id)
            .distinct()
        )
    )
    assert providers == {"1": 44, "2": 40}
    first_round = select(func.count(Place.provider_id.distinct())).where(
        Place.framework_id == framework.id, Place.starts_on == date(2024, 2, 1)
    )
    assert session.scalar(first_round) == 66


def _providers_join_over_three_rounds(session: ScopedSession) -> None:
    framework_id = session.scalars(
        select(Framework.id).where(Framework.reference == "HM-CIC-2024")
    ).one()
    after = providers_after(rounds_over(session, framework_id), places_taken(session, framework_id))
    assert after == {1: [33, 39, 44], 2: [33, 37, 40]}
    asks = category_asks(session, framework_id)
    optima = {price.optimum for ask in asks for price in ask.prices if price.optimum}
    assert optima == {Money.pounds(price) for price in (3140, 5380, 720, 800, 1000, 1600)}


def _eight_young_people_are_mentored(session: ScopedSession) -> None:
    active = session.scalars(
        select(Agreement.young_person).where(
            Agreement.mechanism == Mechanism.UNIT, Agreement.state == AgreementState.ACTIVE
        )
    ).all()
    assert len(set(active)) == 8
    states = set(session.scalars(select(DeliverySession.state).distinct()))
    assert states == set(SessionState)
    mentors = select(func.count(Assignment.id)).group_by(Assignment.agreement_id)
    assert max(session.scalars(mentors)) == 2
    budgets = session.scalars(
        select(Budget)
        .join(Framework, Framework.id == Budget.framework_id)
        .where(Framework.reference == "LM-MENTOR-2024")
        .order_by(Budget.year_starts_on)
    ).all()
    assert [budget.cap for budget in budgets] == [Money.pounds(40000)] * 3
    assert Money(0) < budgets[0].approved < budgets[0].cap
    assert Money(0) < budgets[1].approved < budgets[1].cap
    assert budgets[2].approved == Money(0)


def _everything_through_july_is_paid(session: ScopedSession) -> None:
    states = select(Invoice.month > Month(2026, 7), Invoice.month, Invoice.state).distinct()
    assert {(month if late else None, state) for late, month, state in session.execute(states)} == {
        (None, InvoiceState.PAID),
        (Month(2026, 8), InvoiceState.PAID),
        (Month(2026, 8), InvoiceState.APPROVED),
        (Month(2026, 9), InvoiceState.TO_DECIDE),
    }
    august = date(2026, 8, 31)
    open_sessions = select(func.count()).where(
        DeliverySession.locked_at.is_(None),
        DeliverySession.state == SessionState.DELIVERED,
        DeliverySession.service_date <= august,
    )
    open_stays = select(func.count()).where(
        Stay.locked_at.is_(None), Stay.present, Stay.first_night <= august
    )
    assert session.scalar(open_sessions) == session.scalar(open_stays) == 0
    september = select(func.count()).where(Stay.locked_at.is_(None), Stay.first_night > august)
    assert (session.scalar(september) or 0) > 80
    charged: dict[object, Money] = defaultdict(lambda: Money(0))
    for invoice_id, net in session.execute(select(InvoiceLine.invoice_id, InvoiceLine.net)):
        charged[invoice_id] += net
    for invoice in session.scalars(select(Invoice)):
        assert charged[invoice.id] == invoice.net
        decided = invoice.state is not InvoiceState.TO_DECIDE
        paid = invoice.state is InvoiceState.PAID
        assert invoice.approved == (invoice.total if decided else Money(0))
        assert invoice.paid == (invoice.total if paid else Money(0))
    approved = session.scalars(select(Budget.approved)).all()
    decided_nets = select(Invoice.net).where(Invoice.state != InvoiceState.TO_DECIDE)
    assert Money.total(approved) == Money.total(session.scalars(decided_nets))
    late = select(func.count()).where(
        Payment.invoice_id == Invoice.id, Payment.paid_on > Invoice.act_by
    )
    assert session.scalar(late) == 0


def _work_waits_on_either_side(session: ScopedSession) -> None:
    council = select(Organisation.name, Invoice.state, func.count()).join(
        Organisation, Organisation.id == Invoice.council_id
    )
    waiting = council.where(Invoice.state != InvoiceState.PAID).group_by(
        Organisation.name, Invoice.state
    )
    assert {(name, state): count for name, state, count in session.execute(waiting)} == {
        ("Harrowmere County Council", InvoiceState.TO_DECIDE): 8,
        ("Harrowmere County Council", InvoiceState.APPROVED): 2,
        ("Tarnbridge City Council", InvoiceState.TO_DECIDE): 3,
        ("Tarnbridge City Council", InvoiceState.APPROVED): 1,
        ("Ostleigh Borough Council", InvoiceState.TO_DECIDE): 2,
        ("Ostleigh Borough Council", InvoiceState.APPROVED): 1,
        ("Fenwold County Council", InvoiceState.TO_DECIDE): 1,
        ("Larkminster City Council", InvoiceState.APPROVED): 1,
    }
    september = Invoice.month == Month(2026, 9)
    in_draft = {
        "Quarwick Children's Homes",
        "Skermere Fostering",
        "Varcombe House Care",
        "Lanternway Mentoring",
    }
    submitted = list(session.scalars(select(Invoice).where(september)))
    assert not in_draft & {invoice.provider.name for invoice in submitted}
    assert {invoice.received_on for invoice in submitted} == {date(2026, 10, 1)}
    assert {invoice.act_by for invoice in submitted} == {date(2026, 10, 31)}
    assert len({invoice.submitted_at for invoice in submitted}) > 10
    warned = set()
    for invoice in submitted:
        found = check(
            gather_invoice(session, invoice, lines_of(session, invoice), today=date(2026, 10, 2))
        )
        assert not blocking(found)
        if any(one.code == "evidence" for one in found):
            warned.add(invoice.provider.name)
    assert warned == {"Yarrowfell Foster Families"}


def _nobody_approved_their_own(session: ScopedSession) -> None:
    for decided_by, hands in session.execute(
        select(Decision.decided_by, InvoiceLine.hands).join(
            InvoiceLine, InvoiceLine.id == Decision.line_id
        )
    ):
        assert str(decided_by) not in hands


def _everybody_has_the_same_password(session: ScopedSession) -> None:
    hashes = set(session.scalars(select(Credential.password_hash)))
    assert len(hashes) == 1
    assert matches(hashes.pop(), "maple-lantern-otter")


def _everybody_has_an_app_of_their_own(session: ScopedSession) -> None:
    sealing = Sealing(SECRET_KEY, PURPOSE)
    apps = session.scalars(select(Authenticator)).all()
    secrets = {sealing.open(one.sealed_secret, of=one.person_id) for one in apps}
    passwords = session.scalar(select(func.count(Credential.person_id)))
    assert len(secrets) == len(apps) == passwords


def _the_yearly_figures_show_and_hide(session: ScopedSession) -> None:
    larkminster = select(Organisation.id).where(Organisation.name == "Larkminster City Council")
    council_id = session.scalars(larkminster).one()
    for day, total in ((date(2024, 6, 1), 9), (date(2025, 6, 1), 21), (date(2026, 6, 1), 16)):
        found = figures(counted(session, council_id, year_of(day)))
        said = {number for table in found.breakdowns for _label, number in table.said}
        assert found.total == total and HIDDEN in said and len(said) > 2


@pytest.mark.parametrize("name", ["mentoring.yaml", "children-in-care.yaml"])
def test_a_framework_s_file_loads_alone(owner_database: Database, name: str) -> None:
    (path,) = (path for path in DEMONSTRATION if path.name == name)
    assert load(owner_database, [path]).added.total() > 0


def test_each_organisation_reads_of_what_concerns_it(owner_database: Database) -> None:
    mentoring = next(path for path in DEMONSTRATION if path.name == "mentoring.yaml")
    load(owner_database, [mentoring])
    with owner_database.session(OPERATOR) as session:
        events = session.scalars(
            select(AuditEvent).where(AuditEvent.event == "loading:file:loaded")
        ).all()
        organisations = select(Organisation.id, Organisation.name)
        names = {row.id: row.name for row in session.execute(organisations)}
    details = {
        names[concerned]: one.details
        for one in events
        if (concerned := one.council_id or one.provider_id) is not None
    }
    assert len(events) == 3
    assert details["Larkminster City Council"]["agreements"] == 9
    assert details["Lanternway Mentoring"]["agreements"] == 9
    assert "agreements" not in details["Kitefield Youth Mentors"]
    assert {one.subject_label for one in events} == {"mentoring.yaml"}
