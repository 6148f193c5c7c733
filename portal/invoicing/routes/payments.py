"""Recording that the council paid what is approved."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from portal.identity.permissions import Permission
from portal.identity.viewing import actor
from portal.invoicing import queries
from portal.invoicing.actions import paying
from portal.invoicing.forms_deciding import PaymentForm
from portal.invoicing.presenting import sections_of_invoice
from portal.invoicing.routes.blueprint import routes
from portal.invoicing.routes.decisions import posted_version
from portal.invoicing.rules import OPEN, LineState
from portal.invoicing.runs.queries import run_of_invoice
from portal.invoicing.standing import in_state
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.errors import DomainError, Forbidden, NotFound
from portal.kernel.fragments import render
from portal.kernel.session import db
from portal.kernel.wording import say_count


@routes.get("/<uuid:invoice_id>/payment")
@requires(Permission.PAYMENT_RECORD)
def pay(invoice_id: UUID) -> ResponseReturnValue:
    """What would be paid, and the form that records it."""
    return _page(invoice_id, PaymentForm(paid_on=local_date(now())))


@routes.post("/<uuid:invoice_id>/payment")
@requires(Permission.PAYMENT_RECORD)
def record_payment(invoice_id: UUID) -> ResponseReturnValue:
    """Record the payment of every approved line."""
    form = PaymentForm()
    if not form.validate_on_submit():
        return _page(invoice_id, form, status=422)
    paid_on = form.paid_on.data
    assert paid_on is not None, "the form asks for it"
    try:
        payment = paying.pay(
            db(),
            actor(),
            invoice_id,
            version=posted_version(),
            paid_on=paid_on,
            remittance=form.remittance.data,
            at=now(),
        )
    except (Forbidden, NotFound):
        raise
    except paying.BadPaymentDate as refusal:
        db().rollback()
        form.paid_on.errors = [refusal.sentence]
        return _page(invoice_id, form, status=refusal.status)
    except paying.RemittanceTaken as refusal:
        db().rollback()
        form.remittance.errors = [refusal.sentence]
        return _page(invoice_id, form, status=refusal.status)
    except DomainError as refusal:
        db().rollback()
        return _page(invoice_id, form, changed=refusal.sentence, status=refusal.status)
    invoice = queries.get_invoice(db(), invoice_id)
    left = sum(line.state in OPEN for line in queries.lines_of(db(), invoice))
    after = f" {say_count(left, 'line')} not decided yet." if left else ""
    flash(
        f"Payment of {payment.amount} recorded. {invoice.provider.name} sees it with its "
        f"remittance reference.{after}",
        "success",
    )
    return redirect(url_for(".show", invoice_id=invoice_id), 303)


def _page(invoice_id: UUID, form: PaymentForm, *, changed: str = "", status: int = 200) -> Response:
    invoice = queries.get_invoice(db(), invoice_id)
    lines = in_state(queries.lines_of(db(), invoice), LineState.APPROVED)
    base = url_for(".show", invoice_id=invoice_id)
    with_lines = {line.section_id for line in lines}
    response = render(
        "invoicing/payment.html",
        invoice=invoice,
        form=form,
        lines=lines,
        sections=sections_of_invoice(
            [each for each in invoice.sections if each.id in with_lines],
            lines,
            (),
            lambda line: f"{base}/lines/{line.id}",
            invoice.month,
        ),
        amount=invoice.approved - invoice.paid,
        changed=changed,
        run=run_of_invoice(db(), invoice_id),
        page_error=bool(changed or form.errors),
    )
    response.status_code = status
    return response
