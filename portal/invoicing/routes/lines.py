"""One line of an invoice, as each side sees it, with the forms of what can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response
from wtforms import Field

from portal.identity.permissions import Permission
from portal.identity.viewing import can
from portal.invoicing import queries
from portal.invoicing.adjustments.page import in_words as adjusted_in_words
from portal.invoicing.adjustments.queries import adjusted_by
from portal.invoicing.charges import charges_of, price_of
from portal.invoicing.checks import blocked_lines, check
from portal.invoicing.corrections.page import in_words
from portal.invoicing.corrections.queries import taken_in
from portal.invoicing.credits.page import credits_on
from portal.invoicing.credits.page import happenings as credit_happenings
from portal.invoicing.credits.queries import credits_of
from portal.invoicing.disputes.page import happenings
from portal.invoicing.disputes.queries import disputes_of
from portal.invoicing.forms_deciding import (
    AmendmentForm,
    AnswerForm,
    QueryForm,
    RefusalForm,
    amendment_form,
)
from portal.invoicing.gathering import gather_invoice
from portal.invoicing.history import history_of_line
from portal.invoicing.presenting import (
    LINE_TONES,
    Tag,
    checks_by_line,
    quantity_in_words,
)
from portal.invoicing.routes.blueprint import routes
from portal.invoicing.routes.invoices import is_own, viewing
from portal.invoicing.rules import (
    LINE_STATE_NAMES,
    LINE_TRANSITIONS,
    LineState,
    LineStep,
)
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.errors import DomainError, Forbidden, NotFound
from portal.kernel.fragments import render
from portal.kernel.session import db
from portal.kernel.transitions import allowed_steps


@routes.get("/<uuid:invoice_id>/lines/<uuid:line_id>")
@requires(Permission.INVOICE_READ)
def line(invoice_id: UUID, line_id: UUID) -> ResponseReturnValue:
    """What one line charges, at which price, with its checks, beside what can be done with it."""
    return line_page(invoice_id, line_id)


@dataclass(slots=True)
class LineForms:
    """The forms of a line's page; those not sent are None and made empty where they are open."""

    query: QueryForm | None = None
    refusal: RefusalForm | None = None
    answer: AnswerForm | None = None
    amendment: AmendmentForm | None = None


def line_page(
    invoice_id: UUID,
    line_id: UUID,
    sent: LineForms | None = None,
    *,
    changed: str = "",
    typed: str = "",
    status: int = 200,
) -> Response:
    """The page of a line, after a refusal with the form as it was sent.

    ``changed`` says why a stale form was not saved; ``typed`` are its words, shown where the
    form itself is no longer open. Raises NotFound.
    """
    invoice = queries.get_invoice(db(), invoice_id)
    lines = queries.lines_of(db(), invoice)
    line = queries.line_among(lines, line_id)
    findings = check(gather_invoice(db(), invoice, lines, today=local_date(now())))
    mine = checks_by_line(findings).get(line.position, ())
    charges = charges_of(db(), line, summaries=can(Permission.DELIVERY_READ))
    corrections = [] if charges else in_words(line.unit, taken_in(db(), line.id))
    adjusted = [] if charges else adjusted_by(db(), line.id)
    steps = allowed_steps(LINE_TRANSITIONS, line.state)
    seen = viewing()
    forms = sent or LineForms()
    open_forms = LineForms()
    if seen.decides and LineStep.QUERY in steps:
        open_forms.query = forms.query or QueryForm(formdata=None)
    if seen.decides and LineStep.REFUSE in steps:
        open_forms.refusal = forms.refusal or RefusalForm(formdata=None)
    if seen.replies and LineStep.ANSWER in steps:
        open_forms.answer = forms.answer or AnswerForm(formdata=None)
        if charges:
            amendment = forms.amendment or amendment_form(line.unit, charges, typed=False)
            open_forms.amendment = amendment
    decisions = queries.decisions_of(db(), invoice.id)
    refusals = any(each.line_id == line.id and each.step is LineStep.REFUSE for each in decisions)
    dispute = disputes_of(db(), invoice.id).get(line.id) if refusals else None
    disputed = [dispute] if dispute else []
    found = credits_of(db(), invoice.id) if line.state is LineState.PAID else []
    notes = [one for one in found if one.line_id == line.id]
    sent_form = forms.query or forms.refusal or forms.answer or forms.amendment
    response = render(
        "invoicing/line.html",
        invoice=invoice,
        line=line,
        section=next(each for each in invoice.sections if each.id == line.section_id),
        state=Tag(LINE_STATE_NAMES[line.state], LINE_TONES[line.state]),
        quantity=quantity_in_words(line.unit, line.parts),
        price=price_of(
            db(),
            line.agreement_id,
            line,
            raised_from=adjusted[0].adjusts.before if adjusted else None,
        ),
        charges=charges,
        corrections=corrections,
        adjusted=adjusted_in_words(line.unit, adjusted),
        sessions=any(charge.mentor for charge in charges),
        findings=mine,
        history=history_of_line(
            invoice,
            line,
            decisions,
            queries.replies_of(db(), invoice.id),
            invoice.payments,
            (*happenings(disputed, {line.id: line.position}), *credit_happenings(notes)),
        ),
        dispute=dispute,
        credits=credits_on(invoice, notes),
        can_credit=line.state is LineState.PAID and can(Permission.INVOICE_SUBMIT),
        can_dispute=seen.replies and LineStep.DISPUTE in steps and dispute is None,
        question=next(
            (
                each
                for each in reversed(decisions)
                if each.line_id == line.id and each.step is LineStep.QUERY
            ),
            None,
        ),
        forms=open_forms,
        sent_form=sent_form if sent_form and sent_form.errors else None,
        seen=seen,
        can_approve=seen.decides
        and LineStep.APPROVE in steps
        and not is_own(line)
        and line.position not in blocked_lines(findings),
        own=seen.decides and LineStep.APPROVE in steps and is_own(line),
        changed=changed,
        typed="" if _still_open(sent, open_forms) else typed,
        page_error=bool(changed or (sent_form and sent_form.errors)),
    )
    response.status_code = status
    return response


def attempt(
    invoice_id: UUID,
    line_id: UUID,
    sent: LineForms,
    step: Callable[[], object],
    *,
    typed: str,
    figure: Field | None = None,
) -> Response | None:
    """Take a step on a line: None when it is done, else the line's page with why it is not.

    What the step had begun is undone, and what was typed stands on the page. ``figure`` is the
    field that a refusal of the figures themselves is told at. Lets Forbidden and NotFound pass:
    they are pages of their own.
    """
    try:
        step()
    except (Forbidden, NotFound):
        raise
    except DomainError as refusal:
        db().rollback()
        if figure is not None and refusal.status == HTTPStatus.UNPROCESSABLE_ENTITY:
            figure.errors = [refusal.sentence]
            return line_page(invoice_id, line_id, sent, status=refusal.status)
        return line_page(
            invoice_id,
            line_id,
            sent,
            changed=refusal.sentence,
            typed=typed,
            status=refusal.status,
        )
    return None


def _still_open(sent: LineForms | None, open_forms: LineForms) -> bool:
    """Whether the form that was sent stands on the page again, with what was typed."""
    return sent is not None and any(
        getattr(sent, name) is not None and getattr(open_forms, name) is not None
        for name in ("query", "refusal", "answer", "amendment")
    )
