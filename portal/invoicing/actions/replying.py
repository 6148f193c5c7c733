"""The provider's replies to a query: an answer, or the line amended down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.actions import Actor, record
from portal.frameworks.rules import Unit
from portal.invoicing.actions.events import Event, line_subject
from portal.invoicing.actions.lines import LockedInvoice, locked_invoice, settle_invoice
from portal.invoicing.mechanisms import describe
from portal.invoicing.models import ChargedUnit, InvoiceLine, Reply
from portal.invoicing.rules import LINE_TRANSITIONS, LineStep
from portal.kernel.clock import local_date
from portal.kernel.errors import DomainError
from portal.kernel.money import Money
from portal.kernel.transitions import next_state


class AmendedUp(DomainError):
    """More is asked for than was charged."""

    status = 422
    sentence = "Enter at most what is charged now. More can go on next month's invoice"


class NothingAmended(DomainError):
    """The amended figures are the ones that stand."""

    status = 422
    sentence = "Change at least one figure, or answer the query without amending the line"


def answer(
    session: Session,
    actor: Actor,
    invoice_id: UUID,
    line_id: UUID,
    *,
    version: int,
    words: str,
    at: datetime,
) -> LockedInvoice:
    """Answer a query and leave the line as it is. Raises NotFound, Stale or IllegalStep."""
    locked = locked_invoice(session, invoice_id)
    line = locked.chosen({line_id: version})[0]
    line.state = next_state(LINE_TRANSITIONS, line.state, LineStep.ANSWER)
    _reply(session, actor, locked, line, LineStep.ANSWER, line.parts, line.net, words, at)
    return locked


def amend(
    session: Session,
    actor: Actor,
    invoice_id: UUID,
    line_id: UUID,
    *,
    version: int,
    parts: Mapping[UUID, int],
    words: str,
    at: datetime,
) -> LockedInvoice:
    """Charge less for some of the line's units; what stood before stays in the reply.

    ``parts`` are the new minutes, sessions or nights by charged unit. Raises AmendedUp,
    NothingAmended, NotFound, Stale or IllegalStep, having changed nothing.
    """
    locked = locked_invoice(session, invoice_id)
    line = locked.chosen({line_id: version})[0]
    state = next_state(LINE_TRANSITIONS, line.state, LineStep.AMEND)
    units = session.scalars(
        select(ChargedUnit)
        .where(ChargedUnit.line_id == line.id)
        .order_by(ChargedUnit.first_day, ChargedUnit.id)
    ).all()
    wanted = {unit.id: parts.get(unit.id, unit.parts) for unit in units}
    if any(not 0 <= wanted[unit.id] <= unit.parts for unit in units):
        raise AmendedUp
    if all(wanted[unit.id] == unit.parts for unit in units):
        raise NothingAmended
    for unit in units:
        unit.parts = wanted[unit.id]
        if unit.stay_id is not None and unit.parts:
            unit.last_day = unit.first_day + timedelta(days=unit.parts - 1)
    before, net_before = line.parts, line.net
    line.parts = sum(wanted.values())
    line.net = line.unit.charge(line.price, line.parts)
    _tell_days(line, units)
    line.hands = sorted({*line.hands, str(actor.person_id)})
    line.state = state
    _reply(session, actor, locked, line, LineStep.AMEND, before, net_before, words, at)
    return locked


def _tell_days(line: InvoiceLine, units: Sequence[ChargedUnit]) -> None:
    """The days and the words of what the line still charges; what is taken off no longer counts.

    So a check against a day that was taken off does not stand against the line any more.
    """
    charged = [unit for unit in units if unit.parts] or list(units)
    count = sum(1 for unit in units if unit.parts)
    parts = line.parts if line.unit is Unit.NIGHT else count
    line.first_day = min(unit.first_day for unit in charged)
    line.last_day = max(unit.last_day for unit in charged)
    line.description = describe(line.unit, count, parts, line.first_day, line.last_day)


def _reply(
    session: Session,
    actor: Actor,
    locked: LockedInvoice,
    line: InvoiceLine,
    step: LineStep,
    parts_before: int,
    net_before: Money,
    words: str,
    at: datetime,
) -> None:
    invoice = locked.invoice
    line.version += 1
    session.add(
        Reply(
            line_id=line.id,
            invoice_id=invoice.id,
            council_id=invoice.council_id,
            provider_id=invoice.provider_id,
            step=step,
            words=words,
            parts_before=parts_before,
            parts_after=line.parts,
            net_before=net_before,
            net_after=line.net,
            replied_by=actor.person_id,
            replied_by_name=actor.name,
            replied_at=at,
        )
    )
    event = Event.LINE_ANSWERED if step is LineStep.ANSWER else Event.LINE_AMENDED
    record(
        session,
        actor,
        event,
        line_subject(invoice, line.id, line.position),
        at=at,
        net_pence_before=net_before.pence,
        net_pence_after=line.net.pence,
    )
    settle_invoice(locked, today=local_date(at))
