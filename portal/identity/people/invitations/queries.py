"""Who is invited, who asks to join, and what a link leads to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from portal.identity.models import Organisation, OrganisationSetting
from portal.identity.people.invitations.models import Invitation, JoinRequest
from portal.identity.people.invitations.rules import Standing, domain_named, standing
from portal.kernel.errors import NotFound
from portal.kernel.keyset import Page, page_of


def standing_of(invitation: Invitation, at: datetime) -> Standing:
    """How an invitation stands at a moment."""
    return standing(
        accepted_at=invitation.accepted_at,
        withdrawn_at=invitation.withdrawn_at,
        expires_at=invitation.expires_at,
        at=at,
    )


def invitations(session: Session, organisation_id: UUID, *, cursor: str | None) -> Page[Invitation]:
    """An organisation's invitations, the newest first."""
    return page_of(
        session,
        select(Invitation).where(Invitation.organisation_id == organisation_id),
        Invitation.invited_at,
        Invitation.id,
        cursor=cursor,
        descending=True,
    )


def get_invitation(session: Session, organisation_id: UUID, invitation_id: UUID) -> Invitation:
    """One invitation as it stands now. Raises NotFound."""
    found = session.scalars(
        select(Invitation)
        .where(Invitation.id == invitation_id, Invitation.organisation_id == organisation_id)
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise NotFound
    return found


def open_invitation(session: Session, organisation_id: UUID, email: str) -> Invitation | None:
    """The invitation of this address that was neither accepted nor withdrawn."""
    return session.scalars(
        select(Invitation).where(
            Invitation.organisation_id == organisation_id,
            Invitation.email == email,
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
        )
    ).first()


def invitation_behind(session: Session, secret_digest: str) -> Invitation | None:
    """The invitation that a link leads to, with its organisation; asked as the sign-in's task."""
    return session.scalars(
        select(Invitation)
        .where(Invitation.secret_digest == secret_digest)
        .options(joinedload(Invitation.organisation))
        .execution_options(populate_existing=True)
    ).first()


def requests(session: Session, organisation_id: UUID, *, cursor: str | None) -> Page[JoinRequest]:
    """Who asks to join and waits for an answer, the newest first."""
    return page_of(
        session,
        select(JoinRequest).where(
            JoinRequest.organisation_id == organisation_id, JoinRequest.decided_at.is_(None)
        ),
        JoinRequest.asked_at,
        JoinRequest.id,
        cursor=cursor,
        descending=True,
    )


def get_request(session: Session, organisation_id: UUID, request_id: UUID) -> JoinRequest:
    """A request to join as it stands now. Raises NotFound."""
    found = session.scalars(
        select(JoinRequest)
        .where(JoinRequest.id == request_id, JoinRequest.organisation_id == organisation_id)
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise NotFound
    return found


def waiting_requests(session: Session, organisation_id: UUID) -> tuple[int, datetime | None]:
    """How many ask to join, and since when the first of them."""
    row = session.execute(
        select(func.count(JoinRequest.id), func.min(JoinRequest.asked_at)).where(
            JoinRequest.organisation_id == organisation_id, JoinRequest.decided_at.is_(None)
        )
    ).one()
    return row[0], row[1]


def is_waiting(session: Session, organisation_id: UUID, email: str) -> bool:
    """Whether this address asks already and has no answer."""
    return (
        session.scalars(
            select(JoinRequest.id).where(
                JoinRequest.organisation_id == organisation_id,
                JoinRequest.email == email,
                JoinRequest.decided_at.is_(None),
            )
        ).first()
        is not None
    )


def organisations_named(session: Session, words: str) -> Sequence[Organisation]:
    """Organisations of exactly this name, or whose addresses are of this domain; at most two.

    Asked as the sign-in's task; nobody is shown the answer.
    """
    domain = domain_named(words)
    matches = func.lower(Organisation.name) == words.strip().lower()
    if domain is not None:
        ending = f"@{domain}"
        matches = or_(
            func.lower(Organisation.accounts_email).endswith(ending, autoescape=True),
            OrganisationSetting.contact_email.endswith(ending, autoescape=True),
        )
    return session.scalars(
        select(Organisation)
        .outerjoin(OrganisationSetting, OrganisationSetting.organisation_id == Organisation.id)
        .where(matches)
        .order_by(Organisation.id)
        .limit(2)
    ).all()
