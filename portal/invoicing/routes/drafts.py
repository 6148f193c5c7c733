"""The provider's draft of a month: look through it, open a line, submit it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from portal.delivery.rules import MODE_NAMES
from portal.frameworks.rules import Regime, payment_clock
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, can, viewer
from portal.invoicing import draft_queries
from portal.invoicing.actions.numbers import NumberTaken
from portal.invoicing.actions.submitting import (
    AlreadySubmitted,
    ChecksBlock,
    DraftChanged,
)
from portal.invoicing.actions.submitting import submit as submit_invoice
from portal.invoicing.adjustments.page import in_words as adjusted_in_words
from portal.invoicing.charges import price_of
from portal.invoicing.checks import Check, Severity, check
from portal.invoicing.corrections.page import in_words
from portal.invoicing.draft_queries import Parties, parties_of
from portal.invoicing.drafting import Draft
from portal.invoicing.fingerprint import fingerprint
from portal.invoicing.forms import SubmitForm
from portal.invoicing.gathering import Gathered, Stream, gather_draft
from portal.invoicing.models import Invoice
from portal.invoicing.presenting import (
    sections_of_draft,
    vat_in_words,
    vat_label,
)
from portal.invoicing.queries import get_invoice, invoice_of_month
from portal.invoicing.routes.blueprint import routes
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.errors import NotFound
from portal.kernel.fragments import render, wants_fragment
from portal.kernel.months import BadMonth, Month
from portal.kernel.session import db
from portal.kernel.wording import say_count, say_date

ADDRESS = "/drafts/<uuid:council_id>/<uuid:framework_id>/<month>"


@dataclass(frozen=True, slots=True)
class Drafted:
    """Which month's draft is meant, of whom to whom under what."""

    stream: Stream
    month: Month
    parties: Parties

    @property
    def address(self) -> dict[str, Any]:
        """What the addresses of its pages are made of."""
        return {
            "council_id": self.stream.council_id,
            "framework_id": self.stream.framework_id,
            "month": self.month.code,
        }


@dataclass(frozen=True, slots=True)
class Remedy:
    """Where something that blocks the invoice can be put right."""

    words: str
    href: str


@routes.get(ADDRESS)
@requires(Permission.INVOICE_READ)
def draft(council_id: UUID, framework_id: UUID, month: str) -> ResponseReturnValue:
    """The month's consolidated invoice as it would be now, with its checks."""
    drafted = _drafted(council_id, framework_id, month)
    number = draft_queries.next_number(db(), drafted.stream.provider_id)
    return _page(drafted, SubmitForm(formdata=None, number=number))


@routes.post(f"{ADDRESS}/submit")
@requires(Permission.INVOICE_SUBMIT)
def submit(council_id: UUID, framework_id: UUID, month: str) -> ResponseReturnValue:
    """Hand the invoice to the council, once; what is wrong is said on the same page."""
    drafted = _drafted(council_id, framework_id, month)
    form = SubmitForm()
    if not form.validate_on_submit():
        return _page(drafted, form, status=422)
    try:
        invoice = _submit(drafted, form)
    except AlreadySubmitted as earlier:
        return _to_earlier(earlier.invoice_id, earlier.sentence)
    except NumberTaken as taken:
        form.number.errors = [taken.sentence]
        return _page(drafted, form, status=422, same_number=taken.invoice_id)
    except (ChecksBlock, DraftChanged) as refused:
        form.form_errors = [refused.sentence]
        return _page(drafted, form, status=422)
    flash(_submitted(invoice, drafted), "success")
    return redirect(url_for(".show", invoice_id=invoice.id), 303)


@routes.get(f"{ADDRESS}/lines/<int:position>")
@requires(Permission.INVOICE_READ)
def draft_line(
    council_id: UUID, framework_id: UUID, month: str, position: int
) -> ResponseReturnValue:
    """The sessions or nights behind a line of the draft, its price and who recorded them."""
    drafted = _drafted(council_id, framework_id, month)
    gathered = _gathered(drafted)
    if not 1 <= position <= len(gathered.draft.lines):
        raise NotFound
    line = gathered.draft.lines[position - 1]
    stays = draft_queries.stays_of(db(), line)
    return render(
        "invoicing/draft_line.html",
        drafted=drafted,
        line=line,
        price=price_of(db(), line.terms.agreement_id, line, raised_from=line.raised_from),
        found=[each for each in check(gathered.facts) if position in each.lines],
        sessions=draft_queries.sessions_of(db(), line),
        modes=MODE_NAMES,
        nights=[
            (charge, stays[charge.unit.stay_id]) for charge in line.charges if charge.unit.stay_id
        ],
        corrections=in_words(line.unit, draft_queries.corrections_of(db(), line)),
        adjusted=adjusted_in_words(line.unit, draft_queries.adjusted_of(db(), line)),
        corrects=can(Permission.DELIVERY_RECORD),
    )


