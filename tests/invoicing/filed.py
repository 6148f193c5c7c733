"""An invoice submitted through the real action, with people of both sides who may deal with it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select

from portal.audit.actions import Actor
from portal.frameworks.rules import Regime, Unit
from portal.identity.models import Organisation, Person
from portal.identity.rules import Role
from portal.invoicing.actions.submitting import submit
from portal.invoicing.fingerprint import fingerprint
from portal.invoicing.gathering import Stream, gather_draft
from portal.invoicing.models import Invoice, InvoiceLine
from portal.kernel.clock import local_date, set_clock
from portal.kernel.database import Database
from portal.kernel.months import Month
from portal.kernel.tenancy import Scope, Task
from tests.makers import (
    csrf_token,
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
    make_stay,
    make_vat_standing,
)

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

APRIL = Month(2026, 4)
SUBMITTED = datetime(2026, 5, 4, 9, tzinfo=UTC)
AT = datetime(2026, 5, 6, 10, tzinfo=UTC)


@dataclass(frozen=True)
class Filed:
    """A submitted invoice of April 2026, and who may deal with it.

    ``mentor`` recorded every session; ``finance`` submitted it.
    """

    database: Database
    invoice_id: UUID
    council: Organisation
    provider: Organisation
    finance: Person
    mentor: Person
    approver: Person
    second: Person
    budget_holder: Person
    outsider: Person
    stranger: Person

    def scope(self, person: Person) -> Scope:
        """The person's scope, as a member of their side."""
        ours = {self.finance.id, self.mentor.id}
        side = self.provider if person.id in ours else self.council
        return Scope(organisation_id=side.id, person_id=person.id)

    def actor(self, person: Person) -> Actor:
        """The person as the one who acts."""
        return Actor(person.id, person.name, self.scope(person).organisation_id)

    def invoice(self) -> Invoice:
        """The invoice as it stands."""
        with self.database.transaction(self.scope(self.approver)) as session:
            return session.get_one(Invoice, self.invoice_id)

    def lines(self) -> Sequence[InvoiceLine]:
        """Its lines as they stand, by position."""
        with self.database.transaction(self.scope(self.approver)) as session:
            return session.scalars(
                select(InvoiceLine)
                .where(InvoiceLine.invoice_id == self.invoice_id)
                .order_by(InvoiceLine.position)
            ).all()

    def line(self, position: int) -> InvoiceLine:
        """One line as it stands."""
        return self.lines()[position - 1]

    def versions(self, *positions: int) -> dict[UUID, int]:
        """These lines with their versions, as a page would show them; all when none is named."""
        return {
            line.id: line.version
            for line in self.lines()
            if not positions or line.position in positions
        }


def file_invoice(
    owner: Database,
    database: Database,
    *,
    sections: int = 4,
    minutes: int = 330,
    price: str = "42.00",
    cap: str | None = None,
    approved: str = "0.00",
    regime: Regime = Regime.ACT_2023,
    nights: bool = False,
    vat_number: str | None = None,
    charity_number: str | None = None,
    also_approves: bool = False,
    called: str = "",
) -> Filed:
    """Submit April's invoice: a section for each agreement, with sessions of 330 minutes in all.

    ``nights`` adds a placement of the whole month. ``also_approves``: the approver recorded the
    first section's sessions. ``called`` ends the organisations' names, for a second such world.
    """
    with owner.transaction(Scope.system(Task.OPERATOR)) as session:
        council = make_council(session, name=f"Aldermoor Council{called}")
        provider = make_provider(session, name=f"Larkspur Mentoring{called}")
        other_council = make_council(session, name=f"Copperholt Council{called}")
        other_provider = make_provider(session, name=f"Nettlewood Homes{called}")
        finance = make_person(
            session, organisation=provider, roles=[Role.FINANCE], name="Fay Finance"
        )
        mentor = make_person(
            session, organisation=provider, roles=[Role.DELIVERY], name="Morgan Mentor"
        )
        approver = make_person(
            session, organisation=council, roles=[Role.APPROVER], name="Alex Approver"
        )
        second = make_person(
            session, organisation=council, roles=[Role.APPROVER], name="Sasha Second"
        )
        budget_holder = make_person(
            session, organisation=council, roles=[Role.BUDGET_HOLDER], name="Billie Budget"
        )
        outsider = make_person(
            session, organisation=other_provider, roles=[Role.FINANCE], name="Otto Outsider"
        )
        stranger = make_person(
            session, organisation=other_council, roles=[Role.APPROVER], name="Stevie Stranger"
        )
        framework = make_framework(session, lead=council, regime=regime)
        hours = make_category(session, framework=framework)
        place = make_place(session, category=hours, provider=provider, price=price)
        make_evidence(session, provider=provider)
        make_vat_standing(
            session, provider=provider, vat_number=vat_number, charity_number=charity_number
        )
        make_bank_details(session, provider=provider)
        if cap is not None:
            make_budget(session, framework=framework, council=council, cap=cap, approved=approved)
        deliverer = make_mentor(session, provider=provider, name="Morgan Mentor", person=mentor)
        recorded_by = approver if also_approves else mentor
        for number in range(sections):
            agreement = make_agreement(
                session, place=place, council=council, price=price, reference=f"IA-{number:03}"
            )
            own = deliverer if number == 0 else make_mentor(session, provider=provider)
            make_assignment(session, agreement=agreement, mentor=own)
            rest = minutes
            while rest:
                length = min(rest, 120)
                day = 1 + (minutes - rest) // 120
                make_session(
                    session,
                    agreement=agreement,
                    mentor=own,
                    day=date(2026, 4, day),
                    at=time(9),
                    minutes=length,
                    recorded_by=recorded_by if number == 0 else mentor,
                    summary="We read together <b>quietly</b>.",
                )
                rest -= length
        if nights:
            homes = make_category(session, framework=framework, code="1b", unit=Unit.NIGHT)
            home = make_place(session, category=homes, provider=provider, price="820.00")
            stay = make_agreement(
                session, place=home, council=council, price="820.00", reference="IA-NIGHTS"
            )
            make_stay(session, agreement=stay, recorded_by=mentor)
        set_clock(session, AT)
    scope = Scope(organisation_id=provider.id, person_id=finance.id)
    stream = Stream(provider.id, council.id, framework.id)
    with database.transaction(scope) as session:
        draft = gather_draft(session, stream, APRIL, today=local_date(SUBMITTED)).draft
        invoice = submit(
            session,
            Actor(finance.id, finance.name, provider.id),
            stream,
            APRIL,
            number="LM-2026-04",
            seen=fingerprint(draft),
            at=SUBMITTED,
        )
        invoice_id = invoice.id
    return Filed(
        database,
        invoice_id,
        council,
        provider,
        finance,
        mentor,
        approver,
        second,
        budget_holder,
        outsider,
        stranger,
    )


def post(client: FlaskClient, page: str, address: str, data: Mapping[str, Any]) -> TestResponse:
    """Send a form as the page at ``page`` would: with its token, and a nonce of its own."""
    shown = client.get(page).get_data(as_text=True)
    nonce = re.search(r'name="_nonce" value="([^"]+)"', shown)
    assert nonce is not None, "the page has a form with a nonce"
    return client.post(address, data={"csrf_token": csrf_token(shown), "_nonce": nonce[1], **data})
