"""States stay legal whatever is tried in whatever order: the tables against a second telling of
them, written by hand (promise 20)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from portal.complaints.handling.rules import (
    STAGE_NAMES,
    STAGE_TRANSITIONS,
    StageState,
    StageStep,
    opening,
)
from portal.complaints.rules import TRANSITIONS, State, Step, Track
from portal.invoicing.rules import (
    LINE_TRANSITIONS,
    InvoiceState,
    LineState,
    LineStep,
    invoice_state,
)
from portal.kernel.transitions import IllegalStep, allowed_steps, next_state
from tests.support.size import size

RUNS = settings(
    max_examples=size(15, 2_000), stateful_step_count=50, derandomize=True, database=None
)

LINE = {
    "submitted": {"query": "queried", "approve": "approved", "refuse": "refused"},
    "queried": {
        "answer": "answered", "amend": "answered", "approve": "approved", "refuse": "refused",
    },
    "answered": {"query": "queried", "approve": "approved", "refuse": "refused"},
    "approved": {"pay": "paid"},
    "refused": {"dispute": "disputed"},
    "disputed": {"uphold": "refused", "allow": "approved"},
    "paid": {},
}  # fmt: skip
COMPLAINT = {
    "received": {"take up": "being-looked-at", "close": "closed", "withdraw": "withdrawn"},
    "being-looked-at": {"answer": "answered", "close": "closed", "withdraw": "withdrawn"},
    "answered": {"go on": "being-looked-at", "close": "closed", "withdraw": "withdrawn"},
    "closed": {"go on": "being-looked-at"},
    "withdrawn": {},
}
STAGE = {
    "agreeing": {"agree in writing": "answering"},
    "panel-to-meet": {"record the panel's meeting": "panel-to-report"},
    "panel-to-report": {"record the panel's report": "answering"},
    "answering": {"answer": "answered"},
    "answered": {},
}


def told(told_by_hand: Mapping[str, Mapping[str, str]], state: StrEnum, step: StrEnum) -> str:
    """Where a step leads by the second telling; nowhere else than where it is when refused."""
    return told_by_hand[state.value].get(step.value, state.value)


def taken(table: Mapping[Any, Any], state: Any, step: Any) -> Any:
    """Where a step leads by the portal's table; an illegal step leaves all as it is."""
    if step in allowed_steps(table, state):
        return next_state(table, state, step)
    with pytest.raises(IllegalStep, match="Load the page again"):
        next_state(table, state, step)
    return state


class Invoice(RuleBasedStateMachine):
    """Lines of one invoice, decided, answered, disputed and paid in any order."""

    @initialize(count=st.integers(1, 6))
    def submitted(self, count: int) -> None:
        """So many lines, all to be decided."""
        self.lines = [LineState.SUBMITTED] * count

    @rule(place=st.integers(0, 5), step=st.sampled_from(LineStep))
    def step(self, place: int, step: LineStep) -> None:
        """Any step on any line."""
        place %= len(self.lines)
        before = self.lines[place]
        self.lines[place] = taken(LINE_TRANSITIONS, before, step)
        assert self.lines[place].value == told(LINE, before, step)

    @rule()
    def pay(self) -> None:
        """A payment takes every approved line."""
        self.lines = [taken(LINE_TRANSITIONS, line, LineStep.PAY) for line in self.lines]
        assert LineState.APPROVED not in self.lines

    @invariant()
    def follows_from_its_lines(self) -> None:
        """Whom the invoice waits for, said without the rule's own words."""
        words = [line.value for line in self.lines]
        waits_for = {
            InvoiceState.TO_DECIDE: not {"submitted", "answered", "disputed"}.isdisjoint(words),
            InvoiceState.QUERIED: "queried" in words,
            InvoiceState.APPROVED: "approved" in words,
            InvoiceState.PAID: "paid" in words,
            InvoiceState.REFUSED: True,
        }
        assert invoice_state(self.lines) is next(one for one, holds in waits_for.items() if holds)


class Complaint(RuleBasedStateMachine):
    """A complaint and the stages of its track, moved by both tables."""

    @initialize(track=st.sampled_from(Track))
    def received(self, track: Track) -> None:
        """One that has just arrived."""
        self.track, self.state = track, State.RECEIVED
        self.stages: list[StageState] = []

    @rule(step=st.sampled_from(Step))
    def move(self, step: Step) -> None:
        """Any step of the complaint."""
        before = self.state
        self.state = taken(TRANSITIONS, before, step)
        assert self.state.value == told(COMPLAINT, before, step)

    @rule(step=st.sampled_from(StageStep))
    def move_stage(self, step: StageStep) -> None:
        """Any step of the stage that it has come to."""
        if self.stages:
            before = self.stages[-1]
            self.stages[-1] = taken(STAGE_TRANSITIONS, before, step)
            assert self.stages[-1].value == told(STAGE, before, step)

    @rule()
    def next_stage(self) -> None:
        """The next stage begins once the one before is answered, as far as the track has one."""
        number = len(self.stages) + 1
        if number <= len(STAGE_NAMES[self.track]) and set(self.stages) <= {StageState.ANSWERED}:
            self.stages.append(opening(self.track, number))

    @invariant()
    def earlier_stages_are_answered(self) -> None:
        """Only the last stage is open, and there are no more than the track has."""
        assert set(self.stages[:-1]) <= {StageState.ANSWERED}
        assert len(self.stages) <= len(STAGE_NAMES[self.track])


def test_each_table_has_every_state_and_step_and_no_other() -> None:
    for table, by_hand, states in (
        (LINE_TRANSITIONS, LINE, LineState),
        (TRANSITIONS, COMPLAINT, State),
        (STAGE_TRANSITIONS, STAGE, StageState),
    ):
        assert set(by_hand) == {state.value for state in states}
        told_twice = {(state.value, step.value): to.value for (state, step), to in table.items()}
        assert told_twice == {
            (state, step): to for state, steps in by_hand.items() for step, to in steps.items()
        }


for machine in (Invoice, Complaint):
    machine.TestCase.settings = RUNS

TestInvoice = Invoice.TestCase
TestComplaint = Complaint.TestCase
