from __future__ import annotations

from datetime import date
from itertools import combinations

import pytest

from portal.frameworks.rules import Regime
from portal.invoicing.rules import (
    INVOICE_STATE_NAMES,
    LINE_STATE_NAMES,
    LINE_TRANSITIONS,
    REFUSAL_NAMES,
    InvoiceState,
    LineState,
    LineStep,
    RefusalReason,
    invoice_state,
    number_key,
    payment_due,
)
from portal.kernel.transitions import IllegalStep, next_state


@pytest.mark.parametrize(
    "disguised",
    [
        "inv-0012",
        "Inv-0012",
        "INV 0012",
        "INV0012",
        "INV/0012",
        "INV.0012",
        "INV_0012",
        "INV--0012",
        "INV–0012",
        " INV-0012 ",
        "INV\t0012",
        "INV\N{NO-BREAK SPACE}0012",
        "INV-12",
        "INV-00012",
        "INV-OO12",
        "INV-oo12",
        "INV-00I2",
        "INV-00l2",
        "1NV-0012",
        "lNV-0012",
        "ＩＮＶ－００１２",  # noqa: RUF001
    ],
)
def test_a_disguised_number_is_the_same_number(disguised: str) -> None:
    assert number_key(disguised) == number_key("INV-0012")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("INV-12", "INV-13"),
        ("INV-12", "INV-112"),
        ("INV-12", "IN-12"),
        ("2026-1-11", "2026-11-1"),
        ("2026-1", "20261"),
        ("A1-11", "A11-1"),
        ("BM-2026-009", "BM-2026-090"),
        ("12A", "12B"),
    ],
)
def test_other_numbers_stay_other_numbers(one: str, other: str) -> None:
    assert number_key(one) != number_key(other)


def test_a_word_before_the_figures_may_be_joined_to_them() -> None:
    assert number_key("BILL-5") == number_key("BILL5") == number_key("bill 05")


def honest_numbers() -> list[str]:
    """What ten providers' systems give: a hundred numbers each."""
    return [
        number
        for n in range(1, 101)
        for number in (
            f"INV-{n:04}",
            f"BM-2026-{n:03}",
            f"2026/{(n - 1) % 12 + 1}/{n}",
            f"{n:05}A",
            f"SI{100000 + n}",
            f"2026-{n}",
            f"LOT2-{n}-26",
            f"OIL{n}",
            f"{n}.1",
            f"Q{(n - 1) % 4 + 1}-{n}",
        )
    ]


def test_of_a_thousand_honest_numbers_at_most_one_in_a_hundred_collides() -> None:
    numbers = honest_numbers()
    assert len(set(numbers)) == 1000
    assert len({number_key(number) for number in numbers}) >= 990


def test_the_2023_act_counts_from_receipt() -> None:
    received = date(2026, 10, 1)
    due = payment_due(Regime.ACT_2023, 30, received_on=received, verified_on=None)
    assert due == date(2026, 10, 31)
    later = date(2026, 10, 12)
    assert payment_due(Regime.ACT_2023, 30, received_on=received, verified_on=later) == due


def test_pcr_2015_counts_from_verification_and_waits_for_it() -> None:
    received, verified = date(2026, 10, 1), date(2026, 10, 12)
    assert payment_due(Regime.PCR_2015, 30, received_on=received, verified_on=None) is None
    due = payment_due(Regime.PCR_2015, 30, received_on=received, verified_on=verified)
    assert due == date(2026, 11, 11)


def test_a_framework_may_pay_sooner() -> None:
    received = date(2026, 10, 1)
    due = payment_due(Regime.ACT_2023, 14, received_on=received, verified_on=None)
    assert due == date(2026, 10, 15)


def expected_state(states: set[LineState]) -> InvoiceState:
    """The same rule said the long way: who has to act next."""
    council_acts = {LineState.SUBMITTED, LineState.ANSWERED, LineState.DISPUTED}
    if states & council_acts:
        return InvoiceState.TO_DECIDE
    if LineState.QUERIED in states:
        return InvoiceState.QUERIED
    if LineState.APPROVED in states:
        return InvoiceState.APPROVED
    if LineState.PAID in states:
        return InvoiceState.PAID
    return InvoiceState.REFUSED


ALL_COMBINATIONS = [
    frozenset(states)
    for number in range(1, len(LineState) + 1)
    for states in combinations(LineState, number)
]


@pytest.mark.parametrize("states", ALL_COMBINATIONS, ids=lambda states: "+".join(sorted(states)))
def test_an_invoices_state_follows_from_every_combination_of_lines(
    states: frozenset[LineState],
) -> None:
    assert invoice_state(states) is expected_state(set(states))
    assert invoice_state([*states, *states]) is expected_state(set(states))


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ("submitted approved", InvoiceState.TO_DECIDE),
        ("answered queried", InvoiceState.TO_DECIDE),
        ("queried approved paid", InvoiceState.QUERIED),
        ("approved paid refused", InvoiceState.APPROVED),
        ("paid disputed", InvoiceState.TO_DECIDE),
        ("paid refused", InvoiceState.PAID),
        ("refused", InvoiceState.REFUSED),
    ],
)
def test_an_invoice_waits_for_whoever_acts_next(states: str, expected: InvoiceState) -> None:
    assert invoice_state(LineState(state) for state in states.split()) is expected


def test_an_invoice_without_lines_is_none() -> None:
    with pytest.raises(ValueError, match="has lines"):
        invoice_state([])


@pytest.mark.parametrize("state", LineState)
@pytest.mark.parametrize("step", LineStep)
def test_a_step_is_in_the_table_or_is_refused(state: LineState, step: LineStep) -> None:
    if (state, step) in LINE_TRANSITIONS:
        assert next_state(LINE_TRANSITIONS, state, step) is LINE_TRANSITIONS[state, step]
    else:
        with pytest.raises(IllegalStep):
            next_state(LINE_TRANSITIONS, state, step)


def test_what_is_paid_stays_so_and_a_refusal_is_only_disputed() -> None:
    settled = {LineState.REFUSED, LineState.PAID}
    assert [each for each in LINE_TRANSITIONS if each[0] in settled] == [
        (LineState.REFUSED, LineStep.DISPUTE)
    ]
    ended = {LINE_TRANSITIONS[each] for each in LINE_TRANSITIONS if each[0] is LineState.DISPUTED}
    assert ended == {LineState.REFUSED, LineState.APPROVED}


def test_everything_has_its_words() -> None:
    assert set(LINE_STATE_NAMES) == set(LineState)
    assert set(INVOICE_STATE_NAMES) == set(InvoiceState)
    assert set(REFUSAL_NAMES) == set(RefusalReason)
