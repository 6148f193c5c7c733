"""What an invoice charged is corrected: reversed and replaced on the next one, never edited."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from portal.agreements.models import Agreement, Mentor
from portal.budgets.models import Budget
from portal.delivery.corrections.actions import correct_session, take_back, take_nights_off
from portal.delivery.corrections.models import DeliveryCorrection
from portal.delivery.corrections.rules import CorrectionWaits, NotInvoiced, Place, Standing
from portal.delivery.models import DeliverySession, Stay
from portal.delivery.months.queries import session_figures
from portal.delivery.rules import Invoiced, Nights, Refused, SessionState
from portal.identity.models import Organisation
from portal.invoicing.actions import deciding, paying
from portal.invoicing.actions.submitting import ChecksBlock, submit
from portal.invoicing.checks import blocking, check
from portal.invoicing.fingerprint import fingerprint
from portal.invoicing.gathering import Gathered, Stream, gather_draft
from portal.invoicing.issuing import issued
from portal.invoicing.models import Invoice
from portal.invoicing.queries import get_invoice
from portal.invoicing.rules import InvoiceState, LineState, RefusalReason
from portal.kernel.clock import set_clock
from portal.kernel.database import Database
from portal.kernel.local_time import to_local
from portal.kernel.money import Money
from portal.kernel.months import Month
from portal.kernel.tenancy import Scope, Task
from tests.invoicing.filed import APRIL, AT, Filed, file_invoice, post
from tests.makers import (
    make_agreement_price,
    make_assignment,
    make_mentor,
    make_session,
    sign_in,
)

MAY = Month(2026, 5)
IN_JUNE = datetime(2026, 6, 2, 9, tzinfo=UTC)
OPERATOR = Scope.system(Task.OPERATOR)


@dataclass(frozen=True)
class Corrected:
    """April's invoice: 5.5 hours at £42.00 and 30 nights at £820.00 a week, as delivered."""

    filed: Filed
    owner: Database

    def correct(
        self, day: int, state: SessionState, minutes: int, place: Place | None = None
    ) -> None:
        """Correct the session of a day in April, whose place was another if one is named."""
        with self.filed.database.transaction(self.filed.scope(self.filed.finance)) as session:
            correct_session(
                session,
                self.filed.actor(self.filed.finance),
                self.session_of(day),
                Standing(state, minutes, 1),
                place=place,
                because="It ended early",
                at=AT,
            )

    def session_of(self, day: int) -> DeliverySession:
        """The session of a day in April, with its agreement."""
        with self.filed.database.session(self.filed.scope(self.filed.finance)) as session:
            found = session.scalars(
                select(DeliverySession).where(DeliverySession.service_date == date(2026, 4, day))
            ).one()
            session.refresh(found, ["agreement"])
            return found

    def substitute(self) -> Mentor:
        """Another mentor from 10 April on, and £44.00 an hour from 15 April on."""
        with self.owner.transaction(OPERATOR) as session:
            agreement = session.scalars(select(Agreement).where(Agreement.unit != "night")).one()
            provider = session.get_one(Organisation, agreement.provider_id)
            mentor = make_mentor(session, provider=provider, name="Sam Substitute")
            make_assignment(
                session, agreement=agreement, mentor=mentor, starts_on=date(2026, 4, 10)
            )
            make_agreement_price(
                session, agreement=agreement, price="44.00", starts_on=date(2026, 4, 15)
            )
        return mentor

    def take_off(self, first: int, last: int) -> None:
        """Take nights of April off."""
        with self.filed.database.transaction(self.filed.scope(self.filed.finance)) as session:
            stay = session.scalars(select(Stay)).one()
            april = date(2026, 4, 1)
            nights = Nights(april.replace(day=first), april + timedelta(days=last - 1))
            take_nights_off(
                session,
                self.filed.actor(self.filed.finance),
                stay,
                nights,
                because="Not there",
                at=AT,
            )

    def deliver_in_may(self, minutes: int = 120) -> None:
        """A session in May, on which the next invoice rests."""
        with self.owner.transaction(OPERATOR) as session:
            agreement = session.scalars(select(Agreement).where(Agreement.unit != "night")).one()
            mentor = session.scalars(select(Mentor)).one()
            make_session(session, agreement=agreement, mentor=mentor, day=date(2026, 5, 12),
                         at=time(9), minutes=minutes)  # fmt: skip

    @property
    def stream(self) -> Stream:
        invoice = self.filed.invoice()
        return Stream(invoice.provider_id, invoice.council_id, invoice.framework_id)

    def draft(self) -> Gathered:
        """May's invoice as it would be now."""
        with self.filed.database.session(self.filed.scope(self.filed.finance)) as session:
            return gather_draft(session, self.stream, MAY, today=date(2026, 6, 2))

    def submit(self) -> Filed:
        """May's invoice, submitted."""
        stream = self.stream
        with self.filed.database.transaction(self.filed.scope(self.filed.finance)) as session:
            draft = gather_draft(session, stream, MAY, today=date(2026, 6, 2)).draft
            invoice = submit(
                session,
                self.filed.actor(self.filed.finance),
                stream,
                MAY,
                number="LM-2026-05",
                seen=fingerprint(draft),
                at=IN_JUNE,
            )
            return replace(self.filed, invoice_id=invoice.id)


