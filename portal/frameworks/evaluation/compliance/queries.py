"""Every application's parts that are checked, beside what was found of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.evidence.models import Evidence
from portal.evidence.queries import held_among
from portal.evidence.rules import EVIDENCE_NAMES, EvidenceKind
from portal.frameworks.applications.completeness import wrong_evidence
from portal.frameworks.applications.opened import Bid
from portal.frameworks.applications.rules import price_part
from portal.frameworks.evaluation import opened
from portal.frameworks.evaluation.compliance.rules import CheckedPart, failed_for
from portal.frameworks.evaluation.models import ComplianceCheck
from portal.frameworks.evaluation.opened import Answered, Applicant
from portal.frameworks.lots.models import Demand
from portal.frameworks.lots.queries import CategoryAsk, category_asks, demands_for
from portal.frameworks.lots.rules import check_price
from portal.frameworks.questions.rules import codes_of
from portal.frameworks.rounds.models import Round
from portal.frameworks.rules import Unfit
from portal.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Sheet:
    """An application's parts with the check of each that was checked."""

    applicant: Applicant
    parts: tuple[CheckedPart, ...]
    checks: Mapping[str, ComplianceCheck]

    @property
    def unchecked(self) -> list[CheckedPart]:
        """The parts that wait."""
        return [part for part in self.parts if part.part not in self.checks]

    @property
    def failed(self) -> list[CheckedPart]:
        """The parts that failed."""
        return [part for part in self.parts if self.passed.get(part.part) is False]

    @property
    def passed(self) -> Mapping[str, bool]:
        """What was found of each part."""
        return {part: check.passed for part, check in self.checks.items()}

    @property
    def version(self) -> int:
        """A number that grows with each change to its checks."""
        return sum(check.version for check in self.checks.values())

    def failed_for(self, bid: Bid) -> list[CheckedPart]:
        """The parts whose failing takes this bid with it."""
        return failed_for(self.parts, self.passed, bid.category.lot_id, bid.category_id)

    @property
    def live_bids(self) -> list[Bid]:
        """The bids that go on to be scored."""
        return [bid for bid in self.applicant.bids if not self.failed_for(bid)]


def sheets(
    session: Session, round_: Round, today: date, application_id: UUID | None = None
) -> list[Sheet]:
    """The sheet of every application to a round, or of one, by name; constant statements."""
    everybody = opened.applicants(session, round_.id, application_id)
    answers = opened.answers(session, round_.id, application_id)
    demands = demands_for(session, round_.framework_id, None)
    asks = category_asks(session, round_.framework_id)
    kinds = {demand.kind for demand in demands}
    evidence = _evidence(session, [one.provider_id for one in everybody], kinds)
    checks: defaultdict[UUID, dict[str, ComplianceCheck]] = defaultdict(dict)
    for check in session.scalars(
        select(ComplianceCheck)
        .where(ComplianceCheck.round_id == round_.id)
        .order_by(ComplianceCheck.part)
    ):
        checks[check.application_id][check.part] = check
    return [
        Sheet(
            one,
            (
                *_answers(answers.get(one.id, ())),
                *_demands(one, demands, evidence[one.provider_id], today),
                *_prices(one, asks),
            ),
            checks[one.id],
        )
        for one in everybody
    ]


def sheet_of(session: Session, round_: Round, application_id: UUID, today: date) -> Sheet:
    """One application's. Raises NotFound."""
    found = sheets(session, round_, today, application_id)
    if not found:
        raise NotFound
    return found[0]


def _answers(answered: Iterable[Answered]) -> Iterator[CheckedPart]:
    for one in answered:
        if required := one.version.required:
            label = codes_of(one.version).get(required, required)
            lot_id = one.question.lot_id
            yield CheckedPart(
                one.part,
                one.version.wording,
                one.shown,
                "" if one.answer == required else f"Only “{label}” passes",
                frozenset() if lot_id is None else frozenset({lot_id}),
            )


Pieces = Mapping[EvidenceKind, list[Evidence]]


def _evidence(
    session: Session, provider_ids: Sequence[UUID], kinds: Iterable[EvidenceKind]
) -> Mapping[UUID, dict[EvidenceKind, list[Evidence]]]:
    found: defaultdict[UUID, dict[EvidenceKind, list[Evidence]]] = defaultdict(dict)
    for piece in session.scalars(
        select(Evidence)
        .where(Evidence.provider_id.in_(provider_ids), Evidence.kind.in_(kinds))
        .order_by(Evidence.kind, Evidence.valid_from.desc())
    ):
        found[piece.provider_id].setdefault(piece.kind, []).append(piece)
    return found


def _demands(
    applicant: Applicant, demands: Iterable[Demand], pieces: Pieces, today: date
) -> Iterator[CheckedPart]:
    """One part for each kind of evidence; demanded of everybody, it concerns every bid."""
    by_kind: dict[EvidenceKind, list[Demand]] = {}
    for demand in demands:
        if demand.lot_id is None or demand.lot_id in applicant.lot_ids:
            by_kind.setdefault(demand.kind, []).append(demand)
    held = held_among(pieces, by_kind, today)
    for kind, asked in by_kind.items():
        wrong = next((said for one in asked if (said := wrong_evidence(one, held[kind]))), "")
        given = held[kind].standing.words
        if cover := held[kind].cover:
            given += f", cover {cover}"
        if verified_by := held[kind].verified_by:
            given += f", verified by {verified_by}"
        lots = {one.lot_id for one in asked}
        yield CheckedPart(
            f"evidence:{kind.value}",
            EVIDENCE_NAMES[kind],
            given,
            wrong,
            frozenset() if None in lots else frozenset(lot for lot in lots if lot is not None),
        )


def _prices(applicant: Applicant, asks: Iterable[CategoryAsk]) -> Iterator[CheckedPart]:
    by_category = {ask.category.id: ask for ask in asks}
    for bid in applicant.bids:
        if (ask := by_category.get(bid.category_id)) is None:
            continue
        prices = {price.band: price.price for price in bid.prices}
        for asked in ask.prices:
            price = prices.get(asked.band)
            wrong = "" if price is not None else "No price was given"
            if price is not None:
                try:
                    check_price(ask.terms, asked, price)
                except Unfit as unfit:
                    wrong = unfit.sentence
            said = f"Price for {bid.category.code}"
            yield CheckedPart(
                price_part(bid.category.code, asked.band),
                f"{said}, {asked.band}" if asked.band else said,
                "" if price is None else f"{price} {bid.category.unit.price_name}",
                wrong,
                category_id=bid.category_id,
            )
