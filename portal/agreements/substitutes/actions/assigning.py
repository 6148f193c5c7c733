"""Assigning a mentor to an agreement, and the council's rejecting one.

The mentor does not change once assigned (rules.md C6): only somebody who is not available or whom
the council rejected is replaced. Past sessions keep their mentor.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from portal.agreements.changing.ledger import ledger
from portal.agreements.clocks.actions import keep_clock
from portal.agreements.clocks.models import pauses_of
from portal.agreements.clocks.rules import Clock, ClockKind
from portal.agreements.disclosing.actions import disclose, end_disclosure
from portal.agreements.mentors.actions import tell_mentor
from portal.agreements.mentors.models import Absence
from portal.agreements.mentors.queries import candidates, held_mentor
from portal.agreements.mentors.rules import NotAssignable
from portal.agreements.models import Agreement, Assignment, Mentor
from portal.agreements.substitutes.events import Event
from portal.agreements.substitutes.models import Substitution
from portal.agreements.substitutes.queries import (
    held_agreement,
    open_among,
    rejected_among,
    standing_assignment,
    substitutions_of,
    wanting_evidence,
)
from portal.agreements.substitutes.rules import Cause, Turn, check_turn, found_on
from portal.audit.actions import Actor, Subject, record
from portal.identity.permissions import Permission
from portal.kernel.errors import DomainError, NotFound
from portal.kernel.local_time import local_date
from portal.kernel.wording import say_date
from portal.notices.actions import tell
from portal.notices.rules import NoticeKind

_DAY = timedelta(days=1)
NO_LONGER = "No longer the mentor"


class NobodyToReject(DomainError):
    """Nobody is assigned, or whoever is was rejected already."""

    sentence = "There is no mentor on this agreement whom you have not rejected."


def assign(
    session: Session,
    actor: Actor,
    agreement_id: UUID,
    mentor_id: UUID,
    *,
    starts_on: date,
    at: datetime,
) -> Assignment:
    """Assign one of a provider's mentors from a day on, in place of one who is to be replaced.

    They take over what is scheduled from that day on, where they can. Raises NotFound, and
    NotAssignable with all that stands against it.
    """
    mentor = held_mentor(session, mentor_id)
    agreement = held_agreement(session, agreement_id)
    if mentor.provider_id != agreement.provider_id:
        raise NotFound
    earlier = substitutions_of(session, agreement.id)
    waiting = open_among(earlier)
    turns = [
        Turn(one.mentor_id, one.mentor.name, one.starts_on, one.ends_on)
        for one in agreement.assignments
    ]
    replaced = waiting.mentor_id if waiting else None
    check_turn(agreement.state, agreement.starts_on, agreement.ends_on, turns, replaced, starts_on)
    if against := wanting_evidence(session, agreement, local_date(at)):
        raise NotAssignable(" ".join(["Nobody can be assigned yet.", *against]))
    rejected = rejected_among(earlier)
    own = candidates(session, agreement.provider_id, starts_on, rejected=rejected, only=mentor.id)
    own[mentor.id].check(starts_on)
    for outgoing in agreement.assignments:
        if outgoing.ends_on is None:
            release(session, actor, outgoing, starts_on - _DAY, at=at)
    assignment = Assignment(
        agreement_id=agreement.id,
        council_id=agreement.council_id,
        provider_id=agreement.provider_id,
        mentor_id=mentor.id,
        starts_on=starts_on,
        ends_on=None,
        reason=f"Substitute for {waiting.mentor_name}" if waiting else "",
    )
    session.add(assignment)
    if waiting:
        waiting.clock.done_on = found_on(starts_on, agreement.starts_on, local_date(at))
        waiting.substitute_name = mentor.name
    session.flush()
    if mentor.person_id is not None:
        disclose(session, actor, agreement, mentor.person_id, because="Assigned as mentor", at=at)
        tell_mentor(session, agreement, mentor.person_id, starts_on, at=at)
    taken = ledger().hand_over(session, actor, agreement, assignment, at=at)
    record(
        session, actor, Event.ASSIGNED, about(agreement), at=at,
        mentor_id=str(mentor.id), starts_on=starts_on.isoformat(), sessions=taken,
    )  # fmt: skip
    tell_council(
        session,
        agreement,
        f"{mentor.name} works on {agreement.reference} from {say_date(starts_on)}.",
        at=at,
    )
    return assignment


def reject(
    session: Session, actor: Actor, agreement_id: UUID, *, because: str, at: datetime
) -> None:
    """The council does not want the mentor to go on; the clock for a substitute starts.

    Raises NotFound, NobodyToReject.
    """
    agreement, today = held_agreement(session, agreement_id), local_date(at)
    current = standing_assignment(agreement, today)
    waiting = open_among(substitutions_of(session, agreement.id))
    if current is None or (waiting is not None and waiting.cause is Cause.REJECTED):
        raise NobodyToReject
    if waiting is None:
        waiting = call_for_substitute(
            session, actor, agreement, current.mentor, Cause.REJECTED,
            starts_on=today, because=because, at=at,
        )  # fmt: skip
    else:
        waiting.cause, waiting.because = Cause.REJECTED, because
    release(session, actor, current, today, at=at, at_once=True)
    record(
        session, actor, Event.REJECTED, about(agreement), at=at, mentor_id=str(current.mentor_id)
    )
    tell(
        session,
        NoticeKind.MENTOR,
        sentence=f"{agreement.council.name} rejected {current.mentor.name} for "
        f"{agreement.reference}. A substitute is due by {say_date(waiting.clock.due_on)}.",
        endpoint="agreements.show",
        values={"agreement_id": agreement.id},
        organisation_id=agreement.provider_id,
        permission=Permission.MENTOR_KEEP,
        at=at,
    )


def call_for_substitute(
    session: Session,
    actor: Actor,
    agreement: Agreement,
    mentor: Mentor,
    cause: Cause,
    *,
    starts_on: date,
    because: str = "",
    absence: Absence | None = None,
    at: datetime,
) -> Substitution:
    """Start the clock for a substitute, from the first day without the mentor."""
    kept = keep_clock(
        session, agreement, Clock(ClockKind.SUBSTITUTE, starts_on, pauses=pauses_of(agreement))
    )
    called = Substitution(
        agreement_id=agreement.id,
        council_id=agreement.council_id,
        provider_id=agreement.provider_id,
        clock_id=kept.id,
        mentor_id=mentor.id,
        mentor_name=mentor.name,
        cause=cause,
        absence_id=absence.id if absence else None,
        because=because,
        told_by_name=actor.name,
        told_at=at,
    )
    session.add(called)
    session.flush()
    return called


def release(
    session: Session,
    actor: Actor,
    assignment: Assignment,
    last_day: date,
    *,
    at: datetime,
    at_once: bool = False,
) -> None:
    """End a mentor's time on an agreement after a day; one that has not begun is taken away.

    With that day, or at once, they see nothing of it any more.
    """
    today = local_date(at)
    if assignment.starts_on > max(last_day, today):
        session.delete(assignment)
        session.flush()
        _forget(session, actor, assignment, at=at)
        return
    assignment.ends_on = max(last_day, assignment.starts_on)
    session.flush()
    if at_once or last_day < today:
        part(session, actor, assignment, at=at)


def part(session: Session, actor: Actor, assignment: Assignment, *, at: datetime) -> None:
    """From now on a mentor whose time has its last day sees nothing of the agreement any more."""
    assignment.over_at = at
    session.flush()
    _forget(session, actor, assignment, at=at)


def _forget(session: Session, actor: Actor, assignment: Assignment, *, at: datetime) -> None:
    if (person_id := assignment.mentor.person_id) is not None:
        end_disclosure(session, actor, assignment.agreement, person_id, because=NO_LONGER, at=at)


def tell_council(session: Session, agreement: Agreement, sentence: str, *, at: datetime) -> None:
    """Tell whoever may reject a mentor."""
    tell(
        session,
        NoticeKind.MENTOR,
        sentence=sentence,
        endpoint="agreements.show",
        values={"agreement_id": agreement.id},
        organisation_id=agreement.council_id,
        permission=Permission.MENTOR_REJECT,
        at=at,
    )


def about(agreement: Agreement) -> Subject:
    """An agreement as the audit record names it."""
    return Subject(
        "agreement",
        agreement.id,
        agreement.reference,
        council_id=agreement.council_id,
        provider_id=agreement.provider_id,
    )
