"""Credit notes: the list, one of them, entering one, deciding on one, its files."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from portal.identity.people.queries import same_person
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, can, viewer
from portal.invoicing import queries as invoices
from portal.invoicing.actions.numbers import NumberTaken
from portal.invoicing.credits import actions, queries
from portal.invoicing.credits.document import IssuedCredit, document_of
from portal.invoicing.credits.files import credit_csv, credit_pdf, credit_xlsx
from portal.invoicing.credits.forms import ACCEPT, CreditDecisionForm, CreditForm
from portal.invoicing.credits.page import state_tag
from portal.invoicing.credits.rules import (
    CREDIT_REASON_NAMES,
    CreditReason,
    NothingCredited,
    TooMuchCredited,
)
from portal.invoicing.issuing import issued
from portal.invoicing.routes.downloads import TYPES, attachment
from portal.invoicing.rules import LineState
from portal.kernel.access import requires
from portal.kernel.clock import now
from portal.kernel.errors import DomainError, Forbidden, NotFound
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("credits", __name__, url_prefix="/credit-notes")


@routes.get("")
@requires(Permission.INVOICE_READ)
def index() -> ResponseReturnValue:
    """Every credit note of the organisation, the newest first."""
    council = viewer().is_council
    page = queries.credits_page(
        db(), viewer().organisation_id, request.args.get("page"), council=council
    )
    rows = [(one, state_tag(one)) for one in page.rows]
    return render("invoicing/credits/index.html", page=page, rows=rows, council=council)


@routes.get("/on/<uuid:invoice_id>/<uuid:line_id>")
@requires(Permission.INVOICE_SUBMIT)
def enter_form(invoice_id: UUID, line_id: UUID) -> ResponseReturnValue:
    """Ask how much of a line is credited, and why."""
    return _form(invoice_id, line_id, CreditForm(formdata=None))


@routes.post("/on/<uuid:invoice_id>/<uuid:line_id>")
@requires(Permission.INVOICE_SUBMIT)
def enter(invoice_id: UUID, line_id: UUID) -> ResponseReturnValue:
    """Hand the credit note to the council."""
    form = CreditForm()
    if not form.validate_on_submit() or form.net.data is None:
        return _form(invoice_id, line_id, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        credit = actions.enter(
            db(),
            actor(),
            invoice_id,
            line_id,
            number=form.number.data or "",
            net=form.net.data,
            reason=CreditReason(form.reason.data),
            words=form.words.data or "",
            at=now(),
        )
    except (Forbidden, NotFound):
        raise
    except (TooMuchCredited, NothingCredited, NumberTaken) as refusal:
        db().rollback()
        field = form.number if isinstance(refusal, NumberTaken) else form.net
        field.errors = [refusal.sentence]
        return _form(invoice_id, line_id, form, status=refusal.status)
    except DomainError as refusal:
        db().rollback()
        return _form(invoice_id, line_id, form, changed=refusal)
    flash(f"Credit note {credit.number} is with the council.", "success")
    return redirect(url_for(".show", credit_id=credit.id), 303)


@routes.get("/<uuid:credit_id>")
@requires(Permission.INVOICE_READ)
def show(credit_id: UUID) -> ResponseReturnValue:
    """One credit note; the council decides on it here."""
    return _shown(credit_id, CreditDecisionForm(formdata=None))


@routes.post("/<uuid:credit_id>/decision")
@requires(Permission.INVOICE_DECIDE)
def decide(credit_id: UUID) -> ResponseReturnValue:
    """Accept it, or do not."""
    form = CreditDecisionForm()
    if not form.validate_on_submit():
        return _shown(credit_id, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    accept = form.outcome.data == ACCEPT
    try:
        credit = actions.decide(
            db(), actor(), credit_id, accept=accept, words=form.words.data or "", at=now()
        )
    except (Forbidden, NotFound):
        raise
    except DomainError as refusal:
        db().rollback()
        return _shown(credit_id, form, changed=refusal)
    done = f"{credit.total} comes off what was spent." if accept else "It is not accepted."
    flash(f"{done} The provider is told.", "success")
    return redirect(url_for(".show", credit_id=credit_id), 303)


@routes.post("/<uuid:credit_id>/download")
@requires(Permission.INVOICE_EXPORT)
def download(credit_id: UUID) -> ResponseReturnValue:
    """The credit note as the file that the form's ``kind`` names; the taking is recorded."""
    kind = request.form.get("kind", "")
    if kind not in TYPES:
        raise NotFound
    credit = queries.get_credit(db(), credit_id)
    invoice = invoices.get_invoice(db(), credit.invoice_id)
    content = _file(document_of(credit, issued(db(), invoice)), kind)
    actions.exported(db(), actor(), credit, kind, at=now())
    return attachment(content, kind, f"credit-note-{credit.number}")


def _file(document: IssuedCredit, kind: str) -> bytes:
    match kind:
        case "pdf":
            return credit_pdf(document)
        case "csv":
            return b"".join(credit_csv([document]))
        case "xlsx":
            return credit_xlsx([document])
        case _:
            from portal.invoicing.credits.ubl import credit_xml  # lxml is 4 MB

            return credit_xml(document)


def _form(
    invoice_id: UUID,
    line_id: UUID,
    form: CreditForm,
    *,
    changed: DomainError | None = None,
    status: int = HTTPStatus.OK,
) -> Response:
    invoice = invoices.get_invoice(db(), invoice_id)
    line = invoices.get_line(db(), invoice_id, line_id)
    response = render(
        "invoicing/credits/enter.html",
        invoice=invoice,
        line=line,
        form=form,
        remains=line.net - queries.credited_on(db(), line_id),
        paid=line.state is LineState.PAID,
        changed=changed.sentence if changed else "",
        page_error=bool(changed or form.errors),
    )
    response.status_code = changed.status if changed else status
    return response


def _shown(
    credit_id: UUID,
    form: CreditDecisionForm,
    *,
    changed: DomainError | None = None,
    status: int = HTTPStatus.OK,
) -> Response:
    credit = queries.get_credit(db(), credit_id)
    decides = credit.decision is None and can(Permission.INVOICE_DECIDE)
    own = decides and bool(same_person(db(), viewer().person_id, {credit.entered_by}))
    response = render(
        "invoicing/credits/show.html",
        credit=credit,
        invoice=invoices.get_invoice(db(), credit.invoice_id),
        state=state_tag(credit),
        reason=CREDIT_REASON_NAMES[credit.reason],
        remains=credit.line.net - queries.credited_on(db(), credit.line_id),
        form=form if decides and not own else None,
        own=own,
        council=viewer().is_council,
        can_export=can(Permission.INVOICE_EXPORT),
        changed=changed.sentence if changed else "",
        page_error=bool(changed or form.errors),
    )
    response.status_code = changed.status if changed else status
    return response
