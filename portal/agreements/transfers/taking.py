"""The other council takes an agreement over: one ends, another opens the day after.

What works for the first council is done in parts of the transaction that work as it does, so that
each council sees its own.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.agreements.changing.actions import ONE_DAY, about, place, tell_provider
from portal.agreements.changing.ledger import ledger
from portal.agreements.changing.proposals import outcome, settle
from portal.agreements.changing.queries import locked_agreement, locked_proposal
from portal.agreements.changing.rules import STEPS, AgreementStep, ProposalStep, UnfitChange
from portal.agreements.disclosing.actions import disclose
from portal.agreements.disclosing.queries import disclosures_of
from portal.agreements.models import Agreement, AgreementPrice, Assignment
from portal.agreements.rules import AgreementState, covers
from portal.agreements.transfers.actions import Event, tell_council
from portal.agreements.transfers.models import Transfer
from portal.agreements.transfers.queries import get_transfer, mentor_on
from portal.agreements.transfers.rules import (
    Takeover,
    check_end,
    check_move,
    check_price,
    first_day,
)
from portal.agreements.variations.queries import framework_price
from portal.audit.actions import Actor, record
from portal.frameworks.rules import PriceSource
from portal.kernel.database import working_as
from portal.kernel.tenancy import Scope
from portal.kernel.transitions import next_state
from portal.kernel.wording import say_date
from portal.referrals.models import YoungPerson
from portal.referrals.young_people.actions import add
from portal.referrals.young_people.queries import by_reference, same_person
from portal.referrals.young_people.rules import Identity

MOVES = "The agreement moves to another council"
MOVED = "Knew it before the agreement moved"


def take(
    session: Session, actor: Actor, transfer_id: UUID, takeover: Takeover, *, at: datetime
) -> Agreement:
    """Open an agreement of one's own the day after the other council's last.

    That one is ended for the other council, in a part of the transaction that works for it. The
    mentor stays, and so does who the young person is: what the first council keeps of it comes
    with the agreement, and whoever of the provider knew it goes on knowing. Raises NotFound,
    IllegalStep, NotYoursToAnswer, UnfitChange.
    """
    transfer = locked_proposal(session, Transfer, transfer_id)
    outcome(transfer, actor, ProposalStep.AGREE)
    with working_as(session, Scope(transfer.council_id)):
        identity, told = _known(session, transfer)
        mentor_id = mentor_on(session, transfer.agreement_id, transfer.last_day)
    young_person = _received(session, actor, transfer, takeover, identity, at=at)
    agreement = _opened(session, transfer, takeover, young_person)
    transfer.new_agreement_id = agreement.id
    settle(transfer, actor, ProposalStep.AGREE, answer="", at=at)
    with working_as(session, Scope(transfer.council_id)):
        _give_up(session, actor, transfer, at=at)
    if mentor_id is not None:
        session.add(
            Assignment(
                agreement_id=agreement.id,
                council_id=agreement.council_id,
                provider_id=agreement.provider_id,
                mentor_id=mentor_id,
                starts_on=agreement.starts_on,
                reason="Stays with the young person",
            )
        )
        session.flush()
    for person_id in told:
        disclose(
            session, actor, agreement, person_id, because=MOVED, at=at,
            young_person_id=young_person.id if young_person else None,
        )  # fmt: skip
    record(
        session, actor, Event.OPENED, about(agreement), at=at,
        price_pence=takeover.price.pence, starts_on=agreement.starts_on.isoformat(),
    )  # fmt: skip
    tell_provider(session, agreement, f"begins on {say_date(agreement.starts_on)}", at=at)
    tell_council(
        session, transfer, transfer.from_id, "The other council takes the agreement over.", at=at
    )
    return agreement


def _known(session: Session, transfer: Transfer) -> tuple[Identity | None, list[UUID]]:
    """Who the young person is, as the first council knows, and who of the provider was told."""
    agreement = session.get_one(Agreement, transfer.agreement_id)
    known = by_reference(session, transfer.council_id, agreement.young_person)
    told = disclosures_of(session, agreement.id)
    people = sorted({one.person_id for one in told if one.ended_at is None})
    if known is None:
        return None, people
    return Identity(**{one.name: getattr(known, one.name) for one in fields(Identity)}), people


def _received(
    session: Session,
    actor: Actor,
    transfer: Transfer,
    takeover: Takeover,
    identity: Identity | None,
    *,
    at: datetime,
) -> YoungPerson | None:
    """The young person as the other council knows them from now on, under its own reference.

    None where neither council has entered who it is: then the reference that was typed stands.
    """
    if identity is None:
        if not takeover.young_person:
            raise UnfitChange("young_person", "Enter a reference of your own: none comes with it")
        return by_reference(session, transfer.to_id, takeover.young_person)
    known = same_person(
        session, transfer.to_id, identity.given_name, identity.family_name, identity.date_of_birth
    )
    return known or add(session, actor, transfer.to_id, identity, at=at)


def _opened(
    session: Session, transfer: Transfer, takeover: Takeover, young_person: YoungPerson | None
) -> Agreement:
    first = first_day(transfer.last_day)
    offered = get_transfer(session, transfer.id)
    place_, category = offered.place, offered.category
    framework_today = framework_price(session, transfer.place_id, transfer.band, first)
    check_price(takeover.price, now=transfer.price, framework=framework_today)
    check_end(takeover.ends_on, first, place_.framework.ends_on)
    if not covers(place_.starts_on, place_.ends_on, first):
        raise UnfitChange("reference", "The provider has no place in the category from that day")
    if _is_taken(session, transfer.to_id, takeover.reference):
        raise UnfitChange("reference", "You have an agreement of that reference already")
    agreement = Agreement(
        council_id=transfer.to_id,
        provider_id=transfer.provider_id,
        framework_id=place_.framework_id,
        category_id=category.id,
        place_id=place_.id,
        reference=takeover.reference,
        young_person=young_person.reference if young_person else takeover.young_person,
        mechanism=category.mechanism,
        unit=transfer.unit,
        band=transfer.band,
        state=AgreementState.ACTIVE,
        starts_on=first,
        ends_on=takeover.ends_on,
        authorised_weekly=takeover.authorised_weekly,
        authorised_total=takeover.authorised_total,
        cost_code=takeover.cost_code,
        purchase_order=takeover.purchase_order,
    )
    session.add(agreement)
    session.flush()
    session.add(
        AgreementPrice(
            agreement_id=agreement.id,
            council_id=agreement.council_id,
            provider_id=agreement.provider_id,
            price=takeover.price,
            starts_on=first,
            source=PriceSource.AGREED,
        )
    )
    session.flush()
    return agreement


def _give_up(session: Session, actor: Actor, transfer: Transfer, *, at: datetime) -> None:
    """The part that works for the first council: its agreement ends on its last day."""
    agreement = locked_agreement(session, transfer.agreement_id)
    next_state(STEPS, agreement.state, AgreementStep.TRANSFER)
    check_move(agreement, transfer.last_day, ledger().last_day(session, agreement.id))
    agreement.ends_on = transfer.last_day
    session.flush()
    by = Actor(None, "The other council", None)
    cancelled = ledger().call_off(
        session, by, agreement, transfer.last_day + ONE_DAY, None, because=MOVES, at=at
    )
    place(session, by, agreement, at=at)
    day = transfer.last_day.isoformat()
    record(
        session, by, Event.TAKEN, about(agreement), at=at,
        last_day=day, sessions_cancelled=cancelled,
    )  # fmt: skip


def _is_taken(session: Session, council_id: UUID, reference: str) -> bool:
    own = select(Agreement.id).where(
        Agreement.council_id == council_id, Agreement.reference == reference
    )
    return session.scalars(own).first() is not None
