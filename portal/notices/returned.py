"""E-mail that could not be delivered is told to those who can put the address right."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from portal.identity.models import Membership
from portal.identity.permissions import Permission
from portal.kernel.jobs import Work, every
from portal.kernel.post.models import Letter
from portal.kernel.tenancy import Task
from portal.notices.actions import tell
from portal.notices.rules import NoticeKind

LOOKED_BACK = timedelta(days=2)  # more than any pause between two workers' turns


@every("notices:returned", minutes=15, scope=Task.POST)
def tell_of_returned(work: Work) -> None:
    """Tell the administrators of the addressee's organisations, or of the one that wrote."""
    returned = work.session.scalars(
        select(Letter)
        .where(Letter.given_up_at >= work.at - LOOKED_BACK)
        .order_by(Letter.given_up_at, Letter.id)
    ).all()
    for letter in returned:
        belongs_to = work.session.scalars(
            select(Membership.organisation_id)
            .where(Membership.person_id == letter.person_id, Membership.ended_at.is_(None))
            .order_by(Membership.organisation_id)
        ).all()
        own = [letter.organisation_id] if letter.organisation_id else []
        for organisation_id in belongs_to or own:
            tell(
                work.session,
                NoticeKind.POST_RETURNED,
                sentence=f"An e-mail to {letter.address} could not be delivered: check the address",
                endpoint="people.index",
                organisation_id=organisation_id,
                permission=Permission.PEOPLE_CHANGE,
                at=work.at,
                key=f"letter {letter.id.hex}",
            )
