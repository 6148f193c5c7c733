"""The days on which a loaded agreement stood or stands still."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from portal.agreements.models import Suspension
from portal.agreements.rules import AgreementState, covers
from portal.kernel.ids import new_id
from portal.loading.entries import AgreementEntry, SuspensionEntry
from portal.loading.known import KnownAgreement
from portal.loading.plan import Work


def plan_suspensions(work: Work, entry: AgreementEntry, agreement: KnownAgreement) -> None:
    """The days on which its deadlines stand still, which a suspended agreement has to say."""
    if entry.state is AgreementState.SUSPENDED and not entry.suspensions:
        entry.wrong("suspensions", "is missing, and the agreement is suspended: give its days")
    earlier: list[SuspensionEntry] = []
    for one in entry.suspensions:
        if one.broken or not _suspension_fits(entry, one, earlier):
            continue
        earlier.append(one)
        person = work.known.member(one, "suspended_by", one.suspended_by, agreement.council_id)
        if person is None:
            continue
        work.plan.add(
            one.place.file,
            Suspension,
            id=new_id(),
            agreement_id=agreement.id,
            council_id=agreement.council_id,
            provider_id=agreement.provider_id,
            starts_on=one.starts_on,
            ends_on=one.ends_on,
            because=one.because,
            suspended_by_id=person.id,
            suspended_by_name=person.name,
            suspended_at=work.at,
        )


def _suspension_fits(
    entry: AgreementEntry, one: SuspensionEntry, earlier: Iterable[SuspensionEntry]
) -> bool:
    last = one.ends_on or date.max
    if last < one.starts_on:
        one.wrong("ends_on", "is before starts_on")
    elif not covers(entry.starts_on, entry.ends_on, one.starts_on):
        one.wrong("starts_on", "is outside the agreement's dates")
    elif any(
        other.starts_on <= last and (other.ends_on is None or one.starts_on <= other.ends_on)
        for other in earlier
    ):
        one.wrong("starts_on", "it is suspended in these days already")
    else:
        return True
    return False
