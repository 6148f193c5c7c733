"""An agreement moves: one council proposes it, the other takes it over.

One agreement ends on its last day and another opens the day after, with its own reference, price
and council. Each council sees its own; what was written before is shared only if the first does.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from portal.agreements.changing.actions import about, owned
from portal.agreements.changing.ledger import ledger
from portal.agreements.changing.proposals import settle, turning_down
from portal.agreements.changing.queries import locked_proposal
from portal.agreements.changing.rules import STEPS, AgreementStep, ProposalState, UnfitChange
from portal.agreements.transfers.models import SharedNote, Transfer
from portal.agreements.transfers.queries import (
    mentor_on,
    open_transfer,
    other_councils,
    shared_ids,
    takes_over,
)
from portal.agreements.transfers.rules import check_move
from portal.agreements.variations.queries import authorised_on
from portal.audit.actions import Actor, Subject, record
from portal.frameworks.rules import in_force
from portal.identity.permissions import Permission
from portal.kernel.bulk import insert_rows
from portal.kernel.errors import DomainError
from portal.kernel.ids import new_id
from portal.kernel.transitions import next_state
from portal.kernel.wording import say_date
from portal.notices.actions import tell
from portal.notices.rules import NoticeKind


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


class NotYoursToShare(DomainError):
    """What was written before the move is the first council's."""

    sentence = "Only the council that had the agreement before can share its notes. Ask it to."


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
        authorised_weekly=authorised_on(session, agreement, last_day).weekly,
        last_day=last_day,
        would_end_on=agreement.ends_on,
    )
    session.add(transfer)
    session.flush()
    day = last_day.isoformat()
    record(session, actor, Event.PROPOSED, about(agreement), at=at, last_day=day)
    tell_council(session, transfer, to_id, "An agreement waits for you to take it over.", at=at)
    return transfer


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
    tell_council(session, transfer, other, "An agreement does not move.", at=at)
    return transfer


def share_notes(session: Session, actor: Actor, transfer_id: UUID, *, at: datetime) -> int:
    """Let the other council read what was written of the sessions before the move.

    Again, it shares what has been written since. Says how many notes are new. Raises NotFound,
    NotYoursToShare, NotMoved.
    """
    transfer = locked_proposal(session, Transfer, transfer_id)
    if transfer.to_id == actor.organisation_id:
        raise NotYoursToShare
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
    tell_council(session, transfer, transfer.to_id, said, at=at)
    return len(added)


def _about(transfer: Transfer) -> Subject:
    return Subject(
        "transfer",
        transfer.id,
        f"Move after {say_date(transfer.last_day)}",
        council_id=transfer.council_id,
        provider_id=transfer.provider_id,
    )


def tell_council(
    session: Session, transfer: Transfer, council_id: UUID, sentence: str, *, at: datetime
) -> None:
    """Tell those of a council who may change agreements about a move."""
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
