"""What the pictures are drawn from, as the viewer may see it: of bids, nothing before opening."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from portal.frameworks.applications.models import Application, Submission
from portal.frameworks.applications.opened import Bid, BidPrice
from portal.frameworks.evaluation.models import Consensus
from portal.frameworks.models import Category, Lot, Place
from portal.frameworks.prices import todays
from portal.frameworks.questions.models import Question, QuestionVersion
from portal.frameworks.rounds.models import Round
from portal.frameworks.rules import PlaceState
from portal.kernel.local_time import local_date
from portal.kernel.money import Money
from portal.reporting.rounds.rules import Held, Joined, Marks

Prices = Mapping[tuple[UUID, str], Sequence[Money]]
"""Prices by category and by the band that they are for."""


def rounds_over(session: Session, framework_id: UUID) -> list[Held]:
    """The rounds of a framework that were concluded, in that order."""
    found = session.execute(
        select(Round.title, Round.concluded_at)
        .where(Round.framework_id == framework_id, Round.concluded_at.is_not(None))
        .order_by(Round.concluded_at, Round.id)
    )
    return [Held(title, local_date(at)) for title, at in found if at is not None]


def places_taken(session: Session, framework_id: UUID) -> list[Joined]:
    """Every place of a framework that is or was no reserve, with its lot's number.

    One without a price came of a quote, not of a round.
    """
    found = session.execute(
        select(Lot.number, Place.provider_id, Place.starts_on, Place.ends_on)
        .join(Category, Category.id == Place.category_id)
        .join(Lot, Lot.id == Category.lot_id)
        .where(
            Place.framework_id == framework_id,
            Place.state != PlaceState.RESERVE,
            Place.prices.any(),
        )
        .order_by(Lot.number, Place.starts_on, Place.id)
    )
    return [Joined(*row) for row in found]


def place_prices(session: Session, framework_id: UUID, today: date) -> Prices:
    """What each active place of a framework costs today."""
    prices: dict[tuple[UUID, str], list[Money]] = defaultdict(list)
    places = session.scalars(
        select(Place)
        .where(Place.framework_id == framework_id, Place.state == PlaceState.ACTIVE)
        .options(selectinload(Place.prices))
        .order_by(Place.id)
    )
    for place in places:
        for band, price in todays(place.prices, today):
            prices[place.category_id, band].append(price)
    return prices


def bid_prices(session: Session, round_id: UUID) -> Prices:
    """What each opened bid of a round offered."""
    prices: dict[tuple[UUID, str], list[Money]] = defaultdict(list)
    found = session.execute(
        select(Bid.category_id, BidPrice.band, BidPrice.price)
        .join(Bid, Bid.id == BidPrice.bid_id)
        .where(BidPrice.round_id == round_id)
        .order_by(BidPrice.price, BidPrice.id)
    )
    for category_id, band, price in found:
        prices[category_id, band].append(price)
    return prices


def applications_by_state(session: Session, round_id: UUID) -> list[tuple[str, int]]:
    """How many applications were received, withdrawn, or started and never submitted."""
    submitted = select(Submission.id).where(Submission.application_id == Application.id).exists()
    found = session.execute(
        select(Application.withdrawn_at.is_not(None), submitted)
        .where(Application.round_id == round_id)
        .order_by(Application.id)
    )
    counts = {"Received": 0, "Withdrawn": 0, "Started, not submitted": 0}
    for withdrawn, sent in found:
        counts["Withdrawn" if withdrawn else "Received" if sent else "Started, not submitted"] += 1
    return list(counts.items())


def marks_by_question(session: Session, round_id: UUID) -> list[Marks]:
    """The moderated scores of each scored question, in the round's order."""
    newest = (
        select(QuestionVersion.wording)
        .where(QuestionVersion.question_id == Question.id)
        .order_by(QuestionVersion.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    found = session.execute(
        select(Question.id, newest, Consensus.score)
        .join(Consensus, Consensus.question_id == Question.id)
        .where(Consensus.round_id == round_id)
        .order_by(Question.position, Question.id, Consensus.id)
    )
    scores: dict[tuple[UUID, str], list[int]] = defaultdict(list)
    for question_id, wording, score in found:
        scores[question_id, wording].append(score)
    return [Marks(wording, tuple(given)) for (_, wording), given in scores.items()]
