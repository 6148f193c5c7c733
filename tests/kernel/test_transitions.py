from enum import StrEnum

import pytest

from portal.kernel.transitions import IllegalStep, allowed_steps, next_state


class State(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    AGREED = "agreed"


class Step(StrEnum):
    SEND = "send"
    SEND_BACK = "send_back"
    AGREE = "agree"


TABLE = {
    (State.DRAFT, Step.SEND): State.IN_REVIEW,
    (State.IN_REVIEW, Step.SEND_BACK): State.DRAFT,
    (State.IN_REVIEW, Step.AGREE): State.AGREED,
}


def test_a_step_in_the_table_leads_on() -> None:
    assert next_state(TABLE, State.DRAFT, Step.SEND) is State.IN_REVIEW


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("step", Step)
def test_every_other_step_is_refused(state: State, step: Step) -> None:
    if step in allowed_steps(TABLE, state):
        assert next_state(TABLE, state, step) is TABLE[state, step]
    else:
        with pytest.raises(IllegalStep):
            next_state(TABLE, state, step)


def test_the_refusal_says_what_to_do() -> None:
    with pytest.raises(IllegalStep) as refusal:
        next_state(TABLE, State.IN_REVIEW, Step.SEND)
    assert refusal.value.status == 409
    assert refusal.value.sentence == (
        "That can no longer be done: this is now in review. "
        "Load the page again to see what you can do."
    )


def test_the_steps_from_a_state_keep_the_order_of_the_table() -> None:
    assert allowed_steps(TABLE, State.IN_REVIEW) == (Step.SEND_BACK, Step.AGREE)
    assert allowed_steps(TABLE, State.AGREED) == ()