@pytest.fixture
def corrected(owner_database: Database, database: Database) -> Corrected:
    filed = file_invoice(owner_database, database, sections=1, nights=True, cap="90000.00")
    return Corrected(filed, owner_database)


def test_the_next_invoice_takes_off_what_was_too_much_under_its_own_month(
    corrected: Corrected,
) -> None:
    corrected.correct(1, SessionState.DELIVERED, 60)  # 2 h to 1 h
    corrected.correct(2, SessionState.NOT_ATTENDED, 0)  # 2 h to nothing
    corrected.correct(3, SessionState.DELIVERED, 120)  # 1.5 h to 2 h
    corrected.deliver_in_may()
    gathered = corrected.draft()
    less, more = gathered.draft.lines
    assert (less.service_month, less.parts, less.net) == (APRIL, -150, Money.pounds("-105.00"))
    assert less.description == "3 corrections, 1 to 3 April 2026"
    assert (more.service_month, more.net) == (MAY, Money.pounds("84.00"))
    blocks = [each.sentence for each in check(gathered.facts) if each.code == "below-nothing"]
    assert "the sum is -£21.00" in blocks[0]
    with pytest.raises(ChecksBlock):
        corrected.submit()


def test_a_correction_goes_from_the_draft_to_the_payment(
    corrected: Corrected, client: FlaskClient
) -> None:
    filed = corrected.filed
    with pytest.raises(Refused, match="already"):
        corrected.correct(1, SessionState.DELIVERED, 120)
    corrected.correct(1, SessionState.DELIVERED, 60)
    with pytest.raises(CorrectionWaits):
        corrected.correct(1, SessionState.DELIVERED, 90)
    corrected.take_off(29, 30)
    with pytest.raises(Refused, match="taken off already"):
        corrected.take_off(28, 29)
    with pytest.raises(Refused, match="among the nights of 1 to 30 April 2026"):
        corrected.take_off(30, 31)
    corrected.deliver_in_may(minutes=480)
    with corrected.owner.transaction(OPERATOR) as session:
        set_clock(session, IN_JUNE)
    sign_in(client, filed.finance)
    drafts = f"/invoices/drafts/{filed.council.id}/{corrected.stream.framework_id}/2026-05"
    shown = client.get(f"{drafts}/lines/1").get_data(as_text=True)
    assert "Delivered, 2 hours" in shown
    assert "Delivered, 1 hour" in shown
    assert "It ended early" in shown

    may = corrected.submit()
    assert [(line.service_month, line.net) for line in may.lines()] == [
        (APRIL, Money.pounds("-42.00")),
        (MAY, Money.pounds("336.00")),
        (APRIL, Money.pounds("-234.29")),  # 2 x £820.00 / 7, rounded once
    ]
    assert may.invoice().net == Money.pounds("59.71")
    assert filed.invoice().net == Money.pounds("3745.29")  # £231.00 and £3,514.29: as issued
    with filed.database.session(filed.scope(filed.finance)) as session:
        document = issued(session, get_invoice(session, may.invoice_id))
        line = document.sections[0].lines[0]
        assert (line.quantity, line.net) == (Decimal(-1), Money.pounds("-42.00"))

    approver, scope = filed.actor(filed.approver), filed.scope(filed.approver)
    versions, less = may.versions(2), may.line(1)
    with filed.database.transaction(scope) as session:
        with pytest.raises(deciding.LessFirst, match=r"Line 1 takes off £42\.00"):
            deciding.approve(session, approver, may.invoice_id, versions, at=IN_JUNE)
        with pytest.raises(deciding.NotRefused):
            deciding.refuse(
                session, approver, may.invoice_id, less.id, version=less.version,
                reason=RefusalReason.OTHER, words="", at=IN_JUNE,
            )  # fmt: skip
    for lines, approved in (((1, 3), "0.00"), ((2,), "59.71")):
        versions = may.versions(*lines)
        with filed.database.transaction(scope) as session:
            deciding.approve(session, approver, may.invoice_id, versions, at=IN_JUNE)
        assert may.invoice().approved == Money.pounds(approved)
    version = may.invoice().version
    with filed.database.transaction(scope) as session:
        paid = paying.pay(
            session, approver, may.invoice_id, version=version,
            paid_on=date(2026, 6, 2), remittance="BACS-5", at=IN_JUNE,
        )  # fmt: skip
        assert paid.amount == Money.pounds("59.71")
        assert session.scalars(select(Budget.approved)).one() == Money.pounds("59.71")
    assert may.invoice().state is InvoiceState.PAID
    assert {line.state for line in may.lines()} == {LineState.PAID}

    assert corrected.draft().draft.lines == ()
    with filed.database.transaction(filed.scope(filed.finance)) as session:
        charged = session.scalars(select(DeliveryCorrection)).first()
        assert charged is not None
        with pytest.raises(Invoiced):
            take_back(session, filed.actor(filed.finance), charged, at=IN_JUNE)
    corrected.correct(1, SessionState.DELIVERED, 120)  # it was two hours after all
    assert [line.net for line in corrected.draft().draft.lines] == [Money.pounds("42.00")]


