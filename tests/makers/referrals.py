"""Young people, referrals for them, and the providers that are asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal.frameworks.models import Category, Place
from portal.identity.models import Organisation, Person
from portal.referrals.asking.models import ReferralAnswer, ReferralQuestion
from portal.referrals.capacity.models import PlaceCapacity
from portal.referrals.models import (
    LeftOut,
    Recipient,
    Referral,
    YoungPerson,
)
from portal.referrals.rules import AgeGroup, RecipientState, ReferralState, Route
from tests.makers.rows import add, numbers

SENT_AT = datetime(2026, 4, 28, 9, tzinfo=UTC)
RESPOND_BY = datetime(2026, 5, 5, 16, tzinfo=UTC)
NOT_SENT = frozenset({ReferralState.DRAFT, ReferralState.WITHDRAWN})


@dataclass(frozen=True)
class Referred:
    """A referral of one council's to one provider, with a question asked and answered.

    ``elsewhere`` is another one for the same young person, that the provider was left out of.
    """

    young_person: YoungPerson
    referral: Referral
    recipient: Recipient
    question: ReferralQuestion
    elsewhere: Referral


def make_young_person(
    session: Session,
    *,
    council: Organisation,
    given_name: str = "Quillon",
    family_name: str = "Thistlewood",
    date_of_birth: date = date(2012, 3, 14),
    reference: str = "",
    **given: Any,
) -> YoungPerson:
    """A young person whom a council knows."""
    return add(
        session,
        YoungPerson(
            council_id=council.id,
            reference=reference or f"YP-{next(numbers):06}",
            given_name=given_name,
            family_name=family_name,
            date_of_birth=date_of_birth,
            **{"school": "Harrowgate School", "contacts": "Ring the carer", **given},
        ),
    )


def make_referral(
    session: Session,
    *,
    category: Category,
    council: Organisation,
    by: Person,
    young_person: YoungPerson | None = None,
    places: Sequence[Place] = (),
    providers: Sequence[Organisation] = (),
    state: ReferralState = ReferralState.SENT,
    respond_by: datetime = RESPOND_BY,
    sent_at: datetime = SENT_AT,
    **given: Any,
) -> Referral:
    """A referral for 2 hours a week, sent to the providers of these places, or to providers.

    A draft has no recipients. ``given`` are columns of the referral that are to differ.
    """
    young_person = young_person or make_young_person(session, council=council)
    withdrawn = state is ReferralState.WITHDRAWN
    referral = add(
        session,
        Referral(
            council_id=council.id,
            framework_id=category.framework_id,
            category_id=category.id,
            young_person_id=young_person.id,
            state=state,
            unit=category.unit,
            respond_by=respond_by,
            made_by_id=by.id,
            made_by_name=by.name,
            sent_at=None if state in NOT_SENT else sent_at,
            withdrawn_at=sent_at if withdrawn else None,
            withdrawn_because="No longer needed" if withdrawn else "",
            **{
                "reference": f"RF-{next(numbers):06}",
                "service": f"{category.title} ({category.code})",
                "route": Route.SHORTLIST,
                "need": "Has missed a term and wants to be back in class by summer.",
                "age_group": AgeGroup.SECONDARY,
                "outcomes": ["Engagement with education"],
                "weekly_parts": 120,
                "total_parts": 2400,
                "starts_on": date(2026, 5, 18),
                "area": "Aldermoor North",
                "made_at": sent_at - timedelta(hours=1),
                **given,
            },
        ),
    )
    if state is not ReferralState.DRAFT:
        for place in places:
            provider = session.get_one(Organisation, place.provider_id)
            make_recipient(session, referral=referral, provider=provider, place=place)
        for provider in providers:
            make_recipient(session, referral=referral, provider=provider)
    return referral


def make_recipient(
    session: Session,
    *,
    referral: Referral,
    provider: Organisation,
    place: Place | None = None,
    state: RecipientState = RecipientState.WAITING,
    sent: bool = True,
    **given: Any,
) -> Recipient:
    """A provider that a referral goes to; it does not see it unless ``sent``."""
    return add(
        session,
        Recipient(
            referral_id=referral.id,
            council_id=referral.council_id,
            provider_id=provider.id,
            place_id=place.id if place else None,
            state=state,
            sent_at=(referral.sent_at or SENT_AT) if sent else None,
            respond_by=referral.respond_by if sent else None,
            **given,
        ),
    )


def make_capacity(
    session: Session, *, place: Place, most: int | None = None, **given: Any
) -> PlaceCapacity:
    """What a provider says it can take on a place."""
    return add(
        session,
        PlaceCapacity(
            place_id=place.id,
            framework_id=place.framework_id,
            lead_council_id=place.lead_council_id,
            provider_id=place.provider_id,
            most=most,
            kept_by_name="Sam Sender",
            kept_at=SENT_AT,
            **given,
        ),
    )


def make_referred(
    session: Session,
    *,
    category: Category,
    place: Place,
    council: Organisation,
    provider: Organisation,
    by: Person,
) -> Referred:
    """A referral sent to one provider, which asked; its answer stands for all who were sent it."""
    young_person = make_young_person(
        session,
        council=council,
        given_name=f"Given{next(numbers)}",
        family_name=f"Family{next(numbers)}",
    )
    referral = make_referral(
        session, category=category, council=council, by=by, young_person=young_person
    )
    recipient = make_recipient(session, referral=referral, provider=provider, place=place)
    elsewhere = make_referral(
        session, category=category, council=council, by=by, young_person=young_person
    )
    add(
        session,
        LeftOut(
            referral_id=elsewhere.id,
            council_id=council.id,
            provider_id=provider.id,
            because="Its place is suspended.",
        ),
    )
    question = add(
        session,
        ReferralQuestion(
            recipient_id=recipient.id,
            referral_id=referral.id,
            council_id=council.id,
            provider_id=provider.id,
            asked="Are the sessions in term time only?",
            asked_by_name="Sam Sender",
            asked_at=SENT_AT + timedelta(hours=2),
            answer="Yes, in term time.",
            answered_by_name=by.name,
            answered_at=SENT_AT + timedelta(hours=3),
        ),
    )
    add(
        session,
        ReferralAnswer(
            question_id=question.id,
            referral_id=referral.id,
            council_id=council.id,
            asked="In term time only?",
            answer="Yes, in term time.",
            published_at=SENT_AT + timedelta(hours=3),
        ),
    )
    return Referred(young_person, referral, recipient, question, elsewhere)
