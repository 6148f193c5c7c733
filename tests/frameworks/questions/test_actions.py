"""Questions before and after their round is announced, one by one and as a set."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.audit.actions import Actor
from portal.audit.models import AuditEvent
from portal.frameworks.questions import actions
from portal.frameworks.questions.models import Question
from portal.frameworks.questions.queries import (
    Asked,
    asked,
    get_asked,
    lacking,
    says_of,
    versions_of,
)
from portal.frameworks.questions.rules import QuestionKind
from portal.frameworks.questions.sets.ready_made import ready_made
from portal.frameworks.questions.wordings import Drafted, Wording
from portal.frameworks.rounds.models import Round, RoundNotice
from portal.identity.rules import Role
from portal.kernel.database import Database, ScopedSession
from portal.kernel.errors import NotFound, Stale
from portal.kernel.tenancy import Scope, Task
from portal.kernel.transitions import IllegalStep
from tests.makers import make_category, make_council, make_framework, make_person, make_provider
from tests.makers.lots import make_terms
from tests.makers.questions import make_question
from tests.makers.rounds import make_open_round, make_round

AT = datetime(2026, 10, 5, 9, tzinfo=UTC)
VOLUNTEERS = Drafted("volunteers", None, Wording(kind=QuestionKind.YES_NO, wording="Volunteers?"))
ALONE = Drafted(
    "alone",
    None,
    Wording(
        kind=QuestionKind.TEXT,
        wording="Are they ever alone?",
        asked_if_code="volunteers",
        asked_if_answer="yes",
    ),
)
HOW = Drafted("how", 1, Wording(kind=QuestionKind.TEXT, wording="How?", points=60))


class Asking:
    """A council with a draft of a round, one that is open and one that has closed."""

    def __init__(self, database: Database, owner: Database) -> None:
        self.database = database
        with owner.transaction(Scope.system(Task.OPERATOR)) as session:
            self.council, self.other = make_council(session), make_council(session)
            self.provider = make_provider(session)
            framework = make_framework(session, lead=self.council, partners=[self.other])
            make_category(session, framework=framework)
            make_terms(session, framework=framework)
            self.draft = make_round(
                session, framework=framework, opens_at=AT + timedelta(days=9),
                closes_at=AT + timedelta(days=30),
            )  # fmt: skip
            self.open = make_open_round(
                session, framework=framework, opens_at=AT - timedelta(days=9),
                closes_at=AT + timedelta(days=9),
            )  # fmt: skip
            self.closed = make_round(
                session, framework=framework, opens_at=AT - timedelta(days=9), closes_at=AT
            )
            self.closed.cancelled_at = AT
            for round_ in (self.draft, self.open, self.closed):
                make_question(
                    session, round_=round_, code="first", kind=QuestionKind.YES_NO, wording="First?"
                )
            person = make_person(session, organisation=self.council, roles=[Role.COMMISSIONER])
        self.actor = Actor(person.id, person.name, self.council.id)

    @contextmanager
    def working(self) -> Iterator[ScopedSession]:
        """A transaction of the lead council."""
        with self.database.transaction(Scope(self.council.id)) as session:
            yield session

    def add(self, round_: Round, *new: Drafted) -> None:
        """Ask more questions."""
        with self.working() as session:
            for one in new:
                actions.add_question(session, self.actor, round_.id, one, at=AT)

    def codes(self, round_: Round) -> list[str]:
        """What is asked, in order."""
        with self.working() as session:
            return [one.code for one in asked(session, round_.id, None)]

    def one(self, session: ScopedSession, round_: Round, code: str) -> Asked:
        """A question that is asked."""
        return next(one for one in asked(session, round_.id, None) if one.code == code)

    def id_of(self, round_: Round, code: str) -> UUID:
        """A question's id."""
        with self.working() as session:
            return self.one(session, round_, code).question.id

    def change(self, round_: Round, code: str, says: Wording, *, seen: str | None = None) -> None:
        """Reword a question."""
        with self.working() as session:
            one = self.one(session, round_, code)
            actions.change_question(
                session, self.actor, round_.id, one.question.id, says,
                seen=seen or actions.stamp(one.version), at=AT,
            )  # fmt: skip


