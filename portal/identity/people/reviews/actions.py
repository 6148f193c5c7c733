"""Confirming roles in a review; the last confirmation finishes it and opens the next."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record
from portal.identity.models import Membership, Organisation
from portal.identity.people.actions.membership import person_of
from portal.identity.people.events import Event
from portal.identity.people.queries import (
    administrators,
    current_members,
    held_roles,
    lock_organisation,
)
from portal.identity.people.reviews.models import AccessReview, Confirmation
from portal.identity.people.reviews.queries import open_review, reviews_near, without_review
from portal.identity.people.reviews.rules import (
    is_overdue,
    may_confirm,
    next_review,
    reminder_due,
)
from portal.identity.people.rules import administers
from portal.kernel.errors import DomainError, NotFound
from portal.kernel.local_time import local_date
from portal.kernel.post import write


class OwnConfirmation(DomainError):
    """An administrator would confirm their own roles."""

    status = 422
    sentence = "Another administrator confirms your own roles. Take your own name out."


class ChangedSince(DomainError):
    """Somebody's roles are not those that the administrator saw."""

    sentence = (
        "Somebody's roles were changed while your page was open, so nothing was confirmed. "
        "Look at them again below."
    )


def confirm(
    session: Session,
    actor: Actor,
    seen: Collection[tuple[UUID, int]],
    *,
    at: datetime,
) -> AccessReview:
    """Confirm that these people, by membership and version seen, still need their roles.

    When everybody who works here has been confirmed the review is finished, and the next is due
    six months later. Raises OwnConfirmation, ChangedSince.
    """
    if actor.organisation_id is None or actor.person_id is None:
        raise NotFound
    organisation = lock_organisation(session, actor.organisation_id)
    review = open_review(session, organisation.id) or _open(session, organisation.id, at=at)
    members = {member.id: member for member in current_members(session, organisation.id)}
    in_charge = {m.person_id for m in members.values() if administers(held_roles(m))}
    done = {confirmed.membership_id for confirmed in review.confirmations}
    for membership_id, version in seen:
        member = members.get(membership_id)
        if member is None or member.version != version:
            raise ChangedSince
        if not may_confirm(member.person_id, actor.person_id, in_charge):
            raise OwnConfirmation
        if member.id not in done:
            done.add(member.id)
            _confirm(session, actor, review, member, at=at)
    if done >= members.keys():
        review.finished_at = at
        session.flush()
        record(
            session,
            actor,
            Event.REVIEW_FINISHED,
            Subject("access-review", review.id, organisation.name),
            at=at,
            people=len(members),
        )
        _open(session, organisation.id, at=at)
    return review


def open_missing(session: Session, *, at: datetime) -> int:
    """Open a first review for each organisation that has none; it is due in six months."""
    missing = without_review(session)
    for organisation_id in missing:
        _open(session, organisation_id, at=at)
    return len(missing)


def remind(session: Session, *, at: datetime) -> int:
    """Write to the administrators of each review that is near or overdue; gives how many reviews.

    14 days before, on the day, and then every week.
    """
    today = local_date(at)
    due = [
        review
        for review in reviews_near(session, today)
        if reminder_due(review.due_on, review.reminded_on, today)
    ]
    for review in due:
        review.reminded_on = today
        organisation = session.get_one(Organisation, review.organisation_id)
        for person in administrators(session, organisation.id):
            write(
                session,
                to=person.email,
                subject="Review who has access",
                template="identity/people/reviews/remind.txt",
                at=at,
                person_id=person.id,
                name=person.name,
                organisation=organisation.name,
                due_on=review.due_on,
                overdue=is_overdue(review.due_on, today),
            )
        record(
            session,
            Actor(None, "The portal", organisation.id),
            Event.REVIEW_REMINDED,
            Subject("access-review", review.id, organisation.name),
            at=at,
        )
    return len(due)


def _confirm(
    session: Session, actor: Actor, review: AccessReview, member: Membership, *, at: datetime
) -> None:
    roles = sorted(held_roles(member))
    session.add(
        Confirmation(
            review_id=review.id,
            membership_id=member.id,
            organisation_id=review.organisation_id,
            person_name=member.person.name,
            roles=roles,
            by_person_id=actor.person_id,
            by_name=actor.name,
            at=at,
        )
    )
    record(session, actor, Event.CONFIRMED, person_of(member), at=at, roles=roles)


def _open(session: Session, organisation_id: UUID, *, at: datetime) -> AccessReview:
    review = AccessReview(organisation_id=organisation_id, due_on=next_review(local_date(at)))
    session.add(review)
    session.flush()
    return review
