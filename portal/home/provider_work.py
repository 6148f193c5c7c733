"""What a provider's people find on their home page, by role."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session

from portal.delivery.months.queries import agreements_in_month, night_figures, session_figures
from portal.delivery.rules import SessionState
from portal.delivery.today.queries import own_day
from portal.evidence.queries import NOTHING
from portal.evidence.rules import EVIDENCE_NAMES, EvidenceKind
from portal.frameworks.rules import Unit
from portal.home import invoices, queries
from portal.home.rules import SHOWN, Coming, Need, Note, Work, soon
from portal.invoicing.draft_queries import Draftable, draftable
from portal.invoicing.list_queries import counts_by_state
from portal.invoicing.rules import InvoiceState
from portal.kernel.local_time import local_date, to_local
from portal.kernel.months import Month
from portal.kernel.wording import say_count, say_date, say_due, say_hours, say_list, say_time

FINISHING_DAYS = 10
MOST_AGREEMENTS = 50


def finance(session: Session, provider_id: UUID, today: date) -> Work:
    """Months to submit, queries to answer, invoices on their way, evidence that lapses."""
    months = draftable(session, provider_id, through=Month.of(today).previous.last)
    ready = [draft for draft in months if draft.month.last < today]
    counts = counts_by_state(session, provider_id, council=False)
    lapsing = evidence(session, provider_id, today)
    undecided = invoices.invoices_by_due(
        session, provider_id, InvoiceState.TO_DECIDE, council=False
    )
    approved = invoices.invoices_by_due(session, provider_id, InvoiceState.APPROVED, council=False)
    elsewhere = [
        Need(
            f"{invoice.month} for {invoice.council.name}, {invoice.total}",
            url_for("invoicing.show", invoice_id=invoice.id),
            invoice.act_by,
            f"payment {say_due(invoice.act_by, today)}, {say_date(invoice.act_by)}",
            words,
            tone,
        )
        for found, words, tone in (
            (undecided, "With the council", "waiting"),
            (approved, "Approved", "good"),
        )
        for invoice in found
    ]
    month = Month.of(today)
    return Work(
        needs=(
            *(_to_submit(draft) for draft in ready),
            *_to_answer(session, provider_id, today),
            *lapsing.needs,
        ),
        elsewhere=tuple(elsewhere),
        figures=(
            ("Months to submit", str(len(ready)), url_for("invoicing.index")),
            (
                "With the council",
                str(counts.get(InvoiceState.TO_DECIDE, 0)),
                url_for("invoicing.index", state=InvoiceState.TO_DECIDE.value),
            ),
            (
                "Approved, not paid",
                str(counts.get(InvoiceState.APPROVED, 0)),
                url_for("invoicing.index", state=InvoiceState.APPROVED.value),
            ),
        ),
        coming=(
            Coming(
                month.next.first, f"{month} can be submitted from {say_date(month.next.first)}."
            ),
            *lapsing.coming,
        ),
    )


def _to_submit(draft: Draftable) -> Need:
    counts = []
    if draft.sessions:
        counts.append(f"{say_count(draft.sessions, 'session')} ({say_hours(draft.minutes)})")
    if draft.nights:
        counts.append(say_count(draft.nights, "night"))
    if draft.corrections:
        counts.append(say_count(draft.corrections, "correction"))
    if draft.adjustments:
        counts.append(say_count(draft.adjustments, "price adjustment"))
    since = draft.month.next.first
    return Need(
        f"Submit {draft.month} to {draft.council_name}, {draft.framework_title}",
        url_for(
            "invoicing.draft",
            council_id=draft.stream.council_id,
            framework_id=draft.stream.framework_id,
            month=draft.month.code,
        ),
        since,
        f"{say_list(counts)}, ready since {say_date(since)}",
        "To submit",
        "info",
    )


def _to_answer(session: Session, provider_id: UUID, today: date) -> Iterator[Need]:
    for asked in invoices.queried(session, provider_id):
        day = local_date(asked.since)
        what = "a query" if asked.lines == 1 else say_count(asked.lines, "query")
        yield Need(
            f"Answer {what} from {asked.other_party} on {asked.reference}",
            url_for("invoicing.show", invoice_id=asked.invoice_id),
            day,
            _ago("asked", day, today),
            "Queried",
            "warn",
        )


def evidence(session: Session, provider_id: UUID, today: date) -> Work:
    """The provider's evidence that lapsed, or lapses within 60 days, and the next after that."""
    lapses = queries.evidence_lapses(session, provider_id)
    later = [(kind, on) for kind, on in lapses if on > soon(today)]
    return Work(
        needs=tuple(
            _renewal(kind, on, provider_id, today) for kind, on in lapses if on <= soon(today)
        ),
        coming=tuple(
            Coming(on, f"The next evidence to renew: {EVIDENCE_NAMES[kind]}, by {say_date(on)}.")
            for kind, on in later[:1]
        ),
    )


