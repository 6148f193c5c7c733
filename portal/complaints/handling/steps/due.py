"""The steps that a clock waits for: from taking it up to its answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.complaints.guidance.queries import contacts
from portal.complaints.guidance.rules import ContactKind
from portal.complaints.handling import words
from portal.complaints.handling.actions import stages, taking_up
from portal.complaints.handling.forms import case as case_forms
from portal.complaints.handling.forms import people as parts_forms
from portal.complaints.handling.queries import Whole
from portal.complaints.handling.rules import StageState
from portal.complaints.handling.steps.offered import (
    can_extend,
    can_go_further,
    stage_is,
    unanswered,
)
from portal.complaints.handling.steps.page import TIME, StepPage
from portal.complaints.rules import Kind, State


def ombudsman_words(session: Session, council_id: UUID, today: date) -> str:
    """How the Ombudsman is reached, as the council publishes it."""
    for one in contacts(session, council_id, today):
        if one.kind is ContactKind.OMBUDSMAN:
            return " ".join(
                part
                for part in (
                    one.name + ".",
                    f"Phone {one.phone}." if one.phone else "",
                    f"{one.web}" if one.web else "",
                )
                if part
            )
    return "We can tell you how to reach them."


def closing_words(session: Session, whole: Whole, today: date) -> str:
    """What stands at the end of an answer at the stage that the complaint has come to."""
    complaint, stage = whole.complaint, whole.stage
    assert complaint.track is not None and stage is not None
    ombudsman = ombudsman_words(session, complaint.council_id, today)
    return words.closing(complaint.track, stage.number, today, ombudsman)


def _closing(session: Session, whole: Whole, form: Any, today: date) -> None:
    form.closing = closing_words(session, whole, today)


def _first_words(_session: Session, whole: Whole, form: Any, _today: date) -> None:
    if form.text.raw_data:
        return
    clocks = [clock for clock in whole.clocks if whole.stage and clock.stage == whole.stage.number]
    form.text.data = words.acknowledgement(whole.complaint.received_on, clocks)


DUE: Mapping[str, StepPage] = {
    "take-up": StepPage(
        TIME, "Take it up", "Take it up", "The complaint is on its track.",
        case_forms.TakeUpForm, taking_up.take_up,
        lambda whole: whole.complaint.state is State.RECEIVED
        and whole.complaint.kind is not Kind.COMPLIMENT,
        lead="The days of stage 1 count from the day on which it was received.",
    ),
    "acknowledge": StepPage(
        TIME, "Acknowledge it", "Send", "They are told that it has arrived.",
        case_forms.TextForm, stages.acknowledge,
        lambda whole: unanswered(whole) and whole.stage_now.acknowledged_on is None,
        writes="text", prepare=_first_words,
    ),
    "agree": StepPage(
        TIME, "Agreed in writing", "Save", "The days of stage 2 count from that date.",
        case_forms.DayForm, stages.agree, stage_is(StageState.AGREEING),
        lead="The day on which the complaint was agreed in writing with whoever complained.",
    ),
    "panel-met": StepPage(
        TIME, "The panel met", "Save", "The meeting of the panel is noted.",
        case_forms.DayForm, stages.panel_met, stage_is(StageState.PANEL_TO_MEET),
        lead="A panel is three independent people who had no part in stage 2.",
    ),
    "panel-reported": StepPage(
        TIME, "The panel reported", "Save", "The panel's report is noted.",
        case_forms.DayForm, stages.panel_reported, stage_is(StageState.PANEL_TO_REPORT),
    ),
    "finding": StepPage(
        TIME, "Say what was found", "Save", "What was found is noted.",
        parts_forms.FindingForm, taking_up.decide_point,
        lambda whole: unanswered(whole) and bool(whole.points),
        lead="Each point is decided on its own before the stage is answered.",
    ),
    "answer": StepPage(
        TIME, "Answer this stage", "Send the answer", "The answer is sent.",
        case_forms.AnswerForm, stages.answer, stage_is(StageState.ANSWERING),
        writes="text", prepare=_closing,
    ),
    "further": StepPage(
        TIME, "They ask for the next stage", "Begin the next stage", "The next stage has begun.",
        case_forms.DayForm, stages.go_further, can_go_further,
        lead="The day on which they asked. Nobody is turned away for being late.",
    ),
    "extend": StepPage(
        TIME, "Take longer", "Extend and tell them", "They are told the new date and why.",
        case_forms.ExtendForm, stages.extend, can_extend, writes="reason",
    ),
    "pause": StepPage(
        TIME, "Pause for a court or the police", "Pause", "The days do not count now.",
        case_forms.PauseForm, stages.pause,
        lambda whole: unanswered(whole) and whole.paused is None,
    ),
    "resume": StepPage(
        TIME, "Go on after the pause", "Go on", "The days count again.",
        case_forms.DayForm, stages.resume, lambda whole: whole.paused is not None,
        lead="The day from which the days count again.",
    ),
}  # fmt: skip