def test_a_correction_is_made_and_taken_back_through_the_pages(
    corrected: Corrected, client: FlaskClient
) -> None:
    sign_in(client, corrected.filed.finance)
    session = f"/delivery/sessions/{corrected.session_of(1).id}"
    page = f"{session}/correct"
    offered = html.fromstring(client.get(page).get_data(as_text=True)).forms[-1].form_values()
    form: dict[str, str | list[str]] = {
        **{name: value for name, value in offered if not name.startswith(("csrf", "_"))},
    }
    wrong = post(client, page, page, form)
    assert wrong.status_code == 422
    assert "Say why it is corrected" in wrong.get_data(as_text=True)
    form |= {"state": "not-attended", "minutes": "", "interactions": "0", "because": "Nobody came"}
    assert post(client, page, page, form).status_code == 303
    shown = client.get(f"{session}/edit").get_data(as_text=True)
    assert "The next invoice takes off 2 hours" in shown
    month = client.get(f"/delivery/agreements/{corrected.session_of(1).agreement_id}?month=2026-04")
    assert "2 hours, corrected to 0 hours" in month.get_data(as_text=True)
    assert "2 sessions" in month.get_data(as_text=True)
    with corrected.filed.database.session(corrected.filed.scope(corrected.filed.finance)) as db:
        waiting, stay = (
            db.scalars(select(DeliveryCorrection.id)).one(),
            db.scalars(select(Stay.id)).one(),
        )
    address = f"/delivery/corrections/{waiting}/take-back"
    assert post(client, f"{session}/edit", address, {}).status_code == 303
    assert corrected.draft().draft.lines == ()

    nights = f"/delivery/nights/{stay}/correct"
    days: dict[str, str | list[str]] = {"because": "Stayed with family"}
    for name in ("first_night", "last_night"):
        days |= {f"{name}-day": "30", f"{name}-month": "4", f"{name}-year": "2026"}
    assert post(client, nights, nights, days).status_code == 303
    assert "takes off 1 night" in client.get(f"/delivery/nights/{stay}/edit").get_data(as_text=True)


