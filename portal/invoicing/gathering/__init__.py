"""Gathering what a draft and its checks need, in a constant number of queries.

A draft and a submitted invoice give the same facts, so that provider and approver see the same
checks. Rows are read as columns, not objects: an invoice may have thousands of sessions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from portal.frameworks.models import Framework
from portal.invoicing.adjustments.queries import lines_beside, raised_since
from portal.invoicing.checks.facts import Facts, LineFacts
from portal.invoicing.drafting import Draft, assemble
from portal.invoicing.gathering.agreements import agreement_facts, agreements_of, agreements_on
from portal.invoicing.gathering.delivered import (
    chargeable_corrections,
    chargeable_sessions,
    chargeable_stays,
    charged_sessions,
    mentors_standing,
    session_facts,
)
from portal.invoicing.gathering.stream import Stream
from portal.invoicing.gathering.surroundings import vat_treatment, with_surroundings
from portal.invoicing.mechanisms import Delivered, Terms
from portal.invoicing.models import Invoice, InvoiceLine
from portal.invoicing.rules import OPEN, LineState
from portal.kernel.database import prepared
from portal.kernel.errors import NotFound
from portal.kernel.months import Month

__all__ = ["Gathered", "Stream", "gather_draft", "gather_invoice"]


_STARTS_ON = prepared(select(Framework.starts_on).where(Framework.id == bindparam("framework_id")))


@dataclass(frozen=True, slots=True)
class Gathered:
    """A draft with the facts for its checks, and the sessions by their ids."""

    draft: Draft
    facts: Facts


def gather_draft(
    session: Session, stream: Stream, month: Month, *, today: date, hold: bool = False
) -> Gathered:
    """This month's invoice as it would be now.

    ``hold`` keeps other writers from what is charged until the transaction ends.
    Raises NotFound when the framework is not one that the session may see.
    """
    framework_starts = session.scalar(_STARTS_ON, {"framework_id": stream.framework_id})
    if framework_starts is None:
        raise NotFound
    sessions = chargeable_sessions(session, stream, month.last, hold=hold)
    delivered: dict[UUID, list[Delivered]] = defaultdict(list)
    meetings: dict[UUID, tuple[UUID, datetime, date, int]] = {}
    for session_id, agreement_id, mentor_id, starts_at, day, minutes, hands in sessions:
        meetings[session_id] = (mentor_id, starts_at, day, minutes)
        delivered[agreement_id].append(Delivered(day, day, minutes, tuple(hands), session_id))
    for stay_id, agreement_id, first, last, hands in chargeable_stays(
        session, stream, month.last, hold=hold
    ):
        nights = (last - first).days + 1
        delivered[agreement_id].append(
            Delivered(first, last, nights, tuple(hands), stay_id=stay_id)
        )
    for one in chargeable_corrections(session, stream, month.last, hold=hold):
        delivered[one.agreement_id].append(
            Delivered(
                one.first_day,
                one.last_day,
                one.parts,
                tuple(one.hands),
                correction_id=one.id,
                meetings=one.meetings,
            )
        )
    raised = raised_since(session, stream.parameters, month.last)
    days = [unit.first_day for units in delivered.values() for unit in units]
    days += [one.first_day for parts in raised.values() for one in parts]
    agreements = agreements_of(session, list({**delivered, **raised}))
    terms = {
        row.id: Terms(
            row.id,
            row.reference,
            row.title,
            row.mechanism,
            row.unit,
            framework_starts,
            row.prices,
            row.cost_code,
            row.purchase_order,
            row.taxed,
        )
        for row in agreements
    }
    draft = assemble(month, terms, delivered, vat_treatment(session, stream, month), raised)
    standing = mentors_standing(session, {meeting[0] for meeting in meetings.values()})
    lines = [
        LineFacts(
            position,
            line.terms.agreement_id,
            line.service_month,
            line.contract_year,
            line.first_day,
            line.last_day,
            line.parts,
            line.price,
            line.net,
            sessions=tuple(
                session_facts(*meetings[charge.unit.session_id], standing)
                for charge in line.charges
                if charge.unit.session_id is not None
            ),
            corrects=line.corrects,
            raised_from=line.raised_from,
        )
        for position, line in enumerate(draft.lines, 1)
    ]
    facts = Facts(
        month=month,
        today=today,
        lines=tuple(lines),
        agreements=agreement_facts(session, agreements, days, month, None),
        unpriced=tuple(
            (section.terms.reference, charge.first_day)
            for section in draft.sections
            for charge in section.unpriced
        ),
        has_vat_evidence=draft.vat is not None,
    )
    return Gathered(draft, with_surroundings(session, facts, stream))


def gather_invoice(
    session: Session, invoice: Invoice, lines: Sequence[InvoiceLine], *, today: date
) -> Facts:
    """The same facts for a submitted invoice, of which these are all the lines.

    Refused lines are left out.
    """
    standing = [line for line in lines if line.state is not LineState.REFUSED]
    sessions = charged_sessions(session, invoice.id)
    beside = lines_beside(session, invoice.id)
    facts = Facts(
        month=invoice.month,
        today=max(today, invoice.month.next.first),
        lines=tuple(
            LineFacts(
                line.position,
                line.agreement_id,
                line.service_month,
                line.contract_year,
                line.first_day,
                line.last_day,
                line.parts,
                line.price,
                line.net,
                counts_towards_cap=line.state in OPEN,
                sessions=tuple(sessions.get(line.id, ())),
                corrects=line.id in beside and beside[line.id] is None,
                raised_from=beside.get(line.id),
            )
            for line in standing
        ),
        agreements=agreement_facts(
            session,
            agreements_on(session, invoice),
            [line.first_day for line in standing],
            invoice.month,
            invoice.id,
        ),
    )
    stream = Stream(invoice.provider_id, invoice.council_id, invoice.framework_id)
    return with_surroundings(session, facts, stream)
