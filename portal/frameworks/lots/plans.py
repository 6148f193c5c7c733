"""What is entered of a framework, as values: each says itself in words and what is wrong with it.

Forms make them, and pages show their words. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from portal.evidence.rules import EVIDENCE_NAMES, EvidenceKind
from portal.frameworks.lots.comparing import Words
from portal.frameworks.lots.rules import LIMIT_NAMES, METHOD_NAMES, Limit, PriceMethod
from portal.frameworks.rounds.reopening import AT_MOST, is_checked
from portal.frameworks.rules import (
    ACT_IN_FORCE_FROM,
    REGIME_NAMES,
    UNIT_NAMES,
    Regime,
    Unit,
)
from portal.kernel.money import ZERO, Money
from portal.kernel.wording import say_count, say_date, say_period
from portal.kernel.years import anniversary

MOST_EXTENSION = 120  # months
MOST_STANDSTILL = 60  # working days

Wrong = dict[str, str]
"""The sentence of each field that is wrong, by the field's name."""


@dataclass(frozen=True, slots=True)
class Details:
    """What a framework is, and how long it lasts (both days within)."""

    reference: str
    title: str
    summary: str
    regime: Regime
    light_touch: bool
    open_framework: bool
    starts_on: date
    ends_on: date
    extension_months: int
    payment_days: int
    cap_in_total: Money | None

    @property
    def words(self) -> Words:
        """As pages show it."""
        return {
            "Reference": self.reference,
            "Title": self.title,
            "What is bought": self.summary or "Not said yet",
            "Bought under": REGIME_NAMES[self.regime],
            "Light touch": _yes(self.light_touch),
            "Open framework": _yes(self.open_framework),
            "Term": say_period(self.starts_on, self.ends_on),
            "May be extended by": (
                say_count(self.extension_months, "month") if self.extension_months else "Nothing"
            ),
            "Invoices are paid in": say_count(self.payment_days, "day"),
            "Cap in total": _money(self.cap_in_total, "None"),
        }

    @property
    def wrong(self) -> Wrong:
        """The term follows itself and the law (rules.md B3 and B8)."""
        wrong = {}
        if self.ends_on <= self.starts_on:
            wrong["ends_on"] = "The last day must be after the first day"
        elif is_checked(
            self.regime, open_framework=self.open_framework, light_touch=self.light_touch
        ):
            longest = anniversary(self.starts_on, AT_MOST) - timedelta(days=1)
            if self.ends_on > longest:
                wrong["ends_on"] = (
                    f"An open framework lasts {AT_MOST} years at most, so the last day is "
                    f"{say_date(longest)} at the latest"
                )
        if self.regime is Regime.ACT_2023 and self.starts_on < ACT_IN_FORCE_FROM:
            wrong["regime"] = (
                "The Procurement Act 2023 governs nothing that was bought before "
                f"{say_date(ACT_IN_FORCE_FROM)}"
            )
        if not 1 <= self.payment_days <= 30:
            wrong["payment_days"] = "The law wants invoices paid within 30 days. Enter 1 to 30"
        if self.extension_months > MOST_EXTENSION:
            wrong["extension_months"] = f"Enter at most {MOST_EXTENSION} months"
        return wrong


@dataclass(frozen=True, slots=True)
class Award:
    """How bids are weighed and prices rise; the two about the uplift in hundredths of a per cent.

    ``standstill_days`` are working days.
    """

    quality_points: int
    price_points: int
    least_evaluators: int
    standstill_days: int
    uplift_cap: int
    uplift_review_above: int

    @property
    def words(self) -> Words:
        """As pages show it."""
        return {
            "Points for quality": str(self.quality_points),
            "Points for price": str(self.price_points),
            "Evaluators of each answer": f"At least {self.least_evaluators}",
            "Standstill": (
                say_count(self.standstill_days, "working day") if self.standstill_days else "None"
            ),
            "Yearly uplift": f"CPI, {say_percent(self.uplift_cap)} at most, never below nothing",
            "Uplift reviewed": f"Where CPI is above {say_percent(self.uplift_review_above)}",
        }

    @property
    def wrong(self) -> Wrong:
        """Points make 100; two people or more score."""
        wrong = {}
        total = self.quality_points + self.price_points
        if total != 100:
            wrong["price_points"] = (
                f"The points must make 100 together: {self.quality_points} and "
                f"{self.price_points} make {total}"
            )
        if self.least_evaluators < 2:
            wrong["least_evaluators"] = "At least two people score each answer. Enter 2 or more"
        if self.standstill_days > MOST_STANDSTILL:
            wrong["standstill_days"] = f"Enter at most {MOST_STANDSTILL} working days"
        return wrong


