"""Reports that are due or late: the provider hears a week and a day before, both sides after."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from itertools import groupby
from uuid import UUID

from portal.delivery.reports.outstanding import Owed, late, to_write
from portal.delivery.reports.telling import mentors_of
from portal.identity.permissions import Permission
from portal.identity.rules import OrganisationKind
from portal.kernel.jobs import Work
from portal.kernel.local_time import local_date
from portal.kernel.wording import say_count, say_date
from portal.notices.actions import tell
from portal.notices.reminding import reminder
from portal.notices.rules import NoticeKind

STEPS = (7, 1, -1)  # days before a report is due at which its writers are reminded


def step(due: date, today: date) -> int | None:
    """Which reminder stands today: the latest that was reached; none when it is too early.

    What is late is reminded of once.
    """
    days = (due - today).days
    return min((one for one in STEPS if days <= one), default=None)


@reminder("reports:remind-writers", daily="06:40", of=OrganisationKind.PROVIDER)
def remind_writers(work: Work) -> None:
    """Tell whoever writes for the whole provider, and each mentor of their own agreements."""
    today, provider_id = local_date(work.at), work.scope.organisation_id
    assert provider_id is not None
    with work.reading() as session:
        owed = [
            one
            for one in to_write(session, provider_id, today)
            if step(one.due.due, today) is not None
        ]
        mentors = mentors_of(session, {one.agreement.id for one in owed}, today)
        own: dict[UUID, list[Owed]] = defaultdict(list)
        for one in owed:
            for person_id in mentors.get(one.agreement.id, ()):
                own[person_id].append(one)
        told: list[tuple[UUID | None, str, str]] = [(None, *said) for said in _said(owed, today)]
        for person_id, theirs in own.items():
            told += [(person_id, *said) for said in _said(theirs, today)]
    for recipient, sentence, key in told:
        tell(
            work.session,
            NoticeKind.REPORT,
            sentence=sentence,
            endpoint="reports.index",
            values={"state": "to-write"},
            organisation_id=provider_id,
            permission=Permission.REPORT_WRITE if recipient is None else None,
            person_id=recipient,
            at=work.at,
            key=key,
        )


@reminder("reports:remind-council", daily="06:45", of=OrganisationKind.COUNCIL)
def remind_council(work: Work) -> None:
    """Tell whoever decides on reports of those that did not come."""
    today, council_id = local_date(work.at), work.scope.organisation_id
    assert council_id is not None
    with work.reading() as session:
        told = list(_said(late(session, today, council_id=council_id), today))
    for sentence, key in told:
        tell(
            work.session,
            NoticeKind.REPORT,
            sentence=sentence,
            endpoint="reports.index",
            values={"state": "to-write"},
            organisation_id=council_id,
            permission=Permission.REPORT_DECIDE,
            at=work.at,
            key=key,
        )


def _said(owed: Iterable[Owed], today: date) -> Iterable[tuple[str, str]]:
    """(sentence, key) for each term and day on which some of these are due."""

    def together(one: Owed) -> tuple[date, UUID]:
        return one.due.due, one.term.id

    for (due, term_id), group in groupby(sorted(owed, key=together), key=together):
        reports = list(group)
        number = say_count(len(reports), "report")
        be = "is" if len(reports) == 1 else "are"
        if due < today:
            sentence = f"{number} for {reports[0].term.name} {be} late: due on {say_date(due)}"
        else:
            sentence = f"{number} for {reports[0].term.name} {be} due on {say_date(due)}"
        yield sentence, f"{term_id.hex} {due} {step(due, today)}"
