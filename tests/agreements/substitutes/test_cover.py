"""What is scheduled for a mentor who was rejected, until a substitute takes it over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time

from sqlalchemy import select

from portal.agreements.models import Agreement
from portal.audit.models import AuditEvent
from portal.delivery.models import DeliverySession
from portal.delivery.plans.models import SessionPlan
from portal.delivery.rules import SessionState
from tests.agreements.substitutes.mentors import OPERATOR, a_mentor, day
from tests.dealings import AT
from tests.makers import make_plan, make_session
from tests.support.visits import Visitor, Visits


def test_a_substitute_takes_over_what_is_scheduled_where_they_are_free(
    visits: Visits, provider: Visitor, council: Visitor, ordered: Callable[..., Agreement]
) -> None:
    """A plan of Mondays at 4pm, 11 to 25 May; on 18 May the substitute is elsewhere until 5pm."""
    old, new = a_mentor(visits, "Rae Refused"), a_mentor(visits, "Sol Steps-In")
    agreement, other = ordered("IA-COVER", old), ordered("IA-OTHER", new)
    with visits.standing.owner.transaction(OPERATOR) as session:
        plan = make_plan(session, agreement=agreement, mentor=old, last_day=date(2026, 5, 25))
        done = make_session(session, agreement=agreement, mentor=old, day=date(2026, 4, 29))
        today = make_session(session, agreement=agreement, mentor=old, day=AT.date(), at=time(16),
                             state=SessionState.SCHEDULED)  # fmt: skip
        make_session(session, agreement=other, mentor=new, day=date(2026, 5, 18), at=time(15, 30),
                     minutes=90, state=SessionState.SCHEDULED)  # fmt: skip
    page = f"/agreements/{agreement.id}"
    assert "without a mentor" not in provider.open(page).words

    assert council.send(f"{page}/mentor/reject", {"because": "Late again"}).status == 303
    shown = provider.open(page)
    assert "4 scheduled sessions without a mentor: to be arranged" in shown.words
    assert shown.rows[-1].count("without") == 0
    waiting = [row for row in shown.rows if "Nobody works on the agreement that day" in row]
    assert [row.split(" at ")[0] for row in waiting] == [
        "30 April 2026", "11 May 2026", "18 May 2026", "25 May 2026",
    ]  # fmt: skip
    home = provider.open("/").words
    assert "4 sessions without a mentor on IA-COVER" in home and "To arrange" in home

    named = {"mentor": str(new.id), **day("starts_on", date(2026, 5, 5))}
    assert provider.send(f"{page}/mentor", named).status == 303
    with visits.standing.owner.session(OPERATOR) as session:
        scheduled = session.execute(
            select(DeliverySession.service_date, DeliverySession.mentor_id)
            .where(DeliverySession.plan_id == plan.id)
            .order_by(DeliverySession.starts_at)
        ).all()
        assert [(one.day, mentor == new.id) for one, mentor in scheduled] == [
            (11, True), (18, False), (25, True),
        ]  # fmt: skip
        assert session.get_one(DeliverySession, done.id).mentor_id == old.id
        assert session.get_one(DeliverySession, today.id).mentor_id == old.id
        assert session.get_one(SessionPlan, plan.id).mentor_id == new.id
        (taken,) = session.scalars(
            select(AuditEvent).where(AuditEvent.event == "delivery:plan:taken-over")
        )
        assert taken.subject_id == plan.id
    after = provider.open(page)
    assert "2 scheduled sessions without a mentor: to be arranged" in after.words
    (clash,) = [row for row in after.rows if "A mentor cannot be in two places at once" in row]
    assert clash.startswith("18 May 2026 at 4pm") and "on agreement IA-OTHER" in clash
    assert "2 sessions without a mentor on IA-COVER" in provider.open("/").words
