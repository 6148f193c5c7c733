"""Moving a round on through its evaluation, whichever of its councils acts.

Only the lead council writes a round; evaluators and moderators of its partners move it on as the
task of rounds, once the action has checked who they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.audit.actions import Actor
from portal.frameworks.evaluation.models import Evaluator
from portal.frameworks.evaluation.rules import Duty
from portal.frameworks.lots.queries import terms_of
from portal.frameworks.rounds.models import Round
from portal.frameworks.rounds.rules import RoundState, state
from portal.kernel.database import working_as
from portal.kernel.errors import DomainError, Forbidden, NotFound
from portal.kernel.tenancy import Scope, Task

ROUNDS = Scope.system(Task.ROUNDS)


class NotNow(DomainError):
    """The evaluation has not come to this, or is past it; the sentence says what is missing."""


@contextmanager
def moving(session: Session, round_id: UUID) -> Iterator[Round]:
    """An opened round as it stands now, kept from other writers, for changes to the round itself.

    Within it the session works as the task of rounds. Raises NotFound.
    """
    with working_as(session, ROUNDS):
        found = session.scalars(
            select(Round)
            .where(Round.id == round_id, Round.opened_at.is_not(None))
            .options(joinedload(Round.framework))
            .with_for_update(of=Round)
            .execution_options(populate_existing=True)
        ).first()
        if found is None:
            raise NotFound
        yield found


def locked(session: Session, round_id: UUID) -> Round:
    """The same, where only what belongs to the round is changed."""
    with moving(session, round_id) as round_:
        return round_


def led_by(round_: Round, actor: Actor) -> UUID:
    """The person who acts for the round's lead council. Raises Forbidden for a partner's."""
    if actor.organisation_id != round_.lead_council_id or actor.person_id is None:
        raise Forbidden("Only the council that leads the framework can do this.")
    return actor.person_id


def during(round_: Round, at: datetime, *states: RoundState) -> None:
    """Raises NotNow where the round is in none of these states."""
    if state(round_, at) not in states:
        raise NotNow("The evaluation has moved on. Load the page again to see what you can do.")


def on_duty(session: Session, round_: Round, actor: Actor, duty: Duty) -> Evaluator:
    """The actor's own part, declared and not ended. Raises Forbidden, or NotNow before that."""
    own = session.get(
        Evaluator, (round_.id, actor.person_id), populate_existing=True, with_for_update=True
    )
    if own is None or own.duty is not duty or own.council_id != actor.organisation_id:
        raise Forbidden(f"You are not named as {_NAMED[duty]} of this round.")
    if own.ended_at is not None:
        raise Forbidden("Your part in this evaluation has ended.")
    if own.declared_at is None:
        raise NotNow("Declare first whether you have a conflict of interest.")
    return own


_NAMED = {Duty.EVALUATOR: "an evaluator", Duty.MODERATOR: "the moderator"}


def counted(session: Session, round_id: UUID) -> list[Evaluator]:
    """The evaluators whose scores count: declared, finished, not ended."""
    return list(
        session.scalars(
            select(Evaluator)
            .where(
                Evaluator.round_id == round_id,
                Evaluator.duty == Duty.EVALUATOR,
                Evaluator.declared_at.is_not(None),
                Evaluator.finished_at.is_not(None),
                Evaluator.ended_at.is_(None),
            )
            .order_by(Evaluator.name, Evaluator.person_id)
        )
    )


def fall_back(session: Session, round_: Round) -> bool:
    """After somebody's part ended: what has to be done again. Within ``moving``.

    The round is no longer moderated. Where too few evaluators are left, or the moderator went,
    scores are each evaluator's own again until moderation begins anew; whether that is so.
    """
    round_.moderated_at = None
    session.flush()
    least = terms_of(session, round_.framework_id).least_evaluators
    moderators = session.scalars(
        select(Evaluator)
        .where(
            Evaluator.round_id == round_.id,
            Evaluator.duty == Duty.MODERATOR,
            Evaluator.ended_at.is_(None),
        )
        .order_by(Evaluator.person_id)
    ).all()
    if moderators and len(counted(session, round_.id)) >= least:
        return False
    for moderator in moderators:
        moderator.moderating_at = None
    return True
