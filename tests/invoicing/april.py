"""A provider's April with one council, for tests of the month end: delivered, not yet invoiced."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from portal.agreements.models import Agreement, Mentor
from portal.frameworks.models import Category, Framework, Place
from portal.frameworks.rules import Regime, Unit
from portal.identity.models import Organisation, Person
from portal.identity.rules import Role
from portal.invoicing.gathering import Stream
from portal.kernel.clock import set_clock
from portal.kernel.months import Month
from tests.makers import (
    make_agreement,
    make_assignment,
    make_bank_details,
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
    make_vat_standing,
)

APRIL = Month(2026, 4)
IN_MAY = datetime(2026, 5, 5, 9, tzinfo=UTC)
STARTS = date(2026, 4, 16)


@dataclass(frozen=True)
class April:
    """The parties with their people, and an agreement from Thursday 16 April 2026 at £42.00.

    Its sessions: 16 April 2 h, 23 April 1.5 h, 30 April 2 h. The clock stands on 5 May.
    """

    council: Organisation
    provider: Organisation
    framework: Framework
    category: Category
    place: Place
    agreement: Agreement
    mentor: Mentor
    finance: Person
    administrator: Person
    approver: Person

    @property
    def stream(self) -> Stream:
        """Who invoices whom under what."""
        return Stream(self.provider.id, self.council.id, self.framework.id)

    @property
    def address(self) -> str:
        """The address of the draft."""
        return f"/invoices/drafts/{self.council.id}/{self.framework.id}/2026-04"


def make_april(
    session: Session, *, regime: Regime = Regime.ACT_2023, starts_on: date = date(2025, 9, 1)
) -> April:
    """Make it all, in a session of the operator's."""
    council = make_council(session, name="Aldermoor Council")
    provider = make_provider(session, name="Larkspur Mentoring")
    framework = make_framework(session, lead=council, regime=regime, starts_on=starts_on)
    category = make_category(session, framework=framework)
    place = make_place(session, category=category, provider=provider)
    agreement = make_agreement(
        session, place=place, council=council, starts_on=STARTS, reference="ALD-0001"
    )
    mentor = make_mentor(session, provider=provider, name="Sam Mentor")
    make_assignment(session, agreement=agreement, mentor=mentor)
    for day, minutes in ((16, 120), (23, 90), (30, 120)):
        make_session(
            session,
            agreement=agreement,
            mentor=mentor,
            day=date(2026, 4, day),
            minutes=minutes,
        )
    make_evidence(session, provider=provider)
    make_vat_standing(session, provider=provider)
    make_bank_details(session, provider=provider)
    make_budget(session, framework=framework, council=council)
    set_clock(session, IN_MAY)
    return April(
        council,
        provider,
        framework,
        category,
        place,
        agreement,
        mentor,
        make_person(session, organisation=provider, roles=[Role.FINANCE], name="Fay Finance"),
        make_person(session, organisation=provider, roles=[Role.PROVIDER_ADMINISTRATOR]),
        make_person(session, organisation=council, roles=[Role.APPROVER], name="Ada Approver"),
    )


def add_weekly(
    session: Session,
    april: April,
    *,
    price: str,
    reference: str = "ALD-0002",
    starts_on: date = date(2025, 9, 1),
) -> Agreement:
    """A placement at a weekly price with the same council."""
    framework = session.get_one(Framework, april.framework.id)
    nights = make_category(
        session, framework=framework, code=f"1b{reference}"[:10], unit=Unit.NIGHT
    )
    homes = make_place(session, category=nights, provider=april.provider, price=price)
    return make_agreement(
        session,
        place=homes,
        council=april.council,
        price=price,
        starts_on=starts_on,
        reference=reference,
    )
