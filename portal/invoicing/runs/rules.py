"""A payment run and what it pays: its states, and what a remittance must say to match. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from portal.kernel.money import Money
from portal.kernel.wording import say_date


class RunState(StrEnum):
    """Where a run stands; what of it is paid follows from its entries."""

    PROPOSED = "proposed"
    RELEASED = "released"
    CANCELLED = "cancelled"


class RunStep(StrEnum):
    """What is done with a run: by another person than the proposer, release."""

    RELEASE = "release"
    CANCEL = "cancel"


RUN_TRANSITIONS: dict[tuple[RunState, RunStep], RunState] = {
    (RunState.PROPOSED, RunStep.RELEASE): RunState.RELEASED,
    (RunState.PROPOSED, RunStep.CANCEL): RunState.CANCELLED,
}


class EntryState(StrEnum):
    """Where one invoice of a run stands."""

    WAITING = "waiting"
    PAID = "paid"
    TAKEN_OUT = "taken-out"


ENTRY_STATE_NAMES = {
    EntryState.WAITING: "To be paid",
    EntryState.PAID: "Paid",
    EntryState.TAKEN_OUT: "Taken out",
}


@dataclass(frozen=True, slots=True)
class Remitted:
    """A row of a remittance file: its line in the file and what it says."""

    line: int
    run: str
    invoice: str
    amount: Money
    paid_on: date
    remittance: str


@dataclass(frozen=True, slots=True)
class Payable:
    """An invoice of a released run, as a remittance is held against it.

    ``received_on`` is the day the invoice came in: nothing is paid before it.
    """

    entry_id: UUID
    run_id: UUID
    amount: Money
    state: EntryState
    received_on: date


def key_of(run: str, invoice: str) -> tuple[str, str]:
    """What a remittance is matched by, however it is written."""
    return run.strip().upper(), invoice.strip().upper()


def matched(
    rows: list[Remitted], payable: Mapping[tuple[str, str], Payable], today: date
) -> tuple[list[tuple[Remitted, Payable]], list[tuple[Remitted, str]]]:
    """Which rows pay which entry, and why each of the others does not.

    A row matches by run, invoice and amount, and each entry once.
    """
    sound: list[tuple[Remitted, Payable]] = []
    wrong: list[tuple[Remitted, str]] = []
    taken: set[UUID] = set()
    for row in rows:
        entry = payable.get(key_of(row.run, row.invoice))
        against = _against(row, entry, taken, today)
        if against is not None or entry is None:
            wrong.append((row, against or ""))
            continue
        taken.add(entry.entry_id)
        sound.append((row, entry))
    return sound, wrong


def _against(row: Remitted, entry: Payable | None, taken: set[UUID], today: date) -> str | None:
    if entry is None:
        return "No released run of this reference pays an invoice of this reference"
    if entry.state is EntryState.PAID:
        return "It is recorded as paid already"
    if entry.entry_id in taken:
        return "An earlier row of this file pays it"
    if row.amount != entry.amount:
        return f"The run pays {entry.amount} for it, not {row.amount}"
    if row.paid_on > today:
        return f"{say_date(row.paid_on)} is still to come"
    if row.paid_on < entry.received_on:
        return f"The invoice came in later, on {say_date(entry.received_on)}"
    return None
