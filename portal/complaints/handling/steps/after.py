"""The steps by which something comes of a complaint, and it ends and is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from portal.complaints.handling.actions import closing
from portal.complaints.handling.forms import case as case_forms
from portal.complaints.handling.forms import closing as after_forms
from portal.complaints.handling.queries import Whole
from portal.complaints.handling.steps.offered import is_open, taken_up, unanswered
from portal.complaints.handling.steps.page import AFTER, END, StepPage
from portal.complaints.learning import actions as learning
from portal.complaints.rules import State
from portal.frameworks.queries import framework_choices


def _frameworks(session: Session, _whole: Whole, form: Any, _today: date) -> None:
    form.offer_frameworks(framework_choices(session))


AFTERWARDS: Mapping[str, StepPage] = {
    "promise": StepPage(
        AFTER, "Promise an action", "Save", "The action is noted.",
        after_forms.PromiseForm, closing.promise, taken_up,
    ),
    "kept": StepPage(
        AFTER, "An action is done", "Save", "The action is done.",
        after_forms.KeptForm, closing.keep_promise,
        lambda whole: any(one.done_on is None for one in whole.promises),
    ),
    "learning": StepPage(
        AFTER, "Note what was learned", "Save", "What was learned is noted.",
        after_forms.LearningForm, learning.learn, taken_up, prepare=_frameworks,
        lead="Commissioners read it at the review of the framework. Say nothing of who complained.",
    ),
    "school": StepPage(
        AFTER, "Tell the Virtual School", "Send the report", "The Virtual School is told.",
        after_forms.SummaryForm, learning.report_to_school, taken_up,
    ),
    "ombudsman": StepPage(
        AFTER, "The Ombudsman has it", "Save", "The Ombudsman is noted.",
        after_forms.NoteForm, closing.note_ombudsman, taken_up,
    ),
    "close": StepPage(
        END, "Close it", "Close", "The complaint is closed.",
        case_forms.LastWordsForm, closing.close,
        lambda whole: is_open(whole) and not unanswered(whole), writes="text",
        lead="If nobody has answered it, tell them why you close it. It can be opened again.",
    ),
    "withdraw": StepPage(
        END, "They do not want to go on", "Note it", "It is noted as withdrawn.",
        case_forms.LastWordsForm, closing.withdraw, is_open, writes="text",
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
