from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel.money import ZERO, BadMoney, Money

amounts = st.integers(min_value=-9_999_999_999, max_value=9_999_999_999).map(Money)


@pytest.mark.parametrize(
    ("text", "pence"),
    [
        ("0", 0),
        ("£10", 1000),
        ("10", 1000),
        ("1,000", 100_000),
        ("1,000.50", 100_050),
        ("1000.5", 100_050),
        (" 42.00 ", 4200),
        ("£ 42.00", 4200),
        ("\N{NO-BREAK SPACE}42.00", 4200),
        ("007", 700),
        (".50", 50),
        ("\uff11\uff12", 1200),
        ("\uffe1\uff11\uff12", 1200),
        ("99,999,999.99", 9_999_999_999),
        ("-0", 0),
    ],
)
def test_what_people_type_is_understood(text: str, pence: int) -> None:
    assert Money.parse(text) == Money(pence)


DECIMALS = "Enter pounds and pence with at most two decimals, like 42.00"
COMMAS = "Put commas only between thousands, like 1,000.50"
FIGURES = "Enter the amount in figures, like 42.00"
TOO_MUCH = "Enter an amount of £99,999,999.99 or less"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Enter an amount in pounds, like 42.00"),
        ("   ", "Enter an amount in pounds, like 42.00"),
        ("90.12345", DECIMALS),
        ("10.123", DECIMALS),
        ("10.", DECIMALS),
        ("-1", "Enter an amount that is not below zero"),
        ("1,00", COMMAS),
        ("1,0000", COMMAS),
        (",100", COMMAS),
        ("1,000,", COMMAS),
        ("1e3", FIGURES),
        ("nan", FIGURES),
        ("ten", FIGURES),
        ("£", FIGURES),
        ("-", FIGURES),
        (".", FIGURES),
        ("--5", FIGURES),
        ("1 000", FIGURES),
        ("1.2.3", FIGURES),
        ("10²", FIGURES),
        ("½", FIGURES),
        ("٣", FIGURES),
        ("$5", FIGURES),
        ("100,000,000", TOO_MUCH),
        ("100000000.00", TOO_MUCH),
        ("9" * 5000, TOO_MUCH),
    ],
)
def test_what_is_not_money_is_refused_with_its_sentence(text: str, sentence: str) -> None:
    with pytest.raises(BadMoney) as refusal:
        Money.parse(text)
    assert str(refusal.value) == refusal.value.sentence == sentence
    assert refusal.value.status == 422


@pytest.mark.parametrize("text", ["-5", "-£5.00", "£-5", "- £5", "\N{MINUS SIGN}5.00"])
def test_below_zero_is_understood_where_it_is_allowed(text: str) -> None:
    assert Money.parse(text, allow_negative=True) == Money(-500)


@pytest.mark.parametrize(
    ("price", "parts", "whole", "line"),
    [
        ("820.00", 30, 7, "£3,514.29"),
        ("3500.00", 30, 7, "£15,000.00"),
        ("3140.00", 9, 7, "£4,037.14"),
        ("3140.00", 15, 7, "£6,728.57"),
        ("3187.10", 16, 7, "£7,284.80"),
        ("42.00", 330, 60, "£231.00"),
        ("0.01", 1, 2, "£0.01"),
        ("-0.01", 1, 2, "-£0.01"),
        ("0.01", -1, 2, "-£0.01"),
        ("0.01", 1, 3, "£0.00"),
        ("-0.01", 1, 3, "£0.00"),
    ],
)
def test_a_line_is_rounded_once(price: str, parts: int, whole: int, line: str) -> None:
    assert str(Money.pounds(price).share(parts, whole)) == line


def test_a_share_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="above 0"):
        Money(100).share(1, 0)


@pytest.mark.parametrize(
    ("price", "rate", "raised"),
    [
        ("3140.00", "3.1", "£3,237.34"),
        ("3140.00", "1.5", "£3,187.10"),
        ("720.00", "3.1", "£742.32"),
        ("42.00", "3.1", "£43.30"),
        ("3140.00", "0", "£3,140.00"),
    ],
)
def test_an_uplift_is_rounded_once(price: str, rate: str, raised: str) -> None:
    before = Money.pounds(price)
    assert str(before + before.percent(Decimal(rate))) == raised


@pytest.mark.parametrize(
    ("pence", "said", "plain"),
    [
        (100_800, "£1,008.00", "1008.00"),
        (-500, "-£5.00", "-5.00"),
        (-5, "-£0.05", "-0.05"),
        (0, "£0.00", "0.00"),
        (123_456_789, "£1,234,567.89", "1234567.89"),
    ],
)
def test_money_is_said_in_pounds(pence: int, said: str, plain: str) -> None:
    assert str(Money(pence)) == said
    assert Money(pence).plain == plain


def test_money_adds_orders_and_counts_as_a_value() -> None:
    assert sum([Money(1), Money(2)]) == Money.total([Money(1), Money(2)]) == Money(3)
    assert Money.total([]) == ZERO
    assert not ZERO
    assert Money(1)
    assert Money(5) - Money(7) == Money(-2) == -Money(2)
    assert abs(Money(-2)) == Money(2)
    assert 3 * Money(2) == Money(2) * 3 == Money(6)
    assert max(Money(1), Money(3), Money(2)) == Money(3)
    assert len({Money(1), Money(1)}) == 1


def test_money_is_never_a_float_or_a_bare_number() -> None:
    with pytest.raises(TypeError):
        Money(1.5)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Money.pounds(1.5)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Money(1) * 1.5  # type: ignore[operator]
    with pytest.raises(TypeError):
        Money(1) + 1  # type: ignore[operator]
    with pytest.raises(TypeError):
        1 + Money(1)
    with pytest.raises(TypeError):
        Money(1) - 1  # type: ignore[operator]


@pytest.mark.parametrize("text", ["1.005", "ten", "nan", "inf", ""])
def test_pounds_in_code_are_exact(text: str) -> None:
    with pytest.raises(BadMoney):
        Money.pounds(text)


@given(amounts)
def test_what_is_said_is_understood(amount: Money) -> None:
    assert Money.parse(str(amount), allow_negative=True) == amount
    assert Money.parse(amount.plain, allow_negative=True) == amount
    assert Money.pounds(amount.plain) == amount


@given(
    amounts,
    st.integers(min_value=0, max_value=60),
    st.integers(min_value=1, max_value=60),
)
def test_two_shares_make_the_whole_within_a_penny(amount: Money, parts: int, whole: int) -> None:
    shares = amount.share(parts, whole) + amount.share(whole - parts, whole)
    assert abs(shares - amount) <= Money(1)


@given(
    amounts,
    st.integers(min_value=0, max_value=60),
    st.integers(min_value=1, max_value=60),
)
def test_a_reversal_is_the_exact_opposite(amount: Money, parts: int, whole: int) -> None:
    assert (-amount).share(parts, whole) == amount.share(-parts, whole)
    assert (-amount).share(parts, whole) == -amount.share(parts, whole)


@given(st.text())
def test_any_text_is_money_or_is_refused(text: str) -> None:
    with suppress(BadMoney):
        assert Money.parse(text) >= ZERO
