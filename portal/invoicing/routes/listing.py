"""The list of invoices: a provider's months to submit, a council's queue, everything for both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import request, url_for
from flask.typing import ResponseReturnValue

from portal.identity.permissions import Permission
from portal.identity.viewing import can, viewer
from portal.invoicing import draft_queries, list_queries
from portal.invoicing.draft_queries import Draftable
from portal.invoicing.forms import EVERYTHING, InvoiceFilters, Order
from portal.invoicing.models import Invoice
from portal.invoicing.presenting import INVOICE_TONES, Due, Tag, due_in_list
from portal.invoicing.routes.blueprint import routes
from portal.invoicing.rules import INVOICE_STATE_NAMES, InvoiceState
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.fragments import render
from portal.kernel.keyset import Page
from portal.kernel.months import Month
from portal.kernel.session import db
from portal.kernel.wording import say_count, say_date, say_hours, say_list


@dataclass(frozen=True, slots=True)
class Row:
    """An invoice as the list shows it."""

    invoice: Invoice
    other_party: str
    state: Tag
    due: Due


@dataclass(frozen=True, slots=True)
class MonthToSubmit:
    """A month without its invoice: what it holds, and from when it may go to the council."""

    draft: Draftable
    href: str
    holds: str
    when: str
    tag: Tag


@routes.get("")
@requires(Permission.INVOICE_READ)
def index() -> ResponseReturnValue:
    """A provider's months to submit and its invoices; a council's invoices, or its queue.

    An approver begins with what is to decide, what is due first; everybody else with everything,
    the newest first.
    """
    person = viewer()
    council, organisation_id = person.is_council, person.organisation_id
    today = local_date(now())
    queue = can(Permission.INVOICE_DECIDE)
    filters = InvoiceFilters(
        request.args,
        data={
            "state": InvoiceState.TO_DECIDE.value if queue else EVERYTHING,
            "sort": Order.DUE.value if queue else Order.NEWEST.value,
        },
    )
    filters.offer(
        _months(list_queries.first_month(db()), today),
        list_queries.other_parties(db(), organisation_id, council=council),
        council=council,
    )
    wanted = filters.wanted
    page: Page[Invoice] = list_queries.invoices_page(
        db(), organisation_id, wanted, request.args.get("page"), council=council
    )
    counts = list_queries.counts_by_state(db(), organisation_id, council=council)
    return render(
        "invoicing/index.html",
        fragment="results",
        council=council,
        filters=filters,
        wanted=wanted,
        nothing=_nothing_there(wanted.state, council=council),
        narrowed=_is_narrowed(filters),
        page=page,
        page_error=bool(filters.errors),
        rows=[_row(invoice, today, council=council) for invoice in page.rows],
        counts=_counts(counts, council=council),
        months=[] if council else _months_to_submit(today),
        exports=can(Permission.INVOICE_EXPORT),
    )


def _months(first: Month | None, today: date) -> list[Month]:
    """Every month since the first, the latest first."""
    months = [Month.of(today)]
    while first is not None and months[-1] > first:
        months.append(months[-1].previous)
    return months


def _row(invoice: Invoice, today: date, *, council: bool) -> Row:
    return Row(
        invoice,
        invoice.provider.name if council else invoice.council.name,
        Tag(INVOICE_STATE_NAMES[invoice.state], INVOICE_TONES[invoice.state]),
        due_in_list(invoice, today=today),
    )


def _is_narrowed(filters: InvoiceFilters) -> bool:
    """Whether anything but the state hides invoices."""
    return bool(filters.month.chosen or filters.party.chosen or filters.search.data)


def _nothing_there(state: InvoiceState | None, *, council: bool) -> tuple[str, str]:
    """What an empty list in a state means for whoever looks, and what comes next."""
    match state, council:
        case InvoiceState.TO_DECIDE, True:
            return (
                "No invoice waits for a decision.",
                "Providers can submit a month from the first day of the next one.",
            )
        case InvoiceState.TO_DECIDE, False:
            return "No invoice waits for a council to decide.", ""
        case InvoiceState.QUERIED, False:
            return "No council has a question for you.", "Answered lines are with the council."
        case None, _:
            return "", ""
        case _:
            return f"No invoice is {INVOICE_STATE_NAMES[state].lower()}.", ""


def _counts(counts: dict[InvoiceState, int], *, council: bool) -> list[tuple[str, int, str]]:
    """The states in which somebody has to do something: words, how many, the list of them."""
    labels = {
        InvoiceState.TO_DECIDE: "To decide" if council else "With the council",
        InvoiceState.QUERIED: "With the provider" if council else "Queried: for you to answer",
        InvoiceState.APPROVED: "Approved, to be paid",
    }
    return [
        (
            label,
            counts.get(state, 0),
            url_for(".index", state=state.value, sort=(Order.DUE if council else Order.NEWEST)),
        )
        for state, label in labels.items()
    ]


def _months_to_submit(today: date) -> Sequence[MonthToSubmit]:
    this = Month.of(today)
    months = draft_queries.draftable(db(), viewer().organisation_id, through=this.last)
    return [_to_submit(draft, today) for draft in months]


def _to_submit(draft: Draftable, today: date) -> MonthToSubmit:
    from_day = draft.month.next.first
    ready = from_day <= today
    return MonthToSubmit(
        draft,
        url_for(
            ".draft",
            council_id=draft.stream.council_id,
            framework_id=draft.stream.framework_id,
            month=draft.month.code,
        ),
        _holds(draft),
        "" if ready else f"Can be submitted from {say_date(from_day)}",
        Tag("Ready to check", "waiting") if ready else Tag("Month still open", "neutral"),
    )


def _holds(draft: Draftable) -> str:
    held = []
    if draft.sessions:
        held.append(f"{say_count(draft.sessions, 'session')} ({say_hours(draft.minutes)})")
    if draft.nights:
        held.append(say_count(draft.nights, "night"))
    if draft.corrections:
        held.append(say_count(draft.corrections, "correction"))
    if draft.adjustments:
        held.append(say_count(draft.adjustments, "price adjustment"))
    return say_list(held)
