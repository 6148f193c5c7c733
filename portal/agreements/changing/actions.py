"""A council suspends an agreement, lets it go on, or ends it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from portal.agreements.changing import queries
from portal.agreements.changing.ledger import ledger
from portal.agreements.changing.models import Ending
from portal.agreements.changing.rules import (
    STEPS,
    AgreementStep,
    EndOutcome,
    EndReason,
    UnfitChange,
    check_last_day,
    check_return,
    check_suspension,
    state_on,
)
from portal.agreements.clocks.actions import count_around
from portal.agreements.disclosing.actions import end_disclosure
from portal.agreements.disclosing.queries import disclosures_of
from portal.agreements.models import Agreement, Suspension
from portal.agreements.queries import get_agreement
from portal.agreements.rules import AgreementState
from portal.agreements.transfers.queries import open_transfer, takes_over
from portal.audit.actions import Actor, Subject, record
from portal.identity.permissions import Permission
from portal.kernel.errors import DomainError
from portal.kernel.local_time import local_date
from portal.kernel.transitions import next_state
from portal.kernel.wording import say_date
from portal.notices.actions import tell
from portal.notices.rules import NoticeKind

ONE_DAY = timedelta(days=1)
OVER = "The agreement is over"


class Event(StrEnum):
    """What happens to agreements."""

    SUSPENDED = "agreements:agreement:suspended"
    CALLED_OFF = "agreements:suspension:called-off"
    RESUMED = "agreements:agreement:resumed"
    END_SET = "agreements:agreement:end-set"
    TURNED = "agreements:agreement:turned"


WORDS: Mapping[str, str] = {
    Event.SUSPENDED: "Suspended an agreement",
    Event.CALLED_OFF: "Called a suspension off before it began",
    Event.RESUMED: "Said when a suspended agreement goes on",
    Event.END_SET: "Said when and how an agreement ends",
    Event.TURNED: "An agreement came to a day that changes where it stands",
}


class CouncilDecides(DomainError):
    """Suspending, resuming, ending and moving an agreement are the council's."""

    sentence = "The council decides this. You can propose a variation, or ask the council."


def suspend(
    session: Session,
    actor: Actor,
    agreement_id: UUID,
    *,
    first: date,
    last: date | None,
    because: str,
    at: datetime,
) -> Agreement:
    """Let an agreement stand still from a day on, or for some days; what is planned is cancelled.

    Raises NotFound, CouncilDecides, IllegalStep, UnfitChange.
    """
    agreement = owned(session, actor, agreement_id)
    next_state(STEPS, agreement.state, AgreementStep.SUSPEND)
    recorded = ledger().last_day(session, agreement.id)
    check_suspension(agreement, agreement.suspensions, first, last, recorded)
    session.add(
        Suspension(
            agreement_id=agreement.id,
            council_id=agreement.council_id,
            provider_id=agreement.provider_id,
            starts_on=first,
            ends_on=last,
            because=because,
            suspended_by_id=actor.person_id,
            suspended_by_name=actor.name,
            suspended_at=at,
        )
    )
    session.flush()
    cancelled = ledger().call_off(
        session, actor, agreement, first, last, because="The agreement is suspended", at=at
    )
    place(session, actor, agreement, at=at)
    record(
        session, actor, Event.SUSPENDED, about(agreement), at=at,
        first=first.isoformat(), last=last and last.isoformat(), sessions_cancelled=cancelled,
    )  # fmt: skip
    until = f" until {say_date(last)}" if last else ""
    tell_provider(session, agreement, f"is suspended from {say_date(first)}{until}", at=at)
    return agreement


def resume(
    session: Session, actor: Actor, agreement_id: UUID, *, back: date, at: datetime
) -> Agreement:
    """Let an agreement go on from a day, or call a suspension off before it began.

    Raises NotFound, CouncilDecides, IllegalStep, UnfitChange.
    """
    agreement, today = owned(session, actor, agreement_id), local_date(at)
    suspension = queries.current_suspension(agreement, today)
    event = Event.RESUMED
    if suspension is None:
        # Loaded from elsewhere as suspended, without the days.
        agreement.state = next_state(STEPS, agreement.state, AgreementStep.RESUME)
    elif back <= suspension.starts_on and suspension.starts_on >= today:
        session.delete(suspension)
        event = Event.CALLED_OFF
    else:
        check_return(suspension, back)
        suspension.ends_on = back - ONE_DAY
        suspension.resumed_by_id, suspension.resumed_by_name = actor.person_id, actor.name
        suspension.resumed_at = at
    session.flush()
    if suspension is not None:
        place(session, actor, agreement, at=at)
    record(session, actor, event, about(agreement), at=at, back=back.isoformat())
    tell_provider(session, agreement, f"goes on from {say_date(back)}", at=at)
    return agreement


