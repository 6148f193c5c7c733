"""Making the escrow's key, drilling it, and using it together with one opener."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record, record_refusal
from portal.frameworks.opening.actions import OpeningRefused, given_share, open_bids
from portal.frameworks.opening.events import Event
from portal.frameworks.opening.models import EscrowKey
from portal.frameworks.opening.queries import locked_for_opening, openers_of
from portal.frameworks.opening.rules import WhyNot, why_not_yet
from portal.frameworks.rounds.events import about
from portal.frameworks.rounds.models import EscrowShare, Round
from portal.frameworks.rounds.queries import bids_openable_from
from portal.frameworks.sealing.boxes import DoesNotOpen, KeyPair
from portal.frameworks.sealing.shares import Share, open_share
from portal.kernel.clock import database_moment
from portal.kernel.errors import DomainError

OPERATOR = Actor(None, "The portal's operator", None)


class DrillFailed(DomainError):
    """The key does not open what waits for it; the sentence says which."""


def keep_key(session: Session, pair: KeyPair, *, reason: str, at: datetime) -> EscrowKey:
    """Seal new rounds to this key from now on. Earlier rounds keep the key they were sealed to."""
    key = EscrowKey(public_key=pair.public, made_at=at, drilled_at=at)
    session.add(key)
    session.flush()
    record(session, OPERATOR, Event.ESCROW_MADE, _own(key), at=at, reason=reason)
    return key


def drill(session: Session, pair: KeyPair, *, reason: str, at: datetime) -> int:
    """Try the key on each share that waits for it, opening no bid; gives how many there were.

    Raises DrillFailed where it is not the portal's key, or some share does not open.
    """
    key = session.scalars(select(EscrowKey).where(EscrowKey.public_key == pair.public)).first()
    if key is None:
        raise DrillFailed("This is not an escrow key of this portal.")
    waiting = session.execute(
        select(EscrowShare, Round)
        .join(Round, Round.id == EscrowShare.round_id)
        .where(
            EscrowShare.escrow_public_key == pair.public,
            Round.opened_at.is_(None),
            Round.cancelled_at.is_(None),
        )
        .order_by(Round.closes_at, Round.id)
    ).all()
    for kept, round_ in waiting:
        try:
            open_share(kept.share, round_id=round_.id, holder=pair)
        except DoesNotOpen as error:
            raise DrillFailed(
                f"The key does not open the share of {round_.title}, which was altered."
            ) from error
    key.drilled_at = at
    record(session, OPERATOR, Event.ESCROW_DRILLED, _own(key), at=at, reason=reason)
    return len(waiting)


def open_with_escrow(session: Session, round_id: UUID, pair: KeyPair, *, reason: str) -> Round:
    """Open a round with the escrow's share and that of the one opener who gave theirs.

    By the database's clock, as two openers would. Raises NotFound, and OpeningRefused, which is
    recorded too.
    """
    round_ = locked_for_opening(session, round_id)
    moment = database_moment(session)
    try:
        own, given = _shares(session, round_, pair, moment)
        record(session, OPERATOR, Event.ESCROW_USED, about(round_), at=moment, reason=reason)
        open_bids(session, OPERATOR, round_, own, given, at=moment)
    except OpeningRefused as refused:
        record_refusal(
            session,
            OPERATOR,
            Event.ESCROW_REFUSED,
            about(round_),
            at=moment,
            why=refused.why.value,
        )
        raise
    return round_


def _shares(
    session: Session, round_: Round, pair: KeyPair, moment: datetime
) -> tuple[Share, Share]:
    refusal = why_not_yet(round_, bids_openable_from(session, round_), moment)
    if refusal is not None:
        raise OpeningRefused(*refusal)
    given = [one for one in openers_of(session, round_.id) if one.given is not None]
    if not given:
        raise OpeningRefused(
            WhyNot.NO_SHARE,
            "Nobody named to open this round has given their share. The escrow key opens nothing "
            "alone.",
        )
    kept = session.get_one(EscrowShare, round_.id)
    try:
        own = open_share(kept.share, round_id=round_.id, holder=pair)
    except DoesNotOpen as error:
        raise OpeningRefused(
            WhyNot.NOT_ITS_KEY, "This escrow key does not open this round."
        ) from error
    return own, given_share(given[0])


def _own(key: EscrowKey) -> Subject:
    return Subject("escrow-key", key.id, "The escrow key")
