"""April at £42.00, 3.1 % decided on 20 May from 1 April: one line of £52.00 in May's invoice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from threading import Barrier, Thread
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.agreements.models import Agreement
from portal.agreements.rules import AgreementState
from portal.agreements.uplifts import actions as uplifts
from portal.agreements.uplifts.rules import Plan
from portal.audit.actions import Actor
from portal.background import load_handlers
from portal.identity.models import Organisation, Person
from portal.identity.rules import Role
from portal.invoicing.actions import deciding
from portal.invoicing.actions.submitting import DraftChanged, submit
from portal.invoicing.adjustments.models import ChargedAdjustment
from portal.invoicing.checks import check
from portal.invoicing.fingerprint import fingerprint
from portal.invoicing.gathering import Gathered, Stream, gather_draft
from portal.invoicing.issuing import issued
from portal.invoicing.queries import get_invoice
from portal.invoicing.rules import LineState
from portal.kernel.clock import set_clock
from portal.kernel.database import Database
from portal.kernel.money import Money
from portal.kernel.months import Month
from portal.kernel.tenancy import Scope, Task
from tests.invoicing.filed import AT, Filed, file_invoice, post
from tests.makers import make_person, make_session, sign_in
from tests.makers.lots import make_terms

APRIL, MAY, JUNE = Month(2026, 4), Month(2026, 5), Month(2026, 6)
DECIDED = datetime(2026, 5, 20, 9, tzinfo=UTC)
IN_JUNE = datetime(2026, 6, 2, 9, tzinfo=UTC)
OPERATOR = Scope.system(Task.OPERATOR)
PLAN = Plan(
    starts_on=APRIL.first,
    cpi=310,
    cpi_month=Month(2025, 9),
    cpi_released_on=date(2025, 10, 22),
    cpi_source="The statistics office",
    rate=310,
    because="Wages of carers rose by more than the rule allows",
)


@dataclass(frozen=True)
class Adjusted:
    """April's invoice of 40 hours at £42.00, with those who decide the uplift."""

    filed: Filed
    owner: Database
    commissioner: Person

    @property
    def stream(self) -> Stream:
        invoice = self.filed.invoice()
        return Stream(invoice.provider_id, invoice.council_id, invoice.framework_id)

    def approve(self, filed: Filed | None = None, *, at: datetime = AT) -> None:
        filed = filed or self.filed
        with filed.database.transaction(filed.scope(filed.approver)) as session:
            actor = filed.actor(filed.approver)
            deciding.approve(session, actor, filed.invoice_id, filed.versions(), at=at)

    def decide(self, plan: Plan = PLAN) -> None:
        """The uplift, proposed and agreed by two people of the lead council."""
        filed, stream = self.filed, self.stream
        with filed.database.transaction(filed.scope(self.commissioner)) as session:
            asker = Actor(self.commissioner.id, self.commissioner.name, filed.council.id)
            run_id = uplifts.propose(session, asker, stream.framework_id, plan, at=DECIDED).id
        with filed.database.transaction(filed.scope(filed.budget_holder)) as session:
            uplifts.agree(session, filed.actor(filed.budget_holder), run_id, at=DECIDED)
        with self.owner.transaction(OPERATOR) as session:
            set_clock(session, IN_JUNE)

    def draft(self, month: Month = MAY) -> Gathered:
        with self.filed.database.session(self.filed.scope(self.filed.finance)) as session:
            return gather_draft(session, self.stream, month, today=date(2026, 7, 2))

    def submit(
        self, month: Month = MAY, *, number: str = "LM-2", meet: Callable[[], object] = int
    ) -> Filed:
        """A month's invoice; ``meet`` waits between the page and the click."""
        filed, stream = self.filed, self.stream
        seen = fingerprint(self.draft(month).draft)
        meet()
        with filed.database.transaction(filed.scope(filed.finance)) as session:
            actor, at = filed.actor(filed.finance), datetime(2026, 7, 2, 9, tzinfo=UTC)
            invoice = submit(session, actor, stream, month, number=number, seen=seen, at=at)
            return replace(filed, invoice_id=invoice.id)


