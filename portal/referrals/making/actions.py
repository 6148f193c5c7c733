"""Beginning a referral for a young person, and changing it until it is sent."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, record
from portal.frameworks.models import Category
from portal.frameworks.rules import Unit
from portal.kernel.errors import NotFound
from portal.kernel.local_time import local_date
from portal.kernel.transitions import IllegalStep
from portal.referrals.deadlines import usual_deadline, usual_start
from portal.referrals.events import Event, about
from portal.referrals.making.rules import (
    USUAL_HOURS,
    USUAL_TIER,
    Details,
    check_anonymous,
    check_details,
)
from portal.referrals.models import Referral, YoungPerson
from portal.referrals.rules import ReferralState, Route, age_group, new_reference

WEEK = 7  # nights


def draft(
    session: Session,
    actor: Actor,
    young_person: YoungPerson,
    category: Category,
    *,
    at: datetime,
) -> Referral:
    """Begin a referral with what is usual: to all eligible, in ten working days, by the third."""
    if actor.person_id is None:
        raise NotFound
    starts_on = usual_start(local_date(at))
    referral = Referral(
        council_id=young_person.council_id,
        framework_id=category.framework_id,
        category_id=category.id,
        young_person_id=young_person.id,
        reference=new_reference("RF"),
        service=f"{category.title} ({category.code})",
        route=Route.ALL_ELIGIBLE,
        state=ReferralState.DRAFT,
        age_group=age_group(young_person.date_of_birth, starts_on),
        unit=category.unit,
        weekly_parts=WEEK if category.unit is Unit.NIGHT else None,
        starts_on=starts_on,
        respond_by=usual_deadline(at, emergency=False),
        tier_size=USUAL_TIER,
        tier_hours=USUAL_HOURS,
        made_by_id=actor.person_id,
        made_by_name=actor.name,
        made_at=at,
    )
    session.add(referral)
    session.flush()
    record(session, actor, Event.DRAFTED, about(referral), at=at)
    return referral


def change(
    session: Session,
    actor: Actor,
    referral: Referral,
    young_person: YoungPerson,
    details: Details,
    *,
    at: datetime,
) -> None:
    """Say what is needed, in words that do not tell who needs it.

    Raises Unfit for what contradicts itself or gives the young person away, and IllegalStep once
    the referral is sent.
    """
    if referral.state is not ReferralState.DRAFT:
        raise IllegalStep("This referral was sent, so it cannot be changed any more.")
    check_details(details)
    check_anonymous(young_person, details)
    for one in fields(Details):
        value = getattr(details, one.name)
        setattr(referral, one.name, list(value) if one.name == "outcomes" else value)
    session.flush()
    record(session, actor, Event.CHANGED, about(referral), at=at)
