"""Individual Agreements with their prices and the mentors assigned to them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from portal.agreements.models import Agreement, AgreementPrice, Assignment
from portal.agreements.rules import AgreementState, covers
from portal.frameworks.rules import Unit
from portal.identity.rules import OrganisationKind
from portal.kernel.ids import new_id
from portal.kernel.local_time import local_date
from portal.kernel.wording import say_date
from portal.loading.entries import AgreementEntry, AssignmentEntry
from portal.loading.known import (
    KnownAgreement,
    KnownCategory,
    KnownFramework,
    KnownMentor,
    KnownPlace,
)
from portal.loading.plan import Work
from portal.loading.suspensions import plan_suspensions

_PARTS_PER_UNIT = {Unit.HOUR: 60, Unit.SESSION: 1, Unit.NIGHT: 1}


def plan_agreements(work: Work, entries: Iterable[AgreementEntry]) -> None:
    """Agreements; one that is there already may gain prices and assignments."""
    stated: set[str] = set()
    for entry in entries:
        if entry.broken:
            work.known.broken.add(entry.reference)
            continue
        if entry.reference in stated:
            entry.wrong("reference", f'"{entry.reference}" is described twice')
            continue
        stated.add(entry.reference)
        agreement = _plan_agreement(work, entry)
        if agreement is None:
            work.known.broken.add(entry.reference)
            continue
        _plan_prices(work, entry, agreement)
        _plan_assignments(work, entry, agreement)


def _plan_agreement(work: Work, entry: AgreementEntry) -> KnownAgreement | None:
    known = work.known
    council = known.organisation(entry, "council", entry.council, OrganisationKind.COUNCIL)
    provider = known.organisation(entry, "provider", entry.provider, OrganisationKind.PROVIDER)
    framework = known.framework(entry, "framework", entry.framework)
    if council is None or provider is None or framework is None:
        return None
    category = known.category(entry, "category", entry.category, framework)
    if category is None:
        return None
    if council.id not in framework.councils:
        entry.wrong("council", f'"{entry.council}" does not share {framework.reference}')
        return None
    found = [
        one for one in known.agreements.get(entry.reference, []) if one.council_id == council.id
    ]
    if found:
        work.plan.is_there(Agreement)
        return found[0]
    place = _place_for(work, entry, category)
    if place is None or not _dates_fit(entry, framework):
        return None
    agreement = KnownAgreement(
        id=new_id(),
        reference=entry.reference,
        council_id=council.id,
        provider_id=provider.id,
        framework_id=framework.id,
        unit=category.unit,
        starts_on=entry.starts_on,
        ends_on=entry.ends_on,
    )
    known.agreements.setdefault(entry.reference, []).append(agreement)
    work.plan.add(
        entry.place.file,
        Agreement,
        id=agreement.id,
        council_id=council.id,
        provider_id=provider.id,
        framework_id=framework.id,
        category_id=category.id,
        place_id=place.id,
        reference=entry.reference,
        young_person=entry.young_person,
        mechanism=category.mechanism,
        unit=category.unit,
        band=entry.band,
        state=entry.state,
        starts_on=entry.starts_on,
        ends_on=entry.ends_on,
        authorised_weekly=_parts(
            entry, "authorised_weekly", entry.authorised_weekly, category.unit
        ),
        authorised_total=_parts(entry, "authorised_total", entry.authorised_total, category.unit),
        cost_code=entry.cost_code,
        purchase_order=entry.purchase_order,
    )
    plan_suspensions(work, entry, agreement)
    return agreement


def _place_for(work: Work, entry: AgreementEntry, category: KnownCategory) -> KnownPlace | None:
    """The provider's place in the category on the day that the agreement starts."""
    provider = work.known.organisations[OrganisationKind.PROVIDER, entry.provider]
    places = [
        place
        for place in work.known.places.get((category.id, provider.id), [])
        if covers(place.starts_on, place.ends_on, entry.starts_on)
    ]
    if not places:
        if f"{category.id} {provider.id}" not in work.known.broken:
            entry.wrong(
                "provider",
                f'"{entry.provider}" has no place in {category.code} '
                f"on {say_date(entry.starts_on)}",
            )
        return None
    place = max(places, key=lambda one: one.starts_on)
    bands = {band for band, _ in place.prices}
    if place.reserve:
        entry.wrong("provider", f'"{entry.provider}" is on reserve in {category.code}')
    elif entry.band not in bands and bands:
        known = ", ".join(sorted(band for band in bands if band)) or "none"
        entry.wrong("band", f'"{entry.band}" is not a band of this place, which has {known}')
    return place


