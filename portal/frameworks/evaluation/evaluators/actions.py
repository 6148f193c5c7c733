"""Naming who evaluates, declaring conflicts of interest, standing down, beginning to score."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, record
from portal.frameworks.evaluation.compliance.queries import sheets
from portal.frameworks.evaluation.evaluators.queries import evaluators, may_be_named
from portal.frameworks.evaluation.events import Event, about
from portal.frameworks.evaluation.models import Evaluator
from portal.frameworks.evaluation.rules import Duty
from portal.frameworks.evaluation.steps import NotNow, during, fall_back, led_by, locked, moving
from portal.frameworks.lots.queries import terms_of
from portal.frameworks.rounds.models import Round
from portal.frameworks.rounds.rules import RoundState, Step, require
from portal.identity.people.rules import mailbox_digest
from portal.identity.permissions import Permission
from portal.kernel.errors import DomainError, Forbidden, NotFound
from portal.kernel.local_time import local_date
from portal.kernel.wording import say_count, say_list
from portal.notices.actions import tell
from portal.notices.rules import NoticeKind

CHANGEABLE = (RoundState.OPENED, RoundState.EVALUATING, RoundState.MODERATED)


class NotNamed(DomainError):
    """This person cannot have this part; the sentence says why."""

    status = 422


def name(
    session: Session, actor: Actor, round_id: UUID, person_id: UUID, duty: Duty, *, at: datetime
) -> Evaluator:
    """Give one of the actor's own council's people a part in the evaluation.

    Raises NotNamed for somebody who has one already, under another account too, for a second
    moderator, and for an evaluator once scores are shown to each other; NotNow when moderated.
    """
    round_ = locked(session, round_id)
    during(round_, at, RoundState.OPENED, RoundState.EVALUATING)
    if actor.organisation_id is None:
        raise Forbidden
    named = evaluators(session, round_id)
    members = {
        member.person_id: member.person
        for member in may_be_named(session, round_id, actor.organisation_id)
    }
    if person_id not in members:
        raise NotNamed("Choose one of your evaluators who has no part in this round yet")
    person = members[person_id]
    mailbox = mailbox_digest(person.email)
    for other in named:
        if other.mailbox == mailbox:
            raise NotNamed(
                f"{person.name} and {other.name} are accounts of the same person, who has a part "
                "in this round already"
            )
        if other.ended_at is None and other.duty is Duty.MODERATOR is duty:
            raise NotNamed(f"{other.name} is the moderator. A round has one")
        if other.ended_at is None and other.moderating_at and duty is Duty.EVALUATOR:
            raise NotNamed("Moderation has begun, so nobody can score independently any more")
    evaluator = Evaluator(
        round_id=round_.id,
        person_id=person.id,
        framework_id=round_.framework_id,
        lead_council_id=round_.lead_council_id,
        council_id=actor.organisation_id,
        duty=duty,
        name=person.name,
        mailbox=mailbox,
        named_by_name=actor.name,
        named_at=at,
    )
    session.add(evaluator)
    session.flush()
    what = "moderate" if duty is Duty.MODERATOR else "evaluate"
    tell(
        session,
        NoticeKind.EVALUATION,
        sentence=f"You are named to {what} {round_.title}. Declare whether you have a conflict.",
        endpoint="evaluators.declare_form",
        values={"opened_id": round_.id},
        organisation_id=actor.organisation_id,
        person_id=person.id,
        at=at,
    )
    record(session, actor, Event.NAMED, about(round_), at=at, duty=duty.value, named=person.name)
    return evaluator


def declare(
    session: Session, actor: Actor, round_id: UUID, *, conflict: str | None, at: datetime
) -> Evaluator:
    """The actor declares their conflict of interest, or (None) that they have none.

    A conflict ends their part and voids every score that they gave; consensus scores that rested
    on them are to be agreed again. Raises NotFound for somebody without a part in the round, and
    NotNow once it is decided.
    """
    with moving(session, round_id) as round_:
        during(round_, at, *CHANGEABLE)
        own = session.get(Evaluator, (round_id, actor.person_id), populate_existing=True)
        if own is None or own.council_id != actor.organisation_id:
            raise NotFound
        if own.ended_at is not None:
            raise NotNow("Your part in this evaluation has ended.")
        if conflict is None:
            own.declared_at = own.declared_at or at
        else:
            _end(session, round_, own, because=conflict, conflict=True, at=at)
    event = Event.DECLARED if conflict is None else Event.CONFLICT
    record(session, actor, event, about(round_), at=at, duty=own.duty.value)
    return own


def stand_down(
    session: Session, actor: Actor, round_id: UUID, person_id: UUID, *, reason: str, at: datetime
) -> Evaluator:
    """End the part of one of the actor's own council's people, whose scores count no more.

    Raises NotFound for another council's person, NotNow once the round is decided.
    """
    with moving(session, round_id) as round_:
        during(round_, at, *CHANGEABLE)
        part = session.get(Evaluator, (round_id, person_id), populate_existing=True)
        if part is None or part.council_id != actor.organisation_id:
            raise NotFound
        if part.ended_at is not None:
            raise NotNow(f"The part of {part.name} has ended already.")
        _end(session, round_, part, because=reason, conflict=False, at=at)
    record(session, actor, Event.STOOD_DOWN, about(round_), at=at, stood_down=part.name)
    return part


def begin(session: Session, actor: Actor, round_id: UUID, *, at: datetime) -> Round:
    """Let the evaluators score: the round is being evaluated from now on.

    Raises Forbidden for a partner council, IllegalStep in another state, NotNow while people,
    declarations or compliance checks are missing.
    """
    round_ = locked(session, round_id)
    led_by(round_, actor)
    require(round_, Step.EVALUATE, at)
    parts = [part for part in evaluators(session, round_id) if part.part.counts]
    scoring = [part for part in parts if part.duty is Duty.EVALUATOR]
    least = terms_of(session, round_.framework_id).least_evaluators
    if len(scoring) < least:
        raise NotNow(
            f"At least {say_count(least, 'evaluator')} must have declared that they have no "
            f"conflict of interest. So far {len(scoring)} did."
        )
    if len(scoring) == len(parts):
        raise NotNow("A moderator must be named and have declared no conflict of interest.")
    whole = sheets(session, round_, local_date(at))
    if waiting := [sheet.applicant.name for sheet in whole if sheet.unchecked]:
        raise NotNow(f"Check these applications for compliance first: {say_list(waiting)}.")
    round_.evaluating_at = at
    for part in scoring:
        tell(
            session,
            NoticeKind.EVALUATION,
            sentence=f"The applications to {round_.title} wait for your scores.",
            endpoint="scoring.index",
            values={"opened_id": round_.id},
            organisation_id=part.council_id,
            person_id=part.person_id,
            at=at,
        )
    record(session, actor, Event.BEGUN, about(round_), at=at, evaluators=len(scoring))
    return round_


def _end(
    session: Session, round_: Round, part: Evaluator, *, because: str, conflict: bool, at: datetime
) -> None:
    """Within ``moving``: the part ends, and what rested on it is to be done again."""
    part.ended_at, part.ended_because, part.conflict = at, because, conflict
    session.flush()
    fell_back = fall_back(session, round_)
    what = "declared a conflict of interest" if conflict else "was stood down"
    said = f"{part.name} {what} in the evaluation of {round_.title}."
    if round_.evaluating_at is not None and part.duty is Duty.EVALUATOR:
        said += " Every score of theirs is void."
    if round_.evaluating_at is not None and fell_back:
        said += " Scores are each evaluator's own again until moderation begins anew."
    tell(
        session,
        NoticeKind.EVALUATION,
        sentence=said,
        endpoint="evaluators.index",
        values={"opened_id": round_.id},
        organisation_id=round_.lead_council_id,
        permission=Permission.EVALUATION_RUN,
        at=at,
    )
