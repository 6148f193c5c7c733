"""The checks that provider and approver both see, in words with figures. Pure.

A check that blocks stops submission and approval; one that holds stops approval until a budget
holder acts; one that warns stops nothing. What the checks need is gathered in ``Facts``, alike
for a draft and for an invoice that was submitted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from portal.agreements.rules import covers
from portal.budgets.rules import CapState, Room
from portal.delivery.rules import at_once
from portal.evidence.rules import EVIDENCE_NAMES, NEEDED_TO_DELIVER, EvidenceKind, in_date
from portal.frameworks.rules import PlaceState, Unit, in_force
from portal.invoicing.drafting import sum_by_year
from portal.invoicing.mechanisms import AgreedPrice
from portal.kernel.local_time import to_local
from portal.kernel.money import Money
from portal.kernel.months import Month
from portal.kernel.wording import say_count, say_date, say_hours, say_list, say_period, say_time


class Severity(StrEnum):
    """What a check stops."""

    BLOCKS = "blocks"
    HOLDS = "holds"
    WARNS = "warns"
    PASSES = "passes"


@dataclass(frozen=True, slots=True)
class Check:
    """One finding: its sentence, its figures as (name, figure) pairs, the lines it is about.

    ``lines`` are the positions of lines; empty for the invoice as a whole.
    """

    code: str
    severity: Severity
    sentence: str
    figures: tuple[tuple[str, str], ...] = ()
    lines: tuple[int, ...] = ()


class Term(NamedTuple):
    """The days that something holds, both counted; without an end it goes on."""

    starts_on: date
    ends_on: date | None


class ChargedSession(NamedTuple):
    """A session as charged, with its mentor's standing."""

    starts_at: datetime
    day: date
    minutes: int
    mentor: str
    volunteer: bool
    clearances: tuple[Term, ...]


class AgreementFacts(NamedTuple):
    """What the checks ask of an agreement. Quantities are in parts of its unit.

    ``parts_by_day`` are all its delivered parts on the days of the weeks concerned;
    ``charged_elsewhere`` those already on other invoices.
    """

    reference: str
    unit: Unit
    term: Term
    place: Term
    place_state: PlaceState
    prices: tuple[AgreedPrice, ...]
    authorised_weekly: int | None
    authorised_total: int | None
    parts_by_day: Mapping[date, int]
    charged_elsewhere: int
    months_invoiced: Mapping[Month, str]


