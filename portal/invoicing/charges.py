"""What a line charges: each session or stay with its day, length and people; and its price."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.agreements.models import Mentor
from portal.agreements.queries import price_on
from portal.delivery.models import DeliverySession, Stay
from portal.delivery.rules import MODE_NAMES
from portal.frameworks.prices import SOURCE_NAMES
from portal.frameworks.rules import Unit
from portal.invoicing.models import ChargedUnit, InvoiceLine
from portal.invoicing.presenting import price_in_words, quantity_in_words
from portal.invoicing.queries import units_of
from portal.kernel.local_time import to_local
from portal.kernel.money import Money
from portal.kernel.wording import say_date, say_hours, say_period, say_time

NOT_TOLD = "A mentor no longer shown to you"


@dataclass(frozen=True, slots=True)
class Charge:
    """One session, or the nights of one stay, as a line charges it; all in words but ``parts``.

    ``parts`` are minutes, sessions or nights. ``mentor`` and ``mode`` are empty for nights;
    ``summary`` is empty where the viewer may not read it.
    """

    id: UUID
    day: str
    time: str
    length: str
    charged: str
    parts: int
    mentor: str
    mode: str
    recorded_by: str
    summary: str


@dataclass(frozen=True, slots=True)
class PriceView:
    """A line's price with where it comes from, and its multiplication in words."""

    price: str
    source: str
    sum: str


def charges_of(session: Session, line: InvoiceLine, *, summaries: bool) -> list[Charge]:
    """What the line charges, by day, in at most four queries.

    ``summaries``: whether to read what was written about the young person.
    """
    units = units_of(session, line)
    held = _sessions(session, [unit.session_id for unit in units if unit.session_id])
    stays = _stays(session, [unit.stay_id for unit in units if unit.stay_id])
    mentors = _mentors(session, {each.mentor_id for each in held.values()})
    written = _summaries(session, list(held)) if summaries and held else {}
    charges = []
    for unit in units:
        if unit.session_id in held:
            charges.append(_of_session(line.unit, unit, held[unit.session_id], mentors, written))
        elif unit.stay_id in stays:
            charges.append(_of_stay(unit, stays[unit.stay_id]))
    return charges


class Priced(Protocol):
    """A line, drafted or submitted, as far as its price goes."""

    @property
    def unit(self) -> Unit: ...
    @property
    def parts(self) -> int: ...
    @property
    def price(self) -> Money: ...
    @property
    def net(self) -> Money: ...
    @property
    def first_day(self) -> date: ...


def price_of(
    session: Session, agreement_id: UUID, line: Priced, *, raised_from: Money | None = None
) -> PriceView:
    """The line's price, from when and by which source it was agreed, and what it comes to.

    ``raised_from`` is the price before, of a line that charges the rise.
    """
    agreed = price_on(session, agreement_id, line.first_day)
    source = "No price of the agreement covers these days."
    if agreed is not None:
        said = f"From {say_date(agreed.starts_on)}, {SOURCE_NAMES[agreed.source]}"
        source = f"{said}: {agreed.note}" if agreed.note else said
        charged = line.price if raised_from is None else raised_from + line.price
        if raised_from is not None:
            source = f"{source}. {raised_from} rose to {charged}"
        if agreed.price != charged:
            source = f"{said}: {price_in_words(line.unit, agreed.price)}, "
            source += (
                f"agreed on {say_date(agreed.backdated_on)}. The difference has a line of its own"
                if agreed.backdated_on
                else "not what is charged"
            )
    return PriceView(
        price_in_words(line.unit, line.price),
        source,
        sum_in_words(line.unit, line.parts, line.price, line.net),
    )


def sum_in_words(unit: Unit, parts: int, price: Money, net: Money) -> str:
    """As "5.5 hours × £42.00 = £231.00", "30 nights × £820.00 a week ÷ 7 = £3,514.29"."""
    week = " a week ÷ 7" if unit is Unit.NIGHT else ""
    return f"{quantity_in_words(unit, parts)} × {price}{week} = {net}"


@dataclass(frozen=True, slots=True)
class _Held:
    """A session as it is charged, without what was written about it."""

    mentor_id: UUID
    day: str
    time: str
    minutes: int
    mode: str
    recorded_by: str


def _sessions(session: Session, ids: Sequence[UUID]) -> dict[UUID | None, _Held]:
    if not ids:
        return {}
    rows = session.execute(
        select(
            DeliverySession.id,
            DeliverySession.mentor_id,
            DeliverySession.starts_at,
            DeliverySession.service_date,
            DeliverySession.minutes,
            DeliverySession.mode,
            DeliverySession.recorded_by_name,
        )
        .where(DeliverySession.id.in_(ids))
        .order_by(DeliverySession.starts_at)
    )
    return {
        row.id: _Held(
            row.mentor_id,
            say_date(row.service_date),
            say_time(to_local(row.starts_at).time()),
            row.minutes,
            MODE_NAMES[row.mode],
            row.recorded_by_name,
        )
        for row in rows
    }


def _summaries(session: Session, ids: Sequence[UUID | None]) -> Mapping[UUID | None, str]:
    rows = session.execute(
        select(DeliverySession.id, DeliverySession.summary)
        .where(DeliverySession.id.in_(ids))
        .order_by(DeliverySession.id)
    )
    return {row.id: row.summary for row in rows}


def _stays(session: Session, ids: Sequence[UUID]) -> dict[UUID | None, str]:
    if not ids:
        return {}
    rows = session.execute(
        select(Stay.id, Stay.recorded_by_name).where(Stay.id.in_(ids)).order_by(Stay.id)
    )
    return {row.id: row.recorded_by_name for row in rows}


def _mentors(session: Session, ids: set[UUID]) -> Mapping[UUID, str]:
    if not ids:
        return {}
    rows = session.execute(
        select(Mentor.id, Mentor.name).where(Mentor.id.in_(ids)).order_by(Mentor.id)
    )
    return {row.id: row.name for row in rows}


def _of_session(
    kind: Unit,
    unit: ChargedUnit,
    held: _Held,
    mentors: Mapping[UUID, str],
    written: Mapping[UUID | None, str],
) -> Charge:
    return Charge(
        id=unit.id,
        day=held.day,
        time=held.time,
        length=say_hours(held.minutes),
        charged=quantity_in_words(kind, unit.parts),
        parts=unit.parts,
        mentor=mentors.get(held.mentor_id, NOT_TOLD),
        mode=held.mode,
        recorded_by=held.recorded_by,
        summary=written.get(unit.session_id, ""),
    )


def _of_stay(unit: ChargedUnit, recorded_by: str) -> Charge:
    nights = quantity_in_words(Unit.NIGHT, unit.parts)
    return Charge(
        id=unit.id,
        day=say_period(unit.first_day, unit.last_day),
        time="",
        length=nights,
        charged=nights,
        parts=unit.parts,
        mentor="",
        mode="",
        recorded_by=recorded_by,
        summary="",
    )
