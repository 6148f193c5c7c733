"""A provider is reminded before a round closes of an application that is not submitted, or has
been changed since. What it is told stands on its own pages alone."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.frameworks.applications import queries
from portal.frameworks.applications.models import Application
from portal.frameworks.applications.rules import Standing
from portal.frameworks.applications.submitting.rules import FIRST_REMINDER, reminder_step
from portal.frameworks.rounds.models import Round
from portal.identity.permissions import Permission
from portal.identity.rules import OrganisationKind
from portal.kernel.jobs import Work
from portal.kernel.local_time import local_date
from portal.kernel.wording import say_count, say_datetime
from portal.notices.actions import tell
from portal.notices.reminding import reminder
from portal.notices.rules import NoticeKind


@reminder("applications:remind", daily="07:00", of=OrganisationKind.PROVIDER)
def remind(work: Work) -> None:
    """Tell whoever makes applications of each that would not count as it stands, once a step."""
    provider_id = work.scope.organisation_id
    assert provider_id is not None
    today = local_date(work.at)
    with work.reading() as session:
        waiting = session.scalars(
            select(Application)
            .join(Application.round)
            .where(
                Application.provider_id == provider_id,
                Application.withdrawn_at.is_(None),
                Round.closes_at > work.at,
                Round.closes_at <= work.at + timedelta(days=FIRST_REMINDER + 1),
            )
            .options(joinedload(Application.round).joinedload(Round.framework))
            .order_by(Round.closes_at, Application.id)
        ).all()
        told = []
        for one in queries.begun(session, waiting, at=work.at):
            step = reminder_step((local_date(one.until) - today).days)
            if step is None or one.standing not in (Standing.DRAFT, Standing.CHANGED):
                continue
            missing = len(queries.missing(session, one.application, today))
            told.append((one, step, _sentence(one, missing)))
    for one, step, sentence in told:
        tell(
            work.session,
            NoticeKind.ROUND,
            sentence=sentence,
            endpoint="applications.show",
            values={"application_id": one.application.id},
            organisation_id=provider_id,
            permission=Permission.APPLICATION_MAKE,
            at=work.at,
            key=f"closing {one.application.id.hex} {one.until:%Y%m%d} {step}",
        )


def _sentence(one: queries.Begun, missing: int) -> str:
    title = one.application.round.title
    begins = (
        f"Your application to {title} is not submitted"
        if one.standing is Standing.DRAFT
        else f"You have changed your application to {title} since you submitted it"
    )
    left = f"{say_count(missing, 'thing')} still missing" if missing else "it is complete"
    return f"{begins}: {left}. The round closes on {say_datetime(one.until)}."
