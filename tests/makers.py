"""Rows for tests, each with invented figures that a test may name instead.

Every maker takes an open session of the operator's, adds its rows, flushes, and gives the row:

    with owner_database.transaction(Scope.system(Task.OPERATOR)) as session:
        council = make_council(session)

A whole small world of councils and providers is in ``tests.world``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, TypeVar

from argon2 import PasswordHasher, profiles
from sqlalchemy.orm import Session

from portal.agreements.models import Agreement, AgreementPrice, Assignment, Clearance, Mentor
from portal.agreements.rules import AgreementState
from portal.budgets.models import Budget
from portal.delivery.models import DeliverySession, Stay
from portal.delivery.rules import Mode, SessionState
from portal.evidence.models import BankDetails, Evidence, VatStanding
from portal.evidence.rules import EvidenceKind
from portal.frameworks.models import Category, Framework, FrameworkCouncil, Lot, Place, PlacePrice
from portal.frameworks.rules import Mechanism, PlaceState, PriceSource, Regime, Unit
from portal.identity.models import Credential, Membership, MembershipRole, Organisation, Person
from portal.identity.rules import OrganisationKind, Role
from portal.kernel.local_time import to_utc
from portal.kernel.money import Money
from portal.kernel.tenancy import Base

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

PASSWORD = "a calm grey heron"
RECORDED_AT = datetime(2026, 5, 1, 9, tzinfo=UTC)
_numbers = count(1)
Row = TypeVar("Row", bound=Base)


def make_council(session: Session, *, name: str = "", accounts_email: str = "") -> Organisation:
    """A council."""
    name = name or f"Invented Council {next(_numbers)}"
    return _organisation(session, OrganisationKind.COUNCIL, name, accounts_email)


def make_provider(session: Session, *, name: str = "", accounts_email: str = "") -> Organisation:
    """A provider, without evidence, VAT standing or bank details."""
    name = name or f"Invented Provider {next(_numbers)}"
    return _organisation(session, OrganisationKind.PROVIDER, name, accounts_email)


def make_person(
    session: Session,
    *,
    organisation: Organisation,
    roles: Iterable[Role],
    name: str = "",
    email: str = "",
    password: str | None = PASSWORD,
) -> Person:
    """A person with these roles in an organisation; no password means no way to sign in."""
    number = next(_numbers)
    person = Person(
        name=name or f"Robin Invented {number}", email=email or f"person{number}@portal.example"
    )
    _add(session, person)
    if password is not None:
        _add(session, Credential(person_id=person.id, password_hash=_hash(password)))
    make_membership(session, person=person, organisation=organisation, roles=roles)
    return person


def make_membership(
    session: Session, *, person: Person, organisation: Organisation, roles: Iterable[Role]
) -> Membership:
    """A person's belonging to an organisation, also to a second one."""
    membership = _add(session, Membership(person_id=person.id, organisation_id=organisation.id))
    for role in roles:
        _add(session, MembershipRole(membership_id=membership.id, role=role))
    return membership


def make_framework(
    session: Session,
    *,
    lead: Organisation,
    partners: Iterable[Organisation] = (),
    regime: Regime = Regime.ACT_2023,
    reference: str = "",
    title: str = "Mentoring and placements",
    starts_on: date = date(2025, 9, 1),
    ends_on: date = date(2029, 8, 31),
    cap_in_total: str | None = None,
    payment_days: int = 30,
) -> Framework:
    """A framework with its councils and one lot, numbered 1."""
    framework = Framework(
        lead_council_id=lead.id,
        reference=reference or f"FW-{next(_numbers):04}",
        title=title,
        regime=regime,
        light_touch=True,
        open_framework=False,
        starts_on=starts_on,
        ends_on=ends_on,
        cap_in_total=None if cap_in_total is None else Money.pounds(cap_in_total),
        payment_days=payment_days,
    )
    _add(session, framework)
    for council in (lead, *partners):
        _add(
            session,
            FrameworkCouncil(
                framework_id=framework.id, council_id=council.id, lead_council_id=lead.id
            ),
        )
    _add(
        session,
        Lot(framework_id=framework.id, lead_council_id=lead.id, number=1, title="Education"),
    )
    return framework


def make_category(
    session: Session,
    *,
    framework: Framework,
    code: str = "1a",
    title: str = "Mentoring",
    mechanism: Mechanism | None = None,
    unit: Unit = Unit.HOUR,
) -> Category:
    """A category of the framework's first lot; the mechanism follows the unit unless named."""
    session.refresh(framework, ["lots"])
    by_unit = Mechanism.NIGHTLY_SHARE if unit is Unit.NIGHT else Mechanism.UNIT
    return _add(
        session,
        Category(
            framework_id=framework.id,
            lead_council_id=framework.lead_council_id,
            lot_id=framework.lots[0].id,
            code=code,
            title=title,
            mechanism=mechanism or by_unit,
            unit=unit,
        ),
    )