@pytest.fixture
def adjusted(owner_database: Database, database: Database) -> Adjusted:
    load_handlers()  # everybody is told of the uplift by a job
    filed = file_invoice(owner_database, database, sections=1, minutes=2400, cap="90000.00")
    with owner_database.transaction(OPERATOR) as session:
        council = session.get_one(Organisation, filed.council.id)
        agreement = session.scalars(select(Agreement)).one()
        make_terms(session, framework=agreement.framework)
        commissioner = make_person(session, organisation=council, roles=[Role.COMMISSIONER])
    return Adjusted(filed, owner_database, commissioner)


def test_april_stays_and_may_has_one_adjustment_of_52_pounds(adjusted: Adjusted) -> None:
    adjusted.approve()
    adjusted.decide()
    for _ in range(2):  # looking again makes no second one
        (line,) = adjusted.draft().draft.lines
        assert (line.service_month, str(line.price), str(line.net)) == (APRIL, "£1.30", "£52.00")
    assert {each.code for each in check(adjusted.draft().facts)} >= {"adjustment"}

    may = adjusted.submit()
    (issued_line,) = may.lines()
    assert (issued_line.net, issued_line.parts) == (Money.pounds("52.00"), 2400)
    assert str(adjusted.filed.finance.id) in issued_line.hands
    april = adjusted.filed.line(1)
    assert (april.net, april.price, april.state) == (
        Money.pounds("1680.00"), Money.pounds("42.00"), LineState.APPROVED,
    )  # fmt: skip
    assert adjusted.draft(JUNE).draft.lines == (), "still one"
    adjusted.approve(may, at=IN_JUNE)
    assert adjusted.draft(JUNE).draft.lines == (), "an adjustment is not adjusted"
    with may.database.session(may.scope(may.finance)) as session:
        document = issued(session, get_invoice(session, may.invoice_id))
        (section,) = document.sections
        assert section.lines[0].description == "Price adjustment from £42.00 to £43.30"
        assert section.lines[0].item_name == "Mentoring: price adjustment"
        assert (section.lines[0].first_day, str(section.net)) == (APRIL.first, "£52.00")


def test_a_line_that_nobody_has_approved_waits_for_it_and_is_not_blocked(
    adjusted: Adjusted,
) -> None:
    adjusted.decide()
    assert adjusted.draft().draft.lines == ()
    adjusted.approve(at=DECIDED)
    assert adjusted.filed.line(1).net == Money.pounds("1680.00")
    assert [str(line.net) for line in adjusted.draft().draft.lines] == ["£52.00"]


def test_an_agreement_that_has_ended_since_is_adjusted_too(adjusted: Adjusted) -> None:
    adjusted.approve()
    with adjusted.owner.transaction(OPERATOR) as session:
        agreement = session.scalars(select(Agreement)).one()
        agreement.state, agreement.ends_on = AgreementState.ENDED, date(2026, 5, 5)
    adjusted.decide()
    assert [str(line.net) for line in adjusted.draft().draft.lines] == ["£52.00"]


def test_only_the_days_from_the_new_price_on_are_adjusted(adjusted: Adjusted) -> None:
    adjusted.approve()
    adjusted.decide(replace(PLAN, starts_on=date(2026, 4, 11)))  # 10 days of 2 hours before it
    (line,) = adjusted.draft().draft.lines
    assert (line.parts, str(line.net), line.first_day) == (1200, "£26.00", date(2026, 4, 11))


