"""Organisations, their people, evidence, VAT standing and bank accounts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time

from portal.evidence.models import BankDetails, Evidence, VatStanding
from portal.identity.factors.models import Authenticator
from portal.identity.models import (
    Credential,
    Membership,
    MembershipRole,
    Organisation,
    Person,
)
from portal.identity.passwords import hash_password, problem_with
from portal.identity.people.rules import refused_together
from portal.identity.rules import OrganisationKind, role_fits
from portal.invoicing.exports.endpoints import endpoint_problem
from portal.invoicing.vat import BadVatEvidence, VatEvidence
from portal.kernel.ids import new_id
from portal.kernel.local_time import to_utc
from portal.loading.entries import (
    BankEntry,
    EvidenceEntry,
    MembershipEntry,
    OrganisationEntry,
    PersonEntry,
    VatEntry,
)
from portal.loading.known import KnownOrganisation, KnownPerson
from portal.loading.plan import Work

_PROVIDER = OrganisationKind.PROVIDER


def plan_organisations(work: Work, entries: Iterable[OrganisationEntry]) -> None:
    """Councils and providers."""
    stated: set[tuple[OrganisationKind, str]] = set()
    for entry in entries:
        if entry.broken or entry.address.broken or (entry.endpoint and entry.endpoint.broken):
            work.known.broken.add(entry.name)
            continue
        name = (entry.kind, entry.name)
        if name in stated:
            entry.wrong("name", f'"{entry.name}" is described twice')
            continue
        stated.add(name)
        if name in work.known.organisations:
            work.plan.is_there(Organisation)
            continue
        if entry.endpoint:
            problem = endpoint_problem(entry.endpoint.scheme, entry.endpoint.id)
            if problem:
                entry.wrong("endpoint", problem.rstrip("."))
        known = KnownOrganisation(id=new_id(), kind=entry.kind, name=entry.name)
        work.known.organisations[name] = known
        work.plan.add(
            entry.place.file,
            Organisation,
            id=known.id,
            kind=entry.kind,
            name=entry.name,
            legal_name=entry.legal_name or entry.name,
            company_number=entry.company_number,
            street=entry.address.street,
            city=entry.address.city,
            postcode=entry.address.postcode,
            accounts_email=entry.accounts_email,
            buyer_reference=entry.buyer_reference,
            endpoint_scheme=entry.endpoint.scheme if entry.endpoint else None,
            endpoint_id=entry.endpoint.id if entry.endpoint else None,
        )


def plan_people(work: Work, entries: Iterable[PersonEntry]) -> None:
    """People with their memberships; the same password is hashed once for all who have it."""
    stated: set[str] = set()
    for entry in entries:
        if entry.broken:
            work.known.broken.add(entry.email)
            continue
        if entry.email in stated:
            entry.wrong("email", f"{entry.email} is described twice")
            continue
        stated.add(entry.email)
        person = work.known.people.get(entry.email)
        if person is not None:
            work.plan.is_there(Person)
        else:
            person = KnownPerson(id=new_id(), name=entry.name, email=entry.email)
            work.known.people[entry.email] = person
            work.plan.add(
                entry.place.file, Person, id=person.id, email=entry.email, name=entry.name
            )
            _plan_password(work, entry, person)
            _plan_second_factor(work, entry, person)
        for membership in entry.memberships:
            _plan_membership(work, membership, person)


def _plan_password(work: Work, entry: PersonEntry, person: KnownPerson) -> None:
    password = entry.password
    if password is None:
        return
    if problem := problem_with(password):
        entry.wrong("password", problem.rstrip("."))
        return
    if password not in work.passwords:
        work.passwords[password] = hash_password(password)
    work.plan.add(
        entry.place.file,
        Credential,
        person_id=person.id,
        password_hash=work.passwords[password],
        failures=0,
        locked_until=None,
    )


def _plan_second_factor(work: Work, entry: PersonEntry, person: KnownPerson) -> None:
    if entry.second_factor is None:
        return
    work.plan.add(
        entry.place.file,
        Authenticator,
        person_id=person.id,
        sealed_secret=work.sealing.seal(entry.second_factor, of=person.id),
        last_step=0,
        added_at=work.at,
    )


def _plan_membership(work: Work, entry: MembershipEntry, person: KnownPerson) -> None:
    if entry.broken:
        work.known.broken.add(person.email)
        return
    if not entry.roles:
        entry.wrong("roles", "names no role")
        return
    fitting = OrganisationKind.PROVIDER if role_fits(_PROVIDER, entry.roles[0]) else None
    kind = fitting or OrganisationKind.COUNCIL
    other = OrganisationKind.COUNCIL if fitting else OrganisationKind.PROVIDER
    names = work.known.organisations
    if (kind, entry.organisation) not in names and (other, entry.organisation) in names:
        role = entry.roles[0].value
        entry.wrong("roles", f'"{role}" is a role of a {kind.value}, not of a {other.value}')
        work.known.broken.add(person.email)
        return
    organisation = work.known.organisation(entry, "organisation", entry.organisation, kind)
    if organisation is None:
        return
    wrong = [role.value for role in entry.roles if not role_fits(kind, role)]
    if wrong:
        entry.wrong("roles", f'"{wrong[0]}" is not a role of a {kind.value}')
        work.known.broken.add(person.email)
        return
    if apart := refused_together(entry.roles):
        entry.wrong("roles", f"cannot go together. {apart[0].sentence}".rstrip("."))
        work.known.broken.add(person.email)
        return
    if organisation.id in person.roles:
        work.plan.is_there(Membership)
        return
    person.roles[organisation.id] = set(entry.roles)
    membership_id = new_id()
    work.plan.add(
        entry.place.file,
        Membership,
        id=membership_id,
        person_id=person.id,
        organisation_id=organisation.id,
        version=1,
    )
    for role in dict.fromkeys(entry.roles):
        work.plan.add(entry.place.file, MembershipRole, membership_id=membership_id, role=role)


def plan_evidence(work: Work, entries: Iterable[EvidenceEntry]) -> None:
    """What providers have shown, with who verified it."""
    stated = set()
    for entry in entries:
        provider = _provider(work, entry)
        if entry.broken or provider is None:
            continue
        if entry.valid_until and entry.valid_until < entry.valid_from:
            entry.wrong("valid_until", "is before valid_from")
            continue
        if (entry.verified_by is None) != (entry.verified_on is None):
            entry.wrong("", "gives only one of verified_by and verified_on")
            continue
        name = (entry.kind.value, entry.valid_from)
        if (provider.id, name) in stated:
            entry.wrong("kind", "is given twice for this provider and day")
            continue
        stated.add((provider.id, name))
        if name in provider.evidence:
            work.plan.is_there(Evidence)
            continue
        verified = entry.verified_on
        work.plan.add(
            entry.place.file,
            Evidence,
            id=new_id(),
            provider_id=provider.id,
            kind=entry.kind,
            valid_from=entry.valid_from,
            valid_until=entry.valid_until,
            cover=entry.cover,
            verified_by_name=entry.verified_by,
            verified_at=to_utc(datetime.combine(verified, time(12))) if verified else None,
        )


def plan_vat(work: Work, entries: Iterable[VatEntry]) -> None:
    """What each provider's evidence says of its VAT (rules.md B13, B14)."""
    stated = set()
    for entry in entries:
        provider = _provider(work, entry)
        if entry.broken or provider is None:
            continue
        try:
            VatEvidence(entry.starts_on, entry.vat_number)
        except BadVatEvidence as error:
            entry.wrong("vat_number", f'"{entry.vat_number}": {error.sentence.rstrip(".")}')
            continue
        if (provider.id, entry.starts_on) in stated:
            entry.wrong("starts_on", "is given twice for this provider")
            continue
        stated.add((provider.id, entry.starts_on))
        if entry.starts_on in provider.vat:
            work.plan.is_there(VatStanding)
            continue
        work.plan.add(
            entry.place.file,
            VatStanding,
            id=new_id(),
            provider_id=provider.id,
            starts_on=entry.starts_on,
            vat_number=entry.vat_number,
            charity_number=entry.charity_number,
            ofsted_urn=entry.ofsted_urn,
            public_body=entry.public_body,
        )


def plan_bank(work: Work, entries: Iterable[BankEntry]) -> None:
    """Where each provider is paid."""
    stated = set()
    for entry in entries:
        provider = _provider(work, entry)
        if entry.broken or provider is None:
            continue
        if (provider.id, entry.starts_on) in stated:
            entry.wrong("starts_on", "is given twice for this provider")
            continue
        stated.add((provider.id, entry.starts_on))
        if entry.starts_on in provider.bank:
            work.plan.is_there(BankDetails)
            continue
        work.plan.add(
            entry.place.file,
            BankDetails,
            id=new_id(),
            provider_id=provider.id,
            starts_on=entry.starts_on,
            account_name=entry.account_name,
            account_number=entry.account_number,
            sort_code=entry.sort_code,
        )


def _provider(work: Work, entry: EvidenceEntry | VatEntry | BankEntry) -> KnownOrganisation | None:
    if not entry.provider:
        return None
    return work.known.organisation(entry, "provider", entry.provider, _PROVIDER)
