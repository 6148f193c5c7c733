"""Moving a referral on, and one provider's standing with it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.audit.actions import Actor, record
from portal.kernel.database import working_as
from portal.kernel.errors import DomainError
from portal.kernel.tenancy import Scope, Task
from portal.kernel.transitions import IllegalStep, next_state
from portal.kernel.wording import say_datetime
from portal.referrals.events import Event, about, about_one
from portal.referrals.models import Recipient, Referral
from portal.referrals.rules import (
    ANSWERS,
    MAY_BECOME,
    RECIPIENT_STATE_NAMES,
    REFERRAL_STEPS,
    STILL_ASKED,
    RecipientState,
    ReferralState,
    ReferralStep,
)

PORTAL = Scope.system(Task.REFERRALS)
CLOSED = "The council is not waiting for answers any more."
ORDERED = "The council has ordered this, so what you can do now is on its order form."


class TooLate(DomainError):
    """The time to answer is over."""

    def __init__(self, until: datetime) -> None:
        super().__init__(
            f"This could be answered until {say_datetime(until)}. If you could still help, ring "
            "the council: it can give you more time."
        )


def answered(
    session: Session, actor: Actor, recipient: Recipient, state: RecipientState, *, at: datetime
) -> None:
    """Put a provider's standing where its answer, or the council's choice, leads.

    An offer and a decline are the provider's own, and wait for the referral to be open and in
    time; what is ordered moves once its order form is off. Raises IllegalStep and TooLate.
    """
    with working_as(session, PORTAL):
        session.refresh(recipient, with_for_update={"of": Recipient})
        referral = session.get_one(Referral, recipient.referral_id, populate_existing=True)
        if state not in MAY_BECOME[recipient.state]:
            raise IllegalStep(
                f"This is now “{RECIPIENT_STATE_NAMES[recipient.state].lower()}”. Load the page "
                "again to see what you can do."
            )
        ordered = recipient.state is RecipientState.CHOSEN
        if (ordered or state in ANSWERS) and referral.state is not ReferralState.SENT:
            raise IllegalStep(ORDERED if ordered else CLOSED)
        until = recipient.respond_by
        if state in ANSWERS and not ordered and until is not None and at >= until:
            raise TooLate(until)
        recipient.state, recipient.answered_at = state, at
    subject = about_one(recipient, referral.reference)
    record(session, actor, Event.ANSWERED, subject, at=at, state=state.value)


def move(
    session: Session, actor: Actor, referral: Referral, step: ReferralStep, *, at: datetime
) -> None:
    """Take a step that needs nothing but itself; agreeing closes what the others were asked.

    A provider may take it as well, where it accepts or refuses an order. Raises IllegalStep.
    """
    with working_as(session, PORTAL):
        session.refresh(referral, with_for_update={"of": Referral})
        before, referral.state = referral.state, next_state(REFERRAL_STEPS, referral.state, step)
        if referral.state is ReferralState.AGREED:
            session.execute(
                update(Recipient)
                .where(Recipient.referral_id == referral.id, Recipient.state.in_(STILL_ASKED))
                .values(state=RecipientState.NOT_CHOSEN)
                .execution_options(synchronize_session=False)
            )
    record(
        session,
        actor,
        Event.MOVED,
        about(referral),
        at=at,
        step=step.value,
        before=before.value,
        after=referral.state.value,
    )
