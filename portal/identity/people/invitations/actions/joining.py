"""Asking to join, and the administrators' answer."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record
from portal.identity.people.events import Event
from portal.identity.people.invitations.actions.inviting import invite
from portal.identity.people.invitations.models import Invitation, JoinRequest
from portal.identity.people.invitations.queries import (
    get_request,
    is_waiting,
    organisations_named,
    waiting_requests,
)
from portal.identity.people.invitations.rules import MOST_WAITING
from portal.identity.people.queries import administrators, lock_organisation
from portal.identity.rules import Role
from portal.kernel.errors import DomainError, NotFound
from portal.kernel.jobs import Work, enqueue, job
from portal.kernel.post import write
from portal.kernel.tenancy import Task


class Answered(DomainError):
    """Another administrator was quicker."""

    sentence = "This request was answered already. See the invitations for what became of it."


def ask(session: Session, *, name: str, email: str, organisation: str, at: datetime) -> None:
    """Take a request in, without looking whether there is such an organisation.

    A job looks, so that the answer takes as long for one as for none. In a session that works as
    the sign-in's task.
    """
    enqueue(
        session,
        "people:ask-to-join",
        at=at,
        arguments={"name": name, "email": email, "organisation": organisation},
    )


@job("people:ask-to-join", scope=Task.SIGN_IN)
def bring(work: Work, *, name: str, email: str, organisation: str) -> None:
    """Bring a request to the administrators of the one organisation that it can mean.

    Nothing happens when there is none or several, when the same address waits already, or when
    50 requests wait.
    """
    session, at = work.session, work.at
    found = organisations_named(session, organisation)
    if len(found) != 1:
        return
    asked = lock_organisation(session, found[0].id)
    waiting, _since = waiting_requests(session, asked.id)
    if waiting >= MOST_WAITING or is_waiting(session, asked.id, email):
        return
    request = JoinRequest(organisation_id=asked.id, name=name, email=email, asked_at=at)
    session.add(request)
    session.flush()
    record(session, Actor(None, name, asked.id), Event.ASKED_TO_JOIN, _subject(request), at=at)
    for person in administrators(session, asked.id):
        write(
            session,
            to=person.email,
            subject="Somebody asks to join your organisation",
            template="identity/people/invitations/asked.txt",
            at=at,
            person_id=person.id,
            name=person.name,
            organisation=asked.name,
        )


def accept(
    session: Session,
    actor: Actor,
    request_id: UUID,
    *,
    roles: Collection[Role],
    difference: str,
    at: datetime,
) -> Invitation:
    """Answer a request with an invitation, which also proves the address.

    Raises Answered, and whatever ``invite`` raises.
    """
    request = _locked(session, actor, request_id)
    invitation = invite(
        session,
        actor,
        name=request.name,
        email=request.email,
        roles=roles,
        difference=difference,
        at=at,
    )
    _decide(request, actor, invited=True, at=at)
    return invitation


def decline(session: Session, actor: Actor, request_id: UUID, *, at: datetime) -> JoinRequest:
    """Answer a request with no; the asker is not told. Raises Answered."""
    request = _locked(session, actor, request_id)
    _decide(request, actor, invited=False, at=at)
    record(session, actor, Event.REQUEST_DECLINED, _subject(request), at=at)
    return request


def _locked(session: Session, actor: Actor, request_id: UUID) -> JoinRequest:
    if actor.organisation_id is None:
        raise NotFound
    lock_organisation(session, actor.organisation_id)
    request = get_request(session, actor.organisation_id, request_id)
    if request.decided_at is not None:
        raise Answered
    return request


def _decide(request: JoinRequest, actor: Actor, *, invited: bool, at: datetime) -> None:
    request.decided_at = at
    request.decided_by_name = actor.name
    request.invited = invited


def _subject(request: JoinRequest) -> Subject:
    return Subject("join-request", request.id, f"{request.name}, {request.email}")
