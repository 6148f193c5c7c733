"""Offers for referrals, the order forms made of them, and who was told who a young person is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal.agreements.disclosing.models import Disclosure
from portal.agreements.models import Agreement, Mentor
from portal.agreements.offers.models import Offer
from portal.agreements.orders.models import Choice, OrderForm
from portal.frameworks.models import Category, Place
from portal.identity.models import Organisation, Person
from portal.kernel.local_time import local_date
from portal.kernel.money import Money
from portal.referrals.models import Recipient, Referral, YoungPerson
from portal.referrals.rules import RecipientState, ReferralState
from tests.makers.referrals import make_recipient, make_referral, make_young_person
from tests.makers.rows import add, numbers

OFFERED_AT = datetime(2026, 4, 29, 9, tzinfo=UTC)
ISSUED_AT = datetime(2026, 4, 30, 9, tzinfo=UTC)
LONG_AGO = datetime(2025, 12, 15, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Ordered:
    """A referral that was offered for, ordered and accepted: now an agreement."""

    young_person: YoungPerson
    referral: Referral
    offer: Offer
    order: OrderForm
    disclosures: tuple[Disclosure, ...]


def make_offer(
    session: Session,
    *,
    recipient: Recipient,
    by: Person,
    mentor: Mentor | None = None,
    price: str = "42.00",
    starts_on: date = date(2026, 5, 18),
    made_at: datetime = OFFERED_AT,
    **given: Any,
) -> Offer:
    """A provider's offer for a referral that it was sent."""
    recipient.state = RecipientState.OFFERED
    recipient.answered_at = made_at
    return add(
        session,
        Offer(
            recipient_id=recipient.id,
            council_id=recipient.council_id,
            provider_id=recipient.provider_id,
            mentor_id=mentor.id if mentor else None,
            mentor_name=mentor.name if mentor else "",
            cleared_until=date(2028, 5, 31) if mentor else None,
            starts_on=starts_on,
            price=Money.pounds(price),
            made_by_id=by.id,
            made_by_name=by.name,
            made_at=made_at,
            **given,
        ),
    )


def make_order(
    session: Session,
    *,
    offer: Offer,
    by: Person,
    issued_at: datetime = ISSUED_AT,
    agreement: Agreement | None = None,
    accepted_by: Person | None = None,
    because: str = "The mentor knows the area",
    **given: Any,
) -> OrderForm:
    """The order form of an offer; with an agreement, the one that its acceptance formed."""
    recipient = session.get_one(Recipient, offer.recipient_id)
    referral = session.get_one(Referral, recipient.referral_id)
    recipient.state = RecipientState.CHOSEN
    referral.state = ReferralState.ORDERED if agreement is None else ReferralState.AGREED
    accepted = {
        "accepted_at": issued_at + timedelta(hours=3),
        "accepted_by_id": accepted_by.id if accepted_by else None,
        "accepted_by_name": accepted_by.name if accepted_by else "",
        "agreement_id": agreement.id,
    } if agreement else {}  # fmt: skip
    order = add(
        session,
        OrderForm(
            referral_id=referral.id,
            offer_id=offer.id,
            council_id=offer.council_id,
            provider_id=offer.provider_id,
            reference=f"OF-{next(numbers):06}",
            issued_at=issued_at,
            issued_on=local_date(issued_at),
            issued_by_id=by.id,
            issued_by_name=by.name,
            price=offer.price,
            unit=referral.unit,
            starts_on=offer.starts_on,
            **{
                "authorised_weekly": referral.weekly_parts,
                "authorised_total": referral.total_parts,
                **accepted,
                **given,
            },
        ),
    )
    add(session, Choice(order_form_id=order.id, council_id=order.council_id, because=because))
    return order


def make_disclosure(
    session: Session,
    *,
    agreement: Agreement,
    young_person: YoungPerson,
    person: Person,
    given_at: datetime = ISSUED_AT,
    **given: Any,
) -> Disclosure:
    """A person of the agreement's provider who may know who the young person is."""
    return add(
        session,
        Disclosure(
            young_person_id=young_person.id,
            agreement_id=agreement.id,
            council_id=agreement.council_id,
            provider_id=agreement.provider_id,
            person_id=person.id,
            person_name=person.name,
            given_at=given_at,
            given_by_name=person.name,
            because="Accepted the order form",
            **given,
        ),
    )


def make_ordered(
    session: Session,
    *,
    category: Category,
    place: Place,
    council: Organisation,
    provider: Organisation,
    agreement: Agreement,
    mentor: Mentor,
    referrer: Person,
    administrator: Person,
    told: Sequence[Person],
) -> Ordered:
    """An agreement as it came about in December 2025."""
    young_person = make_young_person(session, council=council, reference=agreement.young_person)
    referral = make_referral(
        session,
        category=category,
        council=council,
        by=referrer,
        young_person=young_person,
        state=ReferralState.AGREED,
        sent_at=LONG_AGO,
        respond_by=LONG_AGO + timedelta(days=7),
        starts_on=agreement.starts_on,
    )
    recipient = make_recipient(session, referral=referral, provider=provider, place=place)
    offer = make_offer(
        session, recipient=recipient, by=administrator, mentor=mentor,
        starts_on=agreement.starts_on, made_at=LONG_AGO + timedelta(days=2),
    )  # fmt: skip
    order = make_order(
        session, offer=offer, by=referrer, agreement=agreement, accepted_by=administrator,
        issued_at=LONG_AGO + timedelta(days=7),
    )  # fmt: skip
    disclosures = tuple(
        make_disclosure(
            session, agreement=agreement, young_person=young_person, person=person,
            given_at=LONG_AGO + timedelta(days=7, hours=3),
        )
        for person in told
    )  # fmt: skip
    return Ordered(young_person, referral, offer, order, disclosures)
