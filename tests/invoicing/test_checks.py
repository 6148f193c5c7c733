from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from portal.agreements.rules import Authorised
from portal.evidence.rules import EvidenceKind
from portal.frameworks.rules import PlaceState, Unit
from portal.invoicing.checks import (
    RULES,
    Check,
    Facts,
    Severity,
    Term,
    blocked_lines,
    blocking,
    check,
)
from portal.invoicing.checks.facts import LateReport
from portal.invoicing.mechanisms import AgreedPrice
from portal.kernel.money import Money
from portal.kernel.months import Month
from tests.invoicing.makers import (
    AGREEMENT,
    APRIL,
    make_agreement_facts,
    make_charged_session,
    make_facts,
    make_line_facts,
)

YEAR = date(2025, 9, 1)
BEFORE = date(2026, 1, 1)


def only(facts: Facts) -> Check:
    (found,) = check(facts)
    return found


def found_for(**agreement: Any) -> list[Check]:
    return check(make_facts(agreement=make_agreement_facts(**agreement)))


def test_an_invoice_in_order_has_no_findings() -> None:
    assert check(make_facts()) == []


def test_every_rule_has_been_asked() -> None:
    assert len(RULES) == 15


# The invoice as a whole


def test_nothing_delivered_blocks() -> None:
    finding = only(replace(make_facts(), lines=()))
    assert (finding.code, finding.severity) == ("nothing", Severity.BLOCKS)
    assert finding.sentence == "Nothing delivered up to 30 April 2026 waits to be invoiced."


@pytest.mark.parametrize(
    ("today", "blocks"), [(date(2026, 4, 30), True), (date(2026, 5, 1), False)]
)
def test_a_month_can_be_submitted_once_it_has_ended(today: date, blocks: bool) -> None:
    findings = check(make_facts(today=today))
    assert [each.code for each in findings] == (["month-open"] if blocks else [])
    if blocks:
        assert findings[0].sentence == (
            "April 2026 has not ended. It can be submitted from 1 May 2026."
        )


def test_missing_vat_evidence_blocks_and_says_what_to_do() -> None:
    finding = only(make_facts(has_vat_evidence=False))
    assert (finding.code, finding.severity) == ("vat-evidence", Severity.BLOCKS)
    assert finding.sentence.endswith("or that there is none, under Evidence.")


def test_missing_bank_details_warn() -> None:
    assert only(make_facts(has_bank_details=False)).severity is Severity.WARNS


def test_late_reports_warn_once_for_a_term_and_stop_nothing() -> None:
    late = {uuid4(): make_agreement_facts(reference=f"IA-{number}") for number in range(1, 8)}
    late_reports = tuple(LateReport(one, "Spring term 2026", date(2026, 4, 14)) for one in late)
    own = {AGREEMENT: make_agreement_facts()}
    finding = only(make_facts(agreements=own | late, late_reports=late_reports))
    assert (finding.code, finding.severity) == ("report-late", Severity.WARNS)
    assert finding.sentence == (
        "The Spring term 2026 reports were due on 14 April 2026 and not submitted for IA-1, IA-2, "
        "IA-3, IA-4, IA-5 and 2 more. What was delivered is still payable."
    )


def test_lapsed_insurance_warns_and_never_stops_payment() -> None:
    lapsed = {
        EvidenceKind.EMPLOYERS_LIABILITY: (Term(date(2025, 1, 1), date(2026, 4, 29)),),
        EvidenceKind.PUBLIC_LIABILITY: (Term(date(2025, 1, 1), date(2026, 4, 30)),),
    }
    finding = only(make_facts(evidence=lapsed))
    assert finding.severity is Severity.WARNS
    assert finding.sentence == (
        "Employer's liability insurance is not in date for April 2026. It lapsed on "
        "29 April 2026. What was delivered is still payable."
    )


def test_insurance_never_given_warns() -> None:
    findings = check(make_facts(evidence={}))
    assert {each.severity for each in findings} == {Severity.WARNS}
    assert all("None is held." in each.sentence for each in findings)


# Agreement, place and price on the service date


@pytest.mark.parametrize(
    ("term", "sentence"),
    [
        (
            Term(date(2026, 4, 17), None),
            "IA-1 was not in force on 16 April 2026. It began on 17 April 2026.",
        ),
        (
            Term(date(2026, 1, 5), date(2026, 4, 29)),
            (
                "IA-1 was not in force on 30 April 2026. It began on 5 January 2026 and ended on "
                "29 April 2026."
            ),
        ),
    ],
)
def test_a_day_outside_the_agreement_blocks_its_line(term: Term, sentence: str) -> None:
    (finding,) = found_for(term=term)
    assert (finding.code, finding.severity) == ("agreement-live", Severity.BLOCKS)
    assert finding.sentence == sentence
    assert finding.lines == (1,)


