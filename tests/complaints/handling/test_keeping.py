"""What is due is removed everywhere, a hold wins, and the figures stay."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from portal.complaints.handling.actions import closing
from portal.complaints.keeping.actions import remove, set_years
from portal.complaints.keeping.copies import masked
from portal.complaints.keeping.models import KeptFigure
from portal.complaints.keeping.queries import counted, due_for_removal, years_kept
from portal.complaints.keeping.rules import Counted, removed_on, year_of
from portal.complaints.learning.models import LearningPoint
from portal.complaints.models import Complaint
from portal.complaints.rules import State, Track
from portal.kernel.tenancy import Scope, Task
from tests.access.expectations import models
from tests.complaints.handling.cases import RECEIVED, THURSDAY, Desk, noon
from tests.makers import make_learning
from tests.makers.handling import make_shared

RETENTION = Scope.system(Task.RETENTION)
ANSWERED = date(2027, 1, 5)
KEPT_FOR_GOOD = {"audit_event", "complaint_kept_figure", "learning_point", "complaint_kept_years"}


def _closed(desk: Desk) -> None:
    with desk.work() as session:
        desk.take_up(session)
        desk.answer(session, ANSWERED)
        desk.do(session, closing.close, at=noon(ANSWERED), text="Goodbye.")
    with desk.owner.transaction(Scope.system(Task.OPERATOR)) as session:
        make_learning(session, complaint=desk.complaint, framework=desk.framework)
        make_shared(session, complaint=desk.complaint, provider=desk.provider)


def _figures(desk: Desk) -> list[Counted]:
    with desk.work() as session:
        return counted(session, desk.council.id, year_of(THURSDAY))


@pytest.mark.parametrize(
    ("closed_on", "years", "on"),
    [
        (date(2027, 1, 5), 10, date(2037, 1, 5)),
        (date(2028, 2, 29), 6, date(2034, 3, 1)),
        (date(2028, 2, 29), 4, date(2032, 2, 29)),
    ],
)
def test_years_are_counted_from_the_day_it_was_closed(
    closed_on: date, years: int, on: date
) -> None:
    assert removed_on(closed_on, years) == on


def test_ten_years_later_nothing_is_left_but_a_figure(desk: Desk) -> None:
    _closed(desk)
    before = _figures(desk)
    assert [one.stages for one in before] == [{1: True}]
    with desk.database.transaction(RETENTION) as session:
        assert due_for_removal(session, date(2037, 1, 4)) == []
        (due,) = due_for_removal(session, date(2037, 1, 5))
        remove(session, due, at=datetime(2037, 1, 5, 3, tzinfo=UTC))
    assert _figures(desk) == before
    with desk.owner.session(Scope.system(Task.OPERATOR)) as session:
        left = {
            model.__tablename__
            for model in models()
            if "complaint" in model.__tablename__ and session.query(model).first() is not None
        }
        assert left == {"complaint_kept_figure"}
        assert session.scalars(select(LearningPoint.complaint_id)).all() == [None]
        assert session.scalars(select(KeptFigure.council_id)).all() == [desk.council.id]
    assert desk.events()[-1] == "complaints:complaint:removed"


def test_a_hold_wins_and_a_council_sets_its_own_years(desk: Desk) -> None:
    _closed(desk)
    with desk.work() as session:
        set_years(session, desk.actor, {Track.CHILDREN: 1}, at=RECEIVED)
        assert years_kept(session, desk.council.id)[Track.CHILDREN] == 1
        assert years_kept(session, desk.council.id)[Track.OTHER] == 6
        desk.do(session, closing.hold, at=noon(ANSWERED), reason="A court asks for it")
    with desk.database.transaction(RETENTION) as session:
        assert due_for_removal(session, date(2037, 1, 5)) == []
    with desk.work() as session:
        desk.do(session, closing.hold, at=noon(ANSWERED), reason="")
    with desk.database.transaction(RETENTION) as session:
        assert [one.id for one in due_for_removal(session, date(2028, 1, 5))] == [desk.id]


def test_what_was_taken_back_at_once_is_removed_too(desk: Desk) -> None:
    with desk.owner.transaction(Scope.system(Task.OPERATOR)) as session:
        session.get_one(Complaint, desk.id).state = State.WITHDRAWN
    with desk.database.transaction(RETENTION) as session:
        assert due_for_removal(session, date(2032, 12, 16)) == []
        assert len(due_for_removal(session, date(2032, 12, 17))) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Rosa Quill and ROSA came.", "[somebody at work] and [somebody at work] came."),
        ("Quill's car, quilling", "[somebody at work]'s car, quilling"),
        ("Kit told Al.", "Kit told Al."),
    ],
)
def test_known_names_are_masked_and_ones_own_stays(text: str, said: str) -> None:
    assert masked(text, ["Rosa Quill", "Kit Marsh", "Al"], "Kit Yarrow") == said.replace(
        "told Al", "told [somebody at work]"
    )
