"""The councils and providers that have public pages, and what is published on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.complaints.guidance.models import Contact, ExitAddress, Procedure
from portal.complaints.guidance.rules import (
    DEFAULT_EXIT,
    ContactDetails,
    published,
    slugs,
)
from portal.frameworks.models import FrameworkCouncil, Place
from portal.frameworks.rules import PlaceState
from portal.identity.models import Organisation
from portal.identity.rules import OrganisationKind
from portal.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class PublicCouncil:
    """A council as the public pages know it."""

    id: UUID
    name: str
    slug: str
    exit_address: str
    street: str
    city: str
    postcode: str


@dataclass(frozen=True, slots=True)
class PublicProvider:
    """A provider on a framework of a council, as that council's public pages know it."""

    id: UUID
    name: str
    slug: str


def councils(session: Session, words: str = "") -> list[tuple[str, str]]:
    """(name, slug) of the councils whose names have all the words, by name."""
    found = _named(session, OrganisationKind.COUNCIL)
    names = dict(found)
    wanted = words.casefold().split()
    listed = [(names[id_], own) for own, id_ in slugs(found).items()]
    return sorted(one for one in listed if all(word in one[0].casefold() for word in wanted))


def get_council(session: Session, slug: str) -> PublicCouncil:
    """The council at an address. Raises NotFound for none."""
    id_ = slugs(_named(session, OrganisationKind.COUNCIL)).get(slug)
    if id_ is None:
        raise NotFound
    return _council(session, id_, slug)


def council_of(session: Session, council_id: UUID) -> PublicCouncil:
    """The same, for somebody who works for the council."""
    own = slugs(_named(session, OrganisationKind.COUNCIL))
    return _council(session, council_id, next(slug for slug in own if own[slug] == council_id))


def stale_contacts(session: Session, council_id: UUID, today: date) -> list[ContactDetails]:
    """What young people are shown and nobody has checked for six months, the oldest first."""
    found = contacts(session, council_id, today)
    stale = [one for one in found if one.shown and one.is_stale(today)]
    return sorted(stale, key=lambda one: (one.checked_on, one.name))


def slug_of(session: Session, council_id: UUID) -> str:
    """The address of a council that is known by its id. Raises NotFound."""
    for own, id_ in slugs(_named(session, OrganisationKind.COUNCIL)).items():
        if id_ == council_id:
            return own
    raise NotFound


def providers(session: Session, council_id: UUID, words: str = "") -> list[PublicProvider]:
    """Who works for the council: the providers with a place on its frameworks, by name."""
    stmt = (
        select(Organisation.id, Organisation.name)
        .join(Place, Place.provider_id == Organisation.id)
        .join(FrameworkCouncil, FrameworkCouncil.framework_id == Place.framework_id)
        .where(FrameworkCouncil.council_id == council_id, Place.state != PlaceState.ENDED)
        .distinct()
        .order_by(Organisation.name, Organisation.id)
    )
    found = [(id_, name) for id_, name in session.execute(stmt)]
    names = dict(found)
    wanted = words.casefold().split()
    listed = [PublicProvider(id_, names[id_], own) for own, id_ in slugs(found).items()]
    return sorted(
        (one for one in listed if all(word in one.name.casefold() for word in wanted)),
        key=lambda one: one.name,
    )


def get_provider(session: Session, council_id: UUID, slug: str) -> PublicProvider:
    """The provider at an address of a council's. Raises NotFound for none."""
    for provider in providers(session, council_id):
        if provider.slug == slug:
            return provider
    raise NotFound


def contacts(session: Session, council_id: UUID, today: date) -> list[ContactDetails]:
    """Everybody whom a council's young people can ask on a day, by kind and name.

    With those that are no longer shown, for the page on which they are kept.
    """
    return published((_details(row) for row in contact_rows(session, council_id)), today)


def contact_rows(session: Session, council_id: UUID, code: str | None = None) -> Sequence[Contact]:
    """A council's contacts with their history, the first recorded first; of one code if given."""
    stmt = select(Contact).where(Contact.council_id == council_id)
    if code is not None:
        stmt = stmt.where(Contact.code == code)
    return session.scalars(stmt.order_by(Contact.recorded_at, Contact.id)).all()


def current_procedure(session: Session, organisation_id: UUID, today: date) -> Procedure | None:
    """What an organisation publishes of its own procedure on a day."""
    return session.scalars(
        select(Procedure)
        .where(Procedure.organisation_id == organisation_id, Procedure.starts_on <= today)
        .order_by(Procedure.recorded_at.desc(), Procedure.id.desc())
        .limit(1)
    ).first()


def procedures(session: Session, organisation_id: UUID) -> Sequence[Procedure]:
    """All that an organisation has published of its own procedure, the newest first."""
    return session.scalars(
        select(Procedure)
        .where(Procedure.organisation_id == organisation_id)
        .order_by(Procedure.recorded_at.desc(), Procedure.id.desc())
    ).all()


def _named(session: Session, kind: OrganisationKind) -> list[tuple[UUID, str]]:
    stmt = select(Organisation.id, Organisation.name).where(Organisation.kind == kind)
    return [(id_, name) for id_, name in session.execute(stmt.order_by(Organisation.id))]


def _details(row: Contact) -> ContactDetails:
    return ContactDetails(
        code=row.code,
        kind=row.kind,
        name=row.name,
        phone=row.phone,
        text_number=row.text_number,
        web=row.web,
        hours=row.hours,
        starts_on=row.starts_on,
        checked_on=row.checked_on,
        shown=row.shown,
    )


def _council(session: Session, council_id: UUID, slug: str) -> PublicCouncil:
    own = session.get_one(Organisation, council_id)
    address = session.get(ExitAddress, council_id)
    return PublicCouncil(
        id=own.id,
        name=own.name,
        slug=slug,
        exit_address=address.address if address else DEFAULT_EXIT,
        street=own.street,
        city=own.city,
        postcode=own.postcode,
    )