def _submit(drafted: Drafted, form: SubmitForm) -> Invoice:
    """Submit; where another click has won the race, ask again, which then says so."""

    def once() -> Invoice:
        return submit_invoice(
            db(),
            actor(),
            drafted.stream,
            drafted.month,
            number=form.number.data or "",
            seen=form.seen.data or "",
            at=now(),
        )

    try:
        return once()
    except IntegrityError:
        db().rollback()
        return once()


def _drafted(council_id: UUID, framework_id: UUID, month: str) -> Drafted:
    """The draft that an address means, for the provider alone.

    Raises NotFound for a council's own person, a council or framework that the provider has no
    dealings with, what is no month, and a month that has not begun.
    """
    if viewer().is_council:
        raise NotFound
    try:
        wanted = Month.parse(month)
    except BadMonth:
        raise NotFound from None
    if wanted > Month.of(local_date(now())):
        raise NotFound
    stream = Stream(viewer().organisation_id, council_id, framework_id)
    return Drafted(stream, wanted, parties_of(db(), stream))


def _gathered(drafted: Drafted) -> Gathered:
    return gather_draft(db(), drafted.stream, drafted.month, today=local_date(now()))


def _page(
    drafted: Drafted, form: SubmitForm, *, status: int = 200, same_number: UUID | None = None
) -> ResponseReturnValue:
    """The draft as it is now, or the way to the invoice that it has become."""
    earlier = invoice_of_month(db(), drafted.stream, drafted.month)
    if earlier is not None:
        return _to_earlier(earlier.id, AlreadySubmitted(earlier).sentence)
    gathered = _gathered(drafted)
    checks = check(gathered.facts)
    form.seen.data = fingerprint(gathered.draft)
    blocks = any(each.severity is Severity.BLOCKS for each in checks)
    address = url_for(".draft", **drafted.address)
    page = render(
        "invoicing/draft.html",
        fragment="draft",
        drafted=drafted,
        payment_clock=payment_clock,
        form=form,
        draft=gathered.draft,
        found=checks,
        sections=sections_of_draft(
            gathered, checks, lambda position: f"{address}/lines/{position}"
        ),
        remedies=_remedies(drafted, gathered, checks),
        totals=_totals(gathered.draft),
        vat=[vat_in_words(each) for each in gathered.draft.vat_sums],
        blocks=blocks,
        submits=can(Permission.INVOICE_SUBMIT),
        same_number=get_invoice(db(), same_number) if same_number else None,
    )
    page.status_code = status
    return page


def _totals(draft: Draft) -> list[tuple[str, object]]:
    vat = [(vat_label(each), each.vat) for each in draft.vat_sums]
    return [("Net", draft.net), *vat, ("Total", draft.total)]


def _remedies(drafted: Drafted, gathered: Gathered, checks: Iterable[Check]) -> list[Remedy]:
    """Where to put right each thing that blocks, each place once."""
    agreements = {
        section.terms.reference: section.terms.agreement_id for section in gathered.draft.sections
    }
    lines = {line.position: line for line in gathered.facts.lines}
    blocking = [each for each in checks if each.severity is Severity.BLOCKS]
    found: dict[str, Remedy] = {}
    if can(Permission.DELIVERY_RECORD):
        touched = {
            (gathered.facts.of(lines[position]).reference, lines[position].service_month)
            for each in blocking
            for position in each.lines
        } | {(reference, Month.of(day)) for reference, day in gathered.facts.unpriced}
        for reference, month in sorted(touched):
            href = url_for(
                "delivery.agreement", agreement_id=agreements[reference], month=month.code
            )
            found[href] = Remedy(f"Look at {reference} in {month} under Delivery", href)
        if any(each.code == "nothing" for each in blocking):
            href = url_for("delivery.index", month=drafted.month.code)
            found[href] = Remedy(f"Record what was delivered in {drafted.month}", href)
    if any(each.code == "vat-evidence" for each in blocking):
        href = url_for("evidence.index")
        found[href] = Remedy("See your VAT evidence under Evidence", href)
    return list(found.values())


def _to_earlier(invoice_id: UUID, sentence: str) -> Response:
    flash(sentence, "notice")
    address = url_for(".show", invoice_id=invoice_id)
    if wants_fragment():
        return Response("", 204, {"HX-Redirect": address})
    return redirect(address, 303)


def _submitted(invoice: Invoice, drafted: Drafted) -> str:
    """What happens next, and when payment is due."""
    council = drafted.parties.council.name
    days = say_count(invoice.payment_days, "day")
    if invoice.regime is Regime.ACT_2023:
        due = f"What it approves is due by {say_date(invoice.act_by)}, {days} from receipt today."
    else:
        due = f"What it approves is due {days} after it has verified the invoice."
    return (
        f"Invoice {invoice.reference} for {invoice.month} is with {council}, which now decides "
        f"each line. {due}"
    )