@dataclass(frozen=True, slots=True)
class CategoryPlan:
    """What is bought, how it is charged, and how its bids are priced."""

    code: str
    title: str
    unit: Unit
    price_method: PriceMethod
    limit: Limit
    varies_by: str
    self_select: bool
    places: int | None
    reserves: int
    taxed: bool = False

    @property
    def words(self) -> Words:
        """As pages show it."""
        return {
            "Code": self.code,
            "Title": self.title,
            "Counted in": UNIT_NAMES[self.unit],
            "Price points": METHOD_NAMES[self.price_method],
            "A price must be": LIMIT_NAMES[self.limit],
            "Prices vary by": self.varies_by or "Nothing: one price",
            "Providers select it themselves": _yes(self.self_select),
            "Places": "As many as qualify" if self.places is None else str(self.places),
            "Places on reserve": str(self.reserves) if self.reserves else "None",
            "VAT": "No welfare service: taxed" if self.taxed else "A welfare service",
        }

    @property
    def wrong(self) -> Wrong:
        """A limit on places is at least one; reserves follow where places are limited."""
        wrong = {}
        if self.places == 0:
            wrong["places"] = "Enter at least 1, or leave it empty for as many as qualify"
        if self.reserves and self.places is None:
            wrong["reserves"] = "Say how many places there are before providers wait for one"
        return wrong


@dataclass(frozen=True, slots=True)
class PriceFigures:
    """One price that is asked for, with the figures that bids are held against."""

    band: str
    optimum: Money | None
    maximum: Money | None
    floor: Money | None
    yearly_units: int | None

    @property
    def words(self) -> Words:
        """As pages show it."""
        return {
            "For": self.band or "Everybody",
            "Optimum price": _money(self.optimum, "None"),
            "Maximum": _money(self.maximum, "None"),
            "Lowest accepted": _money(self.floor, "None"),
            "Expected a year": "Not said"
            if self.yearly_units is None
            else f"{self.yearly_units:,}",
        }

    def wrong(self, method: PriceMethod) -> Wrong:
        """The figures that the method needs are there, and stand in order."""
        wrong = {}
        if method is PriceMethod.OPTIMUM and not self.optimum:
            wrong["optimum"] = "Enter the optimum price, by which bids are scored here"
        if method is PriceMethod.CEILING and not self.maximum:
            wrong["maximum"] = "Enter the maximum, which is the ceiling here"
        elif self.maximum is not None and self.maximum <= (self.floor or ZERO):
            wrong["maximum"] = "The maximum must be above the lowest price accepted"
        if self.optimum and self.maximum and self.optimum > self.maximum:
            wrong["optimum"] = f"The optimum cannot be above the maximum, {self.maximum}"
        if self.optimum and self.floor and self.optimum < self.floor:
            wrong["optimum"] = f"The optimum cannot be below the lowest price, {self.floor}"
        return wrong


@dataclass(frozen=True, slots=True)
class BandLimits:
    """A published range of prices, its upper end included; None for the last."""

    name: str
    up_to: Money | None

    @property
    def words(self) -> Words:
        """As pages show it."""
        return {"Band": self.name, "Up to": _money(self.up_to, "Any price above the bands before")}

    @property
    def wrong(self) -> Wrong:
        """An upper end is above nothing."""
        if self.up_to is not None and self.up_to <= ZERO:
            return {"up_to": "Enter an amount above £0.00, or leave it empty for the last band"}
        return {}


@dataclass(frozen=True, slots=True)
class Demands:
    """The evidence demanded of everybody, or of those who bid for one lot, with least covers."""

    kinds: Mapping[EvidenceKind, Money | None]

    @property
    def words(self) -> Words:
        """As pages show it, by what is demanded."""
        return {
            EVIDENCE_NAMES[kind]: "Demanded" if cover is None else f"Cover of {cover} or more"
            for kind, cover in self.kinds.items()
        }


def as_entered(plan: Details | Award | CategoryPlan | PriceFigures | BandLimits) -> dict[str, Any]:
    """What a form about it is filled in with, by the names of its fields."""
    return {field.name: getattr(plan, field.name) for field in fields(plan)}


def say_percent(hundredths: int) -> str:
    """Hundredths of a per cent as "1.5 %"."""
    whole, part = divmod(hundredths, 100)
    return f"{whole}.{part:02d}".rstrip("0").rstrip(".") + " %"


def _yes(flag: bool) -> str:
    return "Yes" if flag else "No"


def _money(amount: Money | None, nothing: str) -> str:
    return nothing if amount is None else str(amount)
