"""What a backdated price adds to what was approved (design.md, Prices)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from portal.agreements.rules import Authorised
from portal.frameworks.rules import Unit
from portal.invoicing.adjustments.rules import Raised, adjustment_lines
from portal.invoicing.checks import Severity, check
from portal.invoicing.drafting import assemble
from portal.invoicing.fingerprint import fingerprint
from portal.invoicing.mechanisms import Adjusts, AgreedPrice
from portal.kernel.money import Money
from portal.kernel.months import Month
from tests.invoicing.makers import (
    AGREEMENT,
    make_agreement_facts,
    make_facts,
    make_line_facts,
    make_terms,
    make_unit,
)

APRIL, MAY = Month(2026, 4), Month(2026, 5)
YEAR = date(2025, 9, 1)


def raised(
    parts: int, *, line: int = 1, before: str = "42.00", after: str = "43.30", month: Month = APRIL
) -> Raised:
    adjusts = Adjusts(UUID(int=line), UUID(int=9), Money.pounds(before), Money.pounds(after))
    return Raised(adjusts, month, YEAR, month.first, month.last, parts, (f"hand {line}",))


def test_forty_hours_that_rose_to_43_30_are_52_pounds() -> None:
    (line,) = adjustment_lines(make_terms(), [raised(40 * 60)])
    assert (line.parts, str(line.price), str(line.net)) == (2400, "£1.30", "£52.00")
    assert line.description == "Price adjustment from £42.00 to £43.30, 1 to 30 April 2026"
    assert (line.service_month, line.contract_year, line.hands) == (APRIL, YEAR, ["hand 1"])
    assert str(line.raised_from) == "£42.00"


def test_lines_of_a_month_and_a_rise_are_one_rounded_once() -> None:
    parts = [raised(10), raised(10, line=2), raised(-5, line=3)]  # 15 minutes at £1.30: 32.5p
    (line,) = adjustment_lines(make_terms(), parts)
    assert (line.parts, str(line.net)) == (15, "£0.33")
    (nights,) = adjustment_lines(
        make_terms(Unit.NIGHT), [raised(30, before="3140.00", after="3237.34")]
    )
    assert str(nights.net) == "£417.17"  # 30 x £97.34 / 7
    apart = [raised(60), raised(60, month=MAY), raised(60, before="40.00")]
    assert len(adjustment_lines(make_terms(), apart)) == 3


def test_what_was_charged_and_taken_off_again_needs_no_line() -> None:
    assert adjustment_lines(make_terms(), [raised(60), raised(-60, line=2)]) == ()


def test_the_draft_has_it_under_its_own_month_before_what_was_delivered() -> None:
    terms = make_terms(Unit.HOUR, (date(2026, 1, 1), "42.00"), (APRIL.first, "43.30"))
    delivered = {AGREEMENT: [make_unit(date(2026, 5, 12), 120)]}
    draft = assemble(MAY, {AGREEMENT: terms}, delivered, None, {AGREEMENT: [raised(2400)]})
    assert [(line.service_month, str(line.net)) for line in draft.lines] == [
        (APRIL, "£52.00"),
        (MAY, "£86.60"),
    ]
    alone = assemble(MAY, {AGREEMENT: terms}, {}, None, {AGREEMENT: [raised(2400)]})
    another = assemble(MAY, {AGREEMENT: terms}, {}, None, {AGREEMENT: [raised(2400, line=2)]})
    assert str(alone.net) == "£52.00" and fingerprint(alone) != fingerprint(another)


ROSE = (
    AgreedPrice(date(2020, 1, 1), Money.pounds("42.00")),
    AgreedPrice(APRIL.first, Money.pounds("43.30"), date(2026, 5, 20)),
)


def test_a_line_at_the_price_before_is_warned_of_and_not_blocked() -> None:
    (finding,) = check(make_facts(make_line_facts(), agreement=make_agreement_facts(prices=ROSE)))
    assert (finding.code, finding.severity) == ("price-rose", Severity.WARNS)
    assert "as agreed until 20 May 2026, when it rose to £43.30" in finding.sentence
    known = (ROSE[0], ROSE[1]._replace(backdated_on=None))
    (finding,) = check(make_facts(make_line_facts(), agreement=make_agreement_facts(prices=known)))
    assert (finding.code, finding.severity) == ("price-agreed", Severity.BLOCKS)


def test_an_adjustment_is_held_against_the_agreed_price_and_uses_no_authorised_units() -> None:
    agreement = make_agreement_facts(
        prices=ROSE,
        authorised=(Authorised(date(2020, 1, 1), None, 60),),
        months_invoiced={APRIL: "2604-ABCDE"},
    )
    line = make_line_facts(
        price=Money.pounds("1.30"), net=Money.pounds("7.15"), raised_from=Money.pounds("42.00")
    )
    facts = make_facts(line, month=MAY, today=date(2026, 6, 2), agreement=agreement)
    (finding,) = check(facts)
    assert (finding.code, finding.severity) == ("adjustment", Severity.WARNS)
    assert finding.sentence == (
        "IA-1 charges £1.30 an hour more for 16 to 30 April 2026, which was invoiced on "
        "2604-ABCDE: the agreed price rose from £42.00 to £43.30 since."
    )
    wrong = line._replace(price=Money.pounds("1.31"))
    blocked = check(make_facts(wrong, month=MAY, today=date(2026, 6, 2), agreement=agreement))
    assert blocked[0].code == "price-agreed" and "charges £43.31" in blocked[0].sentence