@pytest.fixture
def asking(database: Database, owner_database: Database) -> Asking:
    return Asking(database, owner_database)


def test_questions_are_asked_in_order_and_follow_ups_when_they_apply(asking: Asking) -> None:
    asking.add(asking.draft, HOW, VOLUNTEERS, ALONE)
    with asking.working() as session:
        everything = asked(session, asking.draft.id, None)
        assert [one.code for one in everything] == ["first", "volunteers", "alone", "how"]
        assert [one.lot for one in everything] == [None, None, None, 1]
        assert [one.code for one in asked(session, asking.draft.id, [])] == [
            "first", "volunteers", "alone",
        ]  # fmt: skip
        alone = everything[2]
        assert not alone.applies({}) and not alone.applies({"volunteers": "no"})
        assert alone.applies({"volunteers": "yes"})
        events = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
        assert [one.details["code"] for one in events] == ["how", "volunteers", "alone"]


def test_nobody_else_sees_a_draft_and_only_the_lead_council_changes_it(asking: Asking) -> None:
    with asking.database.session(Scope(asking.provider.id)) as session:
        assert asked(session, asking.draft.id, None) == []
        assert [one.code for one in asked(session, asking.open.id, None)] == ["first"]
    partner = Actor(asking.actor.person_id, "Partner", asking.other.id)
    with asking.database.transaction(Scope(asking.other.id)) as session:
        assert asked(session, asking.draft.id, None), "a council of the framework reads it"
        with pytest.raises(NotFound):
            actions.add_question(session, partner, asking.draft.id, VOLUNTEERS, at=AT)


def test_a_draft_is_edited_in_place_and_each_edit_makes_an_open_form_stale(asking: Asking) -> None:
    asking.change(asking.draft, "first", VOLUNTEERS.says)
    with asking.working() as session:
        one = asking.one(session, asking.draft, "first")
        assert (one.version.number, one.version.wording) == (1, "Volunteers?")
        assert actions.stamp(one.version) == "1.2"
    with pytest.raises(Stale):
        asking.change(asking.draft, "first", ALONE.says, seen="1.1")


def test_after_the_announcement_a_change_is_a_new_version_and_everybody_is_told(
    asking: Asking,
) -> None:
    asking.change(asking.open, "first", replace(VOLUNTEERS.says, wording="Do they help?"))
    with asking.working() as session:
        one = asking.one(session, asking.open, "first")
        assert (one.version.number, one.version.wording) == (2, "Do they help?")
        before = versions_of(session, one.question.id)[-1]
        assert (before.number, before.wording) == (1, "First?")
        (notice,) = session.scalars(select(RoundNotice))
        assert notice.sentence == "A question was changed: “Do they help?”."
    asking.change(asking.open, "first", replace(VOLUNTEERS.says, wording="Do they help?"))
    with asking.working() as session:
        assert len(versions_of(session, one.question.id)) == 2, "saving what stands changes nothing"
        assert len(session.scalars(select(RoundNotice)).all()) == 1


