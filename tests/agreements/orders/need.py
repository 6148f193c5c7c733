"""A council's need that two providers were asked about, a third was not, and a fourth may quote."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.agreements.models import Agreement
from portal.agreements.offers.actions import make_offer
from portal.agreements.offers.rules import Terms
from portal.agreements.orders import actions
from portal.agreements.orders.forming import accept
from portal.agreements.orders.rules import OrderTerms
from portal.audit.actions import Actor
from portal.background import load_handlers
from portal.identity.models import Organisation, Person
from portal.identity.rules import Role
from portal.kernel.database import Database, ScopedSession
from portal.kernel.jobs.models import Job
from portal.kernel.money import Money
from portal.kernel.tenancy import Scope, Task
from portal.referrals.rules import Route
from tests.makers import (
    make_category,
    make_council,
    make_evidence,
    make_framework,
    make_mentor,
    make_person,
    make_place,
    make_provider,
)
from tests.makers.referrals import make_recipient, make_referral, make_young_person

SENT = datetime(2026, 3, 26, 9, tzinfo=UTC)
ORDERED = datetime(2026, 4, 2, 9, tzinfo=UTC)  # the Thursday before Easter
START = date(2026, 4, 20)
GIVEN, FAMILY, SCHOOL = "Wilhelmina", "Featherstonehaugh", "Grimblethorpe School"
PARTS = {"authorised_weekly": 120, "authorised_total": 2400}


class Need:
    """The people, the referral and its ways: each step is one transaction of whoever takes it."""

    def __init__(
        self, database: Database, owner: Database, *, route: Route = Route.SHORTLIST
    ) -> None:
        load_handlers()  # they are told by a job
        self.database = database
        with owner.transaction(Scope.system(Task.OPERATOR)) as session:
            self.council = make_council(session, name="Aldermoor Council")
            lead = make_council(session, name="Brackenvale Council")
            self.chosen = make_provider(session, name="Larkspur Mentoring")
            self.rival = make_provider(session, name="Millstone Care")
            self.unasked = make_provider(session, name="Nettlewood Homes")
            self.referrer = make_person(session, organisation=self.council, roles=[Role.REFERRER])
            self.administrator = make_person(
                session, organisation=self.chosen, roles=[Role.PROVIDER_ADMINISTRATOR]
            )
            self.tutor = make_person(session, organisation=self.chosen, roles=[Role.DELIVERY])
            self.colleague = make_person(session, organisation=self.chosen, roles=[Role.DELIVERY])
            self.bidder = make_person(session, organisation=self.rival, roles=[Role.BIDS])
            framework = make_framework(session, lead=lead, partners=[self.council])
            self.category = make_category(session, framework=framework)
            self.mentor = make_mentor(session, provider=self.chosen, person=self.tutor)
            self.lapsing = make_mentor(
                session, provider=self.chosen, valid_until=START - timedelta(days=1)
            )
            self.young_person = make_young_person(
                session, council=self.council, given_name=GIVEN, family_name=FAMILY, school=SCHOOL
            )
            referral = make_referral(
                session, category=self.category, council=self.council, by=self.referrer,
                young_person=self.young_person, route=route, sent_at=SENT, starts_on=START,
                respond_by=ORDERED,
            )  # fmt: skip
            for provider, price in ((self.chosen, "42.00"), (self.rival, "40.00")):
                make_evidence(session, provider=provider)
                quotes = route is Route.QUOTES
                place = None if quotes else make_place(
                    session, category=self.category, provider=provider, price=price
                )  # fmt: skip
                make_recipient(session, referral=referral, provider=provider, place=place)
            make_place(session, category=self.category, provider=self.unasked)
            self.referral_id = referral.id

    def session(self, person: Person, organisation: Organisation) -> ScopedSession:
        """A writing session of somebody."""
        roles = {self.tutor.id, self.colleague.id}
        scope = Scope(organisation.id, person.id, only_assigned=person.id in roles)
        return self.database.session(scope, writes=True)

    def offer(
        self,
        person: Person | None = None,
        organisation: Organisation | None = None,
        *,
        price: str = "42.00",
        mentor: UUID | None = None,
        starts_on: date = START,
        at: datetime = ORDERED - timedelta(days=1),
    ) -> UUID:
        """An offer of the provider that will be chosen, or of another."""
        person, organisation = person or self.administrator, organisation or self.chosen
        terms = Terms(mentor, "", starts_on, Money.pounds(price), "We begin gently.")
        with self.session(person, organisation) as session, session.begin():
            by = Actor(person.id, person.name, organisation.id)
            return make_offer(session, by, self.referral_id, terms, at=at).id

    def order(
        self,
        offer_id: UUID,
        *,
        because: str = "",
        arrangements: str = "",
        at: datetime = ORDERED,
    ) -> UUID:
        """The council's order form for an offer."""
        terms = OrderTerms(
            **PARTS, ends_on=date(2026, 12, 18), cost_code="VS-100", purchase_order="",
            subcontracting="", arrangements=arrangements, because=because,
        )  # fmt: skip
        with self.session(self.referrer, self.council) as session, session.begin():
            return actions.issue(session, self.by_council, offer_id, terms, at=at).id

    def accept(self, order_id: UUID, *, at: datetime = ORDERED + timedelta(hours=2)) -> Agreement:
        """The provider accepts."""
        with self.session(self.administrator, self.chosen) as session, session.begin():
            return accept(session, self.by_provider, order_id, at=at)

    @property
    def by_council(self) -> Actor:
        """The Virtual School officer."""
        return Actor(self.referrer.id, self.referrer.name, self.council.id)

    @property
    def by_provider(self) -> Actor:
        """The administrator of the provider that will be chosen."""
        return Actor(self.administrator.id, self.administrator.name, self.chosen.id)

    def told(self, organisation: Organisation) -> list[str]:
        """The sentences that wait to be told to an organisation's people."""
        return [one["sentence"] for one in self._waiting(organisation)]

    def led_to(self, organisation: Organisation) -> list[str]:
        """The pages that those are about."""
        return [one["endpoint"] for one in self._waiting(organisation)]

    def _waiting(self, organisation: Organisation) -> list[dict[str, Any]]:
        with self.database.session(Scope.system(Task.JOBS)) as session:
            jobs = session.scalars(
                select(Job).where(Job.name == "notices:deliver").order_by(Job.id)
            ).all()
            return [
                job.arguments
                for job in jobs
                if job.arguments["recipients_of"] == organisation.id.hex
            ]
