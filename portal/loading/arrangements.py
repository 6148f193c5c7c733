"""Frameworks with their lots, categories and caps; providers' places; mentors."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from portal.agreements.models import Clearance, Mentor
from portal.budgets.models import Budget
from portal.frameworks.models import (
    Category,
    Framework,
    FrameworkCouncil,
    Lot,
    Place,
    PlacePrice,
)
from portal.frameworks.rules import ACT_IN_FORCE_FROM, UNITS_OF, PlaceState, Regime
from portal.identity.rules import OrganisationKind, Role
from portal.kernel.ids import new_id
from portal.kernel.money import Money
from portal.kernel.wording import say_date
from portal.kernel.years import contract_year
from portal.loading.entries import (
    CapEntry,
    FrameworkEntry,
    LotEntry,
    MentorEntry,
    PlaceEntry,
)
from portal.loading.known import KnownCategory, KnownFramework, KnownMentor, KnownPlace
from portal.loading.plan import Work

_COUNCIL = OrganisationKind.COUNCIL
_PROVIDER = OrganisationKind.PROVIDER


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
    years = _contract_years(framework)
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


def _contract_years(framework: KnownFramework) -> list[date]:
    years = [framework.starts_on]
    while True:
        following = contract_year(framework.starts_on, years[-1]).last.toordinal() + 1
        if date.fromordinal(following) > framework.ends_on:
            return years
        years.append(date.fromordinal(following))


def plan_places(work: Work, entries: Iterable[PlaceEntry]) -> None:
    """Places with their prices; one that is there already may gain prices."""
    stated: set[tuple[UUID, UUID, date]] = set()
    for entry in entries:
        if entry.lacks("framework", "provider", "category"):
            continue
        framework = work.known.framework(entry, "framework", entry.framework)
        provider = work.known.organisation(entry, "provider", entry.provider, _PROVIDER)
        if framework is None or provider is None:
            continue
        category = work.known.category(entry, "category", entry.category, framework)
        if category is None:
            continue
        places = work.known.places.setdefault((category.id, provider.id), [])
        if entry.broken:
            work.known.broken.add(f"{category.id} {provider.id}")
            continue
        name = (category.id, provider.id, entry.starts_on)
        if name in stated:
            entry.wrong("", "this place is described twice")
            continue
        stated.add(name)
        if not framework.starts_on <= entry.starts_on <= framework.ends_on:
            entry.wrong("starts_on", f"is outside the framework's term, {_term(framework)}")
        if entry.ends_on and entry.ends_on < entry.starts_on:
            entry.wrong("ends_on", "is before starts_on")
        place = next((one for one in places if one.starts_on == entry.starts_on), None)
        if place is not None:
            work.plan.is_there(Place)
        else:
            place = KnownPlace(
                id=new_id(),
                category_id=category.id,
                provider_id=provider.id,
                starts_on=entry.starts_on,
                ends_on=entry.ends_on,
                reserve=entry.state is PlaceState.RESERVE,
            )
            places.append(place)
            work.plan.add(
                entry.place.file,
                Place,
                id=place.id,
                framework_id=framework.id,
                lead_council_id=framework.lead_id,
                category_id=category.id,
                provider_id=provider.id,
                state=entry.state,
                starts_on=entry.starts_on,
                ends_on=entry.ends_on,
            )
        _plan_place_prices(work, entry, place, framework)


def _plan_place_prices(
    work: Work, entry: PlaceEntry, place: KnownPlace, framework: KnownFramework
) -> None:
    stated: set[tuple[str, date]] = set()
    for price in entry.prices:
        if price.broken:
            continue
        name = (price.band, price.starts_on)
        if name in stated:
            price.wrong("starts_on", "another price of this band starts the same day")
            continue
        stated.add(name)
        if name in place.prices:
            work.plan.is_there(PlacePrice)
            continue
        place.prices.add(name)
        work.plan.add(
            price.place.file,
            PlacePrice,
            id=new_id(),
            place_id=place.id,
            framework_id=framework.id,
            lead_council_id=framework.lead_id,
            provider_id=place.provider_id,
            band=price.band,
            price=price.price,
            starts_on=price.starts_on,
            source=price.source,
            note=price.note,
        )
    if not entry.prices:
        entry.wrong("prices", "gives no price")


def plan_mentors(work: Work, entries: Iterable[MentorEntry]) -> None:
    """Mentors with their clearances; one that is there already may gain clearances."""
    stated = set()
    for entry in entries:
        if entry.broken:
            work.known.broken.add(entry.name)
            continue
        provider = work.known.organisation(entry, "provider", entry.provider, _PROVIDER)
        if provider is None:
            work.known.broken.add(entry.name)
            continue
        name = (provider.id, entry.name)
        if name in stated:
            entry.wrong("name", f'"{entry.name}" is described twice for this provider')
            continue
        stated.add(name)
        person_id = None
        if entry.person:
            person = work.known.member(entry, "person", entry.person, provider.id, Role.DELIVERY)
            person_id = person.id if person else None
        mentor = work.known.mentors.get(name)
        if mentor is not None:
            work.plan.is_there(Mentor)
        else:
            mentor = KnownMentor(new_id(), entry.name, provider.id, entry.volunteer)
            work.known.mentors[name] = mentor
            work.plan.add(
                entry.place.file,
                Mentor,
                id=mentor.id,
                provider_id=provider.id,
                person_id=person_id,
                name=entry.name,
                volunteer=entry.volunteer,
                caseload_limit=entry.caseload_limit,
            )
        _plan_clearances(work, entry, mentor)


def _plan_clearances(work: Work, entry: MentorEntry, mentor: KnownMentor) -> None:
    for clearance in entry.clearances:
        if clearance.broken:
            work.known.broken.add(mentor.name)
        elif clearance.valid_until < clearance.checked_on:
            clearance.wrong("valid_until", "is before checked_on")
            work.known.broken.add(mentor.name)
        elif clearance.checked_on in mentor.clearances:
            work.plan.is_there(Clearance)
        else:
            mentor.clearances[clearance.checked_on] = clearance.valid_until
            work.plan.add(
                clearance.place.file,
                Clearance,
                id=new_id(),
                mentor_id=mentor.id,
                provider_id=mentor.provider_id,
                checked_on=clearance.checked_on,
                valid_until=clearance.valid_until,
            )


def _term(framework: KnownFramework) -> str:
    return f"{say_date(framework.starts_on)} to {say_date(framework.ends_on)}"
