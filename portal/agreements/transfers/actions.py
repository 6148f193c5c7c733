"""An agreement moves: one council proposes it, the other takes it over.

One agreement ends on its last day and another opens the day after, with its own reference, price
and council. Each council sees its own; what was written before is shared only if the first does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.agreements.changing.actions import ONE_DAY, about, owned, place, tell_provider
from portal.agreements.changing.ledger import ledger
from portal.agreements.changing.proposals import outcome, settle, turning_down
from portal.agreements.changing.queries import locked_agreement, locked_proposal
from portal.agreements.changing.rules import (
    STEPS,
    AgreementStep,
    ProposalState,
    ProposalStep,
    UnfitChange,
)
from portal.agreements.disclosing.actions import disclose
from portal.agreements.disclosing.queries import disclosures_of
from portal.agreements.models import Agreement, AgreementPrice, Assignment
from portal.agreements.rules import AgreementState, covers
from portal.agreements.transfers.models import SharedNote, Transfer
from portal.agreements.transfers.queries import (
    get_transfer,
    mentor_on,
    open_transfer,
    other_councils,
    shared_ids,
    takes_over,
)
from portal.agreements.transfers.rules import (
    Takeover,
    check_end,
    check_move,
    check_price,
    first_day,
)
from portal.agreements.variations.queries import framework_price
from portal.audit.actions import Actor, Subject, record
from portal.frameworks.rules import PriceSource, in_force
from portal.identity.rules import Permission
from portal.kernel.bulk import insert_rows
from portal.kernel.database import working_as
from portal.kernel.errors import DomainError
from portal.kernel.ids import new_id
from portal.kernel.tenancy import Scope
from portal.kernel.transitions import next_state
from portal.kernel.wording import say_date
from portal.notices.actions import tell
from portal.notices.rules import NoticeKind
from portal.referrals.models import YoungPerson
from portal.referrals.young_people.actions import add
from portal.referrals.young_people.queries import by_reference, same_person
from portal.referrals.young_people.rules import Identity

MOVES = "The agreement moves to another council"
MOVED = "Knew it before the agreement moved"


class Event(StrEnum):
    """What happens to moves of agreements."""

    PROPOSED = "agreements:transfer:proposed"
    TAKEN = "agreements:transfer:taken"
    OPENED = "agreements:agreement:opened-by-transfer"
    REFUSED = "agreements:transfer:refused"
    NOTES_SHARED = "agreements:transfer:notes-shared"


WORDS: Mapping[str, str] = {
    Event.PROPOSED: "Proposed that an agreement moves to another council",
    Event.TAKEN: "An agreement moves to another council",
    Event.OPENED: "Took an agreement over from another council",
    Event.REFUSED: "Did not take an agreement over, or took the proposal back",
    Event.NOTES_SHARED: "Shared what was written before an agreement moved",
}


class NotMoved(DomainError):
    """Notes are shared with a council once it has taken the agreement over."""

    sentence = "The other council has not taken the agreement over, so nothing can be shared yet."


def propose(
    session: Session,
    actor: Actor,
    agreement_id: UUID,
    *,
    to_id: UUID,
    last_day: date,
    because: str,
    at: datetime,
) -> Transfer:
    """Ask another council of the framework to take an agreement over after a day.

    Raises NotFound, CouncilDecides, IllegalStep, UnfitChange.
    """
    agreement = owned(session, actor, agreement_id)
    next_state(STEPS, agreement.state, AgreementStep.TRANSFER)
    if open_transfer(session, agreement.id) or takes_over(session, agreement.id):
        raise UnfitChange("to", "A move of this agreement is proposed already")
    councils = other_councils(session, agreement.framework_id, agreement.council_id)
    if str(to_id) not in {own for own, _ in councils}:
        raise UnfitChange("to", "Choose a council of the framework")
    check_move(agreement, last_day, ledger().last_day(session, agreement.id))
    price = in_force(agreement.prices, last_day)
    if price is None:
        raise UnfitChange("last_day", "The agreement has no price on that day")
    transfer = Transfer(
        agreement_id=agreement.id,
        council_id=agreement.council_id,
        provider_id=agreement.provider_id,
        from_id=agreement.council_id,
        to_id=to_id,
        state=ProposalState.PROPOSED,
        because=because,
        proposed_by_id=actor.person_id,
        proposed_by_name=actor.name,
        proposed_at=at,
        place_id=agreement.place_id,
        category_id=agreement.category_id,
        mentor_id=mentor_on(session, agreement.id, last_day),
        unit=agreement.unit,
        band=agreement.band,
        price=price.price,
        authorised_weekly=agreement.authorised_weekly,
        last_day=last_day,
        would_end_on=agreement.ends_on,
    )
    session.add(transfer)
    session.flush()
    day = last_day.isoformat()
    record(session, actor, Event.PROPOSED, about(agreement), at=at, last_day=day)
    _tell_council(session, transfer, to_id, "An agreement waits for you to take it over.", at=at)
    return transfer


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
    young_person = _received(session, actor, transfer, takeover, identity, at=at)
    agreement = _opened(session, transfer, takeover, young_person)
    transfer.new_agreement_id = agreement.id
    settle(transfer, actor, ProposalStep.AGREE, answer="", at=at)
    with working_as(session, Scope(transfer.council_id)):
        _give_up(session, actor, transfer, at=at)
    if transfer.mentor_id is not None:
        session.add(
            Assignment(
                agreement_id=agreement.id,
                council_id=agreement.council_id,
                provider_id=agreement.provider_id,
                mentor_id=transfer.mentor_id,
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
    _tell_council(
        session, transfer, transfer.from_id, "The other council takes the agreement over.", at=at
    )
    return agreement


def turn_down(
    session: Session, actor: Actor, transfer_id: UUID, *, because: str, at: datetime
) -> Transfer:
    """Do not take an agreement over, or take one's own proposal back; nothing moves.

    Raises NotFound, IllegalStep, NotYoursToAnswer.
    """
    transfer = locked_proposal(session, Transfer, transfer_id)
    settle(transfer, actor, turning_down(transfer, actor), answer=because, at=at)
    session.flush()
    record(session, actor, Event.REFUSED, _about(transfer), at=at, state=transfer.state.value)
    other = transfer.to_id if actor.organisation_id == transfer.from_id else transfer.from_id
    _tell_council(session, transfer, other, "An agreement does not move.", at=at)
    return transfer


def share_notes(session: Session, actor: Actor, transfer_id: UUID, *, at: datetime) -> int:
    """Let the other council read what was written of the sessions before the move.

    Again, it shares what has been written since. Says how many notes are new. Raises NotFound,
    NotYoursToAnswer, NotMoved.
    """
    transfer = locked_proposal(session, Transfer, transfer_id)
    owned(session, actor, transfer.agreement_id)
    if transfer.state is not ProposalState.AGREED:
        raise NotMoved
    already = shared_ids(session, transfer.id)
    added = [
        {
            "id": new_id(),
            "transfer_id": transfer.id,
            "council_id": transfer.council_id,
            "to_id": transfer.to_id,
            "provider_id": transfer.provider_id,
            "session_id": note.session_id,
            "day": note.day,
            "minutes": note.minutes,
            "summary": note.summary,
        }
        for note in ledger().notes(session, transfer.agreement_id)
        if note.session_id not in already
    ]
    insert_rows(session, SharedNote, added)
    transfer.notes_shared_at, transfer.notes_shared_by_name = at, actor.name
    session.flush()
    record(session, actor, Event.NOTES_SHARED, _about(transfer), at=at, notes=len(added))
    said = "What was written before an agreement moved to you is shared with you."
    _tell_council(session, transfer, transfer.to_id, said, at=at)
    return len(added)


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


def _about(transfer: Transfer) -> Subject:
    return Subject(
        "transfer",
        transfer.id,
        f"Move after {say_date(transfer.last_day)}",
        council_id=transfer.council_id,
        provider_id=transfer.provider_id,
    )


def _tell_council(
    session: Session, transfer: Transfer, council_id: UUID, sentence: str, *, at: datetime
) -> None:
    tell(
        session,
        NoticeKind.AGREEMENT,
        sentence=sentence,
        endpoint="transfers.show",
        values={"transfer_id": transfer.id},
        organisation_id=council_id,
        permission=Permission.AGREEMENT_CHANGE,
        at=at,
    )
