"""The jobs that bring notices to people: at once into the portal, and by e-mail as they chose."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.identity.permissions import Permission
from portal.kernel.jobs import Work, enqueue, every, job
from portal.kernel.local_time import local_date
from portal.kernel.post import public_url, write
from portal.kernel.tenancy import Task
from portal.kernel.wording import say_count
from portal.notices import queries
from portal.notices.models import Notice
from portal.notices.rules import KINDS, Frequency, NoticeKind, frequency_of

MONDAY = 0


@job("notices:deliver", scope=Task.POST)
def deliver(
    work: Work,
    *,
    kind: str,
    sentence: str,
    endpoint: str,
    values: dict[str, Any],
    recipients_of: str,
    permission: str | None,
    recipient: str | None,
    key: str | None,
) -> None:
    """Put one notice before everybody it is for, and write to those who want to hear at once."""
    session, about, organisation_id = work.session, NoticeKind(kind), UUID(recipients_of)
    people = queries.recipients(
        session,
        about,
        organisation_id,
        permission=Permission(permission) if permission else None,
        person_id=UUID(recipient) if recipient else None,
    )
    key = key or work.job.id.hex
    told = set(
        session.scalars(
            select(Notice.person_id).where(
                Notice.organisation_id == organisation_id,
                Notice.key == key,
                Notice.person_id.in_([person.person_id for person in people]),
            )
        )
    )
    for person in people:
        if person.person_id in told:
            continue
        wanted = frequency_of(about, person.chosen)
        session.add(
            Notice(
                person_id=person.person_id,
                organisation_id=organisation_id,
                kind=kind,
                sentence=sentence,
                endpoint=endpoint,
                values=values,
                key=key,
                at=work.at,
                waits_for=wanted if wanted in (Frequency.DAILY, Frequency.WEEKLY) else None,
            )
        )
        if wanted is Frequency.AT_ONCE:
            write(
                session,
                to=person.email,
                subject=f"{KINDS[about].name}: something for you",
                template="notices/at_once.txt",
                at=work.at,
                person_id=person.person_id,
                name=person.name,
                about=KINDS[about].name,
                link=public_url(endpoint, **values),
            )


@every("notices:digest", daily="07:30", scope=Task.POST)
def digest(work: Work) -> None:
    """Ask for everybody's digest: the daily one each morning, the weekly one on Mondays too."""
    today = local_date(work.at)
    frequencies = [Frequency.DAILY]
    if today.weekday() == MONDAY:
        frequencies.append(Frequency.WEEKLY)
    for person_id, organisation_id in queries.waiting_for(work.session, frequencies):
        enqueue(
            work.session,
            "notices:summary",
            at=work.at,
            arguments={
                "person": person_id.hex,
                "organisation": organisation_id.hex,
                "frequencies": [frequency.value for frequency in frequencies],
            },
        )


@job("notices:summary", scope=Task.POST)
def summary(work: Work, *, person: str, organisation: str, frequencies: list[str]) -> None:
    """Write one person's digest: how many of what, and where to look. Nothing says nothing."""
    session, person_id, organisation_id = work.session, UUID(person), UUID(organisation)
    waiting = queries.of_a_digest(
        session, person_id, organisation_id, [Frequency(one) for one in frequencies]
    )
    found = queries.member(session, person_id, organisation_id)
    for notice in waiting:
        notice.waits_for = None
    if not waiting or found is None:
        return
    member, organisation_name = found
    counts = [
        say_count(number, words.one, words.several)
        for kind, words in KINDS.items()
        if (number := sum(notice.kind == kind.value for notice in waiting))
    ]
    write(
        session,
        to=member.email,
        subject=f"{say_count(len(waiting), 'notice')} for you at {organisation_name}",
        template="notices/digest.txt",
        at=work.at,
        person_id=person_id,
        name=member.name,
        organisation_name=organisation_name,
        counts=counts,
    )
