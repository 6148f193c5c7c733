"""Making the key of a round, which nobody has whole until two people open its bids."""

from __future__ import annotations

from sqlalchemy.orm import Session

from portal.frameworks.opening.queries import (
    keys_of,
    newest_escrow_key,
    openers_of,
    ready_to_announce,
)
from portal.frameworks.rounds.models import EscrowShare, Round
from portal.frameworks.sealing.shares import RoundKey
from portal.kernel.errors import DomainError


class NoKey(DomainError):
    """The round's key cannot be made; the sentence says what is missing."""


def make_round_key(session: Session, round_: Round) -> bytes:
    """Make a round's key, keep each share sealed to its holder, and give the public half.

    Works as the lead council, whose announcement records it. The private half is forgotten.
    Raises NoKey while anything is missing (``ready_to_announce``).
    """
    if missing := ready_to_announce(session, round_):
        raise NoKey(" ".join(missing))
    escrow = newest_escrow_key(session)
    assert escrow is not None
    first, second = openers_of(session, round_.id)
    keys = keys_of(session, (first, second))
    made = RoundKey.make(
        round_.id,
        openers=(keys[first.person_id], keys[second.person_id]),
        escrow=escrow.public_key,
    )
    first.share, second.share = made.openers
    session.add(
        EscrowShare(
            round_id=round_.id,
            framework_id=round_.framework_id,
            lead_council_id=round_.lead_council_id,
            share=made.escrow,
            escrow_public_key=escrow.public_key,
        )
    )
    session.flush()
    return made.public
