"""What happens to referrals, each with its words for the record."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from portal.audit.actions import Subject
from portal.referrals.models import Recipient, Referral


class Event(StrEnum):
    """What happens to young people known here, to referrals and to what providers can take."""

    YOUNG_PERSON_ADDED = "referrals:young-person:added"
    YOUNG_PERSON_CHANGED = "referrals:young-person:changed"
    DRAFTED = "referrals:referral:drafted"
    CHANGED = "referrals:referral:changed"
    SENT = "referrals:referral:sent"
    SENT_ON = "referrals:referral:sent-on"
    EXTENDED = "referrals:referral:extended"
    LAPSED = "referrals:referral:lapsed"
    MOVED = "referrals:referral:moved"
    WITHDRAWN = "referrals:referral:withdrawn"
    ANSWERED = "referrals:recipient:answered"
    ASKED = "referrals:question:asked"
    QUESTION_ANSWERED = "referrals:question:answered"
    CAPACITY_KEPT = "referrals:capacity:kept"


WORDS: Mapping[str, str] = {
    Event.YOUNG_PERSON_ADDED: "Added a young person",
    Event.YOUNG_PERSON_CHANGED: "Changed what is known of a young person",
    Event.DRAFTED: "Began a referral",
    Event.CHANGED: "Changed a referral that is not sent yet",
    Event.SENT: "Sent a referral",
    Event.SENT_ON: "Sent a referral on down the ranking",
    Event.EXTENDED: "Gave providers more time to answer a referral",
    Event.LAPSED: "Ended the time to answer a referral",
    Event.MOVED: "Moved a referral on",
    Event.WITHDRAWN: "Withdrew a referral",
    Event.ANSWERED: "Changed where a provider stands with a referral",
    Event.ASKED: "Asked about a referral",
    Event.QUESTION_ANSWERED: "Answered a question about a referral",
    Event.CAPACITY_KEPT: "Said how many young people a place can take",
}


def about(referral: Referral) -> Subject:
    """A referral, for the record of its council alone."""
    return Subject("referral", referral.id, referral.reference, council_id=referral.council_id)


def about_one(recipient: Recipient, reference: str) -> Subject:
    """What is between the council and one provider, for both their records."""
    return Subject(
        "referral",
        recipient.referral_id,
        reference,
        council_id=recipient.council_id,
        provider_id=recipient.provider_id,
    )
