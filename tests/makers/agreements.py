"""Individual Agreements with their prices, and mentors with their assignments."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from portal.agreements.models import Agreement, AgreementPrice, Assignment, Clearance, Mentor
from portal.agreements.rules import AgreementState
from portal.frameworks.models import Category, Place
from portal.frameworks.rules import PriceSource
from portal.identity.models import Organisation, Person
from portal.kernel.money import Money
from tests.makers.rows import add, numbers


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
    category, number = session.get_one(Category, place.category_id), next(numbers)
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
    add(session, agreement)
    make_agreement_price(session, agreement=agreement, price=price, starts_on=starts_on)
    return agreement


def make_agreement_price(
    session: Session,
    *,
    agreement: Agreement,
    price: str,
    starts_on: date,
    note: str = "",
    backdated_on: date | None = None,
) -> AgreementPrice:
    """A price of an agreement from a day on, beside those before it."""
    return add(
        session,
        AgreementPrice(
            agreement_id=agreement.id,
            council_id=agreement.council_id,
            provider_id=agreement.provider_id,
            price=Money.pounds(price),
            starts_on=starts_on,
            source=PriceSource.AGREED,
            note=note,
            backdated_on=backdated_on,
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
        name=name or f"Sam Mentor {next(numbers)}",
        volunteer=volunteer,
    )
    add(session, mentor)
    if cleared:
        add(
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
    return add(
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
