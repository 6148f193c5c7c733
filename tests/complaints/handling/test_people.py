"""Nobody investigates themselves, by the rules and by the database."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from portal.complaints.appointments.actions import declare_own
from portal.complaints.appointments.queries import appointment, appointments
from portal.complaints.handling.actions import people, stages
from portal.complaints.handling.models import CasePerson
from portal.complaints.handling.rules import MayNotActHere, NotYet, Part, WorksFor
from portal.kernel.errors import NotFound
from tests.complaints.handling.cases import RECEIVED, THURSDAY, Desk, noon


def _row(desk: Desk, **values: object) -> CasePerson:
    return CasePerson(
        **{
            "complaint_id": desk.id, "council_id": desk.council.id, "part": Part.INVESTIGATOR,
            "key": "ina", "name": "Ina", "works_for": WorksFor.NEITHER, "added_on": THURSDAY,
            **values,
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second", "constraint"),
    [
        ({"part": Part.SUBJECT}, {}, "one_person_has_one_part_in_a_case"),
        ({}, {"part": Part.PANEL_MEMBER}, "one_person_has_one_part_in_a_case"),
        ({"key": "x"}, {"works_for": WorksFor.PROVIDER}, "nobody_of_the_provider_looks_into_it"),
        (
            {"key": "x"},
            {"part": Part.PANEL_MEMBER, "works_for": WorksFor.COUNCIL},
            "independent_of_both_sides",
        ),
        ({"key": "y"}, {"conflict": "A cousin"}, "a_conflict_ends_the_part"),
    ],
)
def test_the_database_refuses_it_too(
    desk: Desk, first: dict[str, object], second: dict[str, object], constraint: str
) -> None:
    with desk.work() as session:
        session.add(_row(desk, **first))
    with pytest.raises(IntegrityError) as refused, desk.work() as session:
        session.add(_row(desk, **second))
    on_sqlite = "complaint_person.complaint_id, complaint_person.key"
    assert constraint in str(refused.value) or on_sqlite in str(refused.value)


def test_whom_it_is_about_can_do_nothing_to_it(desk: Desk) -> None:
    with desk.work() as session:
        desk.take_up(session)
        desk.name(
            session, Part.SUBJECT, desk.manager.name, works_for=WorksFor.COUNCIL,
            person_id=desk.manager.id,
        )  # fmt: skip
    with desk.work() as session, pytest.raises(MayNotActHere, match="about you"):
        desk.do(session, stages.acknowledge, at=RECEIVED, text="Hello")


def test_who_investigates_does_not_answer(desk: Desk) -> None:
    with desk.work() as session:
        desk.take_up(session)
        desk.name(
            session, Part.INVESTIGATOR, desk.manager.name, works_for=WorksFor.COUNCIL,
            person_id=desk.manager.id,
        )  # fmt: skip
    with desk.work() as session, pytest.raises(MayNotActHere, match="somebody else"):
        desk.answer(session, date(2027, 1, 5))


def test_who_answered_stage_1_does_not_look_into_stage_2(desk: Desk) -> None:
    with desk.work() as session:
        desk.take_up(session)
        desk.answer(session, date(2027, 1, 5))
        on = date(2027, 1, 7)
        desk.do(session, stages.go_further, at=noon(on), on=on)
        with pytest.raises(MayNotActHere, match="answered an earlier stage"):
            desk.name(
                session, Part.INVESTIGATOR, desk.manager.name, works_for=WorksFor.COUNCIL,
                person_id=desk.manager.id,
            )  # fmt: skip


def test_an_account_declares_for_itself_and_a_conflict_ends_the_part(desk: Desk) -> None:
    with desk.work() as session:
        desk.take_up(session)
        added = desk.name(
            session, Part.INVESTIGATOR, desk.colleague.name, works_for=WorksFor.COUNCIL,
            person_id=desk.colleague.id,
        )  # fmt: skip
        with pytest.raises(MayNotActHere, match="themselves"):
            desk.do(session, people.declare, at=RECEIVED, case_person_id=added, conflict="")
    own = desk.as_(desk.colleague)
    with desk.work(person=desk.colleague) as session:
        assert len(appointments(session, desk.council.id, desk.colleague.id)) == 1
        declare_own(session, own, added, conflict="I know the mentor", at=RECEIVED)
        assert appointments(session, desk.council.id, desk.colleague.id) == []
    with desk.work() as session:
        with pytest.raises(NotFound):
            appointment(session, added, desk.colleague.id)
        with pytest.raises(MayNotActHere, match="already"):
            desk.name(
                session, Part.INVESTIGATOR, desk.colleague.name, works_for=WorksFor.COUNCIL,
                person_id=desk.colleague.id,
            )  # fmt: skip


def test_a_part_is_seen_by_its_own_person_alone(desk: Desk) -> None:
    with desk.work() as session:
        desk.take_up(session)
        added = desk.name(
            session, Part.INVESTIGATOR, desk.colleague.name, works_for=WorksFor.COUNCIL,
            person_id=desk.colleague.id,
        )  # fmt: skip
        assert appointment(session, added, desk.colleague.id).id == added
        with pytest.raises(NotFound):
            appointment(session, added, desk.manager.id)
        with pytest.raises(NotFound):
            declare_own(session, desk.actor, added, conflict="", at=RECEIVED)


def test_it_is_said_once(desk: Desk) -> None:
    with desk.work() as session:
        desk.take_up(session)
        added = desk.name(session, Part.INVESTIGATOR, "Ina Vestry")
        with pytest.raises(NotYet, match="said before"):
            desk.do(session, people.declare, at=RECEIVED, case_person_id=added, conflict="x")
