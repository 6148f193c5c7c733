"""The page of a dispute: the provider disputes a refusal there, and the council decides it."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from portal.identity.people.queries import same_person
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, can, viewer
from portal.invoicing import queries as invoices
from portal.invoicing.disputes import actions, queries
from portal.invoicing.disputes.forms import ALLOW, DisputeDecisionForm, DisputeForm
from portal.invoicing.presenting import LINE_TONES, Tag
from portal.invoicing.routes.decisions import posted_version
from portal.invoicing.rules import LINE_STATE_NAMES, REFUSAL_NAMES, LineState, LineStep
from portal.kernel.access import requires
from portal.kernel.clock import now
from portal.kernel.errors import DomainError, Forbidden, NotFound
from portal.kernel.files import FileRefused, answer_with
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("disputes", __name__, url_prefix="/invoices")


@routes.get("/<uuid:invoice_id>/lines/<uuid:line_id>/dispute")
@requires(Permission.INVOICE_READ)
def show(invoice_id: UUID, line_id: UUID) -> ResponseReturnValue:
    """The refusal and its dispute, with the form of whoever can go on."""
    return _page(invoice_id, line_id)


@routes.post("/<uuid:invoice_id>/lines/<uuid:line_id>/dispute")
@requires(Permission.INVOICE_REPLY)
def dispute(invoice_id: UUID, line_id: UUID) -> ResponseReturnValue:
    """Dispute the refusal of a line."""
    form = DisputeForm()
    if not form.validate_on_submit():
        return _page(invoice_id, line_id, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        actions.dispute(
            db(),
            actor(),
            invoice_id,
            line_id,
            version=posted_version(),
            words=form.words.data or "",
            file=next(iter(form.file.data), None),
            at=now(),
        )
    except (Forbidden, NotFound):
        raise
    except FileRefused as refusal:
        db().rollback()
        form.file.refuse(refusal)
        return _page(invoice_id, line_id, form, status=refusal.status)
    except DomainError as refusal:
        db().rollback()
        return _page(invoice_id, line_id, form, changed=refusal)
    flash("The refusal is disputed. Somebody other than who refused it decides.", "success")
    return redirect(url_for(".show", invoice_id=invoice_id, line_id=line_id), 303)


@routes.post("/<uuid:invoice_id>/lines/<uuid:line_id>/dispute/decision")
@requires(Permission.INVOICE_DECIDE)
def decide(invoice_id: UUID, line_id: UUID) -> ResponseReturnValue:
    """Approve the line after all, or uphold its refusal."""
    form = DisputeDecisionForm(invoices.get_line(db(), invoice_id, line_id).net)
    if not form.validate_on_submit():
        return _page(invoice_id, line_id, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    allow = form.outcome.data == ALLOW
    try:
        actions.decide(
            db(),
            actor(),
            invoice_id,
            line_id,
            version=posted_version(),
            allow=allow,
            words=form.words.data or "",
            at=now(),
        )
    except (Forbidden, NotFound):
        raise
    except DomainError as refusal:
        db().rollback()
        return _page(invoice_id, line_id, form, changed=refusal)
    done = "The line is approved and can be paid." if allow else "The refusal is upheld."
    flash(f"{done} The provider is told.", "success")
    return redirect(url_for("invoicing.show", invoice_id=invoice_id), 303)


@routes.get("/disputes/<uuid:dispute_id>/file")
@requires(Permission.INVOICE_READ)
def file(dispute_id: UUID) -> ResponseReturnValue:
    """The file that came with a dispute."""
    stored = queries.get_dispute(db(), dispute_id).file
    if stored is None:
        raise NotFound
    return answer_with(stored)


def _page(
    invoice_id: UUID,
    line_id: UUID,
    sent: FlaskForm | None = None,
    *,
    changed: DomainError | None = None,
    status: int = HTTPStatus.OK,
) -> Response:
    """The page, after a refusal with the form as it was sent. Raises NotFound."""
    invoice = invoices.get_invoice(db(), invoice_id)
    line = invoices.get_line(db(), invoice_id, line_id)
    found = queries.disputes_of(db(), invoice_id).get(line_id)
    decisions = [one for one in invoices.decisions_of(db(), invoice_id) if one.line_id == line_id]
    refusal = next((one for one in decisions if one.step is LineStep.REFUSE), None)
    if found is not None:
        refusal = found.refusal
    ended = None
    if found is not None and found.outcome is not None:
        ended = next(one for one in decisions if one.id == found.outcome.decision_id)
    open_now = line.state is LineState.DISPUTED
    by = {found.refused_by, found.disputed_by} if found and open_now else set()
    own = can(Permission.INVOICE_DECIDE) and bool(same_person(db(), viewer().person_id, by))
    form: FlaskForm | None = None
    if line.state is LineState.REFUSED and found is None and can(Permission.INVOICE_REPLY):
        form = sent if isinstance(sent, DisputeForm) else DisputeForm(formdata=None)
    elif open_now and can(Permission.INVOICE_DECIDE) and not own:
        decides = isinstance(sent, DisputeDecisionForm)
        form = sent if decides else DisputeDecisionForm(line.net, formdata=None)
    response = render(
        "invoicing/disputes/show.html",
        invoice=invoice,
        line=line,
        state=Tag(LINE_STATE_NAMES[line.state], LINE_TONES[line.state]),
        refusal=refusal,
        refused_because=REFUSAL_NAMES[refusal.reason] if refusal and refusal.reason else "",
        dispute=found,
        ended=ended,
        form=form,
        own=own,
        council=viewer().is_council,
        changed=changed.sentence if changed else "",
        page_error=bool(changed or (form is not None and form.errors)),
    )
    response.status_code = changed.status if changed else status
    return response
