"""Points, ranking, standstill and what stands, each with the figures that it is agreed by."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from portal.frameworks.evaluation.compliance.rules import CheckedPart, failed_for
from portal.frameworks.evaluation.deciding.rules import check_places, check_reason, proposed_reason
from portal.frameworks.evaluation.rules import (
    Duty,
    Marked,
    Outcome,
    Part,
    as_points,
    consensus_stands,
    hundredths,
    kept_parts,
    mean_points,
    places_may_start,
    price_points,
    quality_points,
    ranking,
    standstill,
    standstill_ends,
    tier,
    void_sentence,
)
from portal.frameworks.evaluation.signing.rules import Signed, Standing
from portal.frameworks.lots.rules import PriceMethod
from portal.frameworks.rules import Unfit
from portal.kernel.money import Money
from portal.kernel.wording import say_date

NOON = datetime(2026, 12, 17, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("bid", "points"),
    [("2900", "40.00"), ("3140", "40.00"), ("3454", "36.36"), ("3925", "32.00")],
)
def test_the_optimum_price_of_3140_pounds_for_40_points(bid: str, points: str) -> None:
    earned = price_points(PriceMethod.OPTIMUM, 40, Money.pounds(bid), Money.pounds("3140"))
    assert str(earned) == points


@pytest.mark.parametrize(
    ("method", "bid", "reference", "points"),
    [
        (PriceMethod.LOWEST, "42.00", "42.00", "40.00"),
        (PriceMethod.LOWEST, "56.00", "42.00", "30.00"),
        (PriceMethod.LOWEST, "63.00", "42.00", "26.67"),
        (PriceMethod.CEILING, "44.99", "45.00", "40.00"),
        (PriceMethod.CEILING, "45.00", "45.00", "40.00"),
        (PriceMethod.CEILING, "45.01", "45.00", "0.00"),
    ],
)
def test_the_other_methods(method: PriceMethod, bid: str, reference: str, points: str) -> None:
    assert str(price_points(method, 40, Money.pounds(bid), Money.pounds(reference))) == points


def test_half_a_hundredth_is_rounded_up_and_only_once() -> None:
    # 1 point x 8 / 1600 = 0.005
    assert price_points(PriceMethod.LOWEST, 1, Money(1600), Money(8)) == Decimal("0.01")
    assert mean_points([Decimal("40.00"), Decimal("36.36"), Decimal("32.01")]) == Decimal("36.12")
    assert mean_points([]) == Decimal("0.00")


@pytest.mark.parametrize(
    ("score", "points"), [(0, "0.00"), (3, "9.00"), (4, "12.00"), (5, "15.00")]
)
def test_a_consensus_score_earns_its_share_of_the_questions_points(score: int, points: str) -> None:
    assert str(quality_points(15, score)) == points


def test_points_are_kept_in_whole_hundredths() -> None:
    assert as_points(hundredths(Decimal("36.36"))) == Decimal("36.36")


def _marked(number: int, quality: str, price: str) -> Marked:
    return Marked(UUID(int=number), Decimal(quality), Decimal(price))


def _said(bids: list[Marked], **places: int | None) -> list[tuple[int, int, str | None]]:
    return [
        (one.marked.bid_id.int, one.rank, one.proposed and one.proposed.value)
        for one in ranking(bids, **places)  # type: ignore[arg-type]
    ]


def test_places_and_reserve_places_go_down_the_ranking() -> None:
    bids = [_marked(n, str(50 - n), "30.00") for n in range(1, 6)]
    assert _said(bids, places=2, reserves=2) == [
        (1, 1, "place"), (2, 2, "place"), (3, 3, "reserve"), (4, 4, "reserve"), (5, 5, "none"),
    ]  # fmt: skip
    assert {won for _, _, won in _said(bids)} == {"place"}, "without a number of places all win"


def test_of_equal_totals_the_better_quality_comes_first() -> None:
    assert _said([_marked(1, "40.00", "40.00"), _marked(2, "50.00", "30.00")], places=1) == [
        (2, 1, "place"),
        (1, 2, "none"),
    ]


def test_equal_marks_share_a_rank_and_people_decide_where_the_line_parts_them() -> None:
    tied = [_marked(2, "40.00", "36.36"), _marked(3, "40.00", "36.36")]
    bids = [_marked(1, "50.00", "40.00"), *tied, _marked(4, "10.00", "32.00")]
    assert _said(bids, places=2, reserves=1) == [
        (1, 1, "place"), (2, 2, None), (3, 2, None), (4, 4, "none"),
    ]  # fmt: skip
    assert [won for _, _, won in _said(bids, places=3)] == ["place", "place", "place", "none"]
    assert [one.tied for one in ranking(bids)] == [False, True, True, False]


@pytest.mark.parametrize(
    ("rank", "size", "expected"), [(1, 3, 1), (3, 3, 1), (4, 3, 2), (7, 3, 3), (9, None, None)]
)
def test_tiers_hold_so_many_ranks_each(rank: int, size: int | None, expected: int | None) -> None:
    assert tier(rank, size) == expected


@pytest.mark.parametrize(
    ("sent_at", "due", "skipped"),
    [
        (
            datetime(2026, 12, 17, 12, tzinfo=UTC),
            date(2027, 1, 5),
            "skipped Christmas Day, Boxing Day (substitute day) and New Year's Day",
        ),
        (
            datetime(2027, 3, 22, 12, tzinfo=UTC),
            date(2027, 4, 7),
            "skipped Good Friday and Easter Monday",
        ),
        (datetime(2026, 10, 5, 12, tzinfo=UTC), date(2026, 10, 19), ""),
    ],
)
def test_ten_working_days_of_standstill_across_christmas_and_easter(
    sent_at: datetime, due: date, skipped: str
) -> None:
    counted = standstill(sent_at, 10)
    assert counted.due == due
    begins = f"Counted 10 working days from {say_date(sent_at.date())} (day 0)"
    assert counted.sentence == (f"{begins}; {skipped}" if skipped else begins)


def test_a_standstill_ends_with_its_last_day_in_london() -> None:
    late = datetime(2027, 3, 22, 23, 30, tzinfo=UTC)
    assert standstill_ends(late, 10) == datetime(2027, 4, 7, 23, tzinfo=UTC), "summer time by then"
    evening = datetime(2027, 4, 5, 23, 30, tzinfo=UTC)
    assert standstill(evening, 10).due == date(2027, 4, 20), "the letters are of the 6th in London"
    assert standstill_ends(NOON, 0) == NOON, "no standstill is over at once"
    assert places_may_start(standstill_ends(NOON, 10)) == date(2027, 1, 6)


def _part(duty: Duty = Duty.EVALUATOR, *, ended: int = 0, conflict: bool = False) -> Part:
    ended_at = datetime(2026, 12, ended, 12, tzinfo=UTC) if ended else None
    return Part("Robin Ash", duty, NOON, NOON, ended_at, conflict)


@pytest.mark.parametrize(
    ("moderator", "evaluators", "stands"),
    [
        (_part(Duty.MODERATOR), [_part()], True),
        (_part(Duty.MODERATOR), [_part(), _part(ended=16, conflict=True)], True),
        (_part(Duty.MODERATOR), [_part(), _part(ended=18, conflict=True)], False),
        (_part(Duty.MODERATOR), [_part(), _part(ended=18)], False),
        (_part(Duty.MODERATOR, ended=18), [_part()], True),
        (_part(Duty.MODERATOR, ended=18, conflict=True), [_part()], False),
    ],
)
def test_a_consensus_falls_with_what_it_rested_on(
    moderator: Part, evaluators: list[Part], stands: bool
) -> None:
    assert consensus_stands(NOON, moderator, [*evaluators, moderator]) is stands


def test_void_scores_say_so() -> None:
    assert void_sentence(_part(ended=18, conflict=True)) == (
        "The scores of Robin Ash are void: they declared a conflict of interest on "
        "18 December 2026."
    )
    assert "they were stood down on 18 December 2026" in void_sentence(_part(ended=18))
    assert void_sentence(_part()) == ""


def test_a_failed_part_takes_the_bids_with_it_that_it_concerns() -> None:
    lot, other, category = UUID(int=1), UUID(int=2), UUID(int=3)
    everybody = CheckedPart("answer:safeguarding", "Safe?", "Yes")
    of_lot = CheckedPart("evidence:ofsted-registration", "Ofsted", "", lot_ids=frozenset({lot}))
    price = CheckedPart("price:2a:", "Price", "", category_id=category)
    parts = [everybody, of_lot, price]

    def failing(part: CheckedPart, lot_id: UUID, category_id: UUID) -> bool:
        passed = {one.part: one is not part for one in parts}
        return failed_for(parts, passed, lot_id, category_id) == [part]

    assert failing(everybody, other, lot)
    assert failing(of_lot, lot, other) and not failing(of_lot, other, category)
    assert failing(price, other, category) and not failing(price, lot, other)
    assert failed_for(parts, {}, lot, category) == [], "what is not checked has not failed"


def test_only_what_failed_is_sent_again() -> None:
    kept = kept_parts(
        checks={"answer:insured": True, "answer:dbs": False, "evidence:accounts": True},
        scores={"answer:approach": 4, "answer:staff": 2},
        answered=["answer:insured", "answer:dbs", "answer:approach", "answer:staff", "answer:name"],
        priced={"price:2a:0-10": Outcome.PLACE, "price:2d:": Outcome.NONE},
    )
    assert kept == {
        "answer:insured", "evidence:accounts", "answer:approach", "answer:name", "price:2a:0-10",
    }  # fmt: skip


def test_no_more_places_than_there_are() -> None:
    check_places([Outcome.PLACE, Outcome.RESERVE, Outcome.NONE], places=1, reserves=1)
    check_places([Outcome.PLACE] * 50, places=None, reserves=0)
    with pytest.raises(Unfit, match="This category has 1 place, and you gave 2 places"):
        check_places([Outcome.PLACE] * 2, places=1, reserves=0)
    with pytest.raises(Unfit, match="has 0 reserve places, and you gave 1 reserve place"):
        check_places([Outcome.RESERVE], places=1, reserves=0)


def test_a_decision_against_the_ranking_needs_its_own_reason() -> None:
    first, second = ranking([_marked(1, "50", "40"), _marked(2, "40", "40")], places=1)
    offered = proposed_reason(first, 2)
    assert offered == "Ranked 1 of 2 with 90 points."
    check_reason(Outcome.PLACE, first, offered, offered)
    check_reason(Outcome.NONE, first, "It withdrew.", offered)
    with pytest.raises(Unfit, match=r"The ranking proposes no place\. Say why"):
        check_reason(Outcome.PLACE, second, offered, offered)


def test_the_provider_signs_first_and_then_each_council_once() -> None:
    provider, first, second = UUID(int=1), UUID(int=2), UUID(int=3)
    councils = ((first, "Aldermoor"), (second, "Brackenvale"))

    def standing(*signed: UUID) -> Standing:
        given = tuple(Signed(one, "", "", "", NOON) for one in signed)
        return Standing(provider, "Larkspur", councils, given)

    assert standing().waiting == ["Larkspur", "Aldermoor", "Brackenvale"]
    assert not standing().may_countersign(first), "the provider signs first"
    assert standing(provider).may_countersign(second)
    assert not standing(provider, second).may_countersign(second)
    assert not standing(provider).may_countersign(UUID(int=9)), "no council of the framework"
    assert standing(provider, first, second).complete
