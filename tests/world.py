"""A small world of councils and providers, with somebody in every role of each.

    Aldermoor and Brackenvale share a framework; Larkspur and Millstone have places on it.
    Copperholt has a framework of its own, and Nettlewood the place on that. Another of its
    frameworks is advertised to everybody, by a round that Nettlewood asks about.

Each council and provider on the same framework have an hourly agreement and a weekly
placement, March invoiced and partly paid, April delivered and not yet invoiced.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from portal.agreements.models import Agreement, Mentor
from portal.agreements.uplifts.models import UpliftRun
from portal.audit.actions import Actor, Subject, record
from portal.audit.models import AuditEvent
from portal.budgets.models import Budget, CapRaise
from portal.complaints.models import Complaint
from portal.delivery.corrections.models import DeliveryCorrection
from portal.delivery.models import DeliverySession, Stay
from portal.delivery.plans.models import SessionPlan
from portal.evidence.models import Evidence, EvidenceDocument
from portal.frameworks.applications.models import Application
from portal.frameworks.models import Category, Framework, Place
from portal.frameworks.rules import Regime, Unit
from portal.identity.actions import Event
from portal.identity.factors.models import Passkey
from portal.identity.models import Membership, Organisation, Person, SignIn
from portal.identity.rules import ADMINISTRATORS, OrganisationKind, Role, role_fits
from portal.kernel.clock import set_clock
from portal.kernel.database import Database
from portal.kernel.money import Money
from portal.kernel.session import FormReceipt
from portal.kernel.tenancy import Scope, Task
from tests.issued import Issued, make_issued_invoice
from tests.makers import (
    make_agreement,
    make_assignment,
    make_background,
    make_bank_details,
    make_budget,
    make_category,
    make_complaint,
    make_contact,
    make_correction,
    make_council,
    make_document,
    make_entry,
    make_evidence,
    make_exit_address,
    make_factors,
    make_framework,
    make_judgement,
    make_mentor,
    make_message,
    make_papers,
    make_person,
    make_place,
    make_place_change,
    make_plan,
    make_procedure,
    make_provider,
    make_rights,
    make_session,
    make_set_up,
    make_stay,
    make_unsent_complaint,
    make_vat_standing,
    make_whole_case,
)
from tests.makers.announced import Advertised, make_advertised, make_draft, make_hanging
from tests.makers.applications import Drafted, make_drafted
from tests.makers.applied import Applied, make_applied, make_named
from tests.makers.care import Cared, make_cared
from tests.makers.changes import Changes, make_world_changes
from tests.makers.evaluated import Evaluated, make_elsewhere, make_evaluated
from tests.makers.handling import Handled
from tests.makers.lots import SetUp
from tests.makers.mentoring import Mentored, make_mentored
from tests.makers.orders import Ordered, make_ordered
from tests.makers.people import Papers
from tests.makers.referrals import Referred, make_capacity, make_referred
from tests.makers.reports import TermWork, make_term_work
from tests.makers.rights import Rights
from tests.makers.signing_in import make_sign_in
from tests.makers.telling import Told
from tests.makers.uplifts import make_uplift
from tests.support.databases import Address, Databases

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
    event_id: UUID
    complaint: Complaint
    handled: Handled
    term_work: TermWork
    referred: Referred
    ordered: Ordered
    mentored: Mentored
    cared: Cared


@dataclass(frozen=True)
class World:
    """Everybody, and everything that they share or keep from each other."""

    aldermoor: Organisation
    brackenvale: Organisation
    copperholt: Organisation
    larkspur: Organisation
    millstone: Organisation
    nettlewood: Organisation
    shared: Framework
    apart: Framework
    people: Mapping[tuple[UUID, Role], Person]
    memberships: Mapping[UUID, Membership]
    passkeys: Mapping[UUID, Passkey]
    sign_ins: Mapping[UUID, SignIn]
    dealings: tuple[Dealings, ...]
    papers: Mapping[UUID, Papers]
    told: Mapping[UUID, Told]
    rights: Mapping[UUID, Rights]
    set_ups: Mapping[UUID, SetUp]
    uplifts: Mapping[UUID, UpliftRun]
    changes: Mapping[UUID, Changes]
    advertised: Advertised
    applied: Applied
    drafted: Drafted
    evaluated: Evaluated
    elsewhere: Evaluated

    @property
    def organisations(self) -> tuple[Organisation, ...]:
        """The three councils, then the three providers."""
        councils = (self.aldermoor, self.brackenvale, self.copperholt)
        return (*councils, self.larkspur, self.millstone, self.nettlewood)

    @property
    def membership_people(self) -> dict[UUID, UUID]:
        """Whose each membership is, by their ids."""
        return {own.id: person_id for person_id, own in self.memberships.items()}

    def members(self, organisation: Organisation) -> set[UUID]:
        """The ids of an organisation's people."""
        return {person.id for (own, _), person in self.people.items() if own == organisation.id}

    def person(self, organisation: Organisation, role: Role) -> Person:
        """The person who holds only this role in an organisation."""
        return self.people[organisation.id, role]

    def between(self, council: Organisation, provider: Organisation) -> Dealings:
        """What a council and a provider have between them.

        Raises StopIteration for two that share no framework.
        """
        return next(
            own for own in self.dealings if own.council is council and own.provider is provider
        )


