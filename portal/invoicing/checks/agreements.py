"""Checks of a line against its agreement: its dates, place, price and authorised units. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from portal.agreements.rules import covers, total_on, weekly_on
from portal.frameworks.rules import PlaceState, in_force
from portal.invoicing.checks.facts import AgreementFacts, Facts, LineFacts, Term, by_agreement
from portal.invoicing.checks.findings import Check, Severity, days_in_words, quantity
from portal.kernel.wording import say_date, say_period


def agreement_live(facts: Facts) -> Iterator[Check]:
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


def place_live(facts: Facts) -> Iterator[Check]:
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


def price_agreed(facts: Facts) -> Iterator[Check]:
    unpriced: dict[str, list[date]] = {}
    for reference, day in facts.unpriced:
        unpriced.setdefault(reference, []).append(day)
    for reference, days in unpriced.items():
        yield Check(
            "price-missing",
            Severity.BLOCKS,
            f"{reference} has no agreed price on {days_in_words(days)}.",
        )
    for line in facts.lines:
        agreement = facts.of(line)
        agreed = in_force(agreement.prices, line.first_day)
        price = line.price if line.raised_from is None else line.raised_from + line.price
        if agreed is not None and agreed.price == price:
            continue
        earlier = in_force([one for one in agreement.prices if one is not agreed], line.first_day)
        if agreed and agreed.backdated_on and earlier and earlier.price == price:
            yield Check(
                "price-rose",
                Severity.WARNS,
                f"{agreement.reference} charges {price} {agreement.unit.price_name}, as agreed "
                f"until {say_date(agreed.backdated_on)}, when it rose to {agreed.price} from "
                f"{say_date(agreed.starts_on)}. This line keeps its price; once it is approved, "
                "the next invoice charges the difference.",
                figures=(("Charged", str(price)), ("Agreed since", str(agreed.price))),
                lines=(line.position,),
            )
        else:
            was = f"The agreed price is {agreed.price}." if agreed else "None was agreed."
            yield Check(
                "price-agreed",
                Severity.BLOCKS,
                f"{agreement.reference} charges {price} {agreement.unit.price_name} on "
                f"{say_date(line.first_day)}. {was}",
                figures=(
                    ("Charged", str(price)),
                    ("Agreed", str(agreed.price) if agreed else "none"),
                ),
                lines=(line.position,),
            )


def within_authorised(facts: Facts) -> Iterator[Check]:
    """A total is for the whole agreement: what is agreed for the last day charged holds for all."""
    for agreement_id, every in by_agreement(facts).items():
        agreement = facts.agreements[agreement_id]
        lines = [line for line in every if line.raised_from is None]
        if not lines:
            continue
        positions = tuple(line.position for line in lines)
        charged = agreement.charged_elsewhere + sum(line.parts for line in lines)
        until = max(agreement.charged_until, *(line.last_day for line in lines))
        total = total_on(agreement.authorised, until)
        if total is not None and charged > total:
            yield Check(
                "units-in-total",
                Severity.BLOCKS,
                f"{agreement.reference} comes to {quantity(agreement.unit, charged)}, more than "
                f"the {quantity(agreement.unit, total)} authorised in all.",
                figures=(
                    ("Authorised", quantity(agreement.unit, total)),
                    ("Invoiced with this", quantity(agreement.unit, charged)),
                    ("Over", quantity(agreement.unit, charged - total)),
                ),
                lines=positions,
            )
        yield from _weeks_over(agreement, lines)


def _weeks_over(agreement: AgreementFacts, lines: list[LineFacts]) -> Iterator[Check]:
    """Weeks, Monday to Sunday, above what is authorised, at the lines that charge days of them."""
    weeks: dict[date, int] = {}
    for day, parts in agreement.parts_by_day.items():
        monday = day - timedelta(days=day.weekday())
        weeks[monday] = weeks.get(monday, 0) + parts
    for monday, parts in sorted(weeks.items()):
        sunday = monday + timedelta(days=6)
        concerned = tuple(
            line.position for line in lines if line.first_day <= sunday and monday <= line.last_day
        )
        if not concerned:
            continue
        weekly = weekly_on(agreement.authorised, monday)
        if weekly is not None and parts > weekly:
            yield Check(
                "units-in-week",
                Severity.WARNS,
                f"{agreement.reference}: {quantity(agreement.unit, parts)} in the week from "
                f"{say_date(monday)}, where {quantity(agreement.unit, weekly)} a week are "
                "authorised.",
                figures=(
                    ("Authorised a week", quantity(agreement.unit, weekly)),
                    ("Delivered", quantity(agreement.unit, parts)),
                ),
                lines=concerned,
            )


def late(facts: Facts) -> Iterator[Check]:
    for line in facts.lines:
        agreement = facts.of(line)
        earlier = agreement.months_invoiced.get(line.service_month)
        on = f", which was invoiced on {earlier}" if earlier else ""
        if line.raised_from is not None:
            yield Check(
                "adjustment",
                Severity.WARNS,
                f"{agreement.reference} charges {line.price} {agreement.unit.price_name} more for "
                f"{say_period(line.first_day, line.last_day)}{on}: the agreed price rose from "
                f"{line.raised_from} to {line.raised_from + line.price} since.",
                lines=(line.position,),
            )
        elif line.corrects:
            less = "takes off" if line.parts < 0 else "adds"
            yield Check(
                "correction",
                Severity.WARNS,
                f"{agreement.reference} {less} {quantity(agreement.unit, abs(line.parts))} of "
                f"{say_period(line.first_day, line.last_day)}{on}. The line says what was "
                "corrected and why.",
                lines=(line.position,),
            )
        elif line.service_month < facts.month:
            yield Check(
                "late",
                Severity.WARNS,
                f"{agreement.reference} charges {say_period(line.first_day, line.last_day)} late, "
                f"under {line.service_month}{on}.",
                lines=(line.position,),
            )


def _outside(term: Term, line: LineFacts) -> date | None:
    """A charged day that the term does not hold: the first such end of the line."""
    for day in (line.first_day, line.last_day):
        if not covers(term.starts_on, term.ends_on, day):
            return day
    return None


def _term_in_words(term: Term, what: str = "It") -> str:
    until = f" and ended on {say_date(term.ends_on)}" if term.ends_on else ""
    return f"{what} began on {say_date(term.starts_on)}{until}."