def _renewal(kind: EvidenceKind, on: date, provider_id: UUID, today: date) -> Need:
    """Evidence to send again; ``on`` is NOTHING where a council did not accept what is held."""
    name = EVIDENCE_NAMES[kind]
    href = url_for("evidence.documents.show", provider_id=provider_id, evidence_kind=kind.value)
    if on == NOTHING:
        return Need(f"Send again: {name}", href, on, "not accepted", "Not accepted", "bad")
    if on < today:
        return Need(f"Renew: {name}", href, on, f"lapsed on {say_date(on)}", "Lapsed", "bad")
    return Need(f"Renew: {name}", href, on, f"lapses on {say_date(on)}", "Lapses soon", "warn")


def administrator(session: Session, provider_id: UUID, today: date) -> Work:
    """DBS checks and evidence that lapse: a lapse stops assignments and new referrals."""
    lapsing = evidence(session, provider_id, today)
    mentors, count = queries.clearance_lapses(session, provider_id, today, soon(today))
    needs = []
    for lapse in mentors:
        missing, over = lapse.on == queries.NEVER, lapse.on < today
        needs.append(
            Need(
                f"{'Record' if missing else 'Renew'} the DBS check of {lapse.name}",
                url_for("mentors.show", mentor_id=lapse.id),
                lapse.on,
                "none is held"
                if missing
                else f"{'lapsed' if over else 'lapses'} on {say_date(lapse.on)}",
                "Not cleared" if over else "Lapses soon",
                "bad" if over else "warn",
            )
        )
    notes = (
        (
            Note(
                f"{say_count(count, 'mentor')} need a DBS check by {say_date(soon(today))}.",
                url_for("mentors.index"),
                "See every mentor",
            ),
        )
        if count > SHOWN
        else ()
    )
    return Work(needs=(*needs, *lapsing.needs), coming=lapsing.coming, notes=notes)


def mentor(session: Session, provider_id: UUID, person_id: UUID, at: datetime) -> Work:
    """The agreements that this person is assigned to, and what is not recorded on them.

    In the first days of a month also what the month before still lacks.
    """
    today = local_date(at)
    month = Month.of(today)
    works = [_month_of_mentor(session, provider_id, person_id, month, at)]
    if today.day <= FINISHING_DAYS:
        earlier = _month_of_mentor(session, provider_id, person_id, month.previous, at)
        works.insert(0, Work(needs=earlier.needs))
    return Work(
        needs=(
            *_today_of_mentor(session, person_id, today),
            *(need for work in works for need in work.needs),
        ),
        elsewhere=tuple(need for work in works for need in work.elsewhere),
        coming=(Coming(month.last, f"{month} closes on {say_date(month.last)}."),),
    )


def _today_of_mentor(session: Session, person_id: UUID, today: date) -> Iterator[Need]:
    waiting = [
        one for one in own_day(session, person_id, today) if one.state is SessionState.SCHEDULED
    ]
    if waiting:
        first = say_time(to_local(waiting[0].starts_at).time())
        yield Need(
            f"{say_count(len(waiting), 'session')} today",
            url_for("today.show"),
            today,
            f"the first at {first}",
            "Today",
            "info",
        )


def _month_of_mentor(
    session: Session, provider_id: UUID, person_id: UUID, month: Month, at: datetime
) -> Work:
    today = local_date(at)
    agreements = session.scalars(
        agreements_in_month(provider_id, month)
        .where(queries.assigned_to(person_id, today))
        .limit(MOST_AGREEMENTS)
    ).all()
    sessions = session_figures(session, agreements, month, at=at)
    nights = night_figures(session, agreements, month, today=today)
    needs, done = [], []
    for agreement in agreements:
        by_night = agreement.unit is Unit.NIGHT
        figures = (nights if by_night else sessions)[agreement.id]
        href = url_for("delivery.agreement", agreement_id=agreement.id, month=month.code)
        if figures.lacks:
            needs.append(
                Need(
                    f"{agreement.reference}: {figures.lacks[0].lower()}{figures.lacks[1:]}",
                    href,
                    month.last,
                    f"for {month}",
                    "To record",
                    "info" if month.last >= today else "warn",
                )
            )
        else:
            done.append(
                Need(f"{agreement.reference}: {figures.words}", href, month.last, f"in {month}")
            )
    return Work(needs=tuple(needs), elsewhere=tuple(done))


def _ago(what: str, day: date, today: date) -> str:
    days = (today - day).days
    return f"{what} today" if days <= 0 else f"{what} {say_count(days, 'day')} ago"
