"""Making an offer for a referral, changing it, taking it back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from portal.agreements.mentors.queries import candidates, get_mentor
from portal.agreements.mentors.rules import NotAssignable
from portal.agreements.models import Mentor
from portal.agreements.offers.models import Offer
from portal.agreements.offers.queries import ceiling, get_offer, locked_offer, standing_offer
from portal.agreements.offers.rules import (
    Terms,
    UnfitOffer,
    check_home,
    check_price,
    check_start,
)
from portal.audit.actions import Actor, Subject, record
from portal.identity.models import Organisation
from portal.identity.permissions import Permission
from portal.kernel.errors import Forbidden, NotFound
from portal.kernel.local_time import local_date
from portal.notices.actions import tell
from portal.notices.rules import NoticeKind
from portal.referrals.actions import answered
from portal.referrals.models import Recipient, Referral
from portal.referrals.queries import recipient_of
from portal.referrals.rules import RecipientState, Route

CHANGED = "Changed by the provider"


class Event(StrEnum):
    """What happens to offers."""

    MADE = "offers:offer:made"
    WITHDRAWN = "offers:offer:withdrawn"


WORDS: Mapping[str, str] = {
    Event.MADE: "Made an offer for a referral",
    Event.WITHDRAWN: "Took an offer back",
}


def make_offer(
    session: Session, actor: Actor, referral_id: UUID, terms: Terms, *, at: datetime
) -> Offer:
    """Offer for a referral in time, in place of what was offered before.

    Raises NotFound where the provider was not asked, IllegalStep and TooLate where it is no
    longer, UnfitOffer for terms that cannot be.
    """
    if actor.person_id is None or actor.organisation_id is None:
        raise Forbidden
    recipient = recipient_of(session, referral_id, actor.organisation_id)
    referral = recipient.referral
    quote = referral.route is Route.QUOTES
    check_start(terms.starts_on, local_date(at), referral.expected_ends_on)
    highest = ceiling(session, recipient, referral.band, terms.starts_on)
    check_price(terms.price, highest, terms.starts_on, quote=quote)
    check_home(referral.unit, terms.home)
    mentor = _checked(session, recipient, terms)
    earlier = standing_offer(session, recipient.id)
    if earlier is not None:
        _take_back(earlier, CHANGED, at)
        answered(session, actor, recipient, RecipientState.WITHDRAWN, at=at)
    answered(session, actor, recipient, RecipientState.OFFERED, at=at)
    session.flush()
    offer = Offer(
        recipient_id=recipient.id,
        council_id=recipient.council_id,
        provider_id=recipient.provider_id,
        mentor_id=mentor.id if mentor else None,
        mentor_name=mentor.name if mentor else "",
        cleared_until=max(one.valid_until for one in mentor.clearances) if mentor else None,
        home=terms.home,
        starts_on=terms.starts_on,
        price=terms.price,
        words=terms.words,
        made_by_id=actor.person_id,
        made_by_name=actor.name,
        made_at=at,
    )
    session.add(offer)
    session.flush()
    record(
        session, actor, Event.MADE, about(offer, referral), at=at,
        price_pence=offer.price.pence, starts_on=offer.starts_on.isoformat(),
    )  # fmt: skip
    what = "changed its offer" if earlier else "made an offer"
    _tell_council(session, offer, referral, what, at=at)
    return offer


def withdraw(
    session: Session, actor: Actor, offer_id: UUID, *, because: str, at: datetime
) -> Offer:
    """Take an offer back before the council has ordered it.

    Raises NotFound for another's offer, IllegalStep once it is ordered or withdrawn.
    """
    if get_offer(session, offer_id).provider_id != actor.organisation_id:
        raise NotFound
    offer = locked_offer(session, offer_id)
    recipient = session.get_one(Recipient, offer.recipient_id)
    referral = session.get_one(Referral, recipient.referral_id)
    answered(session, actor, recipient, RecipientState.WITHDRAWN, at=at)
    _take_back(offer, because, at)
    session.flush()
    record(session, actor, Event.WITHDRAWN, about(offer, referral), at=at)
    _tell_council(session, offer, referral, "took its offer back", at=at)
    return offer


def about(offer: Offer, referral: Referral) -> Subject:
    """An offer, for the records of both sides."""
    return Subject("offer", offer.id, referral.reference, offer.council_id, offer.provider_id)


def _checked(session: Session, recipient: Recipient, terms: Terms) -> Mentor | None:
    """The provider's own mentor who may be assigned from the first day. Raises UnfitOffer."""
    if terms.mentor_id is None:
        return None
    mentor = get_mentor(session, terms.mentor_id)
    if mentor.provider_id != recipient.provider_id:
        raise NotFound
    own = candidates(session, mentor.provider_id, terms.starts_on, only=mentor.id)
    try:
        own[mentor.id].check(terms.starts_on)
    except NotAssignable as refused:
        raise UnfitOffer("mentor", refused.sentence) from refused
    return mentor


def _take_back(offer: Offer, because: str, at: datetime) -> None:
    offer.withdrawn_at, offer.withdrawn_because = at, because


def _tell_council(
    session: Session, offer: Offer, referral: Referral, what: str, *, at: datetime
) -> None:
    provider = session.get_one(Organisation, offer.provider_id)
    tell(
        session,
        NoticeKind.ORDER,
        sentence=f"{provider.name} {what} for {referral.reference}.",
        endpoint="offers.compare",
        values={"referral_id": referral.id},
        organisation_id=offer.council_id,
        permission=Permission.REFERRAL_MAKE,
        at=at,
    )
