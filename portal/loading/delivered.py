"""Sessions and nights that were delivered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID

from portal.agreements.rules import covers
from portal.delivery.models import DeliverySession, Stay
from portal.delivery.rules import Nights, SessionState
from portal.frameworks.rules import Unit
from portal.kernel.ids import new_id
from portal.kernel.local_time import local_date, to_utc
from portal.kernel.wording import say_date, say_datetime
from portal.loading.entries import NightsEntry, SessionEntry
from portal.loading.known import KnownAgreement, KnownMentor, KnownPerson
from portal.loading.plan import Work


def plan_sessions(work: Work, entries: Iterable[SessionEntry]) -> None:
    """Sessions, each by the mentor assigned and cleared that day, who is in one place at a time."""
    by_mentor: dict[UUID, list[SessionEntry]] = defaultdict(list)
    for entry in entries:
        if entry.broken:
            continue
        agreement = work.known.agreement(entry, "agreement", entry.agreement)
        if agreement is None:
            continue
        mentor = work.known.mentor(entry, "mentor", entry.mentor, agreement.provider_id)
        person = work.known.member(entry, "recorded_by", entry.recorded_by, agreement.provider_id)
        if mentor is None or person is None:
            continue
        there = work.known.mentor_times.get(mentor.id, {})
        if entry.at in there:
            work.plan.is_there(DeliverySession)
            continue
        day = local_date(entry.at)
        if _session_fits(work, entry, agreement, mentor, day):
            by_mentor[mentor.id].append(entry)
            _add_session(work, entry, agreement, mentor, person, day)
    for mentor_id, sessions in by_mentor.items():
        _refuse_overlaps(sessions, work.known.mentor_times.get(mentor_id, {}))


def _session_fits(
    work: Work, entry: SessionEntry, agreement: KnownAgreement, mentor: KnownMentor, day: date
) -> bool:
    if agreement.unit is Unit.NIGHT:
        entry.wrong("agreement", f"{agreement.reference} is charged by the night, not by sessions")
    elif not covers(agreement.starts_on, agreement.ends_on, day):
        entry.wrong("at", f"{say_date(day)} is outside the dates of {agreement.reference}")
    elif agreement.mentor_on(day) != mentor.id:
        if agreement.reference not in work.known.broken:
            entry.wrong(
                "mentor", f"{mentor.name} is not assigned to {agreement.reference} that day"
            )
    elif not mentor.cleared(day) and mentor.name not in work.known.broken:
        entry.wrong("mentor", f"{mentor.name} has no DBS check in date that day")
    elif entry.at > work.at and entry.state is not SessionState.SCHEDULED:
        entry.wrong("at", f"is still to come, so the session cannot be {entry.state.value}")
    else:
        return True
    return False


def _add_session(
    work: Work,
    entry: SessionEntry,
    agreement: KnownAgreement,
    mentor: KnownMentor,
    person: KnownPerson,
    day: date,
) -> None:
    ended = entry.at + timedelta(minutes=entry.minutes)
    work.plan.add(
        entry.place.file,
        DeliverySession,
        id=new_id(),
        agreement_id=agreement.id,
        council_id=agreement.council_id,
        provider_id=agreement.provider_id,
        mentor_id=mentor.id,
        starts_at=entry.at,
        service_date=day,
        minutes=entry.minutes,
        state=entry.state,
        mode=entry.mode,
        interactions=entry.interactions,
        summary=entry.summary,
        recorded_by_name=person.name,
        recorded_at=min(ended, work.at),
        hands=[str(person.id)],
        locked_at=None,
        version=1,
    )


def _refuse_overlaps(entries: list[SessionEntry], there: dict[datetime, int]) -> None:
    """Report each session that begins while the same mentor is in another.

    A cancelled one takes no time, but no two sessions of a mentor begin at the same moment.
    """
    times: list[tuple[datetime, int, SessionEntry | None]] = [
        (starts_at, minutes, None) for starts_at, minutes in there.items()
    ]
    times += [
        (entry.at, 0 if entry.state is SessionState.CANCELLED else entry.minutes, entry)
        for entry in entries
    ]
    times.sort(key=lambda one: one[0])
    before: datetime | None = None
    busy_from = busy_until = times[0][0]
    for starts_at, minutes, entry in times:
        in_another = minutes > 0 and starts_at < busy_until
        if entry is not None and (in_another or starts_at == before):
            other = busy_from if in_another else starts_at
            entry.wrong("at", f"{entry.mentor} has another session from {say_datetime(other)}")
        before = starts_at
        ends_at = starts_at + timedelta(minutes=minutes)
        if ends_at > busy_until:
            busy_from, busy_until = starts_at, ends_at


def plan_nights(work: Work, entries: Iterable[NightsEntry]) -> None:
    """Nights, cut where a month ends; no night of an agreement twice."""
    stays: dict[UUID, list[tuple[date, date, NightsEntry | None]]] = {}
    for entry in entries:
        if entry.broken:
            continue
        agreement = work.known.agreement(entry, "agreement", entry.agreement)
        if agreement is None:
            continue
        person = work.known.member(entry, "recorded_by", entry.recorded_by, agreement.provider_id)
        if person is None or not _nights_fit(work, entry, agreement):
            continue
        of_agreement = stays.setdefault(
            agreement.id, [(first, last, None) for first, last in agreement.nights]
        )
        there = set(agreement.nights)
        for nights in Nights(entry.first, entry.last).by_month():
            if (nights.first, nights.last) in there:
                work.plan.is_there(Stay)
                continue
            of_agreement.append((nights.first, nights.last, entry))
            _add_stay(work, entry, agreement, person, nights)
    for of_agreement in stays.values():
        of_agreement.sort(key=lambda one: one[:2])
        for (_, last, before), (first, _, after) in pairwise(of_agreement):
            if first <= last and (entry_at_fault := after or before):
                entry_at_fault.wrong("from", f"the night of {say_date(first)} is recorded already")


def _nights_fit(work: Work, entry: NightsEntry, agreement: KnownAgreement) -> bool:
    if agreement.unit is not Unit.NIGHT:
        entry.wrong("agreement", f"{agreement.reference} is charged by sessions, not by the night")
    elif entry.last < entry.first:
        entry.wrong("to", "is before from")
    elif not covers(agreement.starts_on, agreement.ends_on, entry.first):
        entry.wrong("from", f"is outside the dates of {agreement.reference}")
    elif not covers(agreement.starts_on, agreement.ends_on, entry.last):
        entry.wrong("to", f"is outside the dates of {agreement.reference}")
    elif entry.last > local_date(work.at):
        entry.wrong("to", "is still to come")
    else:
        return True
    return False


def _add_stay(
    work: Work,
    entry: NightsEntry,
    agreement: KnownAgreement,
    person: KnownPerson,
    nights: Nights,
) -> None:
    morning_after = to_utc(datetime.combine(nights.last + timedelta(days=1), time(9)))
    work.plan.add(
        entry.place.file,
        Stay,
        id=new_id(),
        agreement_id=agreement.id,
        council_id=agreement.council_id,
        provider_id=agreement.provider_id,
        first_night=nights.first,
        last_night=nights.last,
        present=entry.present,
        recorded_by_name=person.name,
        recorded_at=min(morning_after, work.at),
        hands=[str(person.id)],
        locked_at=None,
        version=1,
    )
