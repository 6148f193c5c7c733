"""Deciding on each bid of a category, and fixing the decisions of the round."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, record
from portal.frameworks.evaluation.deciding.models import Award
from portal.frameworks.evaluation.deciding.queries import BidMarks, CategoryMarks, marks, marks_of
from portal.frameworks.evaluation.deciding.rules import check_places, check_reason
from portal.frameworks.evaluation.events import Event, about
from portal.frameworks.evaluation.rules import Outcome, hundredths, tier
from portal.frameworks.evaluation.steps import NotNow, during, led_by, locked
from portal.frameworks.rounds.models import Round
from portal.frameworks.rounds.rules import RoundState, Step, require
from portal.frameworks.rules import Unfit
from portal.kernel.errors import Stale
from portal.kernel.local_time import local_date
from portal.kernel.wording import say_list


@dataclass(frozen=True, slots=True)
class Decision:
    """What a bid wins, and why."""

    outcome: Outcome
    reason: str


class Undecided(Unfit):
    """One bid's decision does not fit; ``bid_id`` says whose."""

    def __init__(self, bid_id: UUID, sentence: str) -> None:
        super().__init__(sentence)
        self.bid_id = bid_id


def decide(
    session: Session,
    actor: Actor,
    round_id: UUID,
    category_id: UUID,
    decisions: Mapping[UUID, Decision],
    *,
    tier_size: int | None,
    version: int,
    at: datetime,
) -> CategoryMarks:
    """Keep a decision with its reason for every bid of a category that passed, by bid.

    Bids that failed their compliance check have no place, for that reason. ``tier_size`` is how
    many ranks each tier holds. Raises Unfit for more places than there are, Undecided for a bid
    without a decision or with no reason of its own against the ranking; NotNow while the round
    is not moderated or was decided; Stale where a decision changed since ``version``.
    """
    round_ = locked(session, round_id)
    by_id = led_by(round_, actor)
    during(round_, at, RoundState.MODERATED)
    found = marks_of(session, round_, category_id, local_date(at))
    if found.version != version:
        raise Stale
    for one in found.bids:
        _check(one, decisions)
    check_places(
        (decisions[one.bid.id].outcome for one in found.bids if one.ranked is not None),
        places=found.ask.terms.places,
        reserves=found.ask.terms.reserves,
    )
    for one in found.bids:
        award = one.award
        if award is None:
            award = Award(
                bid_id=one.bid.id,
                round_id=round_.id,
                framework_id=round_.framework_id,
                lead_council_id=round_.lead_council_id,
                provider_id=one.bid.provider_id,
                category_id=category_id,
            )
            session.add(award)
        said = decisions[one.bid.id] if one.ranked else Decision(Outcome.NONE, one.offered)
        award.outcome, award.reason = said.outcome, said.reason
        award.rank = one.ranked.rank if one.ranked else None
        award.tier = tier(one.ranked.rank, tier_size) if one.ranked else None
        award.quality, award.price = hundredths(one.lines.quality), hundredths(one.lines.price)
        award.by_id, award.by_name, award.at = by_id, actor.name, at
    session.flush()
    record(
        session,
        actor,
        Event.DECIDED,
        about(round_),
        at=at,
        category=found.category.code,
        places=sum(said.outcome is Outcome.PLACE for said in decisions.values()),
        reserves=sum(said.outcome is Outcome.RESERVE for said in decisions.values()),
    )
    return found


def fix(session: Session, actor: Actor, round_id: UUID, *, at: datetime) -> Round:
    """The decisions of the whole round stand; letters can be sent.

    Raises Forbidden for a partner council, IllegalStep in another state, NotNow while a category
    is undecided.
    """
    round_ = locked(session, round_id)
    led_by(round_, actor)
    require(round_, Step.DECIDE, at)
    found = marks(session, round_, local_date(at))
    if waiting := [one.category.code for one in found if not one.decided]:
        raise NotNow(f"Decide first on {say_list(waiting)}.")
    round_.decided_at = at
    record(session, actor, Event.FIXED, about(round_), at=at, categories=len(found))
    return round_


def _check(one: BidMarks, decisions: Mapping[UUID, Decision]) -> None:
    if one.ranked is None:
        return
    said = decisions.get(one.bid.id)
    if said is None or not said.reason:
        raise Undecided(one.bid.id, f"{one.name}: decide, and say why")
    try:
        check_reason(said.outcome, one.ranked, said.reason, one.offered)
    except Unfit as unfit:
        raise Undecided(one.bid.id, f"{one.name}: {unfit.sentence}") from unfit
