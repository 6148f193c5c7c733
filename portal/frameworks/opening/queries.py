"""Who opens a round, whether they can, and how far its opening has come."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.frameworks.opening.models import EscrowKey, OpenedSubmission
from portal.frameworks.opening.rules import OPENERS
from portal.frameworks.rounds.models import OpenerKey, Round, RoundOpener
from portal.frameworks.rounds.queries import get_round
from portal.kernel.database import working_as
from portal.kernel.errors import NotFound
from portal.kernel.tenancy import Scope, Task
from portal.kernel.wording import say_count

ROUNDS = Scope.system(Task.ROUNDS)


def council_round(session: Session, round_id: UUID, council_id: UUID | None) -> Round:
    """A round of a framework that a council takes part in. Raises NotFound."""
    round_ = get_round(session, round_id)
    if council_id not in {one.council_id for one in round_.framework.councils}:
        raise NotFound
    return round_


def openers_of(session: Session, round_id: UUID) -> Sequence[RoundOpener]:
    """The people named to open a round, by name."""
    return session.scalars(
        select(RoundOpener)
        .where(RoundOpener.round_id == round_id)
        .order_by(RoundOpener.name, RoundOpener.person_id)
        .execution_options(populate_existing=True)
    ).all()


def key_of(session: Session, person_id: UUID | None, council_id: UUID | None) -> OpenerKey | None:
    """The key by which a person opens bids for a council, if they have made one."""
    return session.scalars(
        select(OpenerKey)
        .where(OpenerKey.person_id == person_id, OpenerKey.council_id == council_id)
        .execution_options(populate_existing=True)
    ).first()


def keys_of(session: Session, openers: Sequence[RoundOpener]) -> dict[UUID, bytes]:
    """The public keys of those named who have one, by person; also of another council's people."""
    named = {(one.person_id, one.council_id) for one in openers}
    with working_as(session, ROUNDS):
        found = session.execute(
            select(OpenerKey.person_id, OpenerKey.council_id, OpenerKey.public_key)
            .where(OpenerKey.person_id.in_([person_id for person_id, _ in named]))
            .order_by(OpenerKey.person_id)
        ).all()
    return {person: key for person, council, key in found if (person, council) in named}


def newest_escrow_key(session: Session) -> EscrowKey | None:
    """The escrow key to which new rounds are sealed."""
    return session.scalars(
        select(EscrowKey).order_by(EscrowKey.made_at.desc(), EscrowKey.id.desc())
    ).first()


def ready_to_announce(session: Session, round_: Round) -> list[str]:
    """What is missing before a round's key can be made, as sentences that say what to do."""
    openers = openers_of(session, round_.id)
    missing = []
    if len(openers) < OPENERS:
        named = f"{openers[0].name} alone is named" if openers else "nobody is named"
        missing.append(f"Name {say_count(OPENERS, 'person', 'people')} to open the bids: {named}.")
    keys = keys_of(session, openers)
    missing += [
        f"{one.name} has to make a key for opening bids."
        for one in openers
        if one.person_id not in keys
    ]
    if newest_escrow_key(session) is None:
        missing.append(
            "The portal has no escrow key, which stands in for a person who cannot come. "
            "Ask whoever operates it to make one."
        )
    return missing


def locked_for_opening(session: Session, round_id: UUID) -> Round:
    """A round, once every submission on its way is written, and none can begin. Raises NotFound.

    For the task of rounds: each submission holds the row shared until it commits.
    """
    found = session.scalars(
        select(Round)
        .where(Round.id == round_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise NotFound
    return found


def opened_count(session: Session, round_id: UUID) -> tuple[int, int]:
    """How many submissions were opened, and how many of them had been altered."""
    counted = session.execute(
        select(
            func.count(OpenedSubmission.submission_id),
            func.count(OpenedSubmission.salt),
        ).where(OpenedSubmission.round_id == round_id)
    ).one()
    return counted[0], counted[0] - counted[1]