def end(
    session: Session,
    actor: Actor,
    agreement_id: UUID,
    *,
    last_day: date,
    reason: EndReason,
    outcome: EndOutcome,
    words: str,
    at: datetime,
) -> Agreement:
    """Say which day is an agreement's last, why, and what came of it.

    What is planned after it is cancelled. Raises NotFound, CouncilDecides, IllegalStep,
    UnfitChange.
    """
    agreement = owned(session, actor, agreement_id)
    next_state(STEPS, agreement.state, AgreementStep.END)
    if open_transfer(session, agreement.id) is not None or takes_over(session, agreement.id):
        raise UnfitChange(
            "last_day", "It is about to move to another council. Take that back first"
        )
    check_last_day(agreement, last_day, ledger().last_day(session, agreement.id))
    agreement.ends_on = last_day
    session.add(
        Ending(
            agreement_id=agreement.id,
            council_id=agreement.council_id,
            provider_id=agreement.provider_id,
            last_day=last_day,
            reason=reason,
            outcome=outcome,
            words=words,
            by_id=actor.person_id,
            by_name=actor.name,
            at=at,
        )
    )
    session.flush()
    cancelled = ledger().call_off(
        session, actor, agreement, last_day + ONE_DAY, None, because="The agreement ends", at=at
    )
    place(session, actor, agreement, at=at)
    record(
        session, actor, Event.END_SET, about(agreement), at=at, last_day=last_day.isoformat(),
        reason=reason.value, outcome=outcome.value, sessions_cancelled=cancelled,
    )  # fmt: skip
    tell_provider(session, agreement, f"ends after {say_date(last_day)}", at=at)
    return agreement


def place(session: Session, actor: Actor, agreement: Agreement, *, at: datetime) -> None:
    """Put an agreement in the state that the day says.

    Its clocks are counted around its suspensions. After its last day nobody is its mentor, and
    nobody of the provider may know any more who the young person is.
    """
    session.refresh(agreement, ["suspensions"])
    count_around(session, agreement)
    moves = takes_over(session, agreement.id)
    agreement.state = state_on(agreement, agreement.suspensions, local_date(at), moves=moves)
    if agreement.state in (AgreementState.ENDED, AgreementState.TRANSFERRED):
        assert agreement.ends_on is not None
        for assignment in queries.assignments_after(session, agreement.id, agreement.ends_on):
            if assignment.starts_on > agreement.ends_on:
                session.delete(assignment)
            else:
                assignment.ends_on = agreement.ends_on
        for told in disclosures_of(session, agreement.id):
            if told.ended_at is None:
                end_disclosure(session, actor, agreement, told.person_id, because=OVER, at=at)
    session.flush()


def owned(session: Session, actor: Actor, agreement_id: UUID) -> Agreement:
    """An agreement of the actor's council, kept from others. Raises NotFound, CouncilDecides."""
    if get_agreement(session, agreement_id).council_id != actor.organisation_id:
        raise CouncilDecides
    return queries.locked_agreement(session, agreement_id)


def about(agreement: Agreement) -> Subject:
    """An agreement as the audit record names it."""
    return Subject(
        "agreement",
        agreement.id,
        agreement.reference,
        council_id=agreement.council_id,
        provider_id=agreement.provider_id,
    )


def tell_provider(session: Session, agreement: Agreement, what: str, *, at: datetime) -> None:
    """Tell those of the provider who may change agreements."""
    tell_side(session, agreement, agreement.provider_id, what, at=at)


def tell_side(
    session: Session, agreement: Agreement, organisation_id: UUID, what: str, *, at: datetime
) -> None:
    """Tell those of one party who may change agreements."""
    tell(
        session,
        NoticeKind.AGREEMENT,
        sentence=f"Agreement {agreement.reference} {what}.",
        endpoint="agreements.show",
        values={"agreement_id": agreement.id},
        organisation_id=organisation_id,
        permission=Permission.AGREEMENT_CHANGE,
        at=at,
    )