def _dates_fit(entry: AgreementEntry, framework: KnownFramework) -> bool:
    last = entry.ends_on or entry.starts_on
    if last < entry.starts_on:
        entry.wrong("ends_on", "is before starts_on")
    elif entry.starts_on < framework.starts_on or last > framework.ends_on:
        name = "starts_on" if entry.starts_on < framework.starts_on else "ends_on"
        if name == "ends_on" and entry.ends_on is None:
            name = "starts_on"
        entry.wrong(
            name,
            f"is outside the term of {framework.reference}, "
            f"{say_date(framework.starts_on)} to {say_date(framework.ends_on)}",
        )
    elif entry.ends_on is None and entry.state in (
        AgreementState.ENDED,
        AgreementState.TRANSFERRED,
    ):
        entry.wrong("ends_on", f"is missing, and the agreement is {entry.state.value}")
    else:
        return True
    return False


def _parts(entry: AgreementEntry, name: str, number: Decimal | None, unit: Unit) -> int | None:
    """Hours as minutes; sessions and nights as they are."""
    if number is None:
        return None
    parts = number * _PARTS_PER_UNIT[unit]
    if parts != int(parts):
        what = "minutes" if unit is Unit.HOUR else f"{unit.value}s"
        entry.wrong(name, f"{number} is not a whole number of {what}")
    return int(parts)


def _plan_prices(work: Work, entry: AgreementEntry, agreement: KnownAgreement) -> None:
    stated: set[date] = set()
    for price in entry.prices:
        if price.broken:
            continue
        if price.starts_on in stated:
            price.wrong("starts_on", "another price starts the same day")
            continue
        stated.add(price.starts_on)
        if price.starts_on in agreement.prices:
            work.plan.is_there(AgreementPrice)
            continue
        if not covers(entry.starts_on, entry.ends_on, price.starts_on):
            price.wrong("starts_on", "is outside the agreement's dates")
            continue
        agreement.prices.add(price.starts_on)
        work.plan.add(
            price.place.file,
            AgreementPrice,
            id=new_id(),
            agreement_id=agreement.id,
            council_id=agreement.council_id,
            provider_id=agreement.provider_id,
            price=price.price,
            starts_on=price.starts_on,
            source=price.source,
            note=price.note,
        )
    if not any(price.broken for price in entry.prices) and (
        agreement.starts_on not in agreement.prices
    ):
        entry.wrong("prices", f"gives no price for the first day, {say_date(entry.starts_on)}")


def _plan_assignments(work: Work, entry: AgreementEntry, agreement: KnownAgreement) -> None:
    for one in entry.assignments:
        if one.broken:
            work.known.broken.add(entry.reference)
            continue
        mentor = work.known.mentor(one, "mentor", one.mentor, agreement.provider_id)
        if mentor is None:
            work.known.broken.add(entry.reference)
            continue
        there = agreement.assignments.get(one.starts_on)
        if there is not None and there[0] == mentor.id:
            work.plan.is_there(Assignment)
            continue
        if _assignment_fits(work, entry, one, agreement, mentor):
            agreement.assignments[one.starts_on] = (mentor.id, one.ends_on)
            work.plan.add(
                one.place.file,
                Assignment,
                id=new_id(),
                agreement_id=agreement.id,
                council_id=agreement.council_id,
                provider_id=agreement.provider_id,
                mentor_id=mentor.id,
                starts_on=one.starts_on,
                ends_on=one.ends_on,
                reason=one.reason,
                over_at=work.at if _is_over(one, agreement, local_date(work.at)) else None,
            )
        else:
            work.known.broken.add(entry.reference)


def _is_over(one: AssignmentEntry, agreement: KnownAgreement, today: date) -> bool:
    """Whether the agreement went on without the mentor, who then sees nothing of it any more."""
    if one.ends_on is None or one.ends_on >= today:
        return False
    return agreement.ends_on is None or agreement.ends_on > one.ends_on


def _assignment_fits(
    work: Work,
    entry: AgreementEntry,
    one: AssignmentEntry,
    agreement: KnownAgreement,
    mentor: KnownMentor,
) -> bool:
    last = one.ends_on or entry.ends_on or date.max
    if mentor.volunteer:
        one.wrong("mentor", f"{mentor.name} is a volunteer, who cannot be assigned")
    elif one.ends_on and one.ends_on < one.starts_on:
        one.wrong("ends_on", "is before starts_on")
    elif not covers(entry.starts_on, entry.ends_on, one.starts_on):
        one.wrong("starts_on", "is outside the agreement's dates")
    elif any(
        starts_on <= last and (ends_on is None or one.starts_on <= ends_on)
        for starts_on, (_, ends_on) in agreement.assignments.items()
    ):
        one.wrong("starts_on", "another mentor is assigned in these days")
    elif mentor.cleared(one.starts_on):
        return True
    elif mentor.name not in work.known.broken:
        one.wrong("mentor", f"{mentor.name} has no DBS check in date that day")
    return False
