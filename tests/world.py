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
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from portal.agreements.uplifts.models import UpliftRun
from portal.frameworks.applications.models import Application
from portal.frameworks.models import Framework
from portal.frameworks.rules import Regime
from portal.identity.factors.models import Passkey
from portal.identity.models import Membership, Organisation, Person, SignIn
from portal.identity.rules import ADMINISTRATORS, OrganisationKind, Role, role_fits
from portal.invoicing.banking.models import BankChange
from portal.kernel.clock import set_clock
from portal.kernel.database import Database
from portal.kernel.tenancy import Scope, Task
from tests.dealings import AT, Dealings, deal
from tests.makers import (
    make_background,
    make_contact,
    make_council,
    make_exit_address,
    make_factors,
    make_framework,
    make_papers,
    make_person,
    make_procedure,
    make_provider,
    make_rights,
    make_set_up,
    make_unsent_complaint,
)
from tests.makers.announced import Advertised, make_advertised, make_draft, make_hanging
from tests.makers.applications import Drafted, make_drafted
from tests.makers.applied import Applied, make_applied, make_named
from tests.makers.changes import Changes, make_world_changes
from tests.makers.evaluated import Evaluated, make_elsewhere, make_evaluated
from tests.makers.lots import SetUp
from tests.makers.paying import Ran, make_bank_change, make_bank_hold, make_run
from tests.makers.people import Papers
from tests.makers.rights import Rights
from tests.makers.signing_in import make_sign_in
from tests.makers.telling import Told
from tests.makers.uplifts import make_uplift
from tests.support.databases import Address, Databases


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
    accounts: Mapping[UUID, BankChange]
    runs: Mapping[UUID, Ran]
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
        dealings += deal(session, people, framework, councils, providers)
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
    accounts = {
        provider.id: make_bank_change(
            session,
            provider=provider,
            by=people[provider.id, Role.FINANCE],
            second=people[provider.id, Role.PROVIDER_ADMINISTRATOR],
        )
        for provider in (larkspur, millstone, nettlewood)
    }
    for council in (aldermoor, brackenvale, copperholt):
        make_bank_hold(session, council=council)
    runs = {
        own.issued.invoice.id: make_run(
            session,
            invoice=own.issued.invoice,
            line=own.issued.queried,
            proposed_by=people[own.council.id, Role.APPROVER],
            approved_by=people[own.council.id, Role.APPROVER],
            released_by=people[own.council.id, Role.BUDGET_HOLDER],
        )
        for own in dealings
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
        accounts,
        runs,
        advertised,
        applied,
        drafted,
        evaluated,
        elsewhere,
    )


def roles_of(kind: OrganisationKind) -> list[Role]:
    """Every role that a council, or a provider, has."""
    return [role for role in Role if role_fits(kind, role)]


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
