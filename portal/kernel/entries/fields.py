"""How one value of a file is read: from its text to what the rules work with."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from enum import StrEnum
from functools import lru_cache
from typing import Any

from portal.kernel.errors import DomainError
from portal.kernel.local_time import to_utc
from portal.kernel.money import BadMoney, Money
from portal.kernel.months import BadMonth, Month

Reader = Callable[[str], Any]

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_FLAGS = {"true": True, "yes": True, "false": False, "no": False}


class Wrong(ValueError):
    """A value cannot be read; holds the sentence that says what it must be."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)


def text(longest: int, *, lines: bool = False) -> Reader:
    """Text of at most that many characters, on one line unless ``lines`` may be several."""
    allowed = "\n\t" if lines else ""

    def read(value: str) -> str:
        plain = value.strip()
        if not plain:
            raise Wrong("is empty")
        if not plain.isprintable() and any(
            unicodedata.category(one) == "Cc" and one not in allowed for one in plain
        ):
            raise Wrong("holds a line break or another control character")
        if len(plain) > longest:
            raise Wrong(f"is longer than {longest} characters")
        return plain

    return read


def matching(pattern: str, wanted: str, *, without: str = " ") -> Reader:
    """Text of a fixed form; ``without`` names characters that people put in for the eye."""
    compiled = re.compile(pattern)
    drop = str.maketrans("", "", without)

    def read(value: str) -> str:
        plain = value.translate(drop)
        if not compiled.fullmatch(plain):
            raise Wrong(f'"{value}" is not {wanted}')
        return plain

    return read


def choice(kind: type[StrEnum]) -> Reader:
    """One code of a closed list."""
    members = {member.value: member for member in kind}

    def read(value: str) -> StrEnum:
        found = members.get(value)
        if found is None:
            raise Wrong(f'"{value}" is not one of {", ".join(members)}')
        return found

    return read


def email(value: str) -> str:
    """An e-mail address in lower case."""
    plain = value.strip().lower()
    if not _EMAIL.fullmatch(plain) or len(plain) > 200:
        raise Wrong(f'"{value}" is not an e-mail address')
    return plain


@lru_cache(maxsize=10_000)
def day(value: str) -> date:
    """A date such as 2026-04-16."""
    if not _DATE.fullmatch(value):
        raise Wrong(f'"{value}" is not a date like 2026-04-16')
    try:
        found = date.fromisoformat(value)
    except ValueError:
        raise Wrong(f'"{value}" is a date that does not exist') from None
    if not 1990 <= found.year <= 2100:
        raise Wrong(f'"{value}" is not between 1990 and 2100')
    return found


def moment(value: str) -> datetime:
    """A time in London such as 2026-04-16 16:00, given back in UTC."""
    if not _MOMENT.fullmatch(value):
        raise Wrong(f'"{value}" is not a time like 2026-04-16 16:00')
    day(value[:10])
    try:
        return to_utc(datetime.fromisoformat(value))
    except DomainError as error:
        raise Wrong(f'"{value}": {error.sentence.rstrip(".")}') from None
    except ValueError:
        raise Wrong(f'"{value}" is a time that does not exist') from None


def month(value: str) -> Month:
    """A month such as 2026-08."""
    try:
        return Month.parse(value)
    except BadMonth:
        raise Wrong(f'"{value}" is not a month like 2026-08') from None


@lru_cache(maxsize=10_000)
def money(value: str) -> Money:
    """An amount in pounds such as 42.00, not below zero."""
    try:
        return Money.parse(value)
    except BadMoney as error:
        raise Wrong(f'"{value}" is not an amount. {error.sentence}') from None


@lru_cache(maxsize=10_000)
def price(value: str) -> Money:
    """An amount in pounds above nothing."""
    amount = money(value)
    if not amount:
        raise Wrong("a price is more than £0.00")
    return amount


def whole(least: int, most: int) -> Reader:
    """A whole number between the two, both within."""

    def read(value: str) -> int:
        if not (value.isascii() and value.isdigit() and len(value) <= 9):
            raise Wrong(f'"{value}" is not a whole number')
        number = int(value)
        if not least <= number <= most:
            raise Wrong(f"{value} is not between {least} and {most}")
        return number

    return read


def decimal(value: str) -> Decimal:
    """A plain number, with decimals or without."""
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise Wrong(f'"{value}" is not a number') from None
    if not number.is_finite() or number <= 0 or number > 1_000_000:
        raise Wrong(f"{value} is not a number above 0")
    return number


def percent(value: str) -> int:
    """Per cent such as 1.5, as whole hundredths of one."""
    found = re.fullmatch(r"([0-9]{1,2})(?:\.([0-9]{1,2}))?", value)
    if found is None:
        raise Wrong(f'"{value}" is not per cent like 1.5, with at most two decimals')
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


@lru_cache(maxsize=10_000)
def minutes(value: str) -> int:
    """A time in hours such as 1.5, as whole minutes."""
    number = decimal(value) * 60
    if number != int(number):
        raise Wrong(f"{value} hours is not a whole number of minutes")
    if number > 24 * 60:
        raise Wrong(f"{value} hours is longer than a day")
    return int(number)


def flag(value: str) -> bool:
    """true or false."""
    found = _FLAGS.get(value.lower())
    if found is None:
        raise Wrong(f'"{value}" is not true or false')
    return found


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Ask for the known word that is close to it; nothing when none is."""
    close = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f'. Did you mean "{close[0]}"?' if close else ""
