"""How people come, stay and come back: invitations, requests, reviews, recovery."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session

from portal.identity.actions import digest
from portal.identity.models import Membership, Organisation, OrganisationSetting, Person
from portal.identity.people.invitations.models import Invitation, JoinRequest
from portal.identity.people.reviews.models import AccessReview, Confirmation
from portal.identity.recovery.models import AddressChange, RecoveryLink
from portal.identity.recovery.rules import LinkKind
from portal.identity.rules import OrganisationKind, Role
from tests.makers.rows import add, numbers

ASKED = datetime(2026, 4, 29, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Papers:
    """What there is of an organisation's people, beside themselves; one secret opens it all."""

    invitation: Invitation
    request: JoinRequest
    secret: str


def make_papers(
    session: Session, *, organisation: Organisation, administrator: Person, colleague: Membership
) -> Papers:
    """A setting, a review with one confirmation, an invitation, a request, and ways back in.

    The ways back in are of somebody who belongs to no organisation.
    """
    number = next(numbers)
    secret = f"secret-{number}"
    add(session, OrganisationSetting(organisation_id=organisation.id))
    review = make_review(session, organisation=organisation, due_on=date(2026, 10, 29))
    add(
        session,
        Confirmation(
            review_id=review.id,
            membership_id=colleague.id,
            organisation_id=organisation.id,
            person_name=colleague.person.name,
            roles=[],
            by_person_id=administrator.id,
            by_name=administrator.name,
            at=ASKED,
        ),
    )
    council = organisation.kind is OrganisationKind.COUNCIL
    role = Role.COMMISSIONER if council else Role.BIDS
    invitation = make_invitation(
        session, organisation=organisation, by=administrator, roles=[role], secret=secret
    )
    request = make_request(session, organisation=organisation)
    absent = add(session, Person(name=f"Absent {number}", email=f"absent{number}@portal.example"))
    make_link(session, person=absent, kind=LinkKind.PASSWORD, secret=secret)
    make_link(session, person=absent, kind=LinkKind.SECOND_FACTOR, secret=secret)
    add(
        session,
        AddressChange(
            person_id=absent.id,
            old_email=absent.email,
            new_email=f"new{number}@portal.example",
            old_digest=digest(secret),
            new_digest=digest(f"{secret} new"),
            asked_at=ASKED,
            stoppable_until=ASKED + timedelta(hours=72),
        ),
    )
    return Papers(invitation, request, secret)


def make_invitation(
    session: Session,
    *,
    organisation: Organisation,
    by: Person,
    roles: list[Role],
    secret: str,
    email: str = "",
    at: datetime = ASKED,
) -> Invitation:
    """An invitation that waits, behind a link with this secret."""
    number = next(numbers)
    return add(
        session,
        Invitation(
            organisation_id=organisation.id,
            email=email or f"invited{number}@portal.example",
            name=f"Ines Invited {number}",
            roles=sorted(roles),
            secret_digest=digest(secret),
            invited_by=by.id,
            invited_by_name=by.name,
            invited_at=at,
            expires_at=at + timedelta(days=7),
        ),
    )


def make_request(
    session: Session, *, organisation: Organisation, email: str = "", at: datetime = ASKED
) -> JoinRequest:
    """A request to join that waits for an answer."""
    number = next(numbers)
    return add(
        session,
        JoinRequest(
            organisation_id=organisation.id,
            name=f"Ada Asking {number}",
            email=email or f"asking{number}@portal.example",
            asked_at=at,
        ),
    )


def make_review(session: Session, *, organisation: Organisation, due_on: date) -> AccessReview:
    """A review of access that is open."""
    return add(session, AccessReview(organisation_id=organisation.id, due_on=due_on))


def make_link(
    session: Session, *, person: Person, kind: LinkKind, secret: str, at: datetime = ASKED
) -> RecoveryLink:
    """A link with this secret that works for two days, so that a test's clock may move."""
    return add(
        session,
        RecoveryLink(
            person_id=person.id,
            kind=kind,
            secret_digest=digest(secret),
            made_at=at,
            expires_at=at + timedelta(days=2),
        ),
    )
