"""The council decides: many lines approved at once, or one line queried or refused."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.identity.permissions import Permission
from portal.identity.viewing import actor
from portal.invoicing import queries
from portal.invoicing.actions import deciding
from portal.invoicing.forms_deciding import QueryForm, RefusalForm
from portal.invoicing.models import Invoice, InvoiceLine
from portal.invoicing.routes.blueprint import routes
from portal.invoicing.routes.invoices import invoice_page
from portal.invoicing.routes.lines import LineForms, attempt, line_page
from portal.invoicing.rules import TO_DECIDE, LineState, RefusalReason
from portal.invoicing.standing import in_state
from portal.kernel.access import requires
from portal.kernel.clock import now
from portal.kernel.errors import DomainError, Forbidden, NotFound
from portal.kernel.money import Money
from portal.kernel.session import db
from portal.kernel.wording import say_count


@routes.post("/<uuid:invoice_id>/approve")
@requires(Permission.INVOICE_DECIDE)
def approve(invoice_id: UUID) -> ResponseReturnValue:
    """Approve the ticked lines, each recorded as a decision of its own."""
    versions = _ticked()
    try:
        locked = deciding.approve(db(), actor(), invoice_id, versions, at=now())
    except (Forbidden, NotFound):
        raise
    except DomainError as refusal:
        db().rollback()
        return invoice_page(
            invoice_id,
            problem=refusal.sentence,
            ticked={str(line_id) for line_id in versions},
            status=refusal.status,
        )
    net = Money.total(line.net for line in locked.lines if line.id in versions)
    left = _whats_left(locked.invoice, locked.lines)
    flash(f"{say_count(len(versions), 'line')} approved, {net}. {left}", "success")
    return redirect(url_for(".show", invoice_id=invoice_id), 303)


@routes.post("/<uuid:invoice_id>/lines/<uuid:line_id>/query")
@requires(Permission.INVOICE_DECIDE)
def query(invoice_id: UUID, line_id: UUID) -> ResponseReturnValue:
    """Ask the provider about a line."""
    form = QueryForm()
    sent = LineForms(query=form)
    if not form.validate_on_submit():
        return line_page(invoice_id, line_id, sent, status=422)
    refused = attempt(
        invoice_id,
        line_id,
        sent,
        lambda: deciding.query(
            db(),
            actor(),
            invoice_id,
            line_id,
            version=posted_version(),
            question=form.question.data,
            at=now(),
        ),
        typed=form.question.data,
    )
    if refused is not None:
        return refused
    invoice = queries.get_invoice(db(), invoice_id)
    lines = queries.lines_of(db(), invoice)
    position = queries.line_among(lines, line_id).position
    flash(
        f"Line {position} queried. {invoice.provider.name} can answer or amend it; the other "
        f"lines can go on. {_whats_left(invoice, lines)}",
        "success",
    )
    return redirect(url_for(".show", invoice_id=invoice_id), 303)


@routes.post("/<uuid:invoice_id>/lines/<uuid:line_id>/refuse")
@requires(Permission.INVOICE_DECIDE)
def refuse(invoice_id: UUID, line_id: UUID) -> ResponseReturnValue:
    """Refuse a line with a coded reason."""
    form = RefusalForm()
    sent = LineForms(refusal=form)
    if not form.validate_on_submit():
        return line_page(invoice_id, line_id, sent, status=422)
    refused = attempt(
        invoice_id,
        line_id,
        sent,
        lambda: deciding.refuse(
            db(),
            actor(),
            invoice_id,
            line_id,
            version=posted_version(),
            reason=RefusalReason(form.reason.data),
            words=form.explanation.data,
            at=now(),
        ),
        typed=form.explanation.data,
    )
    if refused is not None:
        return refused
    invoice = queries.get_invoice(db(), invoice_id)
    lines = queries.lines_of(db(), invoice)
    position = queries.line_among(lines, line_id).position
    flash(f"Line {position} refused. It is not paid. {_whats_left(invoice, lines)}", "success")
    return redirect(url_for(".show", invoice_id=invoice_id), 303)


def posted_version() -> int:
    """The version of the line that the form showed; a form without one answers 400."""
    version = request.form.get("version", "")
    if not version.isascii() or not version.isdigit() or len(version) > 9:
        abort(400)
    return int(version)


def _ticked() -> dict[UUID, int]:
    """The ticked lines with the versions that the page showed; anything else answers 400."""
    versions = {}
    for value in request.form.getlist("line"):
        line_id, _, version = value.partition(":")
        if not version.isascii() or not version.isdigit() or len(version) > 9:
            abort(400)
        try:
            versions[UUID(line_id)] = int(version)
        except ValueError:
            abort(400)
    return versions


def _whats_left(invoice: Invoice, lines: Sequence[InvoiceLine]) -> str:
    """What the council has still to do on the invoice, in a sentence."""
    waiting = sum(line.state in TO_DECIDE for line in lines)
    queried = len(in_state(lines, LineState.QUERIED))
    if waiting:
        return f"{say_count(waiting, 'line')} left to decide."
    if queried:
        return f"Next, the provider replies on {say_count(queried, 'line')}."
    if invoice.approved > invoice.paid:
        return f"Everything is decided: {invoice.approved - invoice.paid} can be paid."
    return "Everything is decided."