def test_the_agreements_first_and_last_days_count() -> None:
    assert found_for(term=Term(date(2026, 4, 16), date(2026, 4, 30))) == []


def test_a_day_outside_the_place_blocks_its_line() -> None:
    (finding,) = found_for(place=Term(date(2025, 9, 1), date(2026, 4, 20)))
    assert (finding.code, finding.severity) == ("place-live", Severity.BLOCKS)
    assert "was not live on 30 April 2026" in finding.sentence


def test_a_suspended_place_warns_and_is_still_payable() -> None:
    (finding,) = found_for(place_state=PlaceState.SUSPENDED)
    assert (finding.code, finding.severity) == ("place-suspended", Severity.WARNS)


def test_another_price_than_the_agreed_one_blocks() -> None:
    (finding,) = found_for(prices=(AgreedPrice(date(2020, 1, 1), Money.pounds("41.00")),))
    assert (finding.code, finding.severity) == ("price-agreed", Severity.BLOCKS)
    assert finding.sentence == (
        "IA-1 charges £42.00 an hour on 16 April 2026. The agreed price is £41.00."
    )
    assert finding.figures == (("Charged", "£42.00"), ("Agreed", "£41.00"))


def test_the_price_of_the_service_day_is_the_agreed_one() -> None:
    steps = (
        AgreedPrice(date(2025, 9, 1), Money.pounds("40.00")),
        AgreedPrice(date(2026, 4, 16), Money.pounds("42.00")),
        AgreedPrice(date(2026, 5, 1), Money.pounds("44.00")),
    )
    assert found_for(prices=steps) == []


def test_days_without_a_price_are_told_once_for_each_agreement() -> None:
    days = (("IA-9", date(2026, 4, 14)), ("IA-9", date(2026, 4, 2)), ("IA-9", date(2026, 4, 14)))
    finding = only(make_facts(unpriced=days))
    assert finding.severity is Severity.BLOCKS
    assert finding.sentence == "IA-9 has no agreed price on 2 April 2026 and 14 April 2026."


# Units within those authorised


def test_more_than_authorised_in_all_blocks_with_its_figures() -> None:
    (finding,) = found_for(authorised=(Authorised(BEFORE, None, 600),), charged_elsewhere=330)
    assert (finding.code, finding.severity) == ("units-in-total", Severity.BLOCKS)
    assert finding.figures == (
        ("Authorised", "10 hours"),
        ("Invoiced with this", "11 hours"),
        ("Over", "1 hour"),
    )


def test_as_much_as_authorised_in_all_passes() -> None:
    assert found_for(authorised=(Authorised(BEFORE, None, 660),), charged_elsewhere=330) == []


def test_a_week_above_the_authorised_hours_warns_with_its_monday() -> None:
    week = {date(2026, 4, 22): 90, date(2026, 4, 26): 60, date(2026, 4, 27): 120}
    (finding,) = found_for(authorised=(Authorised(BEFORE, 120, None),), parts_by_day=week)
    assert (finding.code, finding.severity) == ("units-in-week", Severity.WARNS)
    assert "2.5 hours in the week from 20 April 2026" in finding.sentence
    assert finding.figures == (("Authorised a week", "2 hours"), ("Delivered", "2.5 hours"))


def test_a_week_stands_only_against_the_lines_that_charge_days_of_it() -> None:
    late = make_line_facts(
        2,
        service_month=Month(2026, 3),
        first_day=date(2026, 3, 24),
        last_day=date(2026, 3, 27),
    )
    agreement = make_agreement_facts(
        authorised=(Authorised(BEFORE, 60, None),),
        parts_by_day={date(2026, 3, 24): 45, date(2026, 3, 27): 30},
    )
    findings = check(make_facts(make_line_facts(), late, agreement=agreement))
    assert [(each.code, each.lines) for each in findings] == [
        ("units-in-week", (2,)),
        ("late", (2,)),
    ]


def test_a_week_that_this_invoice_does_not_charge_is_left_out() -> None:
    march = make_line_facts(
        2,
        service_month=Month(2026, 3),
        first_day=date(2026, 3, 2),
        last_day=date(2026, 3, 3),
    )
    agreement = make_agreement_facts(
        authorised=(Authorised(BEFORE, 60, None),),
        parts_by_day={date(2026, 3, 18): 500, date(2026, 5, 6): 500},
    )
    findings = check(make_facts(make_line_facts(), march, agreement=agreement))
    assert [each.code for each in findings] == ["late"]


