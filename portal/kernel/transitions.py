"""States as tables: (state, step) -> state. What is not in the table is refused."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from portal.kernel.errors import DomainError

State = TypeVar("State", bound=StrEnum)
Step = TypeVar("Step", bound=StrEnum)


class IllegalStep(DomainError):
    """The step does not lead from the state that the thing is in."""

    status = 409
    sentence = "This is not possible now. Load the page again to see what you can do."


def next_state(table: Mapping[tuple[State, Step], State], state: State, step: Step) -> State:
    """The state that the step leads to. Raises IllegalStep when it leads nowhere."""
    try:
        return table[state, step]
    except KeyError:
        raise IllegalStep(
            f"That can no longer be done: this is now {_words(state)}. "
            "Load the page again to see what you can do."
        ) from None


def allowed_steps(table: Mapping[tuple[State, Step], State], state: State) -> tuple[Step, ...]:
    """The steps that lead from the state, in the order of the table."""
    return tuple(step for before, step in table if before == state)


def _words(state: StrEnum) -> str:
    return state.value.replace("_", " ").replace("-", " ").lower()
