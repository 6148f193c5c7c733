"""A correction in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from portal.delivery.corrections.models import DeliveryCorrection
from portal.delivery.corrections.rules import say_difference, say_standing
from portal.delivery.rules import SessionState
from portal.kernel.wording import say_date, say_datetime, say_period


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """What was reversed and what replaced it, why, by whom, and whether an invoice has it.

    ``instead_id`` is the session that was recorded as it took place, if it is another.
    """

    id: UUID
    instead_id: UUID | None
    reversed: str
    replaced: str
    effect: str
    because: str
    by: str
    waits: bool


def session_rows(corrections: Sequence[DeliveryCorrection]) -> list[CorrectionRow]:
    """The corrections of one session, in order; each reverses what the one before it left."""
    rows = []
    state = SessionState.DELIVERED
    for one in corrections:
        assert one.state is not None
        rows.append(
            _row(
                one,
                say_standing(state, one.before),
                say_standing(one.state, one.after) if one.instead_id is None else _say_instead(one),
                say_difference(minutes=one.parts),
            )
        )
        state = one.state
    return rows


def _say_instead(one: DeliveryCorrection) -> str:
    if one.instead is None:
        return "recorded again, and removed since"
    return f"recorded again on {say_date(one.instead.service_date)}"


def stay_rows(corrections: Sequence[DeliveryCorrection]) -> list[CorrectionRow]:
    """The corrections of one stay, by its nights."""
    return [
        _row(
            one,
            f"present, {say_period(one.first_day, one.last_day)}",
            "absent",
            say_difference(nights=one.parts),
        )
        for one in corrections
    ]


def _row(one: DeliveryCorrection, was: str, now: str, effect: str) -> CorrectionRow:
    if one.locked_at is not None:
        effect = f"{effect}, on the invoice of {say_datetime(one.locked_at)}"
    elif one.parts:
        effect = f"the next invoice {effect}"
    return CorrectionRow(
        one.id,
        one.instead.id if one.instead else None,
        was,
        now,
        effect,
        one.because,
        f"{one.recorded_by_name}, {say_datetime(one.recorded_at)}",
        waits=one.locked_at is None,
    )
