"""One invoice as each side sees it."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from portal.audit.queries import number_of
from portal.identity.people.queries import same_person
from portal.identity.permissions import Permission
from portal.identity.viewing import can, viewer
from portal.invoicing import queries
from portal.invoicing.actions.events import Event
from portal.invoicing.checks import Severity, blocked_lines, check
from portal.invoicing.credits.page import credits_on
from portal.invoicing.credits.page import happenings as credit_happenings
from portal.invoicing.credits.queries import credits_of
from portal.invoicing.disputes.page import happenings
from portal.invoicing.disputes.queries import disputes_of
from portal.invoicing.gathering import gather_invoice
from portal.invoicing.history import history_of_invoice
from portal.invoicing.interest.presenting import late_rows
from portal.invoicing.models import InvoiceLine
from portal.invoicing.presenting import (
    INVOICE_TONES,
    Tag,
    checks_by_line,
    sections_of_invoice,
)
from portal.invoicing.routes.blueprint import routes
from portal.invoicing.rules import (
    INVOICE_STATE_NAMES,
    OPEN,
    TO_DECIDE,
    UNDECIDED,
    LineState,
    LineStep,
)
from portal.invoicing.runs.queries import run_of_invoice
from portal.invoicing.standing import Viewing, gross, in_state, next_steps, payment_clock
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.fragments import render
from portal.kernel.money import ZERO
from portal.kernel.session import db

SEVERITY_WORDS = {
    Severity.BLOCKS: "Blocks",
    Severity.HOLDS: "Needs a budget holder",
    Severity.WARNS: "Warning",
}


@routes.get("/<uuid:invoice_id>")
@requires(Permission.INVOICE_READ)
def show(invoice_id: UUID) -> ResponseReturnValue:
    """An invoice with its checks, its lines, what happens next and what happened."""
    return invoice_page(invoice_id)


def viewing() -> Viewing:
    """What whoever makes this request may do with invoices."""
    return Viewing(
        council=viewer().is_council,
        decides=can(Permission.INVOICE_DECIDE),
        replies=can(Permission.INVOICE_REPLY),
        pays=can(Permission.PAYMENT_RECORD),
    )


def is_own(line: InvoiceLine) -> bool:
    """Whether the viewer entered, edited, submitted or amended what the line charges."""
    return bool(same_person(db(), viewer().person_id, [UUID(hand) for hand in line.hands]))


def invoice_page(
    invoice_id: UUID,
    *,
    problem: str = "",
    ticked: Collection[str] | None = None,
    status: int = 200,
) -> Response:
    """The page of an invoice, after a refusal with its sentence and the ticks that were set.

    ``ticked`` are the ids of lines; without them the clean lines are ticked. A constant number
    of queries for any number of lines. Raises NotFound.
    """
    today = local_date(now())
    invoice = queries.get_invoice(db(), invoice_id)
    lines = queries.lines_of(db(), invoice)
    decisions = queries.decisions_of(db(), invoice.id)
    replies = queries.replies_of(db(), invoice.id)
    refusals = any(each.step is LineStep.REFUSE for each in decisions)
    disputes = disputes_of(db(), invoice.id) if refusals else {}
    paid = any(each.state is LineState.PAID for each in lines)
    notes = credits_of(db(), invoice.id) if paid else []
    findings = check(gather_invoice(db(), invoice, lines, today=today))
    unpaid = invoice.approved > invoice.paid
    seen = viewing()
    base = url_for(".show", invoice_id=invoice.id)
    blocked = blocked_lines(findings)
    hands = {UUID(hand) for each in lines if seen.decides for hand in each.hands}
    theirs = {str(one) for one in same_person(db(), viewer().person_id, hands)}
    own = {each.id for each in lines if seen.decides and not theirs.isdisjoint(each.hands)}
    choosable = {
        each.id
        for each in lines
        if seen.decides
        and each.state in UNDECIDED
        and each.id not in own
        and each.position not in blocked
    }
    about = checks_by_line(findings)
    clean = {
        each.id
        for each in lines
        if each.id in choosable and each.state is LineState.SUBMITTED and each.position not in about
    }
    chosen = clean if ticked is None else {each for each in choosable if str(each) in ticked}
    to_tick = TO_DECIDE & UNDECIDED
    response = render(
        "invoicing/show.html",
        invoice=invoice,
        sections=sections_of_invoice(
            invoice.sections,
            lines,
            findings,
            lambda each: f"{base}/lines/{each.id}",
            invoice.month,
        ),
        findings=[each for each in findings if not each.lines],
        at_lines=[each.position for each in lines if each.position in about],
        state=Tag(INVOICE_STATE_NAMES[invoice.state], INVOICE_TONES[invoice.state]),
        severity_words=SEVERITY_WORDS,
        clock=payment_clock(invoice, today=today),
        record_number=None if seen.council else number_of(db(), Event.SUBMITTED, invoice.id),
        refused=gross(in_state(lines, LineState.REFUSED)),
        steps=next_steps(
            invoice,
            lines,
            seen,
            own=sum(each.id in own and each.state in to_tick for each in lines),
            blocked=sum(each.position in blocked and each.state in to_tick for each in lines),
            line_href=lambda each: f"{base}/lines/{each.id}",
            payment_href=url_for(".pay", invoice_id=invoice.id),
            disputes=disputes,
        ),
        history=history_of_invoice(
            invoice,
            lines,
            decisions,
            replies,
            invoice.payments,
            (
                *happenings(disputes.values(), {each.id: each.position for each in lines}),
                *credit_happenings(notes),
            ),
        ),
        seen=seen,
        credits=credits_on(invoice, notes),
        open_states=OPEN,
        own=own,
        nothing={each.line_id: each.words for each in replies if each.net_after == ZERO},
        choosable=choosable,
        clean=clean,
        chosen=chosen,
        can_export=can(Permission.INVOICE_EXPORT),
        late=late_rows(invoice, today),
        run=run_of_invoice(db(), invoice.id) if unpaid and can(Permission.RUN_READ) else None,
        problem=problem,
        page_error=bool(problem),
    )
    response.status_code = status
    return response
