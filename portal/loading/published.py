"""What councils and providers publish for young people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time

from sqlalchemy import select

from portal.complaints.guidance.models import Contact, Procedure
from portal.identity.rules import OrganisationKind
from portal.kernel.ids import new_id
from portal.kernel.local_time import to_utc
from portal.loading.known import KnownOrganisation
from portal.loading.plan import Work
from portal.loading.published_entries import ContactEntry, ProcedureEntry


def plan_contacts(work: Work, entries: Iterable[ContactEntry]) -> None:
    """Whom young people can ask."""
    columns = (Contact.council_id, Contact.code, Contact.starts_on)
    there = {tuple(row) for row in work.session.execute(select(*columns))}
    stated = set()
    for entry in entries:
        if entry.broken:
            continue
        council = work.known.organisation(entry, "council", entry.council, OrganisationKind.COUNCIL)
        if council is None:
            continue
        if not (entry.phone or entry.text_number or entry.web):
            entry.wrong("", "gives no phone, text_number or web by which to reach them")
            continue
        name = (council.id, entry.code, entry.starts_on)
        if name in stated:
            entry.wrong("code", "is given twice for this council and day")
            continue
        stated.add(name)
        if name in there:
            work.plan.is_there(Contact)
            continue
        work.plan.add(
            entry.place.file,
            Contact,
            id=new_id(),
            council_id=council.id,
            code=entry.code,
            kind=entry.kind,
            name=entry.name,
            phone=entry.phone,
            text_number=entry.text_number,
            web=entry.web,
            hours=entry.hours,
            shown=True,
            starts_on=entry.starts_on,
            checked_on=entry.checked_on,
            recorded_at=to_utc(datetime.combine(entry.starts_on, time(12))),
            recorded_by_name=entry.recorded_by,
        )


def plan_procedures(work: Work, entries: Iterable[ProcedureEntry]) -> None:
    """How complaints are dealt with, in an organisation's own words."""
    columns = (Procedure.organisation_id, Procedure.starts_on)
    there = {tuple(row) for row in work.session.execute(select(*columns))}
    stated = set()
    for entry in entries:
        organisation = None if entry.broken else _whose(work, entry)
        if organisation is None:
            continue
        name = (organisation.id, entry.starts_on)
        if name in stated:
            entry.wrong("starts_on", "is given twice for this organisation")
            continue
        stated.add(name)
        if name in there:
            work.plan.is_there(Procedure)
            continue
        work.plan.add(
            entry.place.file,
            Procedure,
            id=new_id(),
            organisation_id=organisation.id,
            how_to_tell=entry.how_to_tell,
            who_answers=entry.who_answers,
            how_soon=entry.how_soon,
            not_happy=entry.not_happy,
            registered=entry.registered,
            starts_on=entry.starts_on,
            recorded_at=to_utc(datetime.combine(entry.starts_on, time(12))),
            recorded_by_name=entry.recorded_by,
        )


def _whose(work: Work, entry: ProcedureEntry) -> KnownOrganisation | None:
    if entry.council and not entry.provider:
        kind, key, name = OrganisationKind.COUNCIL, "council", entry.council
    elif entry.provider and not entry.council:
        kind, key, name = OrganisationKind.PROVIDER, "provider", entry.provider
    else:
        entry.wrong("", "names one council or one provider")
        return None
    return work.known.organisation(entry, key, name, kind)