def test_withdrawing_removes_from_a_draft_and_keeps_the_versions_of_an_open_round(
    asking: Asking,
) -> None:
    asking.add(asking.draft, VOLUNTEERS, ALONE)
    with pytest.raises(actions.Followed, match="alone"), asking.working() as session:
        actions.withdraw_question(
            session, asking.actor, asking.draft.id, asking.id_of(asking.draft, "volunteers"), at=AT
        )
    of_draft, of_open = (asking.id_of(one, "first") for one in (asking.draft, asking.open))
    for round_, question_id in ((asking.draft, of_draft), (asking.open, of_open)):
        with asking.working() as session:
            actions.withdraw_question(session, asking.actor, round_.id, question_id, at=AT)
            with pytest.raises(NotFound):
                get_asked(session, round_.id, question_id)
    with asking.working() as session:
        assert [one.withdrawn for one in versions_of(session, of_open)] == [True, False]
        kept = select(Question.code).where(Question.round_id == asking.draft.id)
        assert set(session.scalars(kept)) == {"volunteers", "alone"}
    asking.add(asking.open, Drafted("first", None, VOLUNTEERS.says))
    with asking.working() as session:
        assert asking.one(session, asking.open, "first").version.number == 3, "it comes back"


def test_a_question_moves_among_those_of_its_lot_but_never_before_what_it_follows(
    asking: Asking,
) -> None:
    asking.add(asking.draft, HOW, VOLUNTEERS, ALONE)

    def move(code: str, *, up: bool) -> None:
        question_id = asking.id_of(asking.draft, code)
        with asking.working() as session:
            actions.move_question(session, asking.actor, asking.draft.id, question_id, up=up, at=AT)

    move("volunteers", up=True)
    assert asking.codes(asking.draft) == ["volunteers", "first", "alone", "how"]
    move("alone", up=True)
    move("how", up=True)
    assert asking.codes(asking.draft) == ["volunteers", "alone", "first", "how"]
    with pytest.raises(actions.Followed):
        move("alone", up=True)
    with pytest.raises(actions.Followed):
        move("volunteers", up=False)


def test_what_would_be_wrong_is_refused_and_nothing_of_it_stays(asking: Asking) -> None:
    asking.add(asking.draft, VOLUNTEERS, ALONE)
    with pytest.raises(actions.Faulty) as refused:
        asking.change(asking.draft, "volunteers", HOW.says)
    assert [fault.code for fault in refused.value.faults] == ["alone"]
    with pytest.raises(actions.Faulty):
        asking.add(asking.draft, VOLUNTEERS)
    with pytest.raises(actions.Faulty) as elsewhere:
        asking.add(asking.draft, replace(HOW, lot=7))
    assert elsewhere.value.sentence == "This round takes no bids for lot 7"
    with pytest.raises(IllegalStep):
        asking.add(asking.closed, VOLUNTEERS)
    assert asking.codes(asking.draft) == ["first", "volunteers", "alone"]


def test_a_set_comes_in_whole_changes_what_is_there_and_leaves_the_rest(asking: Asking) -> None:
    def bring_in(*wanted: Drafted) -> actions.BroughtIn:
        with asking.working() as session:
            return actions.bring_in(session, asking.actor, asking.draft.id, wanted, at=AT)

    assert bring_in(VOLUNTEERS, ALONE, HOW) == actions.BroughtIn(3, 0, 0)
    reworded = replace(VOLUNTEERS, says=replace(VOLUNTEERS.says, help="Unpaid people"))
    extra = replace(ALONE, code="extra")
    assert bring_in(reworded, extra, ALONE, HOW) == actions.BroughtIn(1, 1, 2)
    assert asking.codes(asking.draft) == ["first", "volunteers", "extra", "alone", "how"]
    with pytest.raises(actions.Faulty):
        bring_in(replace(VOLUNTEERS, code="new"), replace(HOW, lot=None))
    assert "new" not in asking.codes(asking.draft)
    with asking.working() as session:
        assert says_of(asking.one(session, asking.draft, "volunteers").version).help


def test_the_points_of_each_lot_come_to_what_quality_is_worth(asking: Asking) -> None:
    with asking.working() as session:
        (missing,) = lacking(session, asking.draft)
        assert missing.startswith("The scored questions for lot 1 come to 0 points.")
        both = [*ready_made()["every-provider"].drafted, *ready_made()["mentoring"].drafted]
        actions.bring_in(session, asking.actor, asking.draft.id, both, at=AT)
        assert lacking(session, asking.draft) == []