# 2 hours a week until Tuesday 21 April 2026, 3 hours from Wednesday 22 April.
RAISED = (Authorised(BEFORE, 120, 600), Authorised(date(2026, 4, 22), 180, 720))


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({14: 150}, "2.5 hours in the week from 13 April 2026, where 2 hours a week"),
        ({20: 180}, None),
        ({20: 90, 22: 120}, "3.5 hours in the week from 20 April 2026, where 3 hours a week"),
        ({27: 180}, None),
    ],
)
def test_each_week_is_judged_by_what_was_authorised_in_it(
    parts: dict[int, int], said: str | None
) -> None:
    by_day = {date(2026, 4, day): minutes for day, minutes in parts.items()}
    whole = make_line_facts(first_day=date(2026, 4, 1))
    found = check(
        make_facts(whole, agreement=make_agreement_facts(authorised=RAISED, parts_by_day=by_day))
    )
    assert [said in each.sentence for each in found if said] == ([True] if said else [])
    assert len(found) == (said is not None)


@pytest.mark.parametrize(
    ("last_day", "charged_until", "over"),
    [
        (date(2026, 4, 21), BEFORE, "1 hour"),
        (date(2026, 4, 22), BEFORE, None),
        # Late sessions, when later ones are on an invoice already.
        (date(2026, 4, 21), date(2026, 5, 30), None),
    ],
)
def test_the_total_is_what_is_agreed_for_the_last_day_charged(
    last_day: date, charged_until: date, over: str | None
) -> None:
    agreement = make_agreement_facts(
        authorised=RAISED, charged_elsewhere=330, charged_until=charged_until
    )
    found = check(make_facts(make_line_facts(last_day=last_day), agreement=agreement))
    assert [dict(each.figures)["Over"] for each in found] == ([over] if over else [])


# Overlaps


def test_two_sessions_at_once_block() -> None:
    line = make_line_facts(
        sessions=(make_charged_session(hour=10, minutes=90), make_charged_session(hour=11))
    )
    finding = only(make_facts(line))
    assert (finding.code, finding.severity) == ("overlap", Severity.BLOCKS)
    assert finding.sentence == (
        "IA-1 has two sessions at once on 16 April 2026: at 11am and at midday. "
        "Remove the one that did not happen."
    )


def test_one_session_may_begin_as_another_ends() -> None:
    line = make_line_facts(sessions=(make_charged_session(hour=10), make_charged_session(hour=11)))
    assert check(make_facts(line)) == []


def test_a_long_session_is_held_against_every_one_inside_it() -> None:
    sessions = (
        make_charged_session(hour=9, minutes=300),
        make_charged_session(hour=10, minutes=30),
        make_charged_session(hour=12, minutes=30),
    )
    findings = check(make_facts(make_line_facts(sessions=sessions)))
    assert [each.code for each in findings] == ["overlap", "overlap"]


def test_sessions_at_once_on_two_lines_block_both() -> None:
    findings = check(
        make_facts(
            make_line_facts(1, sessions=(make_charged_session(),)),
            make_line_facts(2, sessions=(make_charged_session(),)),
        )
    )
    assert blocked_lines(findings) == {1, 2}


def test_more_nights_than_days_block() -> None:
    nights = {"unit": Unit.NIGHT}
    line = make_line_facts(parts=16)
    finding = only(make_facts(line, agreement=make_agreement_facts(**nights)))
    assert (finding.code, finding.severity) == ("nights-twice", Severity.BLOCKS)
    assert "16 nights for 16 to 30 April 2026, which has 15 nights" in finding.sentence


# Mentors


def test_a_mentor_whose_check_lapsed_blocks_the_days_after() -> None:
    lapsed = Term(date(2023, 4, 20), date(2026, 4, 19))
    line = make_line_facts(
        sessions=(
            make_charged_session(date(2026, 4, 19), 10, 60, lapsed),
            make_charged_session(date(2026, 4, 20), 10, 60, lapsed),
        )
    )
    finding = only(make_facts(line))
    assert (finding.code, finding.severity) == ("mentor-cleared", Severity.BLOCKS)
    assert finding.sentence == (
        "IA-1: Sam Mentor had no enhanced DBS check in date on 20 April 2026."
    )


def test_a_renewed_check_covers_the_days_after_the_old_one() -> None:
    checks = (
        Term(date(2023, 4, 20), date(2026, 4, 19)),
        Term(date(2026, 4, 20), date(2029, 4, 19)),
    )
    session = make_charged_session(date(2026, 4, 20), 10, 60, *checks)
    assert check(make_facts(make_line_facts(sessions=(session,)))) == []


def test_a_volunteer_blocks_and_is_called_one() -> None:
    line = make_line_facts(sessions=(make_charged_session(volunteer=True),))
    finding = only(make_facts(line))
    assert finding.severity is Severity.BLOCKS
    assert "Sam Mentor is a volunteer" in finding.sentence


# Late sessions


