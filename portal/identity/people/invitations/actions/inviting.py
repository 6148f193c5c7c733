"""Inviting somebody, sending the link again, and taking the invitation back."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record
from portal.identity.actions import digest
from portal.identity.models import Organisation
from portal.identity.people.actions.membership import RolesRefused
from portal.identity.people.events import Event
from portal.identity.people.invitations.models import Invitation
from portal.identity.people.invitations.queries import (
    get_invitation,
    open_invitation,
    standing_of,
)
from portal.identity.people.invitations.rules import INVITED_FOR, Standing
from portal.identity.people.queries import current_members, lock_organisation, twins_of
from portal.identity.people.rules import Twin, problems_with
from portal.identity.people.words import name_roles
from portal.identity.rules import Role
from portal.kernel.errors import DomainError, NotFound
from portal.kernel.post import write
from portal.kernel.wording import say_list


class HereAlready(DomainError):
    """The address belongs to somebody who works here, or who is invited."""

    status = 422


class SecondAccount(DomainError):
    """Somebody here may be the same person; it takes a word to say that it is right."""

    status = 422

    def __init__(self, twins: list[Twin]) -> None:
        super().__init__(
            f"{' '.join(twin.sentence for twin in twins)} If this is somebody else, or one person "
            "needs two accounts, say why."
        )


class NotWaiting(DomainError):
    """The invitation was answered or withdrawn meanwhile."""

    sentence = "This invitation was accepted or withdrawn already, so nothing was changed."


def invite(
    session: Session,
    actor: Actor,
    *,
    name: str,
    email: str,
    roles: Collection[Role],
    difference: str,
    at: datetime,
) -> Invitation:
    """Invite an address to roles: a letter with a link that works once, for seven days.

    ``difference`` is the administrator's word that a likeness to somebody here is all right.
    Raises RolesRefused (promise 4), HereAlready, SecondAccount.
    """
    if actor.organisation_id is None:
        raise NotFound
    organisation = lock_organisation(session, actor.organisation_id)
    if problems := problems_with(organisation.kind, roles):
        raise RolesRefused(problems)
    if any(member.person.email == email for member in current_members(session, organisation.id)):
        raise HereAlready(f"{email} works here already. Change their roles on their own page.")
    twins = twins_of(session, organisation.id, name=name, email=email)
    if problems := [problem for twin in twins for problem in twin.problems_with(roles)]:
        raise RolesRefused(problems)
    if twins and not difference:
        raise SecondAccount(twins)
    earlier = open_invitation(session, organisation.id, email)
    if earlier is not None:
        if standing_of(earlier, at) is Standing.WAITING:
            raise HereAlready(f"{email} is invited already. Send that invitation again instead.")
        earlier.withdrawn_at = at
        session.flush()
    secret = secrets.token_urlsafe(32)
    invitation = Invitation(
        organisation_id=organisation.id,
        email=email,
        name=name,
        roles=sorted(roles),
        difference=difference if twins else "",
        secret_digest=digest(secret),
        invited_by=actor.person_id,
        invited_by_name=actor.name,
        invited_at=at,
        expires_at=at + INVITED_FOR,
    )
    session.add(invitation)
    session.flush()
    _send(session, organisation, invitation, secret, at=at)
    record(
        session,
        actor,
        Event.INVITED,
        _subject(invitation),
        at=at,
        roles=invitation.roles,
        **({"like": [twin.email for twin in twins], "reason": difference} if twins else {}),
    )
    return invitation


def send_again(session: Session, actor: Actor, invitation_id: UUID, *, at: datetime) -> Invitation:
    """Send a new link, which works for seven days; the one before works no more.

    Raises NotWaiting for an invitation that was accepted or withdrawn.
    """
    organisation, invitation = _locked(session, actor, invitation_id)
    secret = secrets.token_urlsafe(32)
    invitation.secret_digest = digest(secret)
    invitation.expires_at = at + INVITED_FOR
    _send(session, organisation, invitation, secret, at=at)
    record(session, actor, Event.INVITED_AGAIN, _subject(invitation), at=at)
    return invitation


def withdraw(session: Session, actor: Actor, invitation_id: UUID, *, at: datetime) -> Invitation:
    """Take an invitation back; its link works no more. Raises NotWaiting."""
    _, invitation = _locked(session, actor, invitation_id)
    invitation.withdrawn_at = at
    record(session, actor, Event.INVITATION_WITHDRAWN, _subject(invitation), at=at)
    return invitation


def _locked(session: Session, actor: Actor, invitation_id: UUID) -> tuple[Organisation, Invitation]:
    if actor.organisation_id is None:
        raise NotFound
    organisation = lock_organisation(session, actor.organisation_id)
    invitation = get_invitation(session, organisation.id, invitation_id)
    if invitation.accepted_at is not None or invitation.withdrawn_at is not None:
        raise NotWaiting
    return organisation, invitation


def _send(
    session: Session,
    organisation: Organisation,
    invitation: Invitation,
    secret: str,
    *,
    at: datetime,
) -> None:
    write(
        session,
        to=invitation.email,
        subject=f"Invitation to work with {organisation.name}",
        template="identity/people/invitations/invited.txt",
        at=at,
        name=invitation.name,
        organisation=organisation.name,
        inviter=invitation.invited_by_name,
        roles=say_list([name.lower() for name in name_roles(invitation.roles)]),
        expires_at=invitation.expires_at,
        secret=secret,
    )


def _subject(invitation: Invitation) -> Subject:
    return Subject("invitation", invitation.id, f"{invitation.name}, {invitation.email}")
