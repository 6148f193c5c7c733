"""Making one's key for opening bids, changing its pass phrase, replacing it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record, record_refusal
from portal.frameworks.opening.events import Event
from portal.frameworks.opening.keys.queries import locked_key, rounds_waiting_for
from portal.frameworks.opening.queries import ROUNDS, locked_for_opening, openers_of
from portal.frameworks.rounds.models import OpenerKey, Round, RoundOpener
from portal.frameworks.sealing.boxes import DoesNotOpen, KeyPair, Locked
from portal.kernel.database import working_as
from portal.kernel.errors import DomainError, Forbidden
from portal.kernel.wording import say_list


class HasKey(DomainError):
    """The person has a key for this council already."""

    sentence = "You have a key already. You can change its pass phrase, or replace it."


class WrongPhrase(DomainError):
    """The pass phrase does not open the key."""

    status = 422
    sentence = "This is not the pass phrase of your key"


class LastToOpen(DomainError):
    """With another key nobody named could open some round any more."""

    def __init__(self, rounds: list[str]) -> None:
        super().__init__(
            f"Nobody else named can open {say_list(rounds)} any more, and the escrow key does not "
            "open a round alone. Your key can be replaced once it is opened."
        )


def make_key(session: Session, actor: Actor, *, phrase: str, at: datetime) -> OpenerKey:
    """Make the actor's key under this pass phrase, which is kept nowhere. Raises HasKey."""
    if actor.person_id is None or actor.organisation_id is None:
        raise Forbidden
    pair = KeyPair.new()
    locked = Locked.lock(pair, phrase)
    key = OpenerKey(
        person_id=actor.person_id,
        council_id=actor.organisation_id,
        public_key=pair.public,
        sealed_private_key=locked.sealed,
        salt=locked.salt,
        made_at=at,
    )
    try:
        with session.begin_nested():
            session.add(key)
    except IntegrityError as error:
        raise HasKey from error
    record(session, actor, Event.KEY_MADE, _own(actor), at=at)
    return key


def change_phrase(
    session: Session, actor: Actor, *, present: str, phrase: str, at: datetime
) -> None:
    """Lock the same key under another pass phrase; every share goes on opening with it.

    Raises NotFound, and WrongPhrase, which is recorded too.
    """
    key = locked_key(session, actor.person_id, actor.organisation_id)
    try:
        pair = Locked(key.sealed_private_key, key.salt).unlock(present)
    except DoesNotOpen as error:
        record_refusal(session, actor, Event.KEY_REFUSED, _own(actor), at=at)
        raise WrongPhrase from error
    locked = Locked.lock(pair, phrase)
    key.sealed_private_key, key.salt = locked.sealed, locked.salt
    record(session, actor, Event.PHRASE_CHANGED, _own(actor), at=at)


def replace_key(session: Session, actor: Actor, *, phrase: str, at: datetime) -> list[Round]:
    """Make another key where the pass phrase was forgotten; gives the rounds it cannot open.

    For those the escrow key has to stand in for this person. Raises NotFound, and LastToOpen
    where the other person named has lost their share already; that is recorded too.
    """
    waiting = list(rounds_waiting_for(session, actor.person_id, actor.organisation_id))
    lost: list[RoundOpener] = []
    stuck: list[str] = []
    with working_as(session, ROUNDS):
        for round_ in sorted(waiting, key=lambda one: one.id):
            locked_for_opening(session, round_.id)
            openers = openers_of(session, round_.id)
            lost += [one for one in openers if one.person_id == actor.person_id]
            if not any(one.share for one in openers if one.person_id != actor.person_id):
                stuck.append(round_.title)
    if stuck:
        record_refusal(session, actor, Event.KEY_REFUSED, _own(actor), at=at)
        raise LastToOpen(stuck)
    for one in lost:
        one.share = None
    key = locked_key(session, actor.person_id, actor.organisation_id)
    pair = KeyPair.new()
    locked = Locked.lock(pair, phrase)
    key.public_key, key.made_at = pair.public, at
    key.sealed_private_key, key.salt = locked.sealed, locked.salt
    record(session, actor, Event.KEY_REPLACED, _own(actor), at=at, rounds=len(waiting))
    return waiting


def _own(actor: Actor) -> Subject:
    return Subject("opener-key", actor.person_id, actor.name, council_id=actor.organisation_id)
