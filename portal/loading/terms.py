"""What a framework asks of providers, and the rounds of it that are over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from portal.frameworks.lots.models import (
    CategoryTerms,
    Demand,
    FrameworkTerms,
    PriceAsked,
    PriceBand,
)
from portal.frameworks.lots.plans import Award, CategoryPlan, PriceFigures, Wrong
from portal.frameworks.lots.rules import PriceMethod
from portal.frameworks.rounds.models import Round, RoundCategory
from portal.identity.rules import Role
from portal.kernel.entries.reading import Entry
from portal.kernel.ids import new_id
from portal.loading.framework_entries import (
    AskEntry,
    BandEntry,
    CategoryEntry,
    DemandEntry,
    FrameworkEntry,
    RoundEntry,
    TermsEntry,
)
from portal.loading.known import KnownCategory, KnownFramework
from portal.loading.plan import Work

HELD_ELSEWHERE = b""
"""The key of a round that was held before the portal: no bid was sealed to it."""


def plan_terms(work: Work, entry: FrameworkEntry, framework: KnownFramework) -> None:
    """Terms, prices asked, evidence and rounds over; what is there already stays as it is."""
    if entry.terms is not None and not entry.terms.broken:
        _plan_award(work, entry.terms, framework)
    for lot in entry.lots:
        for category in lot.categories or []:
            known = None if category.broken else framework.categories.get(category.code)
            if known is not None:
                _plan_category(work, category, known, framework)
    _plan_demands(work, entry.demands, framework)
    for held in entry.rounds:
        if not held.broken and held.categories is not None:
            _plan_round(work, held, framework)


def _plan_award(work: Work, entry: TermsEntry, framework: KnownFramework) -> None:
    award = Award(
        quality_points=entry.quality_points,
        price_points=entry.price_points,
        least_evaluators=entry.least_evaluators,
        standstill_days=entry.standstill_days,
        uplift_cap=entry.uplift_cap,
        uplift_review_above=entry.uplift_review_above,
    )
    if _is_wrong(entry, award.wrong):
        return
    if framework.terms:
        return
    framework.terms = True
    work.plan.add(
        entry.place.file,
        FrameworkTerms,
        published_at=entry.published,
        summary=entry.summary,
        extension_months=entry.extension_months,
        quality_points=award.quality_points,
        price_points=award.price_points,
        least_evaluators=award.least_evaluators,
        standstill_days=award.standstill_days,
        uplift_cap=award.uplift_cap,
        uplift_review_above=award.uplift_review_above,
        version=1,
        framework_id=framework.id,
        lead_council_id=framework.lead_id,
    )


def _plan_category(
    work: Work, entry: CategoryEntry, category: KnownCategory, framework: KnownFramework
) -> None:
    if entry.price_method is None:
        if entry.asks or entry.bands:
            entry.wrong("price_method", "is missing: it says how the prices asked earn points")
        return
    plan = CategoryPlan(
        code=entry.code,
        title=entry.title,
        unit=entry.unit,
        price_method=entry.price_method,
        limit=entry.limit,
        varies_by=entry.varies_by,
        self_select=entry.self_select,
        places=entry.places,
        reserves=entry.reserves,
        taxed=entry.taxed,
    )
    if _is_wrong(entry, plan.wrong):
        return
    parties = {
        "category_id": category.id,
        "framework_id": framework.id,
        "lead_council_id": framework.lead_id,
    }
    if category.id not in framework.priced:
        framework.priced.add(category.id)
        work.plan.add(
            entry.place.file,
            CategoryTerms,
            price_method=plan.price_method,
            limit=plan.limit,
            varies_by=plan.varies_by,
            self_select=plan.self_select,
            places=plan.places,
            reserves=plan.reserves,
            taxed=plan.taxed,
            version=1,
            **parties,
        )
    _plan_asks(work, entry.asks, plan.price_method, framework, parties)
    _plan_bands(work, entry.bands, framework, parties)


def _plan_asks(
    work: Work,
    entries: Iterable[AskEntry],
    method: PriceMethod,
    framework: KnownFramework,
    parties: Mapping[str, UUID],
) -> None:
    for position, ask in enumerate(entries):
        if ask.broken:
            continue
        figures = PriceFigures(ask.band, ask.optimum, ask.maximum, ask.floor, ask.yearly_units)
        if _is_wrong(ask, figures.wrong(method)):
            continue
        if (parties["category_id"], ask.band) in framework.asks:
            work.plan.is_there(PriceAsked)
            continue
        framework.asks.add((parties["category_id"], ask.band))
        work.plan.add(
            ask.place.file,
            PriceAsked,
            id=new_id(),
            band=figures.band,
            position=position,
            optimum=figures.optimum,
            maximum=figures.maximum,
            floor=figures.floor,
            yearly_units=figures.yearly_units,
            **parties,
        )


def _plan_bands(
    work: Work,
    entries: Iterable[BandEntry],
    framework: KnownFramework,
    parties: Mapping[str, UUID],
) -> None:
    for band in entries:
        if band.broken:
            continue
        if (parties["category_id"], band.name) in framework.bands:
            continue
        framework.bands.add((parties["category_id"], band.name))
        work.plan.add(
            band.place.file, PriceBand, id=new_id(), name=band.name, up_to=band.up_to, **parties
        )


def _plan_demands(work: Work, entries: Iterable[DemandEntry], framework: KnownFramework) -> None:
    for entry in entries:
        if entry.broken:
            continue
        if entry.lot is not None and entry.lot not in framework.lots:
            entry.wrong("lot", f"{entry.lot} is not a lot of {framework.reference}")
            continue
        lot_id = None if entry.lot is None else framework.lots[entry.lot]
        if (lot_id, entry.kind) in framework.demands:
            work.plan.is_there(Demand)
            continue
        framework.demands.add((lot_id, entry.kind))
        work.plan.add(
            entry.place.file,
            Demand,
            id=new_id(),
            framework_id=framework.id,
            lead_council_id=framework.lead_id,
            lot_id=lot_id,
            kind=entry.kind,
            least_cover=entry.least_cover,
        )


def _plan_round(work: Work, entry: RoundEntry, framework: KnownFramework) -> None:
    run_by = work.known.member(entry, "run_by", entry.run_by, framework.lead_id, Role.COMMISSIONER)
    categories = [
        work.known.category(entry, "categories", code, framework)
        for code in entry.categories or framework.categories
    ]
    if run_by is None or None in categories:
        return
    if not entry.opened < entry.closed < entry.concluded <= work.at:
        entry.wrong("concluded", "opened, closed and concluded follow each other, and are past")
        return
    if entry.title in framework.rounds:
        work.plan.is_there(Round)
        return
    framework.rounds.add(entry.title)
    file, round_id = entry.place.file, new_id()
    parties = {"framework_id": framework.id, "lead_council_id": framework.lead_id}
    work.plan.add(
        file,
        Round,
        id=round_id,
        title=entry.title,
        guidance="",
        opens_at=entry.opened,
        questions_until=entry.closed,
        advertised_closes_at=entry.closed,
        closes_at=entry.closed,
        announced_at=entry.opened,
        cancelled_at=None,
        cancelled_because="",
        opened_at=entry.closed,
        evaluating_at=entry.closed,
        moderated_at=entry.concluded,
        decided_at=entry.concluded,
        standstill_until=None,
        concluded_at=entry.concluded,
        public_key=HELD_ELSEWHERE,
        made_by_id=run_by.id,
        version=1,
        **parties,
    )
    for category in categories:
        if category is not None:
            work.plan.add(
                file, RoundCategory, round_id=round_id, category_id=category.id, **parties
            )


def _is_wrong(entry: Entry, wrong: Wrong) -> bool:
    for name, sentence in wrong.items():
        entry.wrong(name, sentence)
    return bool(wrong)