def late_line(position: int = 1) -> Any:
    return make_line_facts(
        position,
        service_month=Month(2026, 3),
        first_day=date(2026, 3, 30),
        last_day=date(2026, 3, 30),
    )


def test_a_late_session_warns_under_its_own_month() -> None:
    invoiced = make_agreement_facts(months_invoiced={Month(2026, 3): "2603-ABCDE"})
    finding = only(make_facts(late_line(), agreement=invoiced))
    assert (finding.code, finding.severity) == ("late", Severity.WARNS)
    assert finding.sentence == (
        "IA-1 charges 30 March 2026 late, under March 2026, which was invoiced on 2603-ABCDE."
    )


def test_a_late_session_of_a_month_never_invoiced_says_no_more() -> None:
    assert only(make_facts(late_line())).sentence.endswith("late, under March 2026.")


# The cap of the contract year


def at_cap(cap: str, approved: str, net: str, **line: Any) -> list[Check]:
    caps = {YEAR: (Money.pounds(cap), Money.pounds(approved))}
    return check(make_facts(make_line_facts(net=Money.pounds(net), **line), caps=caps))


def test_beyond_the_cap_holds_with_its_figures() -> None:
    (finding,) = at_cap("40000.00", "38900.00", "1428.00")
    assert (finding.code, finding.severity) == ("cap", Severity.HOLDS)
    assert finding.sentence == (
        "With this, the contract year from 1 September 2025 is £328.00 over its cap of "
        "£40,000.00. Up to £1,100.00 can be approved until a budget holder raises the cap."
    )
    assert finding.figures == (
        ("Cap", "£40,000.00"),
        ("Approved so far", "£38,900.00"),
        ("Waiting here", "£1,428.00"),
        ("Over", "£328.00"),
    )
    assert finding.lines == (1,)
    assert blocking([finding]) == []


@pytest.mark.parametrize(
    ("approved", "severity"),
    [
        ("31768.99", None),
        ("31769.00", Severity.WARNS),  # with £231.00 exactly 80 %
        ("39769.00", Severity.WARNS),  # exactly 100 %
        ("39769.01", Severity.HOLDS),
    ],
)
def test_a_cap_warns_from_80_and_holds_beyond_100(approved: str, severity: Severity | None) -> None:
    found = at_cap("40000.00", approved, "231.00")
    assert [each.severity for each in found] == ([severity] if severity else [])


def test_a_warning_says_how_much_of_the_cap_is_used() -> None:
    (finding,) = at_cap("40000.00", "33000.00", "231.00")
    assert finding.sentence.endswith("has used 83 % of its cap of £40,000.00.")
    assert finding.figures[-1] == ("Left", "£6,769.00")


def test_a_line_that_is_approved_already_is_not_counted_again() -> None:
    assert at_cap("40000.00", "40000.00", "231.00", counts_towards_cap=False) == []


def test_a_year_without_a_budget_has_no_cap() -> None:
    assert at_cap("40000.00", "40000.00", "231.00", contract_year=date(2026, 9, 1)) == []


def test_august_and_september_are_held_against_their_own_years() -> None:
    august = make_line_facts(
        1,
        service_month=Month(2026, 8),
        first_day=date(2026, 8, 31),
        last_day=date(2026, 8, 31),
    )
    september = make_line_facts(
        2,
        service_month=Month(2026, 9),
        first_day=date(2026, 9, 1),
        last_day=date(2026, 9, 1),
        contract_year=date(2026, 9, 1),
    )
    caps = {
        YEAR: (Money.pounds("100"), Money.pounds("100")),
        date(2026, 9, 1): (Money.pounds("40000"), Money(0)),
    }
    findings = check(
        make_facts(august, september, month=Month(2026, 9), today=date(2026, 10, 1), caps=caps)
    )
    assert [(each.code, each.lines) for each in findings] == [("cap", (1,)), ("late", (1,))]


# Their order


def test_the_gravest_comes_first() -> None:
    facts = make_facts(
        late_line(1),
        make_line_facts(2, price=Money.pounds("50")),
        caps={YEAR: (Money.pounds("1"), Money(0))},
    )
    severities = [each.severity for each in check(facts)]
    assert severities == [Severity.BLOCKS, Severity.HOLDS, Severity.WARNS]


def test_only_what_blocks_stops_lines() -> None:
    facts = make_facts(make_line_facts(1), make_line_facts(2, price=Money.pounds("50")))
    findings = check(facts)
    assert blocked_lines(findings) == {2}
    assert [each.code for each in blocking(findings)] == ["price-agreed"]


def test_facts_know_a_lines_agreement() -> None:
    facts = make_facts()
    assert facts.of(facts.lines[0]) is facts.agreements[AGREEMENT]
    assert facts.month == APRIL
