"""What a council's people find on their home page, by role."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session

from portal.budgets.rules import CapState, Room
from portal.evidence.queries import NOTHING, waiting
from portal.evidence.rules import EVIDENCE_NAMES
from portal.home import invoices, queries
from portal.home.rules import SHOWN, Coming, Need, Note, Work, soon
from portal.invoicing.list_queries import counts_by_state
from portal.invoicing.models import Invoice
from portal.invoicing.rules import InvoiceState
from portal.kernel.local_time import local_date
from portal.kernel.money import ZERO
from portal.kernel.wording import say_count, say_date, say_datetime, say_due
from portal.kernel.years import contract_year

EVENT_DAYS = 7


def approver(session: Session, council_id: UUID, today: date) -> Work:
    """The queue by due day, replies that came back, and what is approved but not paid."""
    to_decide = InvoiceState.TO_DECIDE
    queue = invoices.invoices_by_due(session, council_id, to_decide, council=True)
    replies = {asked.invoice_id: asked for asked in invoices.replied(session, council_id)}
    counts = counts_by_state(session, council_id, council=True)
    needs = []
    for invoice in queue:
        if invoice.id in replies:
            continue
        needs.append(_invoice(invoice, today, "Decide", "To decide", "waiting"))
    for asked in replies.values():
        day = local_date(asked.since)
        days = (today - day).days
        late = asked.act_by < today
        needs.append(
            Need(
                f"Read {'a reply' if asked.lines == 1 else say_count(asked.lines, 'reply')} from "
                f"{asked.other_party} on {asked.reference}",
                url_for("invoicing.show", invoice_id=asked.invoice_id),
                asked.act_by,
                "came back today" if days <= 0 else f"came back {say_count(days, 'day')} ago",
                "Reply came back, overdue" if late else "Reply came back",
                "bad" if late else "info",
            )
        )
    to_pay = invoices.to_pay(session, council_id)
    needs += [_invoice(invoice, today, "Pay", "To pay", "good") for invoice in to_pay]
    return Work(
        needs=tuple(needs),
        figures=tuple(
            (
                label,
                str(counts.get(state, 0)),
                url_for("invoicing.index", state=state.value),
            )
            for label, state in (
                ("To decide", to_decide),
                ("With providers", InvoiceState.QUERIED),
                ("Approved, not paid", InvoiceState.APPROVED),
            )
        ),
    )


def _invoice(invoice: Invoice, today: date, step: str, tag: str, tone: str) -> Need:
    late = invoice.act_by < today
    total = invoice.approved - invoice.paid if step == "Pay" else invoice.total
    return Need(
        f"{step} {invoice.month} of {invoice.provider.name}, {total}",
        url_for("invoicing.show", invoice_id=invoice.id),
        invoice.act_by,
        f"{say_due(invoice.act_by, today)}, {say_date(invoice.act_by)}",
        "Overdue" if late else tag,
        "bad" if late else tone,
    )


def budget_holder(session: Session, council_id: UUID, today: date) -> Work:
    """Budgets of this and the last contract year at 80 % or more, and invoices a cap holds."""
    needs, coming = [], []
    for budget in queries.recent_budgets(session, council_id, today):
        ends = contract_year(budget.year_starts_on, budget.year_starts_on).last
        if budget.year_starts_on <= today <= ends:
            coming.append(
                Coming(
                    ends, f"A contract year of {budget.framework.title} ends on {say_date(ends)}."
                )
            )
        state = CapState(budget.cap, budget.approved, ZERO)
        if state.room() is Room.CLEAR:
            continue
        full = state.left == ZERO
        needs.append(
            Need(
                f"{budget.framework.title}: {state.percent} % of {budget.cap} approved, "
                f"{state.left} left",
                url_for("budgets.show", budget_id=budget.id),
                ends,
                f"for the year to {say_date(ends)}",
                "Cap reached" if full else "Near the cap",
                "bad" if full else "warn",
            )
        )
    needs += [
        Need(
            f"Raise a cap or leave it: {held.reference} of {held.provider} is {held.over} over",
            url_for("budgets.show", budget_id=held.budget_id),
            held.act_by,
            f"payment {say_due(held.act_by, today)}, {say_date(held.act_by)}",
            "Held by a cap",
            "bad",
        )
        for held in invoices.held_by_a_cap(session, council_id)
    ]
    return Work(needs=tuple(needs), coming=tuple(coming))


def commissioner(session: Session, council_id: UUID, today: date) -> Work:
    """Places that end within 60 days, evidence that has lapsed, and evidence to check."""
    ending = queries.places_ending(session, council_id, today)
    lapsed, count = queries.lapsed_providers(session, council_id, today)
    needs = [
        Need(
            f"Place of {place.provider.name} in {place.category.code}, {place.category.title}",
            url_for("places.show", place_id=place.id),
            place.ends_on,
            f"ends on {say_date(place.ends_on)}",
            "Ends soon",
            "warn",
        )
        for place in ending
        if place.ends_on is not None and place.ends_on <= soon(today)
    ]
    needs += [
        Need(
            f"{lapse.name}: {say_count(kinds, 'piece of evidence', 'pieces of evidence')} lapsed",
            url_for("providers.show", provider_id=lapse.id),
            lapse.on,
            f"since {say_date(lapse.on)}" if lapse.on != NOTHING else "not accepted",
            "Lapsed",
            "bad",
        )
        for lapse, kinds in lapsed
    ]
    needs += [
        Need(
            f"Check the evidence of {provider.name}: {EVIDENCE_NAMES[evidence.kind]}",
            url_for(
                "evidence.documents.show",
                provider_id=provider.id,
                evidence_kind=evidence.kind.value,
            ),
            local_date(sent_at),
            f"sent on {say_date(local_date(sent_at))}",
            "To check",
            "waiting",
        )
        for evidence, provider, sent_at in waiting(session, limit=SHOWN)
    ]
    more = count > SHOWN
    return Work(
        needs=tuple(needs),
        coming=tuple(
            Coming(place.ends_on, f"The next place ends on {say_date(place.ends_on)}.")
            for place in ending[:1]
            if place.ends_on is not None
        ),
        notes=(
            Note(
                f"{say_count(count, 'provider has', 'providers have')} evidence that lapsed.",
                url_for("evidence.index"),
                "See whose evidence lapses first",
            ),
        )
        if more
        else (),
    )


def referrer(session: Session, council_id: UUID, today: date) -> Work:
    """Agreements that end within 60 days, for a new order or a goodbye."""
    ending = queries.agreements_ending(session, council_id, today)
    return Work(
        needs=tuple(
            Need(
                f"{agreement.reference} with {agreement.provider.name}",
                url_for("agreements.show", agreement_id=agreement.id),
                agreement.ends_on,
                f"ends on {say_date(agreement.ends_on)}",
                "Ends soon",
                "warn",
            )
            for agreement in ending
            if agreement.ends_on is not None and agreement.ends_on <= soon(today)
        ),
        coming=tuple(
            Coming(agreement.ends_on, f"The next agreement ends on {say_date(agreement.ends_on)}.")
            for agreement in ending[:1]
            if agreement.ends_on is not None
        ),
    )


def auditor(session: Session, council_id: UUID, at: datetime) -> Work:
    """How much happened in the last week, and where it is read."""
    count, last = queries.events_since(session, council_id, at - timedelta(days=EVENT_DAYS))
    latest = "" if last is None else f" The last was on {say_datetime(last)}."
    return Work(
        notes=(
            Note(
                f"{say_count(count, 'event was', 'events were')} recorded in the last "
                f"{EVENT_DAYS} days.{latest}",
                url_for("audit.index"),
                "Read the record",
            ),
        )
    )


def administrator() -> Work:
    """What a council's administrator can look at, beside what waits about people."""
    return Work(
        notes=(
            Note("", url_for("audit.index"), "Read the record"),
            Note("", url_for("frameworks.index"), "Frameworks"),
        )
    )
