"""Who can be sent a referral and why not, deadlines, steps, and words that give somebody away."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from portal.evidence.rules import EvidenceKind, Piece
from portal.frameworks.rules import PlaceState
from portal.kernel.money import Money
from portal.kernel.transitions import IllegalStep, next_state
from portal.referrals.anonymity import given_away
from portal.referrals.deadlines import (
    BadDeadline,
    check_deadline,
    tier_deadline,
    usual_deadline,
    usual_start,
)
from portal.referrals.eligibility import Asked, Candidate, left_out_because, ranked, say_room
from portal.referrals.making.rules import chosen_among, missing, tier_of
from portal.referrals.models import Referral
from portal.referrals.presenting import say_deadline
from portal.referrals.rules import (
    MAY_BECOME,
    REFERRAL_STEPS,
    AgeGroup,
    RecipientState,
    ReferralState,
    ReferralStep,
    Route,
    Unfit,
    age_group,
    new_reference,
)

TODAY = date(2026, 4, 30)
ASKS = "the framework asks for £5,000,000.00."
FIVE_MILLION, TWO_MILLION = Money.pounds("5000000"), Money.pounds("2000000")
ASKED = Asked(date(2026, 5, 18), {EvidenceKind.PUBLIC_LIABILITY: FIVE_MILLION})
FITS = Candidate(
    provider_id=uuid4(),
    name="Larkspur Mentoring",
    evidence={EvidenceKind.PUBLIC_LIABILITY: [Piece(date(2026, 4, 30), FIVE_MILLION)]},
    place_id=uuid4(),
    state=PlaceState.ACTIVE,
    starts_on=date(2025, 9, 1),
    price=Money.pounds("42.00"),
    most=5,
    taken=4,
)


def test_who_has_a_place_evidence_room_and_a_price_is_eligible() -> None:
    assert left_out_because(FITS, ASKED, TODAY) == []


@pytest.mark.parametrize(
    ("changed", "because"),
    [
        (
            {"evidence": {EvidenceKind.EMPLOYERS_LIABILITY: [Piece(date(2026, 3, 3))]}},
            "Employer's liability insurance lapsed on 3 March 2026.",
        ),
        (
            {"evidence": {EvidenceKind.PUBLIC_LIABILITY: [Piece(None, FIVE_MILLION)]}},
            "Public liability insurance: nothing that counts was given.",
        ),
        (
            {"evidence": {EvidenceKind.PUBLIC_LIABILITY: [Piece(date(2026, 9, 1), TWO_MILLION)]}},
            f"Public liability insurance covers £2,000,000.00, {ASKS}",
        ),
        (
            {"evidence": {EvidenceKind.PUBLIC_LIABILITY: [
                Piece(date(2026, 9, 1)), Piece(date(2026, 4, 29), FIVE_MILLION)
            ]}},
            f"Public liability insurance does not say what it covers, {ASKS}",
        ),
        ({"state": None}, "It has no place in this category."),
        ({"state": PlaceState.SUSPENDED}, "Its place is suspended."),
        ({"state": PlaceState.RESERVE}, "Its place is in reserve."),
        ({"state": PlaceState.ENDED}, "Its place ended."),
        ({"ends_on": date(2026, 4, 29)}, "Its place ended on 29 April 2026."),
        ({"starts_on": date(2026, 9, 1)}, "Its place begins on 1 September 2026."),
        ({"taken": 5}, "Its capacity is reached: 5 of 5."),
        ({"most": 0, "taken": 0}, "Its capacity is reached: 0 of 0."),
        ({"price": None}, "It has no price on 18 May 2026."),
    ],
)  # fmt: skip
def test_whoever_is_left_out_has_a_sentence(changed: dict[str, Any], because: str) -> None:
    assert left_out_because(replace(FITS, **changed), ASKED, TODAY) == [because]


def test_one_piece_that_covers_enough_and_is_in_date_is_enough() -> None:
    pieces = [Piece(date(2027, 4, 30), TWO_MILLION), Piece(date(2026, 4, 30), FIVE_MILLION)]
    both = replace(FITS, evidence={EvidenceKind.PUBLIC_LIABILITY: pieces})
    assert left_out_because(both, ASKED, TODAY) == []


def test_a_flag_leaves_out_who_has_not_selected_it_and_every_reason_is_said() -> None:
    urgent = replace(ASKED, emergency=True, specialist=True)
    selected = replace(FITS, selected=frozenset({"specialist"}), taken=5)
    assert left_out_because(selected, urgent, TODAY) == [
        "It has not selected emergencies.",
        "Its capacity is reached: 5 of 5.",
    ]


def test_quotes_need_evidence_and_no_place_or_price() -> None:
    quotes = replace(ASKED, quotes=True)
    nobody = replace(FITS, state=None, place_id=None, price=None, most=None)
    assert left_out_because(nobody, quotes, TODAY) == []
    lapsed = replace(nobody, evidence={EvidenceKind.PUBLIC_LIABILITY: [Piece(date(2026, 1, 1))]})
    assert len(left_out_because(lapsed, quotes, TODAY)) == 1


def test_the_ranking_goes_by_rank_then_by_price() -> None:
    cheap = replace(FITS, name="Cheap", price=Money.pounds("30"))
    dear = replace(FITS, name="Dear", price=Money.pounds("50"))
    second = replace(FITS, name="Second", rank=2)
    first = replace(FITS, name="First", rank=1, price=Money.pounds("60"))
    order = [one.name for one in ranked([dear, second, cheap, first])]
    assert order == ["First", "Second", "Cheap", "Dear"]
    assert [tier_of(position, 3) for position in (0, 2, 3, 6)] == [1, 1, 2, 3]
    assert tier_of(83, None) == 1


def test_capacity_is_said() -> None:
    assert say_room(FITS) == "4 of 5 young people"
    assert say_room(replace(FITS, most=None)) == "4, no limit stated"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Robyn needs a mentor", "Robyn"),
        ("needs what ROBYN asks for", "ROBYN"),
        ("robyn's mentor", "robyn"),
        ("lives with the O'Dell family", "O'Dell"),
        ("the Dell family", "Dell"),
        ("born 14/3/2012", "14/3/2012"),
        ("born 14 March 2012", "14 March 2012"),
        ("born on 2012-03-14", "2012-03-14"),
        ("goes to Ash Lane academy", "Ash Lane academy"),
        ("likes robyns and odelling, 114/3/2012", None),
        ("needs a mentor by March 2026", None),
    ],
)
def test_names_birthdays_and_schools_are_found(text: str, found: str | None) -> None:
    assert found == given_away(
        text,
        given_name="Robyn",
        family_name="O'Dell",
        date_of_birth=date(2012, 3, 14),
        school="Ash Lane Academy",
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("He will need help", None),
        ("Needs calm. Will settle with time", None),
        ("Help Will to settle", "Will"),
        ("ask will", None),
    ],
)
def test_a_name_that_is_a_word_counts_where_it_is_written_as_a_name(
    text: str, found: str | None
) -> None:
    assert found == given_away(
        text, given_name="Will", family_name="May", date_of_birth=date(2012, 3, 14)
    )


@pytest.mark.parametrize(
    ("born", "group"),
    [
        (date(2021, 5, 1), AgeGroup.EARLY_YEARS),
        (date(2021, 4, 30), AgeGroup.PRIMARY),
        (date(2015, 4, 30), AgeGroup.SECONDARY),
        (date(2010, 5, 1), AgeGroup.SECONDARY),
        (date(2010, 4, 30), AgeGroup.POST_16),
    ],
)
def test_the_age_group_follows_from_the_birthday(born: date, group: AgeGroup) -> None:
    assert age_group(born, TODAY) is group


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 4, day, hour, minute, tzinfo=UTC)


def test_answers_are_usual_by_5pm_on_the_third_working_day() -> None:
    assert usual_deadline(_at(1, 9), emergency=False) == datetime(2026, 4, 8, 16, tzinfo=UTC)
    assert usual_start(date(2026, 4, 1)) == date(2026, 4, 17)  # past Easter


@pytest.mark.parametrize(
    ("sent", "until"),
    [
        (_at(30, 9), _at(30, 16)),
        (_at(30, 15), _at(30, 17)),
        (_at(30, 22), _at(30, 22, 59)),  # 11pm in London
    ],
)
def test_an_emergency_is_answered_on_the_same_day(sent: datetime, until: datetime) -> None:
    assert usual_deadline(sent, emergency=True) == until
    check_deadline(until, sent, emergency=True)
    with pytest.raises(BadDeadline):
        check_deadline(_at(30, 23, 1), _at(30, 9), emergency=True)


def test_a_deadline_is_in_the_future() -> None:
    with pytest.raises(BadDeadline):
        check_deadline(_at(30, 9), _at(30, 9), emergency=False)


def test_a_tier_has_its_hours_and_the_last_one_all_the_time_that_is_left() -> None:
    sent, by = _at(20, 9), _at(22, 9)
    assert tier_deadline(sent, 24, by, last=False) == _at(21, 9)
    assert tier_deadline(sent, 72, by, last=False) == by
    assert tier_deadline(sent, 24, by, last=True) == by


def test_a_draft_says_what_it_lacks() -> None:
    assert missing("A need", ["Resilience"], (120, None)) == []
    assert len(missing("", [], (None, None))) == 3


def test_who_is_asked_follows_from_the_route() -> None:
    other = replace(FITS, provider_id=uuid4(), name="Other")
    both = [FITS, other]
    ids = {one.provider_id for one in both}
    assert chosen_among(Route.ALL_ELIGIBLE, both, ()) == both
    assert chosen_among(Route.DIRECT, both, {other.provider_id}) == [other]
    for route, eligible, chosen in (
        (Route.DIRECT, both, ids),
        (Route.SHORTLIST, both, set[UUID]()),
        (Route.SHORTLIST, [FITS], ids),
        (Route.ALL_ELIGIBLE, [], set[UUID]()),
    ):
        with pytest.raises(Unfit):
            chosen_among(route, eligible, chosen)


def test_what_is_agreed_or_withdrawn_is_over() -> None:
    for state in (ReferralState.AGREED, ReferralState.WITHDRAWN):
        for step in ReferralStep:
            with pytest.raises(IllegalStep):
                next_state(REFERRAL_STEPS, state, step)
    assert {after for (_, step), after in REFERRAL_STEPS.items() if step is ReferralStep.AGREE} == {
        ReferralState.AGREED
    }


def test_a_provider_that_was_not_chosen_answers_no_more() -> None:
    assert MAY_BECOME[RecipientState.NOT_CHOSEN] == frozenset()
    assert RecipientState.CHOSEN not in MAY_BECOME[RecipientState.WAITING]
    assert set(MAY_BECOME) == set(RecipientState)


def test_references_say_nothing() -> None:
    made = {new_reference("RF") for _ in range(50)}
    assert len(made) == 50
    assert all(len(one) == 12 and not set("AEIOU01") & set(one[3:]) for one in made)


@pytest.mark.parametrize(
    ("route", "emergency", "size", "hours", "said"),
    [
        (Route.RANKING, False, 3, 24, "24 hours for 3 providers at a time, down the ranking"),
        (Route.RANKING, False, 1, 1, "1 hour for 1 provider at a time, down the ranking"),
        (Route.RANKING, True, 3, 24, "30 April 2026 at 5pm"),
        (Route.DIRECT, False, 3, 24, "30 April 2026 at 5pm"),
    ],
)
def test_until_when_answers_are_awaited_is_said(
    route: Route, emergency: bool, size: int, hours: int, said: str
) -> None:
    asked = Referral(
        route=route,
        emergency=emergency,
        tier_size=size,
        tier_hours=hours,
        respond_by=datetime(2026, 4, 30, 16, tzinfo=UTC),
    )
    assert say_deadline(asked) == said
