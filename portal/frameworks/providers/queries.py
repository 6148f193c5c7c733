"""The providers that a council can buy from."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.frameworks.models import Place
from portal.frameworks.rules import PlaceState
from portal.identity.models import Organisation
from portal.identity.rules import OrganisationKind
from portal.kernel.errors import NotFound
from portal.kernel.filters import begins_with
from portal.kernel.keyset import Page, page_of


def providers(
    session: Session, *, name: str, framework_id: UUID | None, cursor: str | None
) -> Page[tuple[Organisation, int]]:
    """Providers by name, each with how many active places it has on the council's frameworks."""
    active = (
        select(func.count(Place.id))
        .where(Place.provider_id == Organisation.id, Place.state == PlaceState.ACTIVE)
        .correlate(Organisation)
        .scalar_subquery()
    )
    statement = select(Organisation, active).where(Organisation.kind == OrganisationKind.PROVIDER)
    if framework_id is not None:
        on_it = select(Place.id).where(
            Place.provider_id == Organisation.id, Place.framework_id == framework_id
        )
        statement = statement.where(on_it.exists())
    if (named := begins_with(Organisation.name, name)) is not None:
        statement = statement.where(named)
    return page_of(session, statement, Organisation.name, Organisation.id, cursor=cursor)


def get_provider(session: Session, provider_id: UUID) -> Organisation:
    """One provider. Raises NotFound for a council or one that is on no framework of ours."""
    found = session.scalars(
        select(Organisation).where(
            Organisation.id == provider_id, Organisation.kind == OrganisationKind.PROVIDER
        )
    ).first()
    if found is None:
        raise NotFound
    return found
