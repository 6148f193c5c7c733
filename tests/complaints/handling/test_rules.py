"""Stages of each track, and who may have which part in a case."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID

import pytest

from portal.complaints.handling.rules import (
    STAGE_TRANSITIONS,
    MayNotActHere,
    NotYet,
    Part,
    StageState,
    StageStep,
    Standing,
    WorksFor,
    alert_is_late,
    last_stage,
    opening,
    person_key,
    refuse_actor,
    refuse_part,
    refuse_step,
)
from portal.complaints.rules import Track
from portal.kernel.transitions import IllegalStep, next_state

ASKED = person_key(None, "Dr. Ása O’Quill", "Fenwick Reviews")
INVESTIGATES = Standing(Part.INVESTIGATOR, "Ása", ASKED, fit=True)
INDEPENDENT = Standing(Part.INDEPENDENT_PERSON, "Bo", "bo", fit=True)
PANEL = [Standing(Part.PANEL_MEMBER, name, name, fit=True) for name in ("Cy", "Di", "Ed")]


@pytest.mark.parametrize(
    ("track", "number", "state", "last"),
    [
        (Track.CHILDREN, 1, StageState.ANSWERING, False),
        (Track.CHILDREN, 2, StageState.AGREEING, False),
        (Track.CHILDREN, 3, StageState.PANEL_TO_MEET, True),
        (Track.OTHER, 1, StageState.ANSWERING, False),
        (Track.OTHER, 2, StageState.ANSWERING, True),
        (Track.DATA_PROTECTION, 1, StageState.ANSWERING, True),
    ],
)
def test_each_track_has_its_stages(
    track: Track, number: int, state: StageState, last: bool
) -> None:
    assert opening(track, number) is state
    assert last_stage(track, number) is last
    if last:
        with pytest.raises(NotYet, match="Ombudsman"):
            opening(track, number + 1)


def test_every_stage_can_be_answered_and_nothing_else_is_possible_out_of_order() -> None:
    legal = 0
    for state, step in product(StageState, StageStep):
        try:
            next_state(STAGE_TRANSITIONS, state, step)
            legal += 1
        except IllegalStep:
            pass
    assert legal == 4
    state = opening(Track.CHILDREN, 3)
    for step in (StageStep.MEET, StageStep.REPORT, StageStep.ANSWER):
        state = next_state(STAGE_TRANSITIONS, state, step)
    assert state is StageState.ANSWERED


def _refused(part: Part, key: str, works_for: WorksFor, organisation: str = "") -> str:
    people = [Standing(Part.SUBJECT, "Fay", "fay"), INVESTIGATES]
    try:
        refuse_part(
            part, key=key, works_for=works_for, organisation=organisation,
            provider_name="Larkspur Mentoring", people=people,
        )  # fmt: skip
    except MayNotActHere as refusal:
        return refusal.sentence
    return ""


def test_nobody_investigates_themselves() -> None:
    assert "about this person" in _refused(Part.INVESTIGATOR, "fay", WorksFor.COUNCIL)


@pytest.mark.parametrize("part", [Part.INVESTIGATOR, Part.INDEPENDENT_PERSON, Part.PANEL_MEMBER])
def test_nobody_of_the_provider_looks_into_it(part: Part) -> None:
    assert "works for the provider" in _refused(part, "new", WorksFor.PROVIDER)
    spelled = _refused(part, "new", WorksFor.NEITHER, "  larkspur   MENTORING.")
    assert "works for the provider" in spelled


def test_the_panel_excludes_those_of_stage_2_however_they_are_spelled() -> None:
    for spelling in ("dr asa o'quill", "DR ASA OQUILL"):
        key = person_key(None, spelling, "Fenwick  reviews")
        refusal = _refused(Part.PANEL_MEMBER, key, WorksFor.NEITHER)
        assert refusal == "This person has a part in the case already: investigator"


@pytest.mark.parametrize(
    ("part", "works_for", "possible"),
    [
        (Part.INVESTIGATOR, WorksFor.COUNCIL, True),
        (Part.INVESTIGATOR, WorksFor.NEITHER, True),
        (Part.INDEPENDENT_PERSON, WorksFor.COUNCIL, False),
        (Part.INDEPENDENT_PERSON, WorksFor.NEITHER, True),
        (Part.PANEL_MEMBER, WorksFor.COUNCIL, False),
        (Part.PANEL_MEMBER, WorksFor.NEITHER, True),
        (Part.SUBJECT, WorksFor.PROVIDER, True),
    ],
)
def test_independent_means_of_neither_side(part: Part, works_for: WorksFor, possible: bool) -> None:
    assert (_refused(part, "new", works_for) == "") is possible


def test_an_account_is_one_person_whatever_the_name() -> None:
    account = UUID(int=7)
    assert person_key(account, "A", "X") == person_key(account, "B", "Y")


def test_stage_2_waits_for_an_investigator_and_an_independent_person() -> None:
    with pytest.raises(NotYet, match="investigator"):
        refuse_step(Track.CHILDREN, 2, StageStep.ANSWER, [INDEPENDENT])
    unsaid = Standing(Part.INDEPENDENT_PERSON, "Bo", "bo")
    with pytest.raises(NotYet, match="independent person"):
        refuse_step(Track.CHILDREN, 2, StageStep.ANSWER, [INVESTIGATES, unsaid])
    refuse_step(Track.CHILDREN, 2, StageStep.ANSWER, [INVESTIGATES, INDEPENDENT])
    refuse_step(Track.OTHER, 2, StageStep.ANSWER, [])


def test_a_panel_is_three() -> None:
    with pytest.raises(NotYet, match="1 more panel member must"):
        refuse_step(Track.CHILDREN, 3, StageStep.MEET, [INVESTIGATES, *PANEL[:2]])
    refuse_step(Track.CHILDREN, 3, StageStep.MEET, PANEL)


def test_who_it_is_about_handles_nothing_and_who_investigated_does_not_decide() -> None:
    people = [Standing(Part.SUBJECT, "Fay", "fay"), INVESTIGATES]
    with pytest.raises(MayNotActHere, match="about you"):
        refuse_actor("fay", people)
    refuse_actor(ASKED, people)
    with pytest.raises(MayNotActHere, match="as investigator"):
        refuse_actor(ASKED, people, answers=True)


def test_an_alert_waits_an_hour() -> None:
    at = datetime(2026, 10, 2, 8, tzinfo=UTC)
    assert not alert_is_late(at, False, at + timedelta(minutes=59))
    assert alert_is_late(at, False, at + timedelta(hours=1))
    assert not alert_is_late(at, True, at + timedelta(hours=9))
