"""Safeguarding concerns as they stand, what is noted about each, and who takes them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.agreements.models import Agreement
from portal.agreements.rules import AgreementState
from portal.delivery.concerns.models import Concern, ConcernNote, SafeguardingLead
from portal.delivery.concerns.rules import ConcernState
from portal.identity.allowed import permissions_of
from portal.identity.models import Membership
from portal.identity.people.queries import current_members
from portal.identity.permissions import Permission
from portal.kernel.errors import NotFound
from portal.kernel.keyset import Page, page_of

MOST_OFFERED = 200
_LAST = (AgreementState.ENDED, AgreementState.TRANSFERRED)


def concerns(
    session: Session, organisation_id: UUID, *, state: ConcernState | None, cursor: str | None
) -> Page[Concern]:
    """The concerns that one may see, the newest first; without a state, those not closed."""
    statement = select(Concern).options(
        joinedload(Concern.agreement, innerjoin=True).options(
            joinedload(Agreement.council), joinedload(Agreement.provider)
        )
    )
    if state is None:
        statement = statement.where(Concern.state != ConcernState.CLOSED)
    else:
        statement = statement.where(Concern.state == state)
    return page_of(
        session,
        statement,
        Concern.at,
        Concern.id,
        cursor=cursor,
        descending=True,
        among=[Concern.council_id == organisation_id, Concern.provider_id == organisation_id],
    )


def get_concern(session: Session, concern_id: UUID, *, to_change: bool = False) -> Concern:
    """One concern with its agreement and its parties; to change it, held as it is now.

    Raises NotFound.
    """
    statement = select(Concern).where(Concern.id == concern_id)
    if to_change:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    else:
        statement = statement.options(
            joinedload(Concern.agreement, innerjoin=True).options(
                joinedload(Agreement.council), joinedload(Agreement.provider)
            )
        )
    found = session.scalars(statement).first()
    if found is None:
        raise NotFound
    return found


def notes(session: Session, concern_id: UUID) -> Sequence[ConcernNote]:
    """What was added to a concern that one may read, the oldest first."""
    return session.scalars(
        select(ConcernNote)
        .where(ConcernNote.concern_id == concern_id)
        .order_by(ConcernNote.at, ConcernNote.id)
    ).all()


def waiting(session: Session, concern_id: UUID) -> Concern | None:
    """A concern that nobody has acknowledged yet."""
    return session.scalars(
        select(Concern)
        .where(Concern.id == concern_id, Concern.state == ConcernState.RAISED)
        .options(joinedload(Concern.agreement, innerjoin=True))
    ).first()


def not_closed(
    session: Session, organisation_id: UUID, most: int, *, by: UUID | None = None
) -> Sequence[Concern]:
    """Open concerns of a council, or those that one person raised; the oldest first."""
    party = Concern.council_id == organisation_id
    if by is not None:
        party = Concern.by_person_id == by
    return session.scalars(
        select(Concern)
        .where(party, Concern.state != ConcernState.CLOSED)
        .options(joinedload(Concern.agreement, innerjoin=True))
        .order_by(Concern.at, Concern.id)
        .limit(most)
    ).all()


def concerns_on(session: Session, agreement_id: UUID) -> Sequence[Concern]:
    """The concerns about one young person's agreement that one may see, the newest first."""
    return session.scalars(
        select(Concern)
        .where(Concern.agreement_id == agreement_id)
        .order_by(Concern.at.desc(), Concern.id.desc())
    ).all()


def agreements_to_choose(session: Session) -> Sequence[Agreement]:
    """Running agreements about which a concern can be raised, with the council of each."""
    return session.scalars(
        select(Agreement)
        .where(Agreement.state.not_in(_LAST))
        .options(joinedload(Agreement.council), joinedload(Agreement.provider))
        .order_by(Agreement.reference, Agreement.id)
        .limit(MOST_OFFERED)
    ).all()


def handlers(session: Session, council_id: UUID) -> list[Membership]:
    """Everybody of a council who may handle concerns, by name."""
    return [
        member
        for member in current_members(session, council_id)
        if Permission.CONCERN_HANDLE in permissions_of(own.role for own in member.roles)
    ]


def named_leads(session: Session, council_id: UUID) -> set[UUID]:
    """The people whom a council named to take concerns; some of them may have left."""
    return set(
        session.scalars(
            select(SafeguardingLead.person_id).where(SafeguardingLead.council_id == council_id)
        )
    )


def leads(session: Session, council_id: UUID) -> list[Membership]:
    """Those of them who may still handle concerns; where there is none, everybody who may."""
    named, every = named_leads(session, council_id), handlers(session, council_id)
    return [member for member in every if member.person_id in named] or every
