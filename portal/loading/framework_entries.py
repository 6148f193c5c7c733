# ruff: noqa: RUF009 - a key is a dataclass field, made once when the class is
"""What a file says of a framework: its lots, what it asks of providers, rounds that are over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from portal.evidence.rules import EvidenceKind
from portal.frameworks.lots.rules import Limit, PriceMethod
from portal.frameworks.rules import Mechanism, Regime, Unit
from portal.kernel.entries import fields
from portal.kernel.entries.reading import Entry, each, inside, key, listed
from portal.kernel.money import Money


@dataclass
class AskEntry(Entry):
    """A price that a category asks for."""

    band: str = key(fields.text(40), default="")
    optimum: Money | None = key(fields.price, default=None)
    maximum: Money | None = key(fields.price, default=None)
    floor: Money | None = key(fields.price, default=None)
    yearly_units: int | None = key(fields.whole(1, 999_999_999), default=None)


@dataclass
class BandEntry(Entry):
    """A published range of prices."""

    name: str = key(fields.text(40))
    up_to: Money | None = key(fields.price, default=None)


@dataclass
class CategoryEntry(Entry):
    """What is bought within a lot, and how it is charged."""

    code: str = key(fields.text(10))
    title: str = key(fields.text(200))
    mechanism: Mechanism = key(fields.choice(Mechanism))
    unit: Unit = key(fields.choice(Unit))
    price_method: PriceMethod | None = key(fields.choice(PriceMethod), default=None)
    limit: Limit = key(fields.choice(Limit), default=Limit.AT_MOST)
    varies_by: str = key(fields.text(100), default="")
    self_select: bool = key(fields.flag, default=False)
    places: int | None = key(fields.whole(1, 9_999), default=None)
    reserves: int = key(fields.whole(0, 9_999), default=0)
    taxed: bool = key(fields.flag, default=False)
    asks: list[AskEntry] = each(AskEntry, default=())
    bands: list[BandEntry] = each(BandEntry, default=())


@dataclass
class LotEntry(Entry):
    """A division of a framework."""

    number: int = key(fields.whole(1, 999))
    title: str = key(fields.text(200))
    categories: list[CategoryEntry] = each(CategoryEntry)


@dataclass
class TermEntry(Entry):
    """A framework's first and last day, both within."""

    starts: date = key(fields.day)
    ends: date = key(fields.day)


@dataclass
class CapEntry(Entry):
    """A council's spending cap, for every contract year or for one."""

    council: str = key(fields.text(200))
    cap: Money = key(fields.money)
    funding_source: str = key(fields.text(100), default="")
    year_starts: date | None = key(fields.day, default=None)


@dataclass
class TermsEntry(Entry):
    """How a framework is awarded and uplifted, and when that was published."""

    published: datetime = key(fields.moment)
    summary: str = key(fields.text(2000, lines=True))
    extension_months: int = key(fields.whole(0, 120), default=0)
    quality_points: int = key(fields.whole(0, 100))
    price_points: int = key(fields.whole(0, 100))
    least_evaluators: int = key(fields.whole(2, 20), default=2)
    standstill_days: int = key(fields.whole(0, 60), default=10)
    uplift_cap: int = key(fields.percent, default=150)
    uplift_review_above: int = key(fields.percent, default=300)


@dataclass
class DemandEntry(Entry):
    """Evidence that is demanded of everybody, or of those who bid for one lot."""

    kind: EvidenceKind = key(fields.choice(EvidenceKind))
    lot: int | None = key(fields.whole(1, 999), default=None)
    least_cover: Money | None = key(fields.price, default=None)


@dataclass
class RoundEntry(Entry):
    """A round that was held before the portal, and is over."""

    title: str = key(fields.text(200))
    opened: datetime = key(fields.moment)
    closed: datetime = key(fields.moment)
    concluded: datetime = key(fields.moment)
    run_by: str = key(fields.email)
    categories: list[str] = listed(fields.text(10), default=())


@dataclass
class FrameworkEntry(Entry):
    """An agreement of one or more councils to buy from many providers."""

    reference: str = key(fields.text(40))
    title: str = key(fields.text(200))
    lead: str = key(fields.text(200))
    councils: list[str] = listed(fields.text(200), default=())
    regime: Regime = key(fields.choice(Regime))
    light_touch: bool = key(fields.flag, default=True)
    open: bool = key(fields.flag, default=False)
    term: TermEntry = inside(TermEntry)
    payment_days: int = key(fields.whole(1, 30), default=30)
    cap_in_total: Money | None = key(fields.money, default=None)
    caps: list[CapEntry] = each(CapEntry, default=())
    terms: TermsEntry | None = inside(TermsEntry, default=None)
    demands: list[DemandEntry] = each(DemandEntry, default=())
    rounds: list[RoundEntry] = each(RoundEntry, default=())
    lots: list[LotEntry] = each(LotEntry)
