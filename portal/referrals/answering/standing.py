"""How one provider stands with a referral, in the words that it may read. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.kernel.wording import say_datetime
from portal.referrals.models import Recipient
from portal.referrals.rules import RecipientState, ReferralState


@dataclass(frozen=True, slots=True)
class Standing:
    """A tag with its tone, and what comes next in a sentence."""

    tag: str
    tone: str
    sentence: str


def standing_of(recipient: Recipient, at: datetime) -> Standing:
    """What a provider is told of where it stands; never a word of anybody else."""
    referral = recipient.referral
    if referral.state is ReferralState.WITHDRAWN:
        return Standing("Withdrawn", "neutral", "The council has withdrawn this referral.")
    until = say_datetime(recipient.respond_by) if recipient.respond_by else ""
    over = recipient.respond_by is not None and at >= recipient.respond_by
    state = recipient.state
    if state is RecipientState.WAITING and over:
        state = RecipientState.LAPSED
    elif state is RecipientState.WAITING and referral.state is not ReferralState.SENT:
        return Standing("Closed", "neutral", "The council waits for no more answers.")
    return {
        RecipientState.WAITING: Standing("To answer", "waiting", f"Answer by {until}."),
        RecipientState.OFFERED: Standing("Offered", "info", "Your offer is with the council."),
        RecipientState.CHOSEN: Standing(
            "Your offer was chosen", "good", "Read the order form and accept it, or refuse it."
        ),
        RecipientState.DECLINED: Standing("Declined", "neutral", "You declined this referral."),
        RecipientState.WITHDRAWN: Standing("Offer withdrawn", "neutral", "You took it back."),
        RecipientState.NOT_CHOSEN: Standing(
            "Not chosen", "neutral", "Thank you for your answer. The council needs no more."
        ),
        RecipientState.LAPSED: Standing(
            "Time is over", "neutral", f"It could be answered until {until}."
        ),
    }[state]
