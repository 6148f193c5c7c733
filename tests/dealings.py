"""What each council and each provider of a framework have between them, in the small world."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from portal.agreements.models import Agreement, Mentor
from portal.audit.actions import Actor, Subject, record
from portal.audit.models import AuditEvent
from portal.budgets.models import Budget, CapRaise
from portal.complaints.models import Complaint
from portal.delivery.corrections.models import DeliveryCorrection
from portal.delivery.models import DeliverySession, Stay
from portal.delivery.plans.models import SessionPlan
from portal.evidence.models import Evidence, EvidenceDocument
from portal.frameworks.models import Category, Framework, Place
from portal.frameworks.rules import Unit
from portal.identity.actions import Event
from portal.identity.models import Organisation, Person
from portal.identity.rules import Role
from portal.kernel.money import Money
from portal.kernel.session import FormReceipt
from tests.issued import Issued, make_issued_invoice
from tests.makers import (
    make_agreement,
    make_assignment,
    make_bank_details,
    make_budget,
    make_category,
    make_complaint,
    make_correction,
    make_document,
    make_entry,
    make_evidence,
    make_judgement,
    make_mentor,
    make_message,
    make_place,
    make_place_change,
    make_plan,
    make_session,
    make_stay,
    make_vat_standing,
    make_whole_case,
)
from tests.makers.adjusting import make_adjustment
from tests.makers.care import Cared, make_cared
from tests.makers.disputing import Settled, make_settled
from tests.makers.handling import Handled
from tests.makers.mentoring import Mentored, make_mentored
from tests.makers.orders import Ordered, make_ordered
from tests.makers.referrals import Referred, make_capacity, make_referred
from tests.makers.reports import TermWork, make_term_work

HOUR, WEEK = "42.00", "820.00"
AT = datetime(2026, 4, 30, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Dealings:
    """What one council and one provider have between them."""

    council: Organisation
    provider: Organisation
    framework: Framework
    category: Category
    place: Place
    hourly: Agreement
    weekly: Agreement
    mentor: Mentor
    sessions: tuple[DeliverySession, ...]
    stay: Stay
    plan: SessionPlan
    correction: DeliveryCorrection
    budget: Budget
    evidence: Evidence
    document: EvidenceDocument
    issued: Issued
    settled: Settled
    event_id: UUID
    complaint: Complaint
    handled: Handled
    term_work: TermWork
    referred: Referred
    ordered: Ordered
    mentored: Mentored
    cared: Cared


def deal(
    session: Session,
    people: Mapping[tuple[UUID, Role], Person],
    framework: Framework,
    councils: tuple[Organisation, ...],
    providers: tuple[Organisation, ...],
) -> Iterator[Dealings]:
    """Categories and places of a framework, and the dealings of each council with each provider."""
    hours = make_category(session, framework=framework, code="1a")
    nights = make_category(session, framework=framework, code="1b", unit=Unit.NIGHT)
    budgets = {
        council.id: make_budget(session, framework=framework, council=council)
        for council in councils
    }
    for provider in providers:
        evidence = make_evidence(session, provider=provider)
        make_vat_standing(session, provider=provider)
        make_bank_details(session, provider=provider)
        place = make_place(session, category=hours, provider=provider, price=HOUR)
        homes = make_place(session, category=nights, provider=provider, price=WEEK)
        make_capacity(session, place=place, most=5)
        make_place_change(session, place=homes, by=people[councils[0].id, Role.COMMISSIONER])
        for council in councils:
            first = council is councils[providers.index(provider) % len(councils)]
            yield _between(
                session,
                people,
                framework,
                council,
                provider,
                place,
                homes,
                budgets[council.id],
                evidence[0],
                own_mentor=first,
            )


def _between(
    session: Session,
    people: Mapping[tuple[UUID, Role], Person],
    framework: Framework,
    council: Organisation,
    provider: Organisation,
    place: Place,
    homes: Place,
    budget: Budget,
    evidence: Evidence,
    *,
    own_mentor: bool,
) -> Dealings:
    """``own_mentor``: the person in the mentor's role is the mentor of these agreements."""
    code = f"{council.name[:3]}-{provider.name[:3]}".upper()
    hourly = make_agreement(
        session, place=place, council=council, price=HOUR, reference=f"{code}-H",
        young_person=f"YP-{code}-H", authorised_weekly=120,
    )  # fmt: skip
    weekly = make_agreement(
        session, place=homes, council=council, price=WEEK, reference=f"{code}-W",
        young_person=f"YP-{code}-W",
    )  # fmt: skip
    recorder = people[provider.id, Role.DELIVERY]
    mentor = make_mentor(
        session,
        provider=provider,
        name=f"Mentor {code}",
        person=recorder if own_mentor else None,
    )
    for agreement in (hourly, weekly):
        make_assignment(session, agreement=agreement, mentor=mentor)
    charged = make_session(
        session, agreement=hourly, mentor=mentor, day=date(2026, 3, 4), recorded_by=recorder,
        locked_at=AT - timedelta(days=28),
    )  # fmt: skip
    march = make_stay(
        session, agreement=weekly, first_night=date(2026, 3, 1), last_night=date(2026, 3, 31),
        recorded_by=recorder, locked_at=AT - timedelta(days=28),
    )  # fmt: skip
    sessions = tuple(
        make_session(
            session, agreement=hourly, mentor=mentor, day=date(2026, 4, day), recorded_by=recorder,
            summary=f"A summary of {code}",
        )
        for day in (1, 8, 15, 22, 29)
    )  # fmt: skip
    issued = make_issued_invoice(
        session,
        framework=framework,
        hourly=hourly,
        delivered=charged,
        hour=HOUR,
        weekly=weekly,
        stay=march,
        nights=weekly.unit.charge(Money.pounds(WEEK), 31),
        week=WEEK,
        submitted_by=people[provider.id, Role.FINANCE],
        approver=people[council.id, Role.APPROVER],
        reference=f"INV-{code}",
    )
    settled = make_settled(
        session,
        invoice=issued.invoice,
        line=issued.queried,
        paid=issued.paid,
        by=people[provider.id, Role.FINANCE],
        refused_by=people[council.id, Role.APPROVER],
        decided_by=people[council.id, Role.BUDGET_HOLDER],
    )
    budget.approved = budget.approved + issued.paid.net
    session.add(
        CapRaise(
            budget_id=budget.id,
            council_id=council.id,
            cap_before=Money.pounds("90000"),
            cap_after=budget.cap,
            reason=f"More young people with {code}",
            by_person_id=people[council.id, Role.BUDGET_HOLDER].id,
            by_name="Budget Holder",
            at=AT,
        )
    )
    session.add_all(
        FormReceipt(
            organisation_id=party.id, nonce=f"{code}-{party.kind}", digest="", location="/",
            received_at=AT,
        )
        for party in (council, provider)
    )  # fmt: skip
    record(
        session,
        Actor(recorder.id, recorder.name, provider.id),
        Event.SIGNED_IN,
        Subject("agreement", hourly.id, hourly.reference, council.id, provider.id),
        at=AT,
    )
    happened = session.query(AuditEvent).filter_by(subject_id=hourly.id).one()
    stay = make_stay(session, agreement=weekly, recorded_by=recorder)
    plan = make_plan(session, agreement=hourly, mentor=mentor)
    correction = make_correction(session, of=charged, minutes=60, line=issued.queried)
    make_adjustment(session, line=issued.paid, adjusts=issued.queried)
    complaint = make_complaint(
        session, council=council, provider=provider, received_at=AT, urgent=True,
        what_happened=f"What a young person says of {code}",
    )  # fmt: skip
    make_message(session, complaint=complaint, at=AT)
    make_entry(session, complaint=complaint, by=people[council.id, Role.COMPLAINTS_MANAGER])
    handled = make_whole_case(
        session, complaint=complaint, provider=provider, council=council, framework=framework,
        investigator=people[council.id, Role.COMMISSIONER], lead=people[council.id, Role.REFERRER],
    )  # fmt: skip
    document = make_document(session, evidence=evidence)
    make_judgement(
        session, document=document, council=council, by=people[council.id, Role.COMMISSIONER]
    )
    category = session.get_one(Category, place.category_id)
    referred = make_referred(
        session, category=category, place=place, council=council, provider=provider,
        by=people[council.id, Role.REFERRER],
    )  # fmt: skip
    administrator = people[provider.id, Role.PROVIDER_ADMINISTRATOR]
    ordered = make_ordered(
        session, category=category, place=place, council=council, provider=provider,
        agreement=hourly, mentor=mentor, referrer=people[council.id, Role.REFERRER],
        administrator=administrator,
        told=[administrator, recorder] if own_mentor else [administrator],
    )  # fmt: skip
    cared = make_cared(
        session, agreement=hourly, recipient=referred.recipient, mentor=recorder,
        officer=people[council.id, Role.REFERRER],
    )  # fmt: skip
    return Dealings(
        council, provider, framework, category, place,
        hourly, weekly, mentor, sessions, stay, plan, correction, budget,
        evidence, document, issued, settled, happened.id,
        complaint, handled, make_term_work(session, agreement=hourly, council=council),
        referred, ordered,
        make_mentored(session, agreement=hourly, mentor=mentor), cared,
    )  # fmt: skip
