"""When an agreement may be suspended, ended, varied, moved, or delivered by somebody else."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest

from portal.agreements.changing.rules import (
    ProposalState,
    UnfitChange,
    check_last_day,
    check_return,
    check_suspension,
    state_on,
)
from portal.agreements.rules import AgreementState
from portal.agreements.subcontractors.rules import check_share, may_be_used
from portal.agreements.transfers.rules import check_end, check_move, check_price
from portal.agreements.variations.rules import Standing, Terms, changed, check_terms, say_terms
from portal.delivery.rules import Nights, Span, Term, term_refusal
from portal.frameworks.rules import Unit
from portal.kernel.money import Money


@dataclass(frozen=True)
class Days:
    """An agreement's days, or a suspension's, or a sub-contractor's with its share."""

    starts_on: date
    ends_on: date | None = None
    percentage: int = 20
    state: ProposalState = ProposalState.AGREED


def may(day: int, month: int = 5) -> date:
    return date(2026, month, day)


def refusal(words: str) -> AbstractContextManager[Any]:
    return pytest.raises(UnfitChange, match=words) if words else nullcontext()


RUNS = Days(date(2026, 1, 5), date(2026, 8, 31))


@pytest.mark.parametrize(
    ("today", "moves", "state"),
    [
        (may(3), False, AgreementState.ACTIVE),
        (may(4), False, AgreementState.SUSPENDED),
        (may(10), False, AgreementState.SUSPENDED),
        (may(11), False, AgreementState.ACTIVE),
        (date(2026, 8, 31), False, AgreementState.ACTIVE),
        (date(2026, 9, 1), False, AgreementState.ENDED),
        (date(2026, 9, 1), True, AgreementState.TRANSFERRED),
    ],
)
def test_where_an_agreement_stands_follows_from_the_day(
    today: date, moves: bool, state: AgreementState
) -> None:
    assert state_on(RUNS, [Days(may(4), may(10))], today, moves=moves) is state


@pytest.mark.parametrize(
    ("first", "last", "recorded", "words"),
    [
        (may(18), may(22), may(17), ""),
        (may(18), None, None, ""),
        (may(11), may(12), None, ""),
        (may(18), may(17), None, "last day must be the first or later"),
        (may(18), date(2026, 9, 1), None, "ends on 31 August 2026"),
        (date(2026, 1, 4), None, None, "began on 5 January 2026"),
        (may(18), None, may(18), "happened on 18 May 2026 is recorded. Suspend it from a later"),
        (may(10), None, None, "suspended from 4 May 2026 until 10 May 2026 already"),
        (may(1), may(4), None, "suspended from 4 May 2026"),
        (may(1), None, None, "suspended from 4 May 2026"),
    ],
)
def test_days_to_stand_still_are_free_days_of_the_agreement(
    first: date, last: date | None, recorded: date | None, words: str
) -> None:
    with refusal(words):
        check_suspension(RUNS, [Days(may(4), may(10))], first, last, recorded)


def test_work_goes_on_within_the_suspension() -> None:
    check_return(Days(may(4), may(10)), may(10))
    check_return(Days(may(4)), may(5))
    with refusal("a day after 4 May 2026"):
        check_return(Days(may(4)), may(4))
    with refusal("after 10 May 2026 in any case"):
        check_return(Days(may(4), may(10)), may(11))


@pytest.mark.parametrize(
    ("last_day", "recorded", "words"),
    [
        (may(29), may(29), ""),
        (date(2026, 8, 31), None, ""),
        (date(2026, 1, 4), None, "began on 5 January 2026"),
        (date(2026, 9, 1), None, "propose a variation"),
        (may(28), may(29), "happened on 29 May 2026 is recorded"),
    ],
)
def test_an_agreement_ends_after_what_was_delivered(
    last_day: date, recorded: date | None, words: str
) -> None:
    with refusal(words):
        check_last_day(RUNS, last_day, recorded)


@pytest.mark.parametrize(
    ("pause", "first", "last", "words"),
    [
        (Span(may(4), may(10)), may(3), may(3), ""),
        (Span(may(4), may(10)), may(11), may(20), ""),
        (Span(may(4), may(10)), may(1), may(4), "from 4 May 2026 to 10 May 2026"),
        (Span(may(4), may(4)), may(4), may(4), "suspended on 4 May 2026"),
        (Span(may(4), None), may(30), may(30), "from 4 May 2026 on"),
    ],
)
def test_nothing_is_delivered_on_the_days_of_a_suspension(
    pause: Span, first: date, last: date, words: str
) -> None:
    """Before and after it is, whatever the state says today."""
    for state in (AgreementState.ACTIVE, AgreementState.SUSPENDED):
        term = Term(Span(RUNS.starts_on, None), state, (pause,))
        refused = term_refusal(term, Nights(first, last), "day", "this")
        assert (refused is not None) == bool(words)
        assert refused is None or words in refused.sentence
        assert (first in term) or words


