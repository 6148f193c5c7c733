"""The marks and the ranking of each category, and what was decided so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.frameworks.applications.opened import Bid
from portal.frameworks.evaluation.compliance.queries import Sheet, sheets
from portal.frameworks.evaluation.deciding.models import Award, Reopening
from portal.frameworks.evaluation.deciding.rules import (
    Lines,
    PriceLine,
    QualityLine,
    failed_reason,
    proposed_reason,
)
from portal.frameworks.evaluation.models import Consensus
from portal.frameworks.evaluation.rules import Marked, Outcome, Ranked, hundredths, ranking
from portal.frameworks.lots.queries import CategoryAsk, category_asks, terms_of
from portal.frameworks.lots.rules import PriceMethod
from portal.frameworks.models import Category
from portal.frameworks.questions.queries import Asked, asked
from portal.frameworks.rounds.models import Round
from portal.kernel.errors import NotFound
from portal.kernel.money import Money


@dataclass(frozen=True, slots=True)
class BidMarks:
    """A bid with its marks, where it ranks (None: it failed), and what was decided of it."""

    bid: Bid
    name: str
    lines: Lines
    failed: tuple[tuple[str, str], ...]
    ranked: Ranked | None
    of: int
    award: Award | None

    @property
    def offered(self) -> str:
        """The reason that a decision is offered with."""
        if self.ranked is None:
            return failed_reason(self.failed)
        return proposed_reason(self.ranked, self.of)

    @property
    def decided(self) -> bool:
        """Whether there is a decision, and the bid's marks are still those that it rests on."""
        return self.award is not None and (
            self.award.rank,
            self.award.quality,
            self.award.price,
        ) == (
            self.ranked.rank if self.ranked else None,
            hundredths(self.lines.quality),
            hundredths(self.lines.price),
        )

    @property
    def proposed(self) -> Outcome | None:
        """What the ranking gives it; None where people decide between equals."""
        return Outcome.NONE if self.ranked is None else self.ranked.proposed


@dataclass(frozen=True, slots=True)
class CategoryMarks:
    """A category with all its bids, the best first, those that failed last."""

    ask: CategoryAsk
    bids: tuple[BidMarks, ...]

    @property
    def category(self) -> Category:
        """Whose bids these are."""
        return self.ask.category

    @property
    def decided(self) -> bool:
        """Whether every bid has its decision."""
        return all(one.decided for one in self.bids)

    @property
    def priced(self) -> list[tuple[str, list[tuple[str, PriceLine]]]]:
        """The prices of the bids that passed, lowest first, by the band that they are for."""
        bands: dict[str, list[tuple[str, PriceLine]]] = {}
        for one in self.bids:
            for line in one.lines.price_lines if one.ranked else ():
                bands.setdefault(line.band, []).append((one.name, line))
        return [
            (band, sorted(lines, key=lambda priced: priced[1].price))
            for band, lines in bands.items()
        ]

    @property
    def version(self) -> int:
        """A number that grows with each change to its decisions."""
        return sum(one.award.version for one in self.bids if one.award is not None)


def marks(session: Session, round_: Round, today: date) -> list[CategoryMarks]:
    """The categories of a round that somebody bid for, by lot and code; constant statements."""
    whole = sheets(session, round_, today)
    terms = terms_of(session, round_.framework_id)
    lots = {lot_id for sheet in whole for lot_id in sheet.applicant.lot_ids}
    questions = [one for one in asked(session, round_.id, lots) if one.version.points]
    agreed = {
        (one.application_id, one.question_id): one
        for one in session.scalars(
            select(Consensus).where(Consensus.round_id == round_.id).order_by(Consensus.id)
        )
    }
    awards = {
        award.bid_id: award
        for award in session.scalars(
            select(Award).where(Award.round_id == round_.id).order_by(Award.id)
        )
    }
    found = []
    for ask in category_asks(session, round_.framework_id):
        bids = [
            (sheet, bid)
            for sheet in whole
            for bid in sheet.applicant.bids
            if bid.category_id == ask.category.id
        ]
        if bids:
            concerning = [
                one for one in questions if one.question.lot_id in (None, ask.category.lot_id)
            ]
            found.append(_category(ask, bids, concerning, agreed, awards, terms.price_points))
    return found


def marks_of(session: Session, round_: Round, category_id: UUID, today: date) -> CategoryMarks:
    """One category's. Raises NotFound where nobody bid for it."""
    for one in marks(session, round_, today):
        if one.category.id == category_id:
            return one
    raise NotFound


Agreed = Mapping[tuple[UUID, UUID], Consensus]


def _category(
    ask: CategoryAsk,
    bids: Sequence[tuple[Sheet, Bid]],
    questions: Sequence[Asked],
    agreed: Agreed,
    awards: Mapping[UUID, Award],
    points: int,
) -> CategoryMarks:
    live = [bid for sheet, bid in bids if not sheet.failed_for(bid)]
    lines = {
        bid.id: Lines(
            tuple(_quality(bid, questions, agreed)), tuple(_prices(ask, bid, live, points))
        )
        for _, bid in bids
    }
    ranked = ranking(
        (Marked(bid.id, lines[bid.id].quality, lines[bid.id].price) for bid in live),
        places=ask.terms.places,
        reserves=ask.terms.reserves,
    )
    standing = {one.marked.bid_id: one for one in ranked}
    whole = [
        BidMarks(
            bid,
            sheet.applicant.name,
            lines[bid.id],
            tuple((part.asks, sheet.checks[part.part].reason) for part in sheet.failed_for(bid)),
            standing.get(bid.id),
            len(live),
            awards.get(bid.id),
        )
        for sheet, bid in bids
    ]
    whole.sort(key=lambda one: (one.ranked is None, one.ranked.rank if one.ranked else 0, one.name))
    return CategoryMarks(ask, tuple(whole))


def _quality(bid: Bid, questions: Iterable[Asked], agreed: Agreed) -> Iterable[QualityLine]:
    for one in questions:
        consensus = agreed.get((bid.application_id, one.question.id))
        yield QualityLine(
            one.question.id,
            one.version.wording,
            one.version.points,
            consensus.score if consensus else None,
            consensus.reason if consensus else "No answer was scored.",
        )


def _prices(ask: CategoryAsk, bid: Bid, live: Sequence[Bid], points: int) -> Iterable[PriceLine]:
    given = {price.band: price.price for price in bid.prices}
    for price_asked in ask.prices:
        if (price := given.get(price_asked.band)) is None:
            continue
        reference: Money | None
        if ask.terms.price_method is PriceMethod.OPTIMUM:
            reference = price_asked.optimum
        elif ask.terms.price_method is PriceMethod.CEILING:
            reference = price_asked.maximum
        else:
            reference = _lowest(live, price_asked.band)
        yield PriceLine(price_asked.band, price, reference, ask.terms.price_method, points)


def _lowest(live: Iterable[Bid], band: str) -> Money | None:
    return min(
        (price.price for bid in live for price in bid.prices if price.band == band), default=None
    )


def waiting_reopening(session: Session, round_id: UUID) -> Reopening | None:
    """What somebody asked for and nobody has answered yet."""
    return session.scalars(
        select(Reopening).where(
            Reopening.round_id == round_id,
            Reopening.agreed_at.is_(None),
            Reopening.refused_at.is_(None),
        )
    ).first()
