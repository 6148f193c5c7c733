"""What a published question may not say. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

# What a company's name ends with says nothing of which company it is.
_FORMS = frozenset({"limited", "ltd", "llp", "plc", "cic", "ltd.", "c.i.c."})


def named_in(text: str, names: Iterable[str]) -> str | None:
    """The first of these names that a text gives away, in whatever case or spacing; or None.

    A company's name counts without its legal form too.
    """
    said = _plain(text)
    for name in names:
        for spelling in {_plain(name), _plain(_without_form(name))}:
            if spelling and re.search(rf"(?<!\w){re.escape(spelling)}(?!\w)", said):
                return name
    return None


def _without_form(name: str) -> str:
    words = name.split()
    while words and words[-1].casefold() in _FORMS:
        words.pop()
    return " ".join(words)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
