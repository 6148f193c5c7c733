"""Opening a round's bids: two people give their shares, after closing, and then all is written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record, record_all, record_refusal
from portal.frameworks.applications.receiving.signing import checks
from portal.frameworks.opening import queries
from portal.frameworks.opening.events import Event
from portal.frameworks.opening.rules import WhyNot, why_not_yet
from portal.frameworks.opening.telling import tell_opened, tell_second
from portal.frameworks.opening.unsealing import Opened, write_opened
from portal.frameworks.rounds.events import about
from portal.frameworks.rounds.models import Round, RoundOpener
from portal.frameworks.rounds.queries import bids_openable_from
from portal.frameworks.rounds.second_person import is_another
from portal.frameworks.sealing.boxes import DoesNotOpen, KeyPair, Locked
from portal.frameworks.sealing.shares import NotTwoShares, Share, open_share, round_key
from portal.kernel.clock import database_moment
from portal.kernel.database import working_as
from portal.kernel.errors import DomainError
from portal.kernel.sealing import sealing

PURPOSE = "shares given to open bids"


class OpeningRefused(DomainError):
    """A share of a round's key is not taken; ``why`` says which reason the sentence gives."""

    def __init__(self, why: WhyNot, sentence: str) -> None:
        super().__init__(sentence)
        self.why = why


def give_share(session: Session, actor: Actor, round_id: UUID, *, phrase: str) -> Round:
    """Give one's share of a round's key; the second one's opens the bids.

    The moment is the database's, read once every submission on its way is written. Raises
    NotFound, and OpeningRefused, which is recorded too (promise 10).
    """
    with working_as(session, queries.ROUNDS):
        round_ = queries.locked_for_opening(session, round_id)
        moment = database_moment(session)
        openable_from = bids_openable_from(session, round_)
        openers = queries.openers_of(session, round_id)
        own = next(
            (
                one
                for one in openers
                if (one.person_id, one.council_id) == (actor.person_id, actor.organisation_id)
            ),
            None,
        )
        try:
            share = _own_share(session, round_, openable_from, own, phrase, moment)
            others = [one for one in openers if one is not own and one.given is not None]
            _require_another(session, actor, others)
            record(session, actor, Event.SHARE_GIVEN, about(round_), at=moment)
            if others:
                open_bids(session, actor, round_, share, given_share(others[0]), at=moment)
        except OpeningRefused as refused:
            record_refusal(
                session, actor, Event.REFUSED, about(round_), at=moment, why=refused.why.value
            )
            raise
        assert own is not None
        own.opened_at = moment
        if not others:
            own.given = sealing(PURPOSE).seal(bytes(share).hex(), of=round_.id)
    if not others:
        waited_for = [one for one in openers if one is not own]
        tell_second(session, round_, actor.name, waited_for, at=moment)
    return round_


def open_bids(
    session: Session, actor: Actor, round_: Round, one: Share, another: Share, *, at: datetime
) -> None:
    """Open every submission that counts with two shares, and write what they say.

    For the task of rounds, which holds the round. The shares are erased with it: what was
    replaced or withdrawn can never be opened. Raises OpeningRefused where the shares do not fit.
    """
    assert round_.public_key is not None
    try:
        key = round_key(one, another, public=round_.public_key)
    except NotTwoShares as error:
        raise OpeningRefused(
            WhyNot.NOT_ITS_KEY, "These shares do not make this round's key. Nothing was opened."
        ) from error
    round_.opened_at = at
    session.flush()
    opened = write_opened(session, round_, key, checks=checks())
    session.execute(
        update(RoundOpener)
        .where(RoundOpener.round_id == round_.id)
        .values(share=None, given=None)
        .execution_options(synchronize_session=False)
    )
    altered = [one for one in opened if not one.unaltered]
    record(
        session,
        actor,
        Event.OPENED,
        about(round_),
        at=at,
        applications=len(opened),
        altered=len(altered),
    )
    for event, some in (
        (Event.APPLICATION_OPENED, [one for one in opened if one.unaltered]),
        (Event.APPLICATION_ALTERED, altered),
    ):
        happenings = [(_application(round_, one), {"reference": one.reference}) for one in some]
        record_all(session, actor, event, happenings, at=at)
    tell_opened(session, round_, at=at)


def _application(round_: Round, one: Opened) -> Subject:
    return Subject(
        "application", one.application_id, round_.title, round_.lead_council_id, one.provider_id
    )


def _require_another(session: Session, actor: Actor, others: Sequence[RoundOpener]) -> None:
    """A second account of whoever gave the other share opens nothing."""
    if not all(is_another(session, actor, other.person_id) for other in others):
        raise OpeningRefused(
            WhyNot.SAME_PERSON,
            "You gave the other share under another account of yours. Somebody else must give "
            "this one, or the portal's operator can use the escrow key in its place.",
        )


def given_share(opener: RoundOpener) -> Share:
    """The share that an opener gave, as it waits for the second."""
    assert opener.given is not None
    return Share.read(bytes.fromhex(sealing(PURPOSE).open(opener.given, of=opener.round_id)))


def _own_share(
    session: Session,
    round_: Round,
    openable_from: datetime,
    own: RoundOpener | None,
    phrase: str,
    moment: datetime,
) -> Share:
    """The actor's share of the round's key. Raises OpeningRefused."""
    if own is None:
        raise OpeningRefused(
            WhyNot.NOT_NAMED, "You are not one of the two people named to open this round."
        )
    if (refusal := why_not_yet(round_, openable_from, moment)) is not None:
        raise OpeningRefused(*refusal)
    if own.given is not None:
        raise OpeningRefused(
            WhyNot.GIVEN, "You have given your share already. The other person must give theirs."
        )
    kept = queries.key_of(session, own.person_id, own.council_id)
    if own.share is None or kept is None:
        raise OpeningRefused(
            WhyNot.NO_SHARE,
            "Your key was replaced after this round was announced, so it does not open it. "
            "The portal's operator can use the escrow key in your place.",
        )
    try:
        pair = Locked(kept.sealed_private_key, kept.salt).unlock(phrase)
    except DoesNotOpen as error:
        raise OpeningRefused(
            WhyNot.WRONG_PHRASE, "This is not the pass phrase of your key"
        ) from error
    return _share_of(own.share, round_, pair)


def _share_of(sealed: bytes, round_: Round, pair: KeyPair) -> Share:
    try:
        return open_share(sealed, round_id=round_.id, holder=pair)
    except DoesNotOpen as error:
        raise OpeningRefused(
            WhyNot.NOT_ITS_KEY, "Your share of this round's key was altered. Nothing was opened."
        ) from error