def test_a_session_of_another_day_and_mentor_is_charged_at_the_price_of_its_own_day(
    corrected: Corrected,
) -> None:
    other = corrected.substitute()
    delivered = corrected.session_of(1)
    place = Place(date(2026, 4, 20), time(10), other.id)
    for wrong, said in (
        (replace(place, day=date(2020, 3, 2)), "This agreement starts on"),
        (replace(place, day=date(2026, 4, 9)), "Sam Substitute was not assigned"),
        (Place(date(2026, 4, 2), time(10, 30), delivered.mentor_id), "two places at once"),
    ):
        with pytest.raises(Refused, match=said):
            corrected.correct(1, SessionState.DELIVERED, 120, wrong)
    with pytest.raises(Refused, match="on no other day"):
        corrected.correct(1, SessionState.CANCELLED, 0, place)

    corrected.correct(1, SessionState.DELIVERED, 120, place)
    filed = corrected.filed
    with filed.database.transaction(filed.scope(filed.finance)) as session:
        waiting = session.scalars(select(DeliveryCorrection)).one()
        assert waiting.instead is not None
        assert (waiting.instead.mentor_id, waiting.instead.minutes) == (other.id, 120)
        figures = session_figures(session, [waiting.agreement], APRIL, at=AT)
        assert figures[waiting.agreement_id].delivered == 3
        assert figures[waiting.agreement_id].cancelled == 0, "it is counted where it took place"
        take_back(session, filed.actor(filed.finance), waiting, at=AT)
    assert corrected.draft().draft.lines == (), "what was invoiced stands, and nothing besides"

    corrected.correct(1, SessionState.DELIVERED, 150, place)
    with pytest.raises(CorrectionWaits):
        corrected.correct(1, SessionState.DELIVERED, 120)
    gathered = corrected.draft()
    assert [(line.service_month, line.parts, line.net) for line in gathered.draft.lines] == [
        (APRIL, -120, Money.pounds("-84.00")),  # 2 hours at £42.00
        (APRIL, 150, Money.pounds("110.00")),  # 2.5 hours at £44.00
    ]
    assert blocking(check(gathered.facts)) == []
    assert corrected.submit().invoice().net == Money.pounds("26.00")
    assert corrected.draft().draft.lines == ()
    with pytest.raises(Refused, match="taken off already"):
        corrected.correct(1, SessionState.DELIVERED, 120, replace(place, day=date(2026, 4, 21)))


def test_another_mentor_at_the_same_time_changes_no_money(corrected: Corrected) -> None:
    other = corrected.substitute()
    with corrected.owner.transaction(OPERATOR) as session:
        agreement = session.get_one(Agreement, corrected.session_of(1).agreement_id)
        make_assignment(
            session, agreement=agreement, mentor=other, starts_on=date(2026, 4, 2),
            ends_on=date(2026, 4, 9),
        )  # fmt: skip
    delivered = corrected.session_of(2)
    start = to_local(delivered.starts_at).time().replace(fold=0)
    place = Place(date(2026, 4, 2), start, other.id)
    corrected.correct(2, SessionState.DELIVERED, 120, place)
    gathered = corrected.draft()
    assert sum((line.net for line in gathered.draft.lines), Money(0)) == Money(0)
    assert blocking(check(gathered.facts)) == []


def test_what_is_on_no_invoice_is_changed_and_not_corrected(corrected: Corrected) -> None:
    corrected.deliver_in_may()
    filed = corrected.filed
    with filed.database.transaction(filed.scope(filed.finance)) as session:
        may = session.scalars(
            select(DeliverySession).where(DeliverySession.locked_at.is_(None))
        ).one()
        with pytest.raises(NotInvoiced):
            correct_session(
                session, filed.actor(filed.finance), may, Standing(SessionState.CANCELLED, 0, 0),
                because="No", at=IN_JUNE,
            )  # fmt: skip
        assert session.get_one(Invoice, filed.invoice_id).version == 1
