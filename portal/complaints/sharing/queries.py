"""What was shared with a provider, and what it logged itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.complaints.sharing.models import OwnComplaint, SharedComplaint, SharedFile
from portal.frameworks.models import FrameworkCouncil, Place
from portal.identity.models import Organisation
from portal.identity.rules import OrganisationKind
from portal.kernel.errors import NotFound, Stale
from portal.kernel.files import StoredFile
from portal.kernel.keyset import Page, page_of

_WITH_PARTIES: Any = (joinedload(SharedComplaint.provider), joinedload(SharedComplaint.council))


def shared_of(session: Session, complaint_id: UUID) -> Sequence[SharedComplaint]:
    """With which providers a council shared a complaint."""
    return session.scalars(
        select(SharedComplaint)
        .where(SharedComplaint.complaint_id == complaint_id)
        .options(*_WITH_PARTIES, selectinload(SharedComplaint.files))
        .order_by(SharedComplaint.id)
    ).all()


def shared_with(
    session: Session, provider_id: UUID, *, cursor: str | None
) -> Page[SharedComplaint]:
    """What councils share with a provider now, the newest first."""
    statement = (
        select(SharedComplaint)
        .where(SharedComplaint.provider_id == provider_id, SharedComplaint.taken_back_at.is_(None))
        .options(*_WITH_PARTIES)
    )
    return page_of(
        session,
        statement,
        SharedComplaint.shared_at,
        SharedComplaint.id,
        cursor=cursor,
        descending=True,
    )


def waiting_for(session: Session, provider_id: UUID) -> Sequence[SharedComplaint]:
    """What a provider has not answered, the first due first."""
    return session.scalars(
        select(SharedComplaint)
        .where(
            SharedComplaint.provider_id == provider_id,
            SharedComplaint.taken_back_at.is_(None),
            SharedComplaint.answered_at.is_(None),
        )
        .options(*_WITH_PARTIES)
        .order_by(SharedComplaint.answer_by, SharedComplaint.id)
        .limit(20)
    ).all()


def get_shared(session: Session, shared_id: UUID, provider_id: UUID) -> SharedComplaint:
    """What was shared with a provider, while it is. Raises NotFound."""
    found = session.scalars(
        select(SharedComplaint)
        .where(
            SharedComplaint.id == shared_id,
            SharedComplaint.provider_id == provider_id,
            SharedComplaint.taken_back_at.is_(None),
        )
        .options(*_WITH_PARTIES, selectinload(SharedComplaint.files))
    ).first()
    if found is None:
        raise NotFound
    return found


def locked_shared(
    session: Session, shared_id: UUID, organisation_id: UUID, version: int
) -> SharedComplaint:
    """The same for either party as it stands now. Raises NotFound, Stale."""
    found = session.scalars(
        select(SharedComplaint)
        .where(SharedComplaint.id == shared_id, SharedComplaint.taken_back_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if found is None or organisation_id not in (found.provider_id, found.council_id):
        raise NotFound
    if found.version != version:
        raise Stale
    return found


def stored_file(session: Session, shared_id: UUID, file_id: UUID) -> StoredFile | None:
    """A file that was shared, by the id of its sharing."""
    return session.scalars(
        select(StoredFile)
        .join(SharedFile, SharedFile.stored_file_id == StoredFile.id)
        .where(SharedFile.shared_id == shared_id, SharedFile.id == file_id)
    ).first()


def suppliers(session: Session) -> list[tuple[str, str]]:
    """The providers that the council knows, as (id, name)."""
    found = session.execute(
        select(Organisation.id, Organisation.name)
        .where(Organisation.kind == OrganisationKind.PROVIDER)
        .order_by(Organisation.name)
        .limit(2_000)
    )
    return [(str(provider_id), name) for provider_id, name in found]


def provider_name(session: Session, provider_id: UUID | None) -> str | None:
    """The name of the provider that a complaint is about, if it is about one."""
    return session.scalar(select(Organisation.name).where(Organisation.id == provider_id))


def own_log(session: Session, provider_id: UUID, *, cursor: str | None) -> Page[OwnComplaint]:
    """A provider's own log, the newest first."""
    statement = (
        select(OwnComplaint)
        .where(OwnComplaint.provider_id == provider_id)
        .options(joinedload(OwnComplaint.council))
    )
    return page_of(
        session,
        statement,
        OwnComplaint.received_on,
        OwnComplaint.id,
        cursor=cursor,
        descending=True,
    )


def told_to(session: Session, council_id: UUID) -> Sequence[OwnComplaint]:
    """What providers told a council of complaints that came to them, the newest fifty."""
    return session.scalars(
        select(OwnComplaint)
        .where(OwnComplaint.council_id == council_id)
        .options(joinedload(OwnComplaint.provider))
        .order_by(OwnComplaint.received_on.desc(), OwnComplaint.id.desc())
        .limit(50)
    ).all()


def get_own(session: Session, own_id: UUID, provider_id: UUID) -> OwnComplaint:
    """One entry of a provider's own log. Raises NotFound."""
    found = session.scalars(
        select(OwnComplaint).where(
            OwnComplaint.id == own_id, OwnComplaint.provider_id == provider_id
        )
    ).first()
    if found is None:
        raise NotFound
    return found


def councils_of(session: Session, provider_id: UUID) -> list[tuple[str, str]]:
    """The councils that a provider works for, as (id, name)."""
    found = session.execute(
        select(Organisation.id, Organisation.name)
        .join(FrameworkCouncil, FrameworkCouncil.council_id == Organisation.id)
        .join(Place, Place.framework_id == FrameworkCouncil.framework_id)
        .where(Place.provider_id == provider_id)
        .distinct()
        .order_by(Organisation.name)
    )
    return [(str(council_id), name) for council_id, name in found]
