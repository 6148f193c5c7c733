"""Mentors with their clearances."""

from __future__ import annotations

from collections.abc import Iterable

from portal.agreements.models import Clearance, Mentor
from portal.identity.rules import OrganisationKind, Role
from portal.kernel.ids import new_id
from portal.loading.entries import (
    MentorEntry,
)
from portal.loading.known import KnownMentor
from portal.loading.plan import Work


def plan_mentors(work: Work, entries: Iterable[MentorEntry]) -> None:
    """Mentors with their clearances; one that is there already may gain clearances."""
    stated = set()
    for entry in entries:
        if entry.broken:
            work.known.broken.add(entry.name)
            continue
        provider = work.known.organisation(
            entry, "provider", entry.provider, OrganisationKind.PROVIDER
        )
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
                version=1,
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
