"""Who did what about a change of bank account, newest first."""

from __future__ import annotations

from collections.abc import Iterator

from portal.invoicing.banking.models import BankChange
from portal.invoicing.banking.rules import KNOWN_FROM_NAMES, ChangeState
from portal.invoicing.history import Happening


def history_of(change: BankChange) -> list[Happening]:
    """Every step that was taken, with its words."""
    return list(_steps(change))[::-1]


def _steps(change: BankChange) -> Iterator[Happening]:
    yield Happening(change.proposed_at, "Asked for", change.proposed_by_name, change.because)
    if change.confirmed_at and change.confirmed_by_name:
        yield Happening(change.confirmed_at, "Confirmed", change.confirmed_by_name)
    if change.verified_at and change.verified_by_name and change.known_from:
        called = (
            f"Called {change.spoke_to} on {change.called_number}. "
            f"{KNOWN_FROM_NAMES[change.known_from]}. {change.note}"
        )
        yield Happening(change.verified_at, "Verified", change.verified_by_name, called)
    if change.ended_at and change.ended_by_name:
        what = "Not verified" if change.state is ChangeState.REFUSED else "Stopped"
        yield Happening(change.ended_at, what, change.ended_by_name, change.ended_because or "")
