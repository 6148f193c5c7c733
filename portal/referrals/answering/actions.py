"""Declining a referral, with a coded reason."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.audit.actions import Actor
from portal.identity.models import Organisation
from portal.referrals.actions import answered
from portal.referrals.making.waiting import tell_council
from portal.referrals.models import Recipient
from portal.referrals.rules import DECLINE_NAMES, DeclineCode, RecipientState, Unfit


def decline(
    session: Session,
    actor: Actor,
    recipient: Recipient,
    code: DeclineCode,
    words: str,
    *,
    at: datetime,
) -> None:
    """Say that this provider cannot help, and why; its council is told.

    Raises Unfit for something else without words, IllegalStep, and TooLate after the deadline.
    """
    if code is DeclineCode.OTHER and not words:
        raise Unfit("words", "Say what stands in the way")
    answered(session, actor, recipient, RecipientState.DECLINED, at=at)
    recipient.declined_code, recipient.declined_words = code, words
    session.flush()
    provider = session.get_one(Organisation, recipient.provider_id)
    referral = recipient.referral
    said = DECLINE_NAMES[code].lower()
    tell_council(session, referral, f"{provider.name} declined {referral.reference}: {said}", at)
