"""Months that were invoiced before the portal came: decided and paid already, or not yet."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from portal.audit.actions import Actor
from portal.identity.rules import OrganisationKind, Role
from portal.invoicing.settlement import Order, Outcome
from portal.kernel.local_time import local_date
from portal.kernel.months import Month
from portal.loading.entries import SettledEntry
from portal.loading.known import KnownFramework, KnownOrganisation
from portal.loading.plan import Work

Stated = set[tuple[UUID, UUID, Month, UUID | None]]


def plan_settled(work: Work, entries: Iterable[SettledEntry]) -> None:
    """What was invoiced through which month, and how far it has come.

    The invoices follow once all else is saved.
    """
    stated: Stated = set()
    for entry in entries:
        if entry.broken:
            continue
        framework = work.known.framework(entry, "framework", entry.framework)
        council = work.known.organisation(entry, "council", entry.council, OrganisationKind.COUNCIL)
        if framework is None or council is None:
            continue
        if council.id not in framework.councils:
            entry.wrong("council", f'"{entry.council}" does not share {framework.reference}')
        elif entry.through >= Month.of(local_date(work.at)):
            entry.wrong("through", f"{entry.through} is not over yet")
        elif (order := _order(work, entry, framework, council, stated)) is not None:
            work.orders.append((entry, order))


def _order(
    work: Work,
    entry: SettledEntry,
    framework: KnownFramework,
    council: KnownOrganisation,
    stated: Stated,
) -> Order | None:
    approver = _approver(work, entry, council)
    providers = _providers(work, entry)
    decided = entry.outcome is not Outcome.SUBMITTED
    if (decided and approver is None) or (entry.providers is not None and providers is None):
        return None
    for provider in [None] if providers is None else providers:
        key = (framework.id, council.id, entry.through, provider.id if provider else None)
        if key in stated:
            whose = f'"{provider.name}" ' if provider else ""
            entry.wrong(
                "providers" if provider else "council",
                f"{whose}is settled twice on this framework through {entry.through}",
            )
            return None
        stated.add(key)
    return Order(
        framework.id,
        council.id,
        entry.through,
        entry.outcome,
        approver,
        None if providers is None else frozenset(one.id for one in providers),
    )


def _approver(work: Work, entry: SettledEntry, council: KnownOrganisation) -> Actor | None:
    """Who approved, which is said exactly where something was."""
    if entry.outcome is Outcome.SUBMITTED:
        if entry.approved_by is not None:
            entry.wrong("approved_by", "is given, and the outcome is submitted: nobody approved it")
        return None
    if entry.approved_by is None:
        entry.wrong("approved_by", f"is missing, and the outcome is {entry.outcome}")
        return None
    person = work.known.member(entry, "approved_by", entry.approved_by, council.id, Role.APPROVER)
    return None if person is None else Actor(person.id, person.name, council.id)


def _providers(work: Work, entry: SettledEntry) -> list[KnownOrganisation] | None:
    """The providers named; None when none is, or one of them is not known."""
    if entry.providers is None:
        return None
    if not entry.providers:
        entry.wrong("providers", "names nobody. Leave it out for all providers")
        return None
    known = [
        work.known.organisation(entry, "providers", name, OrganisationKind.PROVIDER)
        for name in entry.providers
    ]
    found = [provider for provider in known if provider is not None]
    return found if len(found) == len(known) else None
