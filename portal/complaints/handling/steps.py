"""What can be done with a complaint, step by step: its words, its form, and when it is offered.

Each step has one page, made from this table, and one action behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.complaints.guidance.queries import contacts
from portal.complaints.guidance.rules import ContactKind
from portal.complaints.handling import words
from portal.complaints.handling.actions import closing, people, stages, taking_up
from portal.complaints.handling.clocks import Limit
from portal.complaints.handling.forms import case as case_forms
from portal.complaints.handling.forms import closing as after_forms
from portal.complaints.handling.forms import people as parts_forms
from portal.complaints.handling.queries import OPEN, Whole, files_of
from portal.complaints.handling.rules import Part, StageState, last_stage
from portal.complaints.learning import actions as learning
from portal.complaints.rules import Kind, State
from portal.complaints.sharing import actions as sharing
from portal.complaints.sharing.forms import ShareForm
from portal.complaints.sharing.queries import provider_name, suppliers
from portal.frameworks.queries import framework_choices
from portal.identity.queries import colleagues

Action = Callable[..., object]
Prepare = Callable[[Session, Whole, Any, date], None]


def _nothing(_session: Session, _whole: Whole, _form: Any, _today: date) -> None:
    return None


TIME, SENDER, PEOPLE, AFTER, END = GROUPS = (
    "What is due",
    "Whoever complained",
    "People",
    "What comes of it",
    "End and keep",
)


@dataclass(frozen=True, slots=True)
class StepPage:
    """One step: ``group`` is where it stands on the case page, ``done`` what is said after it.

    ``writes`` names the field whose text goes to whoever complained, so that its reading age is
    shown. ``prepare`` offers choices that only the database knows, and fills in a first wording.
    """

    group: str
    title: str
    button: str
    done: str
    form: type[case_forms.StepForm]
    action: Action
    offered: Callable[[Whole], bool]
    lead: str = ""
    writes: str = ""
    prepare: Prepare = _nothing


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


def _open(whole: Whole) -> bool:
    return whole.complaint.state in OPEN


def _stage_is(*states: StageState) -> Callable[[Whole], bool]:
    return lambda whole: _open(whole) and whole.stage is not None and whole.stage.state in states


def _unanswered(whole: Whole) -> bool:
    return _open(whole) and whole.stage is not None and whole.stage.answered_on is None


def _taken_up(whole: Whole) -> bool:
    return whole.stage is not None


def _has(whole: Whole, *, undeclared: bool = False) -> bool:
    return _open(whole) and any(
        one.left_on is None
        and one.part is not Part.SUBJECT
        and not (undeclared and (one.declared_on or one.person_id))
        for one in whole.people
    )


def _can_extend(whole: Whole) -> bool:
    return _unanswered(whole) and any(
        clock.limit is Limit.ANSWER and clock.stopped_on is None and clock.longest is not None
        for clock in whole.clocks
    )


def first_step(whole: Whole) -> str | None:
    """The step that is due: the first that is offered and leads on, if any does."""
    number = whole.stage.number if whole.stage else 0
    undecided = any(point.stage != number for point in whole.points)
    for slug, step in STEPS.items():
        if step.group == TIME and step.offered(whole) and (slug != "finding" or undecided):
            return slug
    return None


def _can_go_further(whole: Whole) -> bool:
    complaint, stage = whole.complaint, whole.stage
    return (
        complaint.state in (State.ANSWERED, State.CLOSED)
        and complaint.track is not None
        and stage is not None
        and stage.answered_on is not None
        and not last_stage(complaint.track, stage.number)
    )


def _closing(session: Session, whole: Whole, form: Any, today: date) -> None:
    form.closing = closing_words(session, whole, today)


def _first_words(_session: Session, whole: Whole, form: Any, _today: date) -> None:
    if form.text.raw_data:
        return
    clocks = [clock for clock in whole.clocks if whole.stage and clock.stage == whole.stage.number]
    form.text.data = words.acknowledgement(whole.complaint.received_on, clocks)


def _accounts(session: Session, whole: Whole, form: Any, _today: date) -> None:
    form.offer_accounts(colleagues(session, whole.complaint.council_id))
    form.provider_name = provider_name(session, whole.complaint.provider_id)


def _suppliers(session: Session, whole: Whole, form: Any, today: date) -> None:
    files = files_of(session, whole.complaint.id) if whole.complaint.attachments else []
    form.offer_all(whole.complaint, suppliers(session), files, today)


def _frameworks(session: Session, _whole: Whole, form: Any, _today: date) -> None:
    form.offer_frameworks(framework_choices(session))


STEPS: Mapping[str, StepPage] = {
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
        lambda whole: _unanswered(whole) and whole.stage_now.acknowledged_on is None,
        writes="text", prepare=_first_words,
    ),
    "agree": StepPage(
        TIME, "Agreed in writing", "Save", "The days of stage 2 count from that date.",
        case_forms.DayForm, stages.agree, _stage_is(StageState.AGREEING),
        lead="The day on which the complaint was agreed in writing with whoever complained.",
    ),
    "panel-met": StepPage(
        TIME, "The panel met", "Save", "The meeting of the panel is noted.",
        case_forms.DayForm, stages.panel_met, _stage_is(StageState.PANEL_TO_MEET),
        lead="A panel is three independent people who had no part in stage 2.",
    ),
    "panel-reported": StepPage(
        TIME, "The panel reported", "Save", "The panel's report is noted.",
        case_forms.DayForm, stages.panel_reported, _stage_is(StageState.PANEL_TO_REPORT),
    ),
    "finding": StepPage(
        TIME, "Say what was found", "Save", "What was found is noted.",
        parts_forms.FindingForm, taking_up.decide_point,
        lambda whole: _unanswered(whole) and bool(whole.points),
        lead="Each point is decided on its own before the stage is answered.",
    ),
    "answer": StepPage(
        TIME, "Answer this stage", "Send the answer", "The answer is sent.",
        case_forms.AnswerForm, stages.answer, _stage_is(StageState.ANSWERING),
        writes="text", prepare=_closing,
    ),
    "further": StepPage(
        TIME, "They ask for the next stage", "Begin the next stage", "The next stage has begun.",
        case_forms.DayForm, stages.go_further, _can_go_further,
        lead="The day on which they asked. Nobody is turned away for being late.",
    ),
    "extend": StepPage(
        TIME, "Take longer", "Extend and tell them", "They are told the new date and why.",
        case_forms.ExtendForm, stages.extend, _can_extend, writes="reason",
    ),
    "pause": StepPage(
        TIME, "Pause for a court or the police", "Pause", "The days do not count now.",
        case_forms.PauseForm, stages.pause,
        lambda whole: _unanswered(whole) and whole.paused is None,
    ),
    "resume": StepPage(
        TIME, "Go on after the pause", "Go on", "The days count again.",
        case_forms.DayForm, stages.resume, lambda whole: whole.paused is not None,
        lead="The day from which the days count again.",
    ),
    "message": StepPage(
        SENDER, "Write to them", "Send", "Your message is sent.",
        case_forms.TextForm, taking_up.write, _open, writes="text",
    ),
    "advocate": StepPage(
        SENDER, "Note about an advocate", "Save", "The note about an advocate is saved.",
        parts_forms.AdvocateForm, taking_up.note_advocate, _open,
        lead="An advocate is offered to everybody at first contact.",
    ),
    "point": StepPage(
        SENDER, "Add a point", "Add", "The point is added.",
        parts_forms.PointForm, taking_up.add_point, _unanswered,
        lead="One thing that they complain about, in your words. Do not name the young person.",
    ),
    "person": StepPage(
        PEOPLE, "Name a person", "Save", "The person is named.",
        parts_forms.PersonForm, people.add_person, _open, prepare=_accounts,
        lead="One person has one part in a case. Name first whom it is about: they look into "
        "nothing here.",
    ),
    "declaration": StepPage(
        PEOPLE, "Note a declaration", "Save", "The declaration is noted.",
        parts_forms.DeclareForm, people.declare, lambda whole: _has(whole, undeclared=True),
        lead="What somebody without an account told you of conflicts. Leave the field empty if "
        "nothing stands between them and the case.",
    ),
    "leave": StepPage(
        PEOPLE, "Somebody leaves", "Save", "Their part has ended.",
        parts_forms.OneOfThePeopleForm, people.leave, _has,
        lead="They stay named in the case, so that they take no other part in it.",
    ),
    "share": StepPage(
        PEOPLE, "Share it with a provider", "Share", "It is shared with the provider.",
        ShareForm, sharing.share, _open, prepare=_suppliers,
        lead="The provider sees what you share here and nothing else: not the reference, not "
        "the day it came, and not who complained unless they agreed and you tick it.",
    ),
    "promise": StepPage(
        AFTER, "Promise an action", "Save", "The action is noted.",
        after_forms.PromiseForm, closing.promise, _taken_up,
    ),
    "kept": StepPage(
        AFTER, "An action is done", "Save", "The action is done.",
        after_forms.KeptForm, closing.keep_promise,
        lambda whole: any(one.done_on is None for one in whole.promises),
    ),
    "learning": StepPage(
        AFTER, "Note what was learned", "Save", "What was learned is noted.",
        after_forms.LearningForm, learning.learn, _taken_up, prepare=_frameworks,
        lead="Commissioners read it at the review of the framework. Say nothing of who complained.",
    ),
    "school": StepPage(
        AFTER, "Tell the Virtual School", "Send the report", "The Virtual School is told.",
        after_forms.SummaryForm, learning.report_to_school, _taken_up,
    ),
    "ombudsman": StepPage(
        AFTER, "The Ombudsman has it", "Save", "The Ombudsman is noted.",
        after_forms.NoteForm, closing.note_ombudsman, _taken_up,
    ),
    "close": StepPage(
        END, "Close it", "Close", "The complaint is closed.",
        case_forms.LastWordsForm, closing.close,
        lambda whole: _open(whole) and not _unanswered(whole), writes="text",
        lead="If nobody has answered it, tell them why you close it. It can be opened again.",
    ),
    "withdraw": StepPage(
        END, "They do not want to go on", "Note it", "It is noted as withdrawn.",
        case_forms.LastWordsForm, closing.withdraw, _open, writes="text",
    ),
    "reopen": StepPage(
        END, "Open it again", "Open it again", "The complaint is open again.",
        case_forms.OnlyForm, closing.reopen, lambda whole: whole.complaint.state is State.CLOSED,
    ),
    "hold": StepPage(
        END, "Keep it for a legal reason", "Keep it", "Nothing of it is removed now.",
        after_forms.HoldForm, closing.hold, lambda whole: whole.case is None or not whole.case.held,
    ),
    "release": StepPage(
        END, "End the legal hold", "End the hold", "The hold has ended.",
        after_forms.ReleaseForm, closing.hold,
        lambda whole: whole.case is not None and whole.case.held,
    ),
}  # fmt: skip