class LineFacts(NamedTuple):
    """One line, drafted or submitted."""

    position: int
    agreement_id: UUID
    service_month: Month
    contract_year: date
    first_day: date
    last_day: date
    parts: int
    price: Money
    net: Money
    counts_towards_cap: bool = True
    sessions: tuple[ChargedSession, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the checks look at. ``caps`` are by the first day of the contract year."""

    month: Month
    today: date
    lines: tuple[LineFacts, ...]
    agreements: Mapping[UUID, AgreementFacts]
    unpriced: tuple[tuple[str, date], ...] = ()
    evidence: Mapping[EvidenceKind, tuple[Term, ...]] = field(default_factory=dict)
    has_vat_evidence: bool = True
    has_bank_details: bool = True
    caps: Mapping[date, tuple[Money, Money]] = field(default_factory=dict)

    def of(self, line: LineFacts) -> AgreementFacts:
        """The line's agreement."""
        return self.agreements[line.agreement_id]


def check(facts: Facts) -> list[Check]:
    """Every finding, the gravest first; where nothing is found, what passed."""
    found = [finding for rule in RULES for finding in rule(facts)]
    order = list(Severity)
    return sorted(found, key=lambda finding: (order.index(finding.severity), finding.lines))


def blocking(checks: Iterable[Check]) -> list[Check]:
    """Those that stop submission."""
    return [each for each in checks if each.severity is Severity.BLOCKS]


def blocked_lines(checks: Iterable[Check]) -> frozenset[int]:
    """The positions of lines that cannot be approved as they stand."""
    return frozenset(
        position for each in checks if each.severity is Severity.BLOCKS for position in each.lines
    )


def _something_to_charge(facts: Facts) -> Iterator[Check]:
    if not facts.lines and not facts.unpriced:
        yield Check(
            "nothing",
            Severity.BLOCKS,
            f"Nothing delivered up to {say_date(facts.month.last)} waits to be invoiced.",
        )


def _month_over(facts: Facts) -> Iterator[Check]:
    if facts.today <= facts.month.last:
        yield Check(
            "month-open",
            Severity.BLOCKS,
            f"{facts.month} has not ended. It can be submitted from "
            f"{say_date(facts.month.next.first)}.",
        )


def _vat_evidence(facts: Facts) -> Iterator[Check]:
    if not facts.has_vat_evidence:
        yield Check(
            "vat-evidence",
            Severity.BLOCKS,
            f"No VAT evidence covers {say_date(facts.month.last)}, so the VAT cannot be worked "
            "out. Add the VAT registration, or that there is none, under Evidence.",
        )


def _bank_details(facts: Facts) -> Iterator[Check]:
    if not facts.has_bank_details:
        yield Check(
            "bank-details", Severity.WARNS, "No bank details are held, so this cannot be paid yet."
        )


def _agreement_live(facts: Facts) -> Iterator[Check]:
    for line in facts.lines:
        agreement = facts.of(line)
        if outside := _outside(agreement.term, line):
            yield Check(
                "agreement-live",
                Severity.BLOCKS,
                f"{agreement.reference} was not in force on {say_date(outside)}. "
                f"{_term_in_words(agreement.term)}",
                lines=(line.position,),
            )


def _place_live(facts: Facts) -> Iterator[Check]:
    for line in facts.lines:
        agreement = facts.of(line)
        if outside := _outside(agreement.place, line):
            yield Check(
                "place-live",
                Severity.BLOCKS,
                f"The provider's place for {agreement.reference} was not live on "
                f"{say_date(outside)}. {_term_in_words(agreement.place, 'The place')}",
                lines=(line.position,),
            )
        elif agreement.place_state is PlaceState.SUSPENDED:
            yield Check(
                "place-suspended",
                Severity.WARNS,
                f"The provider's place for {agreement.reference} is suspended. What was delivered "
                "is still payable.",
                lines=(line.position,),
            )


def _price_agreed(facts: Facts) -> Iterator[Check]:
    unpriced: dict[str, list[date]] = {}
    for reference, day in facts.unpriced:
        unpriced.setdefault(reference, []).append(day)
    for reference, days in unpriced.items():
        yield Check(
            "price-missing",
            Severity.BLOCKS,
            f"{reference} has no agreed price on {_days(days)}.",
        )
    for line in facts.lines:
        agreement = facts.of(line)
        agreed = in_force(agreement.prices, line.first_day)
        if agreed is None or agreed.price != line.price:
            was = f"The agreed price is {agreed.price}." if agreed else "None was agreed."
            yield Check(
                "price-agreed",
                Severity.BLOCKS,
                f"{agreement.reference} charges {line.price} {agreement.unit.price_name} on "
                f"{say_date(line.first_day)}. {was}",
                figures=(
                    ("Charged", str(line.price)),
                    ("Agreed", str(agreed.price) if agreed else "none"),
                ),
                lines=(line.position,),
            )


def _within_authorised(facts: Facts) -> Iterator[Check]:
    for agreement_id, lines in _by_agreement(facts).items():
        agreement = facts.agreements[agreement_id]
        positions = tuple(line.position for line in lines)
        charged = agreement.charged_elsewhere + sum(line.parts for line in lines)
        if agreement.authorised_total is not None and charged > agreement.authorised_total:
            yield Check(
                "units-in-total",
                Severity.BLOCKS,
                f"{agreement.reference} comes to {_quantity(agreement.unit, charged)}, more than "
                f"the {_quantity(agreement.unit, agreement.authorised_total)} authorised in all.",
                figures=(
                    ("Authorised", _quantity(agreement.unit, agreement.authorised_total)),
                    ("Invoiced with this", _quantity(agreement.unit, charged)),
                    ("Over", _quantity(agreement.unit, charged - agreement.authorised_total)),
                ),
                lines=positions,
            )
        if agreement.authorised_weekly is not None:
            yield from _weeks_over(agreement, agreement.authorised_weekly, lines, positions)


def _weeks_over(
    agreement: AgreementFacts, weekly: int, lines: list[LineFacts], positions: tuple[int, ...]
) -> Iterator[Check]:
    weeks: dict[date, int] = {}
    for day, parts in agreement.parts_by_day.items():
        monday = day - timedelta(days=day.weekday())
        weeks[monday] = weeks.get(monday, 0) + parts
    for monday, parts in sorted(weeks.items()):
        sunday = monday + timedelta(days=6)
        concerned = any(line.first_day <= sunday and monday <= line.last_day for line in lines)
        if parts > weekly and concerned:
            yield Check(
                "units-in-week",
                Severity.WARNS,
                f"{agreement.reference}: {_quantity(agreement.unit, parts)} in the week from "
                f"{say_date(monday)}, where {_quantity(agreement.unit, weekly)} a week are "
                "authorised.",
                figures=(
                    ("Authorised a week", _quantity(agreement.unit, weekly)),
                    ("Delivered", _quantity(agreement.unit, parts)),
                ),
                lines=positions,
            )


def _no_overlap(facts: Facts) -> Iterator[Check]:
    for agreement_id, lines in _by_agreement(facts).items():
        held = sorted(
            ((session, line.position) for line in lines for session in line.sessions),
            key=lambda pair: pair[0].starts_at,
        )
        longest = held[0] if held else None
        for other, other_position in held[1:]:
            assert longest is not None
            one, position = longest
            if _ends(other) > _ends(one):
                longest = other, other_position
            if at_once(one.starts_at, one.minutes, other.starts_at, other.minutes):
                yield Check(
                    "overlap",
                    Severity.BLOCKS,
                    f"{facts.agreements[agreement_id].reference} has two sessions at once on "
                    f"{say_date(one.day)}: at {_clock(one)} and at "
                    f"{_clock(other)}. Remove the one that did not happen.",
                    lines=tuple(sorted({position, other_position})),
                )
        yield from _nights_twice(facts.agreements[agreement_id], lines)


def _nights_twice(agreement: AgreementFacts, lines: list[LineFacts]) -> Iterator[Check]:
    if agreement.unit is not Unit.NIGHT:
        return
    for line in lines:
        nights = (line.last_day - line.first_day).days + 1
        if line.parts > nights:
            yield Check(
                "nights-twice",
                Severity.BLOCKS,
                f"{agreement.reference} charges {_quantity(Unit.NIGHT, line.parts)} for "
                f"{say_period(line.first_day, line.last_day)}, which has "
                f"{_quantity(Unit.NIGHT, nights)}. Remove the nights recorded twice.",
                lines=(line.position,),
            )


def _mentor_cleared(facts: Facts) -> Iterator[Check]:
    for line in facts.lines:
        uncleared: dict[tuple[str, bool], list[date]] = {}
        for session in line.sessions:
            cleared = any(covers(c.starts_on, c.ends_on, session.day) for c in session.clearances)
            if session.volunteer or not cleared:
                uncleared.setdefault((session.mentor, session.volunteer), []).append(session.day)
        for (mentor, volunteer), days in uncleared.items():
            why = (
                f"{mentor} is a volunteer, so what they did on {_days(days)} cannot be charged"
                if volunteer
                else f"{mentor} had no enhanced DBS check in date on {_days(days)}"
            )
            yield Check(
                "mentor-cleared",
                Severity.BLOCKS,
                f"{facts.of(line).reference}: {why}.",
                lines=(line.position,),
            )


def _evidence_in_date(facts: Facts) -> Iterator[Check]:
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


def _late(facts: Facts) -> Iterator[Check]:
    for line in facts.lines:
        if line.service_month < facts.month:
            agreement = facts.of(line)
            earlier = agreement.months_invoiced.get(line.service_month)
            on = f", which was invoiced on {earlier}" if earlier else ""
            yield Check(
                "late",
                Severity.WARNS,
                f"{agreement.reference} charges {say_period(line.first_day, line.last_day)} late, "
                f"under {line.service_month}{on}.",
                lines=(line.position,),
            )


def _within_cap(facts: Facts) -> Iterator[Check]:
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


RULES: tuple[Callable[[Facts], Iterator[Check]], ...] = (
    _something_to_charge,
    _month_over,
    _vat_evidence,
    _agreement_live,
    _place_live,
    _price_agreed,
    _within_authorised,
    _no_overlap,
    _mentor_cleared,
    _within_cap,
    _late,
    _evidence_in_date,
    _bank_details,
)


def _by_agreement(facts: Facts) -> dict[UUID, list[LineFacts]]:
    grouped: dict[UUID, list[LineFacts]] = {}
    for line in facts.lines:
        grouped.setdefault(line.agreement_id, []).append(line)
    return grouped


def _outside(term: Term, line: LineFacts) -> date | None:
    """A charged day that the term does not hold: the first such end of the line."""
    for day in (line.first_day, line.last_day):
        if not covers(term.starts_on, term.ends_on, day):
            return day
    return None


def _term_in_words(term: Term, what: str = "It") -> str:
    until = f" and ended on {say_date(term.ends_on)}" if term.ends_on else ""
    return f"{what} began on {say_date(term.starts_on)}{until}."


def _days(days: list[date]) -> str:
    """Each day once, in words and in order."""
    return say_list([say_date(day) for day in sorted(set(days))])


def _ends(session: ChargedSession) -> datetime:
    return session.starts_at + timedelta(minutes=session.minutes)


def _clock(session: ChargedSession) -> str:
    return say_time(to_local(session.starts_at).time())


def _quantity(unit: Unit, parts: int) -> str:
    return say_hours(parts) if unit is Unit.HOUR else say_count(parts, unit.value)