def test_what_was_not_invoiced_takes_the_new_price_and_needs_no_adjustment(
    adjusted: Adjusted,
) -> None:
    adjusted.approve()
    adjusted.decide()
    with adjusted.owner.transaction(OPERATOR) as session:
        agreement = session.scalars(select(Agreement)).one()
        mentor = agreement.assignments[0].mentor
        make_session(session, agreement=agreement, mentor=mentor, day=date(2026, 4, 29), minutes=60)
    late, rise = sorted(adjusted.draft().draft.lines, key=lambda line: line.price, reverse=True)
    assert (str(late.price), str(late.net), str(rise.net)) == ("£43.30", "£43.30", "£52.00")
    adjusted.approve(adjusted.submit(), at=IN_JUNE)
    assert adjusted.draft(JUNE).draft.lines == ()


def test_two_invoices_at_once_charge_it_once(adjusted: Adjusted) -> None:
    adjusted.approve()
    adjusted.decide()
    barrier, refused = Barrier(2), []

    def send(month: Month) -> None:
        try:
            adjusted.submit(month, number=f"LM-{month}", meet=barrier.wait)
        except (IntegrityError, DraftChanged) as error:
            refused.append(error)

    threads = [Thread(target=send, args=(month,)) for month in (MAY, JUNE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(refused) == 1
    with adjusted.owner.session(OPERATOR) as session:
        assert len(session.scalars(select(ChargedAdjustment)).all()) == 1


def test_it_is_decided_charged_and_traced_through_the_pages(
    adjusted: Adjusted, client: FlaskClient
) -> None:
    filed = adjusted.filed
    adjusted.approve()
    with adjusted.owner.transaction(OPERATOR) as session:
        set_clock(session, DECIDED)
    uplifted = f"/frameworks/{adjusted.stream.framework_id}/uplifts/new"
    sign_in(client, adjusted.commissioner)
    made = post(
        client, uplifted, uplifted,
        {
            "starts_on-day": "1", "starts_on-month": "4", "starts_on-year": "2026",
            "cpi": "3.1", "cpi_month": "2025-09", "cpi_source": "The statistics office",
            "cpi_released_on-day": "22", "cpi_released_on-month": "10",
            "cpi_released_on-year": "2025", "rate": "3.1", "because": "Wages of carers",
        },
    )  # fmt: skip
    run = str(made.location)
    assert "keeps its price" in client.get(run).get_data(as_text=True)
    sign_in(client, filed.budget_holder)
    assert post(client, run, f"{run}/agree", {}).status_code == 303

    with adjusted.owner.transaction(OPERATOR) as session:
        set_clock(session, IN_JUNE)
    sign_in(client, filed.finance)
    assert "1 price adjustment" in client.get("/").get_data(as_text=True)
    assert "1 price adjustment" in client.get("/invoices").get_data(as_text=True)
    draft = f"/invoices/drafts/{filed.council.id}/{adjusted.stream.framework_id}/2026-05"
    shown = client.get(draft).get_data(as_text=True)
    assert "Price adjustment from £42.00 to £43.30, 1 to 20 April 2026" in shown
    assert "£52.00" in shown
    behind = client.get(f"{draft}/lines/1").get_data(as_text=True)
    april = filed.invoice().reference
    assert f"{april}, line 1" in behind and "40 hours × £1.30 = £52.00" in behind
    assert "£42.00 rose to £43.30" in behind
    with filed.database.session(filed.scope(filed.finance)) as session:
        seen = fingerprint(gather_draft(session, adjusted.stream, MAY, today=IN_JUNE.date()).draft)
    sent = post(client, draft, f"{draft}/submit", {"number": "LM-2", "seen": seen})
    assert sent.status_code == 303
    may = replace(filed, invoice_id=UUID(str(sent.location).rsplit("/", 1)[-1]))

    sign_in(client, filed.approver)
    line = may.line(1)
    page = client.get(f"{sent.location}/lines/{line.id}").get_data(as_text=True)
    assert f"{april}, line 1" in page and f"/lines/{filed.line(1).id}" in page
    old = client.get(f"/invoices/{filed.invoice_id}/lines/{filed.line(1).id}")
    assert "The difference has a line of its own" in old.get_data(as_text=True)
