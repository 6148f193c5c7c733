"""Every night: what has been kept long enough goes, a batch at a time, counted in the record.

A batch is one transaction; what is left over is another job. Run again, a sweep finds nothing.
"""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from portal.agreements.conversations.actions import forget_files
from portal.audit.actions import Subject, erase_words, record
from portal.delivery.reports.keeping import erase_reports
from portal.identity.factors.models import UsedChallenge
from portal.identity.models import Organisation, SignIn
from portal.identity.recovery.models import AddressChange, RecoveryLink
from portal.identity.rules import OrganisationKind
from portal.invoicing.disputes.keeping import erase_disputes
from portal.kernel.database import enter, working_as
from portal.kernel.files import StoredFile, forget
from portal.kernel.jobs import Work, enqueue, every, job
from portal.kernel.local_time import local_date, start_of_day
from portal.kernel.tenancy import Task
from portal.rights.acts import (
    ACTS,
    conversations_about,
    conversations_on,
    erase_agreements,
    erase_invoices,
    erase_young_people,
    referrals_for,
    remove,
)
from portal.rights.copies.models import PersonalCopy
from portal.rights.due import OF_AN_ORGANISATION, over, people_over, scope_for
from portal.rights.erasing import PORTAL, SIGN_IN, erase, find
from portal.rights.happenings import Event
from portal.rights.queries import held_person_ids
from portal.rights.rules import ERASED_WORDS, FORMER, Category, first_kept

AT_ONCE = 500
PEOPLE_AT_ONCE = 5


@every("retention:sweep", daily="03:00", scope=Task.RETENTION)
def sweep(work: Work) -> None:
    """Ask for the night's sweeps: one of what is the portal's own, one for each organisation."""
    enqueue(work.session, "retention:sign-ins", at=work.at)
    enqueue(work.session, "retention:copies", at=work.at)
    for organisation_id in work.session.scalars(select(Organisation.id).order_by(Organisation.id)):
        asked = {"of": organisation_id.hex}
        enqueue(work.session, "retention:organisation", at=work.at, arguments=asked)
    enqueue(work.session, "retention:people", at=work.at)


@job("retention:organisation", scope=Task.RETENTION)
def sweep_organisation(work: Work, *, of: str) -> None:
    """What is over of one organisation, of each category at most one batch."""
    session, organisation_id = work.session, UUID(of)
    enter(session, scope_for(organisation_id))
    organisation = session.get_one(Organisation, organisation_id)
    council = organisation.kind is OrganisationKind.COUNCIL
    done: Counter[Category] = Counter()
    more = False
    for category in OF_AN_ORGANISATION:
        if category is Category.CARE and council:
            continue  # its providers' sweeps erase what both have of an agreement
        for statement, act in zip(
            over(session, category, organisation_id, work.at), ACTS[category], strict=True
        ):
            keys = session.scalars(statement.limit(AT_ONCE)).all()
            if keys:
                act(session, organisation_id, keys)
                done[category] += len(keys)
            if category is Category.FINANCE and act is erase_invoices and keys:
                erase_disputes(session, keys, words=ERASED_WORDS, name=FORMER, at=work.at)
            if category is Category.CARE and act is erase_agreements and keys:
                erase_words(session, PORTAL, at=work.at, about=keys)
                forget_files(session, conversations_on(keys), at=work.at)
                erase_reports(session, keys, words=ERASED_WORDS, name=FORMER, at=work.at)
            if act is erase_young_people and keys:
                referrals = referrals_for(session, keys)
                erase_words(session, PORTAL, at=work.at, about=[*keys, *referrals])
                forget_files(session, conversations_about(referrals), at=work.at)
            more = more or len(keys) == AT_ONCE
    if done:
        subject = Subject(
            "organisation",
            organisation_id,
            organisation.name,
            council_id=organisation_id if council else None,
            provider_id=None if council else organisation_id,
        )
        counts = {category.value: number for category, number in done.items()}
        record(session, PORTAL, Event.SWEPT, subject, at=work.at, **counts)
    if more:
        enqueue(session, "retention:organisation", at=work.at, arguments={"of": of})


@job("retention:people", scope=Task.RETENTION)
def sweep_people(work: Work) -> None:
    """Erase people who left long enough ago. Where they stand is looked for before writing."""
    with work.reading() as reading:
        wanted = people_over(reading, work.at).limit(PEOPLE_AT_ONCE)
        found = []
        for person_id in reading.scalars(wanted).all():
            found.append((person_id, find(reading, person_id)))
            work.progress(len(found), PEOPLE_AT_ONCE)
    for person_id, places in found:
        erase(work.session, person_id, places, at=work.at)
    if len(found) == PEOPLE_AT_ONCE:
        enqueue(work.session, "retention:people", at=work.at)


@job("retention:sign-ins", scope=Task.RETENTION)
def sweep_sign_ins(work: Work) -> None:
    """Old sign-ins but each person's latest, links, and challenges that were answered."""
    session, today = work.session, local_date(work.at)
    held = held_person_ids(session, today)
    since = {
        category: start_of_day(first_kept(category, today))
        for category in (Category.SIGN_INS, Category.LINKS)
    }
    with working_as(session, SIGN_IN):
        later = aliased(SignIn)
        newer = select(later.id).where(
            later.person_id == SignIn.person_id, later.started_at > SignIn.started_at
        )
        full = [
            _delete_some(
                session,
                SignIn.id,
                SignIn.started_at < since[Category.SIGN_INS],
                SignIn.person_id.not_in(held),
                newer.exists(),
            ),
            _delete_some(
                session,
                RecoveryLink.id,
                RecoveryLink.made_at < since[Category.LINKS],
                RecoveryLink.person_id.not_in(held),
            ),
            _delete_some(
                session,
                AddressChange.id,
                AddressChange.asked_at < since[Category.LINKS],
                AddressChange.person_id.not_in(held),
            ),
            _delete_some(
                session, UsedChallenge.digest, UsedChallenge.used_at < since[Category.LINKS]
            ),
        ]
    if any(full):
        enqueue(session, "retention:sign-ins", at=work.at)


@job("retention:copies", scope=Task.RETENTION)
def sweep_copies(work: Work) -> None:
    """Copies that were asked for more than seven days ago, with their files."""
    since = start_of_day(first_kept(Category.COPIES, local_date(work.at)))
    old = work.session.scalars(
        select(PersonalCopy)
        .where(PersonalCopy.asked_at < since)
        .order_by(PersonalCopy.id)
        .limit(AT_ONCE)
    ).all()
    for copy in old:
        stored = work.session.get(StoredFile, copy.file_id) if copy.file_id else None
        work.session.delete(copy)
        work.session.flush()
        if stored is not None:
            forget(work.session, stored, at=work.at)
    if len(old) == AT_ONCE:
        enqueue(work.session, "retention:copies", at=work.at)


def _delete_some(session: Session, key: Any, *where: Any) -> bool:
    """Delete at most one batch; whether it was a full one."""
    keys = session.scalars(select(key).where(*where).order_by(key).limit(AT_ONCE)).all()
    remove(key)(session, None, keys)
    return len(keys) == AT_ONCE