NOW = Terms(Money.pounds("42.00"), 120, None, date(2026, 8, 31), "CC-1", None)
STANDING = Standing(
    term=RUNS,
    now=NOW,
    price_days=frozenset({date(2026, 1, 5)}),
    framework_price=Money.pounds("44.00"),
    framework_ends_on=date(2029, 8, 31),
    invoiced_until=date(2026, 4, 30),
    recorded=may(6),
    delivered=600,
    end_decided=False,
)


def test_a_variation_keeps_only_what_changes() -> None:
    wanted = replace(NOW, price=Money.pounds("44.00"), authorised_total=6000)
    terms = changed(NOW, wanted)
    assert terms == Terms(price=Money.pounds("44.00"), authorised_total=6000)
    assert say_terms(terms, Unit.HOUR) == [
        ("Price", "£44.00 an hour"), ("Authorised in total", "100 hours"),
    ]  # fmt: skip
    assert say_terms(Terms(authorised_weekly=3), Unit.NIGHT) == [("Authorised a week", "3 nights")]


@pytest.mark.parametrize(
    ("wanted", "starts_on", "words"),
    [
        (Terms(price=Money.pounds("44.00")), may(1), ""),
        (Terms(price=Money.pounds("40.00")), may(12), ""),
        (Terms(ends_on=date(2026, 12, 31)), may(12), ""),
        (Terms(price=Money.pounds("42.00")), may(12), "at least one new term"),
        (Terms(), may(12), "at least one new term"),
        (Terms(authorised_total=600), may(12), ""),
        (Terms(authorised_total=599), may(12), "More than that is delivered already"),
        (Terms(price=Money.pounds("44.00")), date(2026, 4, 30), "until 30 April 2026 is on an inv"),
        (Terms(price=Money.pounds("44.01")), may(12), r"at most £44\.00"),
        (Terms(cost_code="X"), date(2026, 9, 1), "ends on 31 August 2026"),
        (Terms(ends_on=may(5)), may(1), "happened on 6 May 2026"),
        (Terms(ends_on=may(6)), may(12), "must be 12 May 2026 or later"),
        (Terms(ends_on=date(2029, 9, 1)), may(12), "framework itself ends on 31 August 2029"),
    ],
)
def test_new_terms_touch_nothing_that_is_invoiced(
    wanted: Terms, starts_on: date, words: str
) -> None:
    with refusal(words):
        check_terms(STANDING, wanted, starts_on, date(2026, 5, 1))


def test_new_terms_clash_with_no_price_and_no_decided_end() -> None:
    priced = replace(STANDING, price_days=frozenset({may(12)}))
    with refusal("a price from 12 May 2026 already"):
        check_terms(priced, Terms(price=Money.pounds("44.00")), may(12), may(1))
    with refusal("The council has decided when it ends"):
        decided = replace(STANDING, end_decided=True)
        check_terms(decided, Terms(ends_on=date(2026, 7, 1)), may(12), may(1))


@pytest.mark.parametrize(
    ("percentage", "words"),
    [(1, ""), (79, ""), (80, "have 20 % already. Enter less than 80"), (0, "1 to 99"),
     (100, "1 to 99")],
)  # fmt: skip
def test_sub_contractors_never_deliver_the_whole(percentage: int, words: str) -> None:
    others = [
        Days(may(1)), Days(may(1), may(2), 60), Days(may(1), None, 60, ProposalState.PROPOSED),
    ]  # fmt: skip
    with refusal(words):
        check_share(percentage, others, may(12))


def test_a_sub_contractor_is_used_once_it_is_agreed() -> None:
    assert may_be_used(Days(may(4), may(10)), may(4))
    assert may_be_used(Days(may(4), may(10)), may(10))
    assert not may_be_used(Days(may(4), may(10)), may(11))
    assert not may_be_used(Days(may(4)), may(3))
    assert not may_be_used(Days(may(4), None, 20, ProposalState.PROPOSED), may(5))


def test_an_agreement_moves_before_its_end_at_a_price_that_the_provider_keeps() -> None:
    check_move(RUNS, may(11), may(11))
    with refusal("nothing would move"):
        check_move(RUNS, date(2026, 8, 31), None)
    with refusal("happened on 12 May 2026"):
        check_move(RUNS, may(11), may(12))
    now, framework = Money.pounds("42.00"), Money.pounds("44.00")
    for price in (now, framework):
        check_price(price, now=now, framework=framework)
    with refusal(r"at least £42\.00"):
        check_price(Money.pounds("41.99"), now=now, framework=framework)
    with refusal(r"at most £44\.00"):
        check_price(Money.pounds("44.01"), now=now, framework=framework)
    with refusal(r"at most £42\.00"):
        check_price(framework, now=now, framework=None)
    check_end(None, may(12), date(2029, 8, 31))
    with refusal("begins on 12 May 2026"):
        check_end(may(11), may(12), date(2029, 8, 31))
    with refusal("framework itself ends"):
        check_end(date(2030, 1, 1), may(12), date(2029, 8, 31))
