"""The languages that public pages are offered in, and what a message is in each.

The catalogues are the .po files of portal/translations, read once per process; no compiled file
is kept. ``bin/translations`` brings them up to date with the pages. A message that a catalogue
lacks is said in English.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from babel.dates import format_date
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import LazyProxy

from portal.kernel.wording import say_date

CATALOGUES: Final = Path(__file__).parents[2] / "translations"


class Language:
    """A language: its code, its name for itself, and the direction that it is written in."""

    __slots__ = ("code", "direction", "own_name")

    def __init__(self, code: str, own_name: str, direction: str = "ltr") -> None:
        self.code = code
        self.own_name = own_name
        self.direction = direction

    def gettext(self, message: str) -> str:
        """The message in this language."""
        return catalogue(self.code).gettext(message)

    def ngettext(self, one: str, many: str, number: int) -> str:
        """The message for so many of something."""
        return catalogue(self.code).ngettext(one, many, number)

    def knows(self, message: str) -> bool:
        """Whether the message is said in this language rather than in English."""
        return self is ENGLISH or self.gettext(message) != message

    def say_choice(self, words: Sequence[str]) -> str:
        """As "PDF, JPEG or PNG", "PDF, JPEG neu PNG"."""
        return format_list(words, "or", "en_GB" if self is ENGLISH else self.code)

    def say_date(self, day: date) -> str:
        """As "5 January 2027", "5 Ionawr 2027"."""
        return say_date(day) if self is ENGLISH else format_date(day, "d MMMM y", self.code)


ENGLISH: Final = Language("en", "English")
OTHERS: Final = (Language("cy", "Cymraeg"), Language("ar", "العربية", "rtl"))
LANGUAGES: Final = (ENGLISH, *OTHERS)


@cache
def catalogue(code: str) -> NullTranslations:
    """The messages of one language; English is what the pages are written in."""
    if code == ENGLISH.code:
        return NullTranslations()
    with (CATALOGUES / f"{code}.po").open("rb") as file:
        messages = read_po(file, locale=code)
    compiled = BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return GNUTranslations(compiled)


def lazily(gettext: Callable[[str], str], message: str) -> Any:
    """A message that is translated where it is shown: for a form's labels, made at start-up."""
    return LazyProxy(gettext, message, enable_cache=False)


def message(words: str) -> str:
    """Mark words that are kept as they are and translated when they are shown."""
    return words
