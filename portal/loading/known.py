"""What can be named: everything that the database holds already and the files describe so far."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from portal.agreements.rules import covers
from portal.evidence.rules import EvidenceKind
from portal.frameworks.rules import Mechanism, Unit
from portal.identity.rules import OrganisationKind, Role
from portal.kernel.entries.fields import did_you_mean
from portal.kernel.entries.reading import Entry


@dataclass(slots=True)
class KnownOrganisation:
    """A council or provider that can be named."""

    id: UUID
    kind: OrganisationKind
    name: str
    vat: set[date] = field(default_factory=set)
    bank: set[date] = field(default_factory=set)
    evidence: set[tuple[str, date]] = field(default_factory=set)


@dataclass(slots=True)
class KnownPerson:
    """A person that can be named, with their roles in each organisation."""

    id: UUID
    name: str
    email: str
    roles: dict[UUID, set[Role]] = field(default_factory=dict)


@dataclass(slots=True)
class KnownCategory:
    """A category of a framework."""

    id: UUID
    code: str
    title: str
    mechanism: Mechanism
    unit: Unit


@dataclass(slots=True)
class KnownFramework:
    """A framework that can be named, with what it is made of.

    ``priced`` are its categories of which it is said how bids are priced, by their ids, as in
    ``asks`` and ``bands``; ``demands`` stand by lot, or none for everybody.
    """

    id: UUID
    reference: str
    lead_id: UUID
    starts_on: date
    ends_on: date
    councils: set[UUID] = field(default_factory=set)
    lots: dict[int, UUID] = field(default_factory=dict)
    categories: dict[str, KnownCategory] = field(default_factory=dict)
    budgets: set[tuple[UUID, date]] = field(default_factory=set)
    terms: bool = False
    priced: set[UUID] = field(default_factory=set)
    asks: set[tuple[UUID, str]] = field(default_factory=set)
    bands: set[tuple[UUID, str]] = field(default_factory=set)
    demands: set[tuple[UUID | None, EvidenceKind]] = field(default_factory=set)
    rounds: set[str] = field(default_factory=set)


@dataclass(slots=True)
class KnownPlace:
    """A provider's appointment; ``prices`` are its bands with the days they start."""

    id: UUID
    category_id: UUID
    provider_id: UUID
    starts_on: date
    ends_on: date | None
    reserve: bool
    prices: set[tuple[str, date]] = field(default_factory=set)


@dataclass(slots=True)
class KnownMentor:
    """A mentor, with the days from and to which each clearance is relied on."""

    id: UUID
    name: str
    provider_id: UUID
    volunteer: bool
    clearances: dict[date, date] = field(default_factory=dict)

    def cleared(self, day: date) -> bool:
        """Whether a DBS check covers the day."""
        return any(checked <= day <= until for checked, until in self.clearances.items())


@dataclass(slots=True)
class KnownAgreement:
    """An agreement, with the terms of its mentors and what is delivered under it."""

    id: UUID
    reference: str
    council_id: UUID
    provider_id: UUID
    framework_id: UUID
    unit: Unit
    starts_on: date
    ends_on: date | None
    prices: set[date] = field(default_factory=set)
    assignments: dict[date, tuple[UUID, date | None]] = field(default_factory=dict)
    nights: list[tuple[date, date]] = field(default_factory=list)

    def mentor_on(self, day: date) -> UUID | None:
        """Who is assigned on a day."""
        for starts_on, (mentor_id, ends_on) in self.assignments.items():
            if covers(starts_on, ends_on, day):
                return mentor_id
        return None


@dataclass(slots=True)
class Known:
    """Names and what they mean. A name of which the file's entry is broken means nothing yet."""

    organisations: dict[tuple[OrganisationKind, str], KnownOrganisation] = field(
        default_factory=dict
    )
    people: dict[str, KnownPerson] = field(default_factory=dict)
    frameworks: dict[str, list[KnownFramework]] = field(default_factory=dict)
    places: dict[tuple[UUID, UUID], list[KnownPlace]] = field(default_factory=dict)
    mentors: dict[tuple[UUID, str], KnownMentor] = field(default_factory=dict)
    agreements: dict[str, list[KnownAgreement]] = field(default_factory=dict)
    mentor_times: dict[UUID, dict[datetime, int]] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)

    def organisation(
        self, entry: Entry, name: str, word: str, kind: OrganisationKind
    ) -> KnownOrganisation | None:
        """The council or provider of that name; a problem at that key when there is none."""
        found = self.organisations.get((kind, word))
        if found is None:
            names = (known for one, known in self.organisations if one is kind)
            self._unknown(entry, name, word, f"a {kind.value}", names)
        return found

    def person(self, entry: Entry, name: str, word: str) -> KnownPerson | None:
        """The person with that e-mail address."""
        found = self.people.get(word)
        if found is None:
            self._unknown(entry, name, word, "the e-mail address of a person", self.people)
        return found

    def framework(self, entry: Entry, name: str, word: str) -> KnownFramework | None:
        """The framework of that reference."""
        found = self.frameworks.get(word, [])
        if not found:
            self._unknown(entry, name, word, "the reference of a framework", self.frameworks)
        elif len(found) > 1:
            entry.wrong(name, f'"{word}" is the reference of frameworks of several councils')
        return found[0] if len(found) == 1 else None

    def category(
        self, entry: Entry, name: str, word: str, framework: KnownFramework
    ) -> KnownCategory | None:
        """The category with that code within a framework."""
        found = framework.categories.get(word)
        if found is None:
            what = f"a category of {framework.reference}"
            self._unknown(entry, name, word, what, framework.categories)
        return found

    def mentor(self, entry: Entry, name: str, word: str, provider_id: UUID) -> KnownMentor | None:
        """The provider's mentor of that name."""
        found = self.mentors.get((provider_id, word))
        if found is None:
            names = (known for owner, known in self.mentors if owner == provider_id)
            self._unknown(entry, name, word, "a mentor of this provider", names)
        return found

    def agreement(self, entry: Entry, name: str, word: str) -> KnownAgreement | None:
        """The Individual Agreement of that reference."""
        found = self.agreements.get(word, [])
        if not found:
            self._unknown(entry, name, word, "the reference of an agreement", self.agreements)
        elif len(found) > 1:
            entry.wrong(name, f'"{word}" is the reference of agreements of several councils')
        return found[0] if len(found) == 1 else None

    def member(
        self,
        entry: Entry,
        name: str,
        word: str,
        organisation_id: UUID,
        role: Role | None = None,
    ) -> KnownPerson | None:
        """A person of that organisation, and with that role if one is asked for."""
        person = self.person(entry, name, word)
        if person is None:
            return None
        roles = person.roles.get(organisation_id)
        if roles is None or (role is not None and role not in roles):
            needed = f" with the role {role.value}" if role else ""
            if not self.broken:
                entry.wrong(name, f"{word} does not belong to this organisation{needed}")
            return None
        return person

    def _unknown(self, entry: Entry, name: str, word: str, what: str, known: Iterable[str]) -> None:
        if word not in self.broken:
            entry.wrong(name, f'"{word}" is not {what} that is known{did_you_mean(word, known)}')
