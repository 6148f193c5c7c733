"""Larkminster refers three young people: two referrals are open, one is ordered and accepted.

Its clocks run, and the mentor of another young person cannot work, so a substitute is due.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.agreements.clocks.actions import record_contact
from portal.agreements.clocks.rules import Contact, ContactKind, How
from portal.agreements.mentors.rules import Away
from portal.agreements.models import Mentor
from portal.agreements.offers.actions import make_offer
from portal.agreements.offers.rules import Terms
from portal.agreements.orders.actions import issue
from portal.agreements.orders.forming import accept
from portal.agreements.orders.rules import OrderTerms
from portal.agreements.queries import get_agreement
from portal.agreements.substitutes.actions.absences import record_absence
from portal.demo.stage import Stage, Turn, london, said_in
from portal.frameworks.models import Category, Framework, Place
from portal.kernel.local_time import local_date
from portal.kernel.money import Money
from portal.referrals.asking.actions import answer, ask
from portal.referrals.capacity.actions import keep
from portal.referrals.making.actions import change, draft
from portal.referrals.making.queries import field_of
from portal.referrals.making.rules import Details
from portal.referrals.making.sending import send
from portal.referrals.queries import get_referral, recipient_of
from portal.referrals.rules import Route, age_group
from portal.referrals.young_people.actions import add
from portal.referrals.young_people.rules import Identity

OFFICER = "virtual-school@larkminster.example"
BIDS, HEAD = "bids@lanternway.example", "admin@lanternway.example"
FRAMEWORK = "LM-MENTOR-2024"


def play(stage: Stage) -> None:
    """From what the provider can take to the days before the demonstration begins."""
    said = said_in("referrals.yaml")
    with stage.turn(HEAD, "2026-09-14T10:00") as turn:
        place = turn.session.scalars(
            select(Place)
            .join(Framework, Framework.id == Place.framework_id)
            .where(
                Framework.reference == FRAMEWORK, Place.provider_id == turn.actor.organisation_id
            )
        ).one()
        keep(
            turn.session, turn.actor, place, most=10, emergencies=True, outside_area=True,
            specialist=False, at=turn.at,
        )  # fmt: skip
    ordered = _refer(stage, said["ordered"], Route.ALL_ELIGIBLE)
    _order(stage, ordered)
    asked = _refer(stage, said["asked"], Route.ALL_ELIGIBLE)
    _question(stage, asked, said["asked"])
    quoted = _refer(stage, said["quoted"], Route.QUOTES)
    _offer(stage, quoted, "Orla Pennyfold", "2026-10-01T16:30", "44.00", date(2026, 10, 12))
    with stage.turn(HEAD, "2026-09-28T08:20") as turn:
        record_absence(
            turn.session, turn.actor, _mentor(turn, "Gethin Rookhope"), reason=Away.STOPPED,
            first_day=date(2026, 9, 28), last_day=None, at=turn.at,
        )  # fmt: skip


def _refer(stage: Stage, said: Any, route: Route) -> UUID:
    """A young person, what they need, and to whom that goes."""
    with stage.turn(OFFICER, said["at"]) as turn:
        session, actor, council_id = turn.session, turn.actor, turn.actor.organisation_id
        assert council_id is not None
        person = add(session, actor, council_id, Identity(**said["who"]), at=turn.at)
        category = session.scalars(
            select(Category)
            .join(Framework, Framework.id == Category.framework_id)
            .where(Framework.reference == FRAMEWORK)
        ).one()
        made = draft(session, actor, person, category, at=turn.at)
        details = Details(
            **{
                "age_group": age_group(person.date_of_birth, said["needs"]["starts_on"]),
                "band": "",
                "emergency": False,
                "emergency_because": "",
                "outside_area": False,
                "specialist": False,
                "communication_needs": "",
                "language_needs": "",
                "access_needs": "",
                "tier_size": made.tier_size,
                "tier_hours": made.tier_hours,
                "route": route,
                **said["needs"],
                "respond_by": london(said["respond_by"]),
            }
        )
        change(session, actor, made, person, details, at=turn.at)
        able = field_of(session, made, local_date(turn.at)).eligible
        chosen = [one.provider_id for one in able] if route is Route.QUOTES else []
        return send(session, actor, made.id, chosen, at=turn.at).id


def _offer(
    stage: Stage, referral_id: UUID, mentor: str, moment: str, price: str, starts_on: date
) -> UUID:
    with stage.turn(BIDS, moment) as turn:
        terms = Terms(
            mentor_id=_mentor(turn, mentor),
            home="",
            starts_on=starts_on,
            price=Money.pounds(price),
            words=f"{mentor.split(maxsplit=1)[0]} has worked with this age group for three years.",
        )
        return make_offer(turn.session, turn.actor, referral_id, terms, at=turn.at).id


def _order(stage: Stage, referral_id: UUID) -> None:
    """An offer is ordered and accepted; the mentor rings, and leaves a message."""
    starts_on = date(2026, 10, 5)
    offer_id = _offer(stage, referral_id, "Kofi Saltmarsh", "2026-09-24T11:40", "42.63", starts_on)
    with stage.turn(OFFICER, "2026-09-30T10:15") as turn:
        terms = OrderTerms(
            authorised_weekly=120,
            authorised_total=4_800,
            ends_on=date(2027, 7, 16),
            cost_code="VS-PPP-4120",
            purchase_order="452231",
            subcontracting="",
            arrangements="Sessions at school or in the community, not at home.",
            because="",
        )
        order_id = issue(turn.session, turn.actor, offer_id, terms, at=turn.at).id
    with stage.turn(HEAD, "2026-09-30T15:05") as turn:
        agreement_id = accept(turn.session, turn.actor, order_id, at=turn.at).id
    with stage.turn("kofi@lanternway.example", "2026-10-01T17:10") as turn:
        agreement = get_agreement(turn.session, agreement_id)
        tried = Contact(
            ContactKind.ATTEMPT, How.VOICEMAIL, date(2026, 10, 1), "Left a message to ring back."
        )
        record_contact(turn.session, turn.actor, agreement, tried, at=turn.at)


def _question(stage: Stage, referral_id: UUID, said: Any) -> None:
    with stage.turn(BIDS, "2026-09-30T09:20") as turn:
        assert turn.actor.organisation_id is not None
        recipient = recipient_of(turn.session, referral_id, turn.actor.organisation_id)
        question = ask(turn.session, turn.actor, recipient, said["question"], at=turn.at).id
    with stage.turn(OFFICER, "2026-09-30T14:45") as turn:
        referral = get_referral(turn.session, referral_id)
        answer(
            turn.session, turn.actor, referral, question, said["answer"], to_all=None, at=turn.at
        )


def _mentor(turn: Turn, name: str) -> UUID:
    return turn.session.scalars(select(Mentor.id).where(Mentor.name == name)).one()
