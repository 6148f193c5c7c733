"""Frameworks with their lots, categories and caps."""

from __future__ import annotations

from collections.abc import Iterable

from portal.budgets.models import Budget
from portal.frameworks.models import (
    Category,
    Framework,
    FrameworkCouncil,
    Lot,
)
from portal.frameworks.rules import ACT_IN_FORCE_FROM, UNITS_OF, Regime
from portal.identity.rules import OrganisationKind
from portal.kernel.ids import new_id
from portal.kernel.money import Money
from portal.kernel.wording import say_date
from portal.kernel.years import contract_years
from portal.loading.framework_entries import CapEntry, FrameworkEntry, LotEntry
from portal.loading.known import KnownCategory, KnownFramework
from portal.loading.plan import Work
from portal.loading.terms import plan_terms

_COUNCIL = OrganisationKind.COUNCIL


def plan_frameworks(work: Work, entries: Iterable[FrameworkEntry]) -> None:
    """Frameworks; one that is there already may gain lots, categories, councils and caps."""
    stated: set[str] = set()
    for entry in entries:
        if entry.broken or entry.term.broken:
            work.known.broken.add(entry.reference)
            continue
        if entry.reference in stated:
            entry.wrong("reference", f'"{entry.reference}" is described twice')
            continue
        stated.add(entry.reference)
        framework = _plan_framework(work, entry)
        if framework is None:
            work.known.broken.add(entry.reference)
            continue
        for lot in entry.lots:
            _plan_lot(work, lot, framework)
        _plan_caps(work, entry.caps, framework)
        plan_terms(work, entry, framework)


def _plan_framework(work: Work, entry: FrameworkEntry) -> KnownFramework | None:
    lead = work.known.organisation(entry, "lead", entry.lead, _COUNCIL)
    councils = [
        work.known.organisation(entry, "councils", name, _COUNCIL) for name in entry.councils
    ]
    if entry.term.ends <= entry.term.starts:
        entry.term.wrong("ends", "is not after starts")
        return None
    if entry.regime is Regime.ACT_2023 and entry.term.starts < ACT_IN_FORCE_FROM:
        entry.wrong(
            "regime",
            f"the Procurement Act 2023 governs nothing that was bought before "
            f"{say_date(ACT_IN_FORCE_FROM)}",
        )
        return None
    if lead is None or None in councils:
        return None
    file = entry.place.file
    found = [
        one for one in work.known.frameworks.get(entry.reference, []) if one.lead_id == lead.id
    ]
    if found:
        framework = found[0]
        work.plan.is_there(Framework)
    else:
        framework = KnownFramework(
            id=new_id(),
            reference=entry.reference,
            lead_id=lead.id,
            starts_on=entry.term.starts,
            ends_on=entry.term.ends,
        )
        work.known.frameworks.setdefault(entry.reference, []).append(framework)
        work.plan.add(
            file,
            Framework,
            id=framework.id,
            lead_council_id=lead.id,
            reference=entry.reference,
            title=entry.title,
            regime=entry.regime,
            light_touch=entry.light_touch,
            open_framework=entry.open,
            starts_on=entry.term.starts,
            ends_on=entry.term.ends,
            cap_in_total=entry.cap_in_total,
            payment_days=entry.payment_days,
        )
    for council in (lead, *councils):
        if council is not None and council.id not in framework.councils:
            framework.councils.add(council.id)
            work.plan.add(
                file,
                FrameworkCouncil,
                framework_id=framework.id,
                council_id=council.id,
                lead_council_id=lead.id,
            )
    return framework


def _plan_lot(work: Work, entry: LotEntry, framework: KnownFramework) -> None:
    parties = {"framework_id": framework.id, "lead_council_id": framework.lead_id}
    if not entry.broken:
        if entry.number in framework.lots:
            work.plan.is_there(Lot)
        else:
            framework.lots[entry.number] = new_id()
            work.plan.add(
                entry.place.file,
                Lot,
                id=framework.lots[entry.number],
                number=entry.number,
                title=entry.title,
                **parties,
            )
    for category in entry.categories or []:
        if category.broken or entry.broken:
            work.known.broken.add(category.code)
            continue
        if category.unit not in UNITS_OF[category.mechanism]:
            fitting = ", ".join(sorted(unit.value for unit in UNITS_OF[category.mechanism]))
            category.wrong(
                "unit",
                f'"{category.unit.value}" does not fit the mechanism '
                f'"{category.mechanism.value}", which counts {fitting}',
            )
            work.known.broken.add(category.code)
            continue
        if category.code in framework.categories:
            work.plan.is_there(Category)
            continue
        known = KnownCategory(
            new_id(), category.code, category.title, category.mechanism, category.unit
        )
        framework.categories[category.code] = known
        work.plan.add(
            category.place.file,
            Category,
            id=known.id,
            lot_id=framework.lots[entry.number],
            code=category.code,
            title=category.title,
            mechanism=category.mechanism,
            unit=category.unit,
            **parties,
        )


def _plan_caps(work: Work, entries: list[CapEntry], framework: KnownFramework) -> None:
    years = [year.first for year in contract_years(framework.starts_on, framework.ends_on)]
    # A cap for one year goes before the cap for every year of the same council.
    for entry in sorted(entries, key=lambda one: one.year_starts is None):
        if entry.broken:
            continue
        council = work.known.organisation(entry, "council", entry.council, _COUNCIL)
        if council is None:
            continue
        if council.id not in framework.councils:
            entry.wrong("council", f'"{entry.council}" does not share this framework')
            continue
        if entry.year_starts is not None and entry.year_starts not in years:
            starts = ", ".join(year.isoformat() for year in years)
            entry.wrong("year_starts", f"no contract year starts that day; they start {starts}")
            continue
        for year in [entry.year_starts] if entry.year_starts else years:
            if (council.id, year) in framework.budgets:
                work.plan.is_there(Budget)
                continue
            framework.budgets.add((council.id, year))
            work.plan.add(
                entry.place.file,
                Budget,
                id=new_id(),
                framework_id=framework.id,
                council_id=council.id,
                year_starts_on=year,
                cap=entry.cap,
                approved=Money(0),
                funding_source=entry.funding_source,
                version=1,
            )
