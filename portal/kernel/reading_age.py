"""About how old somebody must be to read a text with ease: a hint for whoever writes it. Pure."""

from __future__ import annotations

import re

_SENTENCE_ENDS = re.compile(r"[.!?]+(?=\s|$)|\n{2,}")
_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")
_VOWELS = re.compile(r"[aeiouy]+")
_FEWEST_WORDS = 20
SCHOOL_BEGINS_AT = 5  # years; the formula gives years at school


def reading_age(text: str) -> int | None:
    """The age in years by Flesch and Kincaid's formula; None for too few words to tell.

    It counts the words in a sentence and the syllables in a word, so it is a hint and no more:
    short words can be hard, and a list without full stops looks harder than it is.
    """
    words = _WORD.findall(text)
    if len(words) < _FEWEST_WORDS:
        return None
    sentences = max(1, sum(bool(_WORD.search(part)) for part in _SENTENCE_ENDS.split(text)))
    syllables = sum(_syllables(word.lower()) for word in words)
    grade = 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59
    return max(SCHOOL_BEGINS_AT, round(grade) + SCHOOL_BEGINS_AT)


def _syllables(word: str) -> int:
    """Groups of vowels, without a silent e at the end."""
    plain = re.sub(r"['’].*", "", word)
    number = len(_VOWELS.findall(plain))
    silent = plain.endswith("e") and not plain.endswith(("le", "ee", "ye")) and number > 1
    silent = silent or (plain.endswith("ed") and not plain.endswith(("ted", "ded")) and number > 1)
    return max(1, number - silent)
