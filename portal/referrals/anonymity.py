"""What would tell a provider who a young person is, found in the words that it reads. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from portal.kernel.months import MONTH_NAMES

ORDINARY = frozenset(
    {
        "amber", "angel", "april", "art", "august", "autumn", "bill", "black", "blue", "brown",
        "christian", "crystal", "dale", "dawn", "day", "dean", "drew", "earl", "faith", "forest",
        "frank", "gene", "glen", "grace", "grant", "gray", "green", "hall", "heath", "hill",
        "holly", "hope", "house", "hunter", "iris", "ivy", "jade", "jay", "joy", "june",
        "justice", "king", "lake", "lane", "lily", "long", "love", "mark", "may", "melody",
        "miles", "mills", "moore", "north", "page", "pat", "penny", "perry", "pool", "price",
        "ray", "reed", "rich", "river", "rob", "robin", "rose", "ruby", "sky", "star", "stone",
        "summer", "sunny", "victor", "wade", "wall", "ward", "west", "white", "will", "willow",
        "winter", "wise", "wood", "woods", "young",
    }
)  # fmt: skip
"""Names that are words as well: found only where they are written with a capital."""


def say_given_away(said: str) -> str:
    """What to do about words that give a young person away."""
    return (
        f"Take out “{said}”: a provider may not learn who the young person is before it has "
        "accepted an order"
    )


def given_away(
    text: str, *, given_name: str, family_name: str, date_of_birth: date, school: str = ""
) -> str | None:
    """The first thing in a text that says who a young person is: a name, birthday or school."""
    for name in _names(given_name, family_name):
        if (found := _name_in(name, text)) is not None:
            return found
    for spelling in _spellings(date_of_birth):
        if (
            match := re.search(rf"(?<!\d){re.escape(spelling)}(?!\d)", text, re.IGNORECASE)
        ) is not None:
            return match[0]
    if school and (match := re.search(re.escape(school), text, re.IGNORECASE)) is not None:
        return match[0]
    return None


def _names(*names: str) -> Iterable[str]:
    """Each name whole, then each of its parts of at least two letters."""
    for name in names:
        yield from dict.fromkeys(
            part for part in (name, *re.split(r"[\s'’-]+", name)) if len(part) > 1
        )


def _name_in(name: str, text: str) -> str | None:
    """A name as it stands in a text, if it does; possessives and hyphens end a word."""
    for match in re.finditer(rf"\b{re.escape(name)}\b", text, re.IGNORECASE):
        if name.lower() not in ORDINARY or _is_a_name(match, text):
            return match[0]
    return None


def _is_a_name(match: re.Match[str], text: str) -> bool:
    """Whether a word that is a name as well has its capital for that, not for a sentence's."""
    if match[0].islower():
        return False
    before = text[: match.start()].rstrip()
    return bool(before) and before[-1] not in ".!?:\n"


def _spellings(day: date) -> Iterable[str]:
    month = MONTH_NAMES[day.month - 1]
    for separator in "/.-":
        yield f"{day.day}{separator}{day.month}{separator}{day.year}"
        yield f"{day:%d{separator}%m{separator}%Y}"
        yield f"{day:%d{separator}%m{separator}%y}"
    yield day.isoformat()
    for word in (month, month[:3]):
        yield f"{day.day} {word} {day.year}"