def make_place(
    session: Session,
    *,
    category: Category,
    provider: Organisation,
    price: str = "42.00",
    band: str = "",
    state: PlaceState = PlaceState.ACTIVE,
    starts_on: date = date(2025, 9, 1),
    ends_on: date | None = None,
) -> Place:
    """A provider's place in a category with one price; a weekly one where nights are bought."""
    place = Place(
        framework_id=category.framework_id,
        lead_council_id=category.lead_council_id,
        category_id=category.id,
        provider_id=provider.id,
        state=state,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    _add(session, place)
    _add(
        session,
        PlacePrice(
            place_id=place.id,
            framework_id=place.framework_id,
            lead_council_id=place.lead_council_id,
            provider_id=provider.id,
            band=band,
            price=Money.pounds(price),
            starts_on=starts_on,
            source=PriceSource.BID,
        ),
    )
    return place


def make_agreement(
    session: Session,
    *,
    place: Place,
    council: Organisation,
    price: str = "42.00",
    starts_on: date = date(2026, 1, 5),
    ends_on: date | None = None,
    state: AgreementState = AgreementState.ACTIVE,
    authorised_weekly: int | None = None,
    authorised_total: int | None = None,
    reference: str = "",
    young_person: str = "",
    band: str = "",
    cost_code: str | None = None,
    purchase_order: str | None = None,
) -> Agreement:
    """An Individual Agreement with its own price; authorised in minutes, sessions or nights."""
    category, number = session.get_one(Category, place.category_id), next(_numbers)
    agreement = Agreement(
        council_id=council.id,
        provider_id=place.provider_id,
        framework_id=place.framework_id,
        category_id=place.category_id,
        place_id=place.id,
        reference=reference or f"IA-{number:05}",
        young_person=young_person or f"YP-{number:05}",
        mechanism=category.mechanism,
        unit=category.unit,
        band=band,
        state=state,
        starts_on=starts_on,
        ends_on=ends_on,
        authorised_weekly=authorised_weekly,
        authorised_total=authorised_total,
        cost_code=cost_code,
        purchase_order=purchase_order,
    )
    _add(session, agreement)
    make_agreement_price(session, agreement=agreement, price=price, starts_on=starts_on)
    return agreement


def make_agreement_price(
    session: Session, *, agreement: Agreement, price: str, starts_on: date, note: str = ""
) -> AgreementPrice:
    """A price of an agreement from a day on, beside those before it."""
    return _add(
        session,
        AgreementPrice(
            agreement_id=agreement.id,
            council_id=agreement.council_id,
            provider_id=agreement.provider_id,
            price=Money.pounds(price),
            starts_on=starts_on,
            source=PriceSource.AGREED,
            note=note,
        ),
    )


def make_mentor(
    session: Session,
    *,
    provider: Organisation,
    name: str = "",
    person: Person | None = None,
    cleared: bool = True,
    volunteer: bool = False,
    checked_on: date = date(2025, 6, 1),
    valid_until: date = date(2028, 5, 31),
) -> Mentor:
    """A mentor, with an enhanced DBS check unless not cleared."""
    mentor = Mentor(
        provider_id=provider.id,
        person_id=person.id if person else None,
        name=name or f"Sam Mentor {next(_numbers)}",
        volunteer=volunteer,
    )
    _add(session, mentor)
    if cleared:
        _add(
            session,
            Clearance(
                mentor_id=mentor.id,
                provider_id=provider.id,
                checked_on=checked_on,
                valid_until=valid_until,
            ),
        )
    return mentor


def make_assignment(
    session: Session,
    *,
    agreement: Agreement,
    mentor: Mentor,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Assignment:
    """A mentor's time on an agreement, from its first day unless another is named."""
    return _add(
        session,
        Assignment(
            agreement_id=agreement.id,
            council_id=agreement.council_id,
            provider_id=agreement.provider_id,
            mentor_id=mentor.id,
            starts_on=starts_on or agreement.starts_on,
            ends_on=ends_on,
        ),
    )


def make_session(
    session: Session,
    *,
    agreement: Agreement,
    mentor: Mentor,
    day: date = date(2026, 4, 8),
    at: time = time(10),
    starts_at: datetime | None = None,
    minutes: int = 60,
    state: SessionState = SessionState.DELIVERED,
    mode: Mode = Mode.FACE_TO_FACE,
    summary: str = "",
    recorded_by: Person | None = None,
    locked_at: datetime | None = None,
) -> DeliverySession:
    """A session on a London day and time, or at a moment in UTC."""
    return _add(
        session,
        DeliverySession(
            agreement_id=agreement.id,
            council_id=agreement.council_id,
            provider_id=agreement.provider_id,
            mentor_id=mentor.id,
            starts_at=starts_at or to_utc(datetime.combine(day, at)),
            service_date=day,
            minutes=minutes,
            state=state,
            mode=mode,
            summary=summary,
            recorded_by_name=recorded_by.name if recorded_by else "Robin Invented",
            recorded_at=RECORDED_AT,
            hands=[str(recorded_by.id)] if recorded_by else [],
            locked_at=locked_at,
        ),
    )


def make_stay(
    session: Session,
    *,
    agreement: Agreement,
    first_night: date = date(2026, 4, 1),
    last_night: date = date(2026, 4, 30),
    present: bool = True,
    recorded_by: Person | None = None,
    locked_at: datetime | None = None,
) -> Stay:
    """Nights within one month, both ends counted."""
    return _add(
        session,
        Stay(
            agreement_id=agreement.id,
            council_id=agreement.council_id,
            provider_id=agreement.provider_id,
            first_night=first_night,
            last_night=last_night,
            present=present,
            recorded_by_name=recorded_by.name if recorded_by else "Robin Invented",
            recorded_at=RECORDED_AT,
            hands=[str(recorded_by.id)] if recorded_by else [],
            locked_at=locked_at,
        ),
    )


def make_evidence(
    session: Session,
    *,
    provider: Organisation,
    kinds: Iterable[EvidenceKind] = tuple(EvidenceKind),
    valid_from: date = date(2025, 6, 1),
    valid_until: date | None = date(2028, 5, 31),
) -> list[Evidence]:
    """Every kind of evidence unless fewer are named, in date and verified, cover £10m."""
    return [
        _add(
            session,
            Evidence(
                provider_id=provider.id,
                kind=kind,
                valid_from=valid_from,
                valid_until=valid_until,
                cover=Money.pounds("10000000") if kind.value.endswith("liability") else None,
                verified_by_name="Ali Verifier",
                verified_at=RECORDED_AT - timedelta(days=200),
            ),
        )
        for kind in kinds
    ]


def make_vat_standing(
    session: Session,
    *,
    provider: Organisation,
    starts_on: date = date(2025, 1, 1),
    vat_number: str | None = None,
    charity_number: str | None = None,
    ofsted_urn: str | None = None,
    public_body: bool = False,
) -> VatStanding:
    """What is known of a provider's VAT; with no number it is not registered."""
    return _add(
        session,
        VatStanding(
            provider_id=provider.id,
            starts_on=starts_on,
            vat_number=vat_number,
            charity_number=charity_number,
            ofsted_urn=ofsted_urn,
            public_body=public_body,
        ),
    )


def make_bank_details(
    session: Session,
    *,
    provider: Organisation,
    starts_on: date = date(2025, 1, 1),
    account_number: str = "",
) -> BankDetails:
    """Where a provider is paid."""
    return _add(
        session,
        BankDetails(
            provider_id=provider.id,
            starts_on=starts_on,
            account_name=provider.legal_name[:100],
            account_number=account_number or f"{next(_numbers):08}",
            sort_code="000000",
        ),
    )


def make_budget(
    session: Session,
    *,
    framework: Framework,
    council: Organisation,
    cap: str = "100000.00",
    approved: str = "0.00",
    year_starts_on: date | None = None,
    funding_source: str = "Pupil Premium Plus",
) -> Budget:
    """A council's cap for a contract year, the framework's first unless another is named."""
    return _add(
        session,
        Budget(
            framework_id=framework.id,
            council_id=council.id,
            year_starts_on=year_starts_on or framework.starts_on,
            cap=Money.pounds(cap),
            approved=Money.pounds(approved),
            funding_source=funding_source,
        ),
    )


def sign_in(client: FlaskClient, person: Person, password: str = PASSWORD) -> TestResponse:
    """Sign in through the page itself, its token against forgery included."""
    page = client.get("/sign-in").get_data(as_text=True)
    return client.post(
        "/sign-in",
        data={"csrf_token": csrf_token(page), "email": person.email, "password": password},
    )


def csrf_token(page: str) -> str:
    """The token that the first form of a page carries.

    Raises ValueError for a page without one.
    """
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    if found is None:
        raise ValueError("no form of this page carries a token")
    return found[1]


@cache
def _hash(password: str) -> str:
    return PasswordHasher.from_parameters(profiles.CHEAPEST).hash(password)


def _organisation(
    session: Session, kind: OrganisationKind, name: str, accounts_email: str
) -> Organisation:
    return _add(
        session,
        Organisation(
            kind=kind,
            name=name,
            legal_name=f"{name} Limited" if kind is OrganisationKind.PROVIDER else name,
            street="1 Invented Street",
            city="Exampleton",
            postcode="ZZ1 1ZZ",
            accounts_email=accounts_email or f"accounts{next(_numbers)}@portal.example",
        ),
    )


def _add(session: Session, row: Row) -> Row:
    session.add(row)
    session.flush()
    return row
