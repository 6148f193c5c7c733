"""Money in whole pence. Each sum is rounded once, half a penny away from zero."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from portal.kernel.errors import DomainError

_TYPED = re.compile(
    r"(?P<sign>-?) *£? *(?P<minus>-?)(?P<pounds>[0-9,]*)(?P<point>\.?)(?P<pence>[0-9]*)"
)
_THOUSANDS = re.compile(r"[0-9]{1,3}(,[0-9]{3})+")
_MOST_POUND_DIGITS = 8


class BadMoney(DomainError, ValueError):
    """What was typed is not an amount of money; the sentence says what to type."""

    status = 422
    sentence = "Enter an amount in pounds, like 42.00"


@dataclass(frozen=True, order=True, slots=True)
class Money:
    """An amount of sterling in whole pence, possibly negative."""

    pence: int

    def __post_init__(self) -> None:
        if type(self.pence) is not int:
            raise TypeError(f"Money is whole pence in an int, not {self.pence!r}")

    @classmethod
    def pounds(cls, amount: str | int | Decimal) -> Money:
        """The exact amount in pounds that code or a data file states: "42.00", 42.

        Raises BadMoney for a fraction of a penny, TypeError for a float.
        """
        if isinstance(amount, float):
            raise TypeError("a float is not an exact amount of money")
        try:
            numerator, denominator = Decimal(amount).as_integer_ratio()
        except (ArithmeticError, ValueError) as error:
            raise BadMoney from error
        pence, remainder = divmod(numerator * 100, denominator)
        if remainder:
            raise BadMoney("Enter pounds and pence with at most two decimals, like 42.00")
        return cls(pence)

    @classmethod
    def parse(cls, text: str, *, allow_negative: bool = False) -> Money:
        """The amount a person typed: "£1,000.50", " 42.00 ", "10", "007".

        Raises BadMoney with the sentence that says what to change.
        """
        if any(unicodedata.category(character) == "No" for character in text):
            raise BadMoney("Enter the amount in figures, like 42.00")  # "10²", "½"
        plain = unicodedata.normalize("NFKC", text).replace("\N{MINUS SIGN}", "-").strip()
        if not plain:
            raise BadMoney
        typed = _TYPED.fullmatch(plain)
        if typed is None or (typed["sign"] and typed["minus"]):
            raise BadMoney("Enter the amount in figures, like 42.00")
        pounds, pence = typed["pounds"], typed["pence"]
        if not pounds and not pence:
            raise BadMoney("Enter the amount in figures, like 42.00")
        if "," in pounds and not _THOUSANDS.fullmatch(pounds):
            raise BadMoney("Put commas only between thousands, like 1,000.50")
        if len(pence) > 2 or (typed["point"] and not pence):
            raise BadMoney("Enter pounds and pence with at most two decimals, like 42.00")
        digits = pounds.replace(",", "").lstrip("0")
        if len(digits) > _MOST_POUND_DIGITS:
            raise BadMoney("Enter an amount of £99,999,999.99 or less")
        amount = int(digits or "0") * 100 + int(pence.ljust(2, "0"))
        if amount and (typed["sign"] or typed["minus"]):
            if not allow_negative:
                raise BadMoney("Enter an amount that is not below zero")
            amount = -amount
        return cls(amount)

    @classmethod
    def total(cls, amounts: Iterable[Money]) -> Money:
        """The sum of the amounts; £0.00 when there are none."""
        return cls(sum(amount.pence for amount in amounts))

    def __add__(self, other: Money) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self.pence + other.pence)

    def __radd__(self, other: int) -> Money:
        """Lets `sum()` begin at 0; any other number is refused."""
        if other != 0:
            return NotImplemented
        return self

    def __sub__(self, other: Money) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self.pence - other.pence)

    def __mul__(self, times: int) -> Money:
        if not isinstance(times, int):
            return NotImplemented
        return Money(self.pence * times)

    __rmul__ = __mul__

    def __neg__(self) -> Money:
        return Money(-self.pence)

    def __abs__(self) -> Money:
        return Money(abs(self.pence))

    def __bool__(self) -> bool:
        return self.pence != 0

    def share(self, parts: int, whole: int) -> Money:
        """This x parts / whole, rounded once (rules.md E4: 30 nights are share(30, 7)).

        Raises ValueError unless whole is above 0.
        """
        if whole <= 0:
            raise ValueError("the whole must be above 0")
        return Money(_rounded(self.pence * parts, whole))

    def percent(self, rate: Decimal) -> Money:
        """That many per cent of this, rounded once: Decimal("20") gives a fifth."""
        numerator, denominator = rate.as_integer_ratio()
        return Money(_rounded(self.pence * numerator, denominator * 100))

    @property
    def plain(self) -> str:
        """Pounds and pence for a form field or a file: "1008.00", "-5.00"."""
        return f"{'-' if self.pence < 0 else ''}{self._figures('')}"

    def __str__(self) -> str:
        return f"{'-' if self.pence < 0 else ''}£{self._figures(',')}"

    def _figures(self, separator: str) -> str:
        pounds, pence = divmod(abs(self.pence), 100)
        return f"{format(pounds, separator)}.{pence:02}"


ZERO = Money(0)


def _rounded(numerator: int, denominator: int) -> int:
    """numerator / denominator to a whole number, half away from zero."""
    magnitude = (2 * abs(numerator) + denominator) // (2 * denominator)
    return -magnitude if numerator < 0 else magnitude
