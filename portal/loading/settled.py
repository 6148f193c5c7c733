"""Months that were invoiced, approved and paid before the portal came."""

from __future__ import annotations

from collections.abc import Iterable

from portal.audit.actions import Actor
from portal.identity.rules import OrganisationKind, Role
from portal.invoicing.settlement import Order
from portal.kernel.local_time import local_date
from portal.kernel.months import Month
from portal.loading.entries import SettledEntry
from portal.loading.plan import Work


def plan_settled(work: Work, entries: Iterable[SettledEntry]) -> None:
    """Who approved what, through which month; the invoices follow once all else is saved."""
    stated = set()
    for entry in entries:
        if entry.broken:
            continue
        framework = work.known.framework(entry, "framework", entry.framework)
        council = work.known.organisation(entry, "council", entry.council, OrganisationKind.COUNCIL)
        if framework is None or council is None:
            continue
        approver = work.known.member(
            entry, "approved_by", entry.approved_by, council.id, Role.APPROVER
        )
        if approver is None:
            continue
        if council.id not in framework.councils:
            entry.wrong("council", f'"{entry.council}" does not share {framework.reference}')
        elif (framework.id, council.id) in stated:
            entry.wrong("council", "is settled twice on this framework")
        elif entry.through >= Month.of(local_date(work.at)):
            entry.wrong("through", f"{entry.through} is not over yet")
        else:
            stated.add((framework.id, council.id))
            actor = Actor(approver.id, approver.name, council.id)
            order = Order(framework.id, council.id, entry.through, actor, entry.paid)
            work.orders.append((entry, order))
