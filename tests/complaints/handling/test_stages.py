"""A complaint through its stages: days, states, messages, reminders and the record."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from portal.complaints.handling.actions import closing, stages, taking_up
from portal.complaints.handling.actions.case import REMIND
from portal.complaints.handling.clocks import CannotExtend, Limit
from portal.complaints.handling.rules import (
    NO_DUE_DAY,
    MayNotActHere,
    NotYet,
    Outcome,
    Part,
    PauseReason,
    StageState,
)
from portal.complaints.models import Message
from portal.complaints.rules import State, Track
from portal.kernel.errors import NotFound, Stale
from portal.kernel.jobs.models import Job
from portal.kernel.tenancy import Scope, Task
from tests.complaints.handling.cases import RECEIVED, THURSDAY, Desk, noon

DUE, LONGEST = date(2027, 1, 5), date(2027, 1, 19)


def test_stage_1_is_due_after_ten_working_days_and_goes_to_twenty_with_a_reason(
    desk: Desk,
) -> None:
    with desk.work() as session:
        whole = desk.take_up(session)
        assert whole.case is not None
        assert (whole.complaint.state, whole.case.due_on) == (State.BEING_LOOKED_AT, DUE)
        with pytest.raises(CannotExtend, match="no later than 19 January 2027"):
            desk.do(
                session, stages.extend, at=RECEIVED, new_day=date(2027, 1, 20), reason="Ill staff"
            )
    with desk.work() as session:
        whole = desk.do(
            session, stages.extend, at=RECEIVED, new_day=LONGEST, reason="Somebody is away."
        )
        assert whole.case is not None and whole.case.due_on == LONGEST
        told = session.scalars(select(Message.text)).all()
    assert told == [
        "We need more time. We will answer you by 19 January 2027. This is why: Somebody is away."
    ]
    assert desk.events() == ["complaints:complaint:taken-up", "complaints:stage:extended"]


def test_the_whole_statutory_way_to_the_ombudsman(desk: Desk) -> None:
    with desk.work() as session:
        desk.take_up(session)
        answered = desk.answer(session, DUE, Outcome.NOT_UPHELD)
        assert answered.complaint.state is State.ANSWERED
        assert answered.case is not None
        assert answered.case.due_on == date(2027, 2, 2), "a prompt after 20 working days"

        late = date(2027, 3, 8)
        whole = desk.do(session, stages.go_further, at=noon(late), on=late)
        assert whole.stage_now.state is StageState.AGREEING, "nobody is too late"
        assert whole.case is not None and whole.case.due_on == NO_DUE_DAY

        agreed = date(2027, 3, 15)
        whole = desk.do(session, stages.agree, at=noon(agreed), on=agreed)
        assert whole.case is not None and whole.case.due_on == date(2027, 4, 21)
        with pytest.raises(NotYet, match="investigator"):
            desk.answer(session, date(2027, 4, 20))
    with desk.work() as session:
        desk.name(session, Part.INVESTIGATOR, "Ina Vestry")
        desk.name(session, Part.INDEPENDENT_PERSON, "Ida Parsons")
        desk.answer(session, date(2027, 4, 20), Outcome.PARTLY)

        asked = date(2027, 4, 26)
        whole = desk.do(session, stages.go_further, at=noon(asked), on=asked)
        assert whole.stage_now.state is StageState.PANEL_TO_MEET
        for name in ("Pan One", "Pan Two"):
            desk.name(session, Part.PANEL_MEMBER, name)
        with pytest.raises(MayNotActHere, match="investigator"):
            desk.name(session, Part.PANEL_MEMBER, "Ina Vestry")
    with desk.work() as session:
        met = date(2027, 6, 1)
        with pytest.raises(NotYet, match="1 more panel member"):
            desk.do(session, stages.panel_met, at=noon(met), on=met)
    with desk.work() as session:
        desk.name(session, Part.PANEL_MEMBER, "Pan Three")
        whole = desk.do(session, stages.panel_met, at=noon(met), on=met)
        assert whole.case is not None and whole.case.due_on == date(2027, 6, 8)
        reported = date(2027, 6, 8)
        whole = desk.do(session, stages.panel_reported, at=noon(reported), on=reported)
        assert whole.case is not None and whole.case.due_on == date(2027, 6, 29)
        whole = desk.answer(session, date(2027, 6, 30))
        late_one = next(c for c in whole.clocks if c.limit is Limit.REPLY_TO_PANEL)
        assert late_one.standing(date(2027, 6, 30)).value == "late"
        with pytest.raises(NotYet, match="The Ombudsman is next"):
            desk.do(session, stages.go_further, at=noon(date(2027, 7, 1)), on=date(2027, 7, 1))
    with desk.work() as session:
        whole = desk.do(
            session, closing.note_ombudsman, at=noon(date(2027, 8, 2)), on=date(2027, 8, 2), note=""
        )
        whole = desk.do(session, closing.close, at=noon(date(2027, 8, 2)), text="")
        assert whole.complaint.state is State.CLOSED
        assert whole.case is not None and whole.case.due_on == NO_DUE_DAY


def test_an_other_complaint_is_acknowledged_in_five_working_days(desk: Desk) -> None:
    with desk.work() as session:
        whole = desk.take_up(session, Track.OTHER)
        assert whole.case is not None and whole.case.due_on == date(2026, 12, 24)
        whole = desk.do(session, stages.acknowledge, at=noon(date(2026, 12, 18)), text="Thank you.")
        assert whole.case is not None and whole.case.due_on == DUE


def test_a_data_protection_complaint_is_acknowledged_by_the_thirtieth_day(desk: Desk) -> None:
    with desk.work() as session:
        whole = desk.take_up(session, Track.DATA_PROTECTION)
        assert whole.case is not None and whole.case.due_on == date(2027, 1, 15)


def test_nothing_is_due_while_the_police_act(desk: Desk) -> None:
    with desk.work() as session:
        desk.take_up(session)
        day = date(2026, 12, 21)
        whole = desk.do(session, stages.pause, at=noon(day), reason=PauseReason.POLICE, on=day)
        assert whole.case is not None and whole.case.paused
        back = date(2027, 1, 11)
        whole = desk.do(session, stages.resume, at=noon(back), on=back)
        assert whole.case is not None and not whole.case.paused
        assert whole.case.due_on == date(2027, 1, 21), "2 days used, then 8 from 11 January"


def test_a_year_is_asked_about_and_never_rigid(desk: Desk) -> None:
    said = {
        "track": Track.CHILDREN, "reason": "In care", "points": ["A point"],
        "happened_on": date(2025, 11, 1),
    }  # fmt: skip
    with desk.work() as session, pytest.raises(taking_up.TooLongAgo):
        desk.do(session, taking_up.take_up, at=RECEIVED, late_reason="", **said)
    with desk.work() as session:
        reason = "They were too young to ask before"
        whole = desk.do(session, taking_up.take_up, at=RECEIVED, late_reason=reason, **said)
        assert whole.case is not None and whole.case.late_reason == reason


def test_no_stage_is_answered_before_each_point_is_decided_at_it(desk: Desk) -> None:
    with desk.work() as session:
        desk.take_up(session)
        with pytest.raises(NotYet, match="each point"):
            desk.do(session, stages.answer, at=noon(DUE), text="Sorry.", closing="")
    with desk.work() as session:
        desk.answer(session, DUE)
        closed = desk.do(session, closing.close, at=noon(DUE), text="Goodbye.")
        assert closed.complaint.state is State.CLOSED
        opened = desk.do(session, closing.reopen, at=noon(DUE))
        assert opened.complaint.state is State.ANSWERED


def test_two_who_decide_at_once_do_not_overwrite_each_other(desk: Desk) -> None:
    with desk.work() as session:
        version = desk.version(session)
        desk.take_up(session)
        with pytest.raises(Stale):
            closing.close(session, desk.actor, desk.id, text="", version=version, at=RECEIVED)


def test_another_council_finds_no_such_complaint(desk: Desk) -> None:
    stranger = desk.as_(desk.manager, desk.other)
    with desk.work(desk.other) as session, pytest.raises(NotFound):
        closing.close(session, stranger, desk.id, text="", version=1, at=RECEIVED)


def test_reminders_stand_before_and_after_the_day(desk: Desk) -> None:
    with desk.work() as session:
        desk.take_up(session)
    with desk.owner.session(Scope.system(Task.OPERATOR)) as session:
        jobs = session.scalars(select(Job).where(Job.name == REMIND).order_by(Job.run_at)).all()
    assert [str(job.run_at) for job in jobs] == [
        "2026-12-31 09:00:00+00:00",
        "2027-01-06 09:00:00+00:00",
    ]
    assert jobs[0].run_at.date() > THURSDAY
