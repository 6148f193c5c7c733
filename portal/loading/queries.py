"""What the database holds already of what the files name, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.agreements.models import Agreement, AgreementPrice, Assignment, Clearance, Mentor
from portal.budgets.models import Budget
from portal.delivery.models import DeliverySession, Stay
from portal.delivery.rules import SessionState
from portal.evidence.models import BankDetails, Evidence, VatStanding
from portal.frameworks.models import (
    Category,
    Framework,
    FrameworkCouncil,
    Lot,
    Place,
    PlacePrice,
)
from portal.frameworks.rules import PlaceState
from portal.identity.models import Membership, MembershipRole, Organisation, Person
from portal.identity.rules import OrganisationKind
from portal.loading.asked import what_is_asked
from portal.loading.entries import FileEntry
from portal.loading.known import (
    Known,
    KnownAgreement,
    KnownCategory,
    KnownFramework,
    KnownMentor,
    KnownOrganisation,
    KnownPerson,
    KnownPlace,
)

_AT_ONCE = 500
T = TypeVar("T")


def what_is_there(session: Session, files: Iterable[FileEntry]) -> Known:
    """Everything in the database that these files could name or repeat."""
    given = list(files)
    known = Known()
    _organisations(session, known)
    if not known.organisations:
        return known
    _people(session, known, _emails(given))
    _frameworks(session, known)
    agreements = _agreements(session, known, _references(given))
    providers = [
        known.organisations[OrganisationKind.PROVIDER, name].id
        for name in _providers(given)
        if (OrganisationKind.PROVIDER, name) in known.organisations
    ]
    providers += [agreement.provider_id for agreement in agreements.values()]
    named = sorted(set(providers))
    _evidence(session, known, named)
    _places(session, known, named)
    _mentors(session, known, named)
    _delivered(session, known, agreements)
    return known


def _emails(files: list[FileEntry]) -> list[str]:
    found: set[str | None] = set()
    for file in files:
        found.update(person.email for person in file.people)
        found.update(mentor.person for mentor in file.mentors)
        found.update(entry.recorded_by for entry in file.sessions)
        found.update(entry.recorded_by for entry in file.nights)
        found.update(entry.approved_by for entry in file.settled)
        for agreement in file.agreements:
            found.update(one.suspended_by for one in agreement.suspensions)
    return sorted(email for email in found if email)


def _references(files: list[FileEntry]) -> list[str]:
    found: set[str | None] = set()
    for file in files:
        found.update(agreement.reference for agreement in file.agreements)
        found.update(entry.agreement for entry in file.sessions)
        found.update(entry.agreement for entry in file.nights)
    return sorted(reference for reference in found if reference)


def _providers(files: list[FileEntry]) -> list[str]:
    found: set[str | None] = set()
    for file in files:
        for entries in (file.evidence, file.vat, file.bank, file.places, file.mentors):
            found.update(entry.provider for entry in entries)
        found.update(agreement.provider for agreement in file.agreements)
    return sorted(name for name in found if name)


def _parts(values: Iterable[T]) -> Iterator[list[T]]:
    left = list(values)
    for start in range(0, len(left), _AT_ONCE):
        yield left[start : start + _AT_ONCE]


def _organisations(session: Session, known: Known) -> None:
    for row in session.execute(select(Organisation.id, Organisation.kind, Organisation.name)):
        known.organisations[row.kind, row.name] = KnownOrganisation(row.id, row.kind, row.name)


def _people(session: Session, known: Known, emails: list[str]) -> None:
    for part in _parts(emails):
        by_id: dict[UUID, KnownPerson] = {}
        people = select(Person.id, Person.name, Person.email).where(Person.email.in_(part))
        for row in session.execute(people):
            by_id[row.id] = KnownPerson(row.id, row.name, row.email)
            known.people[row.email] = by_id[row.id]
        roles = (
            select(Membership.person_id, Membership.organisation_id, MembershipRole.role)
            .join(MembershipRole, MembershipRole.membership_id == Membership.id)
            .where(Membership.person_id.in_(by_id))
        )
        for person_id, organisation_id, role in session.execute(roles):
            by_id[person_id].roles.setdefault(organisation_id, set()).add(role)


def _frameworks(session: Session, known: Known) -> None:
    by_id: dict[UUID, KnownFramework] = {}
    for row in session.execute(
        select(
            Framework.id,
            Framework.reference,
            Framework.lead_council_id,
            Framework.starts_on,
            Framework.ends_on,
        )
    ):
        framework = KnownFramework(
            row.id, row.reference, row.lead_council_id, row.starts_on, row.ends_on
        )
        by_id[row.id] = framework
        known.frameworks.setdefault(row.reference, []).append(framework)
    for framework_id, council_id in session.execute(
        select(FrameworkCouncil.framework_id, FrameworkCouncil.council_id)
    ):
        by_id[framework_id].councils.add(council_id)
    for framework_id, number, lot_id in session.execute(
        select(Lot.framework_id, Lot.number, Lot.id)
    ):
        by_id[framework_id].lots[number] = lot_id
    for category in session.execute(
        select(
            Category.framework_id,
            Category.id,
            Category.code,
            Category.title,
            Category.mechanism,
            Category.unit,
        )
    ):
        by_id[category.framework_id].categories[category.code] = KnownCategory(
            category.id, category.code, category.title, category.mechanism, category.unit
        )
    for framework_id, council_id, starts_on in session.execute(
        select(Budget.framework_id, Budget.council_id, Budget.year_starts_on)
    ):
        by_id[framework_id].budgets.add((council_id, starts_on))
    what_is_asked(session, by_id)


def _agreements(
    session: Session, known: Known, references: list[str]
) -> dict[UUID, KnownAgreement]:
    by_id: dict[UUID, KnownAgreement] = {}
    for part in _parts(references):
        for row in session.execute(
            select(
                Agreement.id,
                Agreement.reference,
                Agreement.council_id,
                Agreement.provider_id,
                Agreement.framework_id,
                Agreement.unit,
                Agreement.starts_on,
                Agreement.ends_on,
            ).where(Agreement.reference.in_(part))
        ):
            by_id[row.id] = KnownAgreement(*row)
            known.agreements.setdefault(row.reference, []).append(by_id[row.id])
    for ids in _parts(by_id):
        for agreement_id, starts_on in session.execute(
            select(AgreementPrice.agreement_id, AgreementPrice.starts_on).where(
                AgreementPrice.agreement_id.in_(ids)
            )
        ):
            by_id[agreement_id].prices.add(starts_on)
        for agreement_id, mentor_id, starts_on, ends_on in session.execute(
            select(
                Assignment.agreement_id,
                Assignment.mentor_id,
                Assignment.starts_on,
                Assignment.ends_on,
            ).where(Assignment.agreement_id.in_(ids))
        ):
            by_id[agreement_id].assignments[starts_on] = (mentor_id, ends_on)
    return by_id


def _evidence(session: Session, known: Known, providers: list[UUID]) -> None:
    by_id = {found.id: found for found in known.organisations.values()}
    for ids in _parts(providers):
        for provider_id, starts_on in session.execute(
            select(VatStanding.provider_id, VatStanding.starts_on).where(
                VatStanding.provider_id.in_(ids)
            )
        ):
            by_id[provider_id].vat.add(starts_on)
        for provider_id, starts_on in session.execute(
            select(BankDetails.provider_id, BankDetails.starts_on).where(
                BankDetails.provider_id.in_(ids)
            )
        ):
            by_id[provider_id].bank.add(starts_on)
        for provider_id, kind, valid_from in session.execute(
            select(Evidence.provider_id, Evidence.kind, Evidence.valid_from).where(
                Evidence.provider_id.in_(ids)
            )
        ):
            by_id[provider_id].evidence.add((kind.value, valid_from))


def _places(session: Session, known: Known, providers: list[UUID]) -> None:
    by_id: dict[UUID, KnownPlace] = {}
    for ids in _parts(providers):
        for row in session.execute(
            select(
                Place.id,
                Place.category_id,
                Place.provider_id,
                Place.starts_on,
                Place.ends_on,
                Place.state,
            ).where(Place.provider_id.in_(ids))
        ):
            by_id[row.id] = KnownPlace(
                row.id,
                row.category_id,
                row.provider_id,
                row.starts_on,
                row.ends_on,
                row.state is PlaceState.RESERVE,
            )
            known.places.setdefault((row.category_id, row.provider_id), []).append(by_id[row.id])
        for place_id, band, starts_on in session.execute(
            select(PlacePrice.place_id, PlacePrice.band, PlacePrice.starts_on).where(
                PlacePrice.provider_id.in_(ids)
            )
        ):
            by_id[place_id].prices.add((band, starts_on))


def _mentors(session: Session, known: Known, providers: list[UUID]) -> None:
    by_id: dict[UUID, KnownMentor] = {}
    for ids in _parts(providers):
        for row in session.execute(
            select(Mentor.id, Mentor.name, Mentor.provider_id, Mentor.volunteer).where(
                Mentor.provider_id.in_(ids)
            )
        ):
            by_id[row.id] = KnownMentor(row.id, row.name, row.provider_id, row.volunteer)
            known.mentors[row.provider_id, row.name] = by_id[row.id]
        for mentor_id, checked_on, valid_until in session.execute(
            select(Clearance.mentor_id, Clearance.checked_on, Clearance.valid_until).where(
                Clearance.provider_id.in_(ids)
            )
        ):
            by_id[mentor_id].clearances[checked_on] = valid_until


def _delivered(session: Session, known: Known, agreements: dict[UUID, KnownAgreement]) -> None:
    mentors = {mentor for one in agreements.values() for mentor, _ in one.assignments.values()}
    for ids in _parts(mentors):
        for mentor_id, starts_at, minutes, state in session.execute(
            select(
                DeliverySession.mentor_id,
                DeliverySession.starts_at,
                DeliverySession.minutes,
                DeliverySession.state,
            ).where(DeliverySession.mentor_id.in_(ids))
        ):
            busy = 0 if state is SessionState.CANCELLED else minutes
            known.mentor_times.setdefault(mentor_id, {})[starts_at] = busy
    for ids in _parts(agreements):
        for agreement_id, first, last in session.execute(
            select(Stay.agreement_id, Stay.first_night, Stay.last_night).where(
                Stay.agreement_id.in_(ids)
            )
        ):
            agreements[agreement_id].nights.append((first, last))