def make_world(session: Session) -> World:
    """Make it all, in a session of the operator's."""
    aldermoor = make_council(session, name="Aldermoor Council")
    brackenvale = make_council(session, name="Brackenvale Council")
    copperholt = make_council(session, name="Copperholt Council")
    larkspur = make_provider(session, name="Larkspur Mentoring")
    millstone = make_provider(session, name="Millstone Care")
    nettlewood = make_provider(session, name="Nettlewood Homes")
    people: dict[tuple[UUID, Role], Person] = {}
    for organisation in (aldermoor, brackenvale, copperholt, larkspur, millstone, nettlewood):
        for role in roles_of(organisation.kind):
            people[organisation.id, role] = make_person(
                session,
                organisation=organisation,
                roles=[role],
                name=f"{role.value.replace('-', ' ').title()} of {organisation.name.split()[0]}",
                email=f"{role.value}@{organisation.name.split()[0].lower()}.example",
            )
    shared = make_framework(
        session,
        lead=aldermoor,
        partners=[brackenvale],
        regime=Regime.PCR_2015,
        reference="ALD-SHARED",
        title="Shared mentoring and placements",
    )
    apart = make_framework(
        session, lead=copperholt, reference="COP-APART", title="Copperholt alone"
    )
    dealings: list[Dealings] = []
    for framework, councils, providers in (
        (shared, (aldermoor, brackenvale), (larkspur, millstone)),
        (apart, (copperholt,), (nettlewood,)),
    ):
        dealings += _deal(session, people, framework, councils, providers)
    changes = make_world_changes(
        session, agreements=[own.weekly for own in dealings], people=people,
        moves_to=[brackenvale, copperholt, copperholt, aldermoor, brackenvale],
    )  # fmt: skip
    set_ups = {
        framework.id: make_set_up(
            session, framework=framework, by=people[lead.id, Role.COMMISSIONER]
        )
        for framework, lead in ((shared, aldermoor), (apart, copperholt))
    }
    make_unsent_complaint(session)
    make_contact(session, council=aldermoor)
    make_exit_address(session, council=aldermoor)
    make_procedure(session, organisation=larkspur)
    finance = [people[provider.id, Role.FINANCE] for provider in (larkspur, millstone)]
    passkeys = {person.id: make_factors(session, person=person) for person in finance}
    sign_ins = {
        person.id: make_sign_in(session, person_id=person.id, membership_id=None)
        for person in finance
    }
    told = {
        organisation.id: make_background(
            session, organisation=organisation, person=people[organisation.id, role]
        )
        for organisation, role in (
            *((council, Role.APPROVER) for council in (aldermoor, brackenvale, copperholt)),
            *((provider, Role.FINANCE) for provider in (larkspur, millstone, nettlewood)),
        )
    }
    uplifts = {
        framework.id: make_uplift(
            session, framework=framework, by=people[lead.id, Role.COMMISSIONER]
        )
        for framework, lead in ((shared, aldermoor), (apart, copperholt))
    }
    advertised = make_advertised(
        session,
        lead=copperholt,
        provider=nettlewood,
        commissioner=people[copperholt.id, Role.COMMISSIONER],
        second=people[copperholt.id, Role.COUNCIL_ADMINISTRATOR],
        bidder=people[nettlewood.id, Role.BIDS],
    )
    applied = make_applied(
        session,
        advertised=advertised,
        commissioner=people[copperholt.id, Role.COMMISSIONER],
        second=people[copperholt.id, Role.COUNCIL_ADMINISTRATOR],
        bidder=people[nettlewood.id, Role.BIDS],
    )
    draft = make_draft(
        session, framework=shared, commissioner=people[aldermoor.id, Role.COMMISSIONER]
    )
    drafted = make_drafted(
        session,
        round_=advertised.round,
        provider=nettlewood,
        bidder=people[nettlewood.id, Role.BIDS],
        rival=session.get_one(Application, applied.sealed.application_id),
    )
    evaluated = make_evaluated(
        session,
        round_=applied.round,
        provider=nettlewood,
        council=copperholt,
        evaluator=people[copperholt.id, Role.EVALUATOR],
        moderator=people[copperholt.id, Role.COUNCIL_ADMINISTRATOR],
        commissioner=people[copperholt.id, Role.COMMISSIONER],
        signs=people[nettlewood.id, Role.PROVIDER_ADMINISTRATOR],
        at=AT - timedelta(days=15),
    )
    elsewhere = make_elsewhere(session, bidder=applied.rival, at=AT - timedelta(days=15))
    make_named(
        session,
        round_=draft,
        council=aldermoor,
        person=people[aldermoor.id, Role.COMMISSIONER],
    )
    make_hanging(
        session,
        round_=draft,
        provider=larkspur,
        commissioner=people[aldermoor.id, Role.COMMISSIONER],
        bidder=people[larkspur.id, Role.BIDS],
    )
    set_clock(session, AT)
    memberships = {
        person.id: session.query(Membership).filter_by(person_id=person.id).one()
        for person in people.values()
    }
    papers, rights = {}, {}
    for organisation in (aldermoor, brackenvale, copperholt, larkspur, millstone, nettlewood):
        in_charge = next(role for role in roles_of(organisation.kind) if role in ADMINISTRATORS)
        administrator = people[organisation.id, in_charge]
        papers[organisation.id] = make_papers(
            session,
            organisation=organisation,
            administrator=administrator,
            colleague=memberships[administrator.id],
        )
        rights[organisation.id] = make_rights(
            session, organisation=organisation, administrator=administrator
        )
    return World(
        aldermoor,
        brackenvale,
        copperholt,
        larkspur,
        millstone,
        nettlewood,
        shared,
        apart,
        people,
        memberships,
        passkeys,
        sign_ins,
        tuple(dealings),
        papers,
        told,
        rights,
        set_ups,
        uplifts,
        changes,
        advertised,
        applied,
        drafted,
        evaluated,
        elsewhere,
    )


def roles_of(kind: OrganisationKind) -> list[Role]:
    """Every role that a council, or a provider, has."""
    return [role for role in Role if role_fits(kind, role)]


def _deal(
    session: Session,
    people: Mapping[tuple[UUID, Role], Person],
    framework: Framework,
    councils: tuple[Organisation, ...],
    providers: tuple[Organisation, ...],
) -> Iterator[Dealings]:
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
        evidence, document, issued, happened.id,
        complaint, handled, make_term_work(session, agreement=hourly, council=council),
        referred, ordered,
        make_mentored(session, agreement=hourly, mentor=mentor), cared,
    )  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """The world in a database of its own, opened as the application and as the owner."""

    engine: str
    address: Address
    application: Database
    owner: Database
    world: World


@contextmanager
def standing(databases: Databases, engine: str) -> Iterator[Standing]:
    """The world on one engine; for a fixture that serves a whole file of tests."""
    with databases.fresh(engine) as address:
        owner, application = Database(address.owner), Database(address.application)
        with owner.transaction(Scope.system(Task.OPERATOR)) as session:
            world = make_world(session)
        try:
            yield Standing(engine, address, application, owner, world)
        finally:
            owner.close()
            application.close()
