"""Checks of the month, the provider's evidence and the budget. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from portal.budgets.rules import CapState, Room
from portal.evidence.rules import EVIDENCE_NAMES, NEEDED_TO_DELIVER, in_date
from portal.invoicing.checks.facts import Facts
from portal.invoicing.checks.findings import Check, Severity
from portal.invoicing.drafting import sum_by_year
from portal.kernel.money import ZERO, Money
from portal.kernel.wording import say_date, say_list

NAMED_REPORTS = 5


def something_to_charge(facts: Facts) -> Iterator[Check]:
    if not facts.lines and not facts.unpriced:
        yield Check(
            "nothing",
            Severity.BLOCKS,
            f"Nothing delivered up to {say_date(facts.month.last)} waits to be invoiced.",
        )


def more_than_taken_off(facts: Facts) -> Iterator[Check]:
    net = Money.total(line.net for line in facts.lines)
    if net < ZERO:
        yield Check(
            "below-nothing",
            Severity.BLOCKS,
            f"Corrections take off more than {facts.month} charges: the sum is {net}. They wait "
            "for the next month that charges as much.",
        )


def month_over(facts: Facts) -> Iterator[Check]:
    if facts.today <= facts.month.last:
        yield Check(
            "month-open",
            Severity.BLOCKS,
            f"{facts.month} has not ended. It can be submitted from "
            f"{say_date(facts.month.next.first)}.",
        )


def vat_evidence(facts: Facts) -> Iterator[Check]:
    if not facts.has_vat_evidence:
        yield Check(
            "vat-evidence",
            Severity.BLOCKS,
            f"No VAT evidence covers {say_date(facts.month.last)}, so the VAT cannot be worked "
            "out. Add the VAT registration, or that there is none, under Evidence.",
        )


def bank_details(facts: Facts) -> Iterator[Check]:
    if not facts.has_bank_details:
        yield Check(
            "bank-details", Severity.WARNS, "No bank details are held, so this cannot be paid yet."
        )


def evidence_in_date(facts: Facts) -> Iterator[Check]:
    for kind in NEEDED_TO_DELIVER:
        terms = facts.evidence.get(kind, ())
        if not any(in_date(term.starts_on, term.ends_on, facts.month.last) for term in terms):
            ended = [term.ends_on for term in terms if term.ends_on]
            since = f" It lapsed on {say_date(max(ended))}." if ended else " None is held."
            yield Check(
                "evidence",
                Severity.WARNS,
                f"{EVIDENCE_NAMES[kind]} is not in date for {facts.month}.{since} "
                "What was delivered is still payable.",
            )


def reports_in(facts: Facts) -> Iterator[Check]:
    """One finding for each term, since a term's reports are late together."""
    late: dict[tuple[date, str], list[UUID]] = {}
    for report in facts.late_reports:
        late.setdefault((report.due, report.term), []).append(report.agreement_id)
    for (due, term), agreement_ids in sorted(late.items()):
        references = sorted(facts.agreements[one].reference for one in agreement_ids)
        named = references[:NAMED_REPORTS]
        if more := len(references) - len(named):
            named.append(f"{more:,} more")
        were = "report was" if len(references) == 1 else "reports were"
        yield Check(
            "report-late",
            Severity.WARNS,
            f"The {term} {were} due on {say_date(due)} and not submitted for {say_list(named)}. "
            "What was delivered is still payable.",
            lines=tuple(
                line.position for line in facts.lines if line.agreement_id in set(agreement_ids)
            ),
        )


def within_cap(facts: Facts) -> Iterator[Check]:
    waiting = [line for line in facts.lines if line.counts_towards_cap]
    for year, added in sorted(sum_by_year((x.contract_year, x.net) for x in waiting).items()):
        if year not in facts.caps:
            continue
        state = CapState(*facts.caps[year], added=added)
        room = state.room()
        if room is Room.CLEAR:
            continue
        figures = (
            ("Cap", str(state.cap)),
            ("Approved so far", str(state.approved)),
            ("Waiting here", str(added)),
            (
                "Over" if room is Room.OVER else "Left",
                str(state.over if room is Room.OVER else state.cap - state.total),
            ),
        )
        positions = tuple(line.position for line in waiting if line.contract_year == year)
        begins = f"the contract year from {say_date(year)}"
        if room is Room.OVER:
            yield Check(
                "cap",
                Severity.HOLDS,
                f"With this, {begins} is {state.over} over its cap of {state.cap}. Up to "
                f"{state.left} can be approved until a budget holder raises the cap.",
                figures,
                positions,
            )
        else:
            yield Check(
                "cap",
                Severity.WARNS,
                f"With this, {begins} has used {state.percent} % of its cap of {state.cap}.",
                figures,
            )
