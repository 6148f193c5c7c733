"""What is done by the clock: the statutory reopening, and the questions nobody answered yet."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import func, select

from portal.frameworks.rounds.clarifications.models import Clarification
from portal.frameworks.rounds.models import Round
from portal.frameworks.rounds.queries import reopenings
from portal.frameworks.rounds.telling import tell_runners
from portal.identity.permissions import Permission
from portal.identity.rules import OrganisationKind
from portal.kernel.jobs import Work
from portal.kernel.local_time import local_date
from portal.kernel.wording import say_count, say_date
from portal.notices.actions import tell
from portal.notices.reminding import reminder
from portal.notices.rules import NoticeKind

CLOSING_WITHIN: Final = timedelta(days=7)


@reminder("rounds:reopening", daily="06:20", of=OrganisationKind.COUNCIL)
def remind_of_reopening(work: Work) -> None:
    """Warn a lead council 365, 180, 90 and 30 days before the law's last day, and after it."""
    council_id = work.scope.organisation_id
    if council_id is None:
        return
    today = local_date(work.at)
    for framework, due in reopenings(work.session, council_id):
        step = due.warning(today)
        if step is None:
            continue
        what = "ends" if due.is_end else "must make its next award"
        late = " That day has passed." if step == 0 else ""
        tell(
            work.session,
            NoticeKind.ROUND_RUN,
            sentence=f"{framework.title} {what} by {say_date(due.due)}.{late}",
            endpoint="rounds.index",
            organisation_id=council_id,
            permission=Permission.ROUND_RUN,
            at=work.at,
            key=f"reopening {framework.id.hex} {due.due} {step}",
        )


@reminder("rounds:unanswered", daily="06:40", of=OrganisationKind.COUNCIL)
def remind_of_questions(work: Work) -> None:
    """Remind the lead council, each day of a round's last week, of questions without an answer."""
    waiting = func.count(Clarification.id)
    found = work.session.execute(
        select(Round, waiting)
        .join(Clarification, Clarification.round_id == Round.id)
        .where(
            Round.lead_council_id == work.scope.organisation_id,
            Round.closes_at > work.at,
            Round.closes_at <= work.at + CLOSING_WITHIN,
            Round.cancelled_at.is_(None),
            Clarification.closed_at.is_(None),
        )
        .group_by(Round.id)
        .order_by(Round.closes_at, Round.id)
    ).all()
    for round_, count in found:
        tell_runners(
            work.session,
            round_,
            f"{say_count(count, 'question')} about {round_.full_title} to answer before it "
            f"closes on {say_date(local_date(round_.closes_at))}",
            endpoint="clarifications.index",
            at=work.at,
            key=f"unanswered {round_.id.hex} {local_date(work.at)}",
        )
