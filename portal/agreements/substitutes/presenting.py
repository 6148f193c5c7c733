"""Who works on an agreement, as its page shows it: now, before, and what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from portal.agreements.clocks.presenting import ShownClock, all_shown
from portal.agreements.clocks.queries import clocks_of
from portal.agreements.mentors.queries import absences_of, alarms
from portal.agreements.models import Agreement, Assignment
from portal.agreements.rules import AgreementState
from portal.agreements.substitutes.models import Substitution
from portal.agreements.substitutes.queries import (
    open_among,
    standing_assignment,
    substitutions_of,
)
from portal.agreements.substitutes.rules import Cause


@dataclass(frozen=True, slots=True)
class Working:
    """An agreement's mentor and deadlines on a day.

    ``alarms`` are sentences for both sides; ``replaceable`` says that a mentor can be assigned,
    ``rejectable`` that there is one whom the council has not rejected.
    """

    current: Assignment | None
    alarms: Sequence[str]
    waiting: Substitution | None
    history: Sequence[Substitution]
    clocks: Sequence[ShownClock]
    replaceable: bool
    rejectable: bool


def working_on(session: Session, agreement: Agreement, today: date) -> Working:
    """What stands of an agreement's mentor and its deadlines. At most four statements."""
    active = agreement.state is AgreementState.ACTIVE
    history = substitutions_of(session, agreement.id)
    current, waiting = standing_assignment(agreement, today), open_among(history)
    wrong: list[str] = []
    if active and current is not None:
        wrong = alarms(current.mentor, absences_of(session, current.mentor_id), today)
    return Working(
        current=current,
        alarms=wrong,
        waiting=waiting,
        history=history,
        clocks=all_shown(clocks_of(session, agreement.id), agreement.provider.name, today),
        replaceable=active and (current is None or waiting is not None),
        rejectable=current is not None and (waiting is None or waiting.cause is not Cause.REJECTED),
    )
