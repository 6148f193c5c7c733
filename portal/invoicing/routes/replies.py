"""The provider replies to a query: with words, or by charging less."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.identity.permissions import Permission
from portal.identity.viewing import actor
from portal.invoicing import queries
from portal.invoicing.actions import replying
from portal.invoicing.charges import charges_of
from portal.invoicing.forms_deciding import AnswerForm, amendment_form
from portal.invoicing.routes.blueprint import routes
from portal.invoicing.routes.decisions import posted_version
from portal.invoicing.routes.lines import LineForms, attempt, line_page
from portal.kernel.access import requires
from portal.kernel.clock import now
from portal.kernel.session import db


@routes.post("/<uuid:invoice_id>/lines/<uuid:line_id>/answer")
@requires(Permission.INVOICE_REPLY)
def answer(invoice_id: UUID, line_id: UUID) -> ResponseReturnValue:
    """Answer a query and leave the line as it is."""
    form = AnswerForm()
    sent = LineForms(answer=form)
    if not form.validate_on_submit():
        return line_page(invoice_id, line_id, sent, status=422)
    refused = attempt(
        invoice_id,
        line_id,
        sent,
        lambda: replying.answer(
            db(),
            actor(),
            invoice_id,
            line_id,
            version=posted_version(),
            words=form.answer.data,
            at=now(),
        ),
        typed=form.answer.data,
    )
    return refused or _done(invoice_id, line_id, "answered")


@routes.post("/<uuid:invoice_id>/lines/<uuid:line_id>/amend")
@requires(Permission.INVOICE_REPLY)
def amend(invoice_id: UUID, line_id: UUID) -> ResponseReturnValue:
    """Charge less for some of what the line charges."""
    line = queries.get_line(db(), invoice_id, line_id)
    form = amendment_form(line.unit, charges_of(db(), line, summaries=False), typed=True)
    sent = LineForms(amendment=form)
    if not form.validate_on_submit():
        return line_page(invoice_id, line_id, sent, status=422)
    refused = attempt(
        invoice_id,
        line_id,
        sent,
        lambda: replying.amend(
            db(),
            actor(),
            invoice_id,
            line_id,
            version=posted_version(),
            parts=form.parts,
            words=form.amendment.data,
            at=now(),
        ),
        typed=form.amendment.data,
        figure=form.figures[0],
    )
    return refused or _done(invoice_id, line_id, "amended")


def _done(invoice_id: UUID, line_id: UUID, what: str) -> ResponseReturnValue:
    invoice = queries.get_invoice(db(), invoice_id)
    line = queries.get_line(db(), invoice_id, line_id)
    now_charged = f" It now charges {line.net}." if what == "amended" else ""
    flash(
        f"Line {line.position} {what}.{now_charged} Next, {invoice.council.name} decides it.",
        "success",
    )
    return redirect(url_for(".show", invoice_id=invoice_id), 303)
