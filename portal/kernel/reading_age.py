"""About how old somebody must be to read a text with ease: a hint for whoever writes it. Pure."""

from __future__ import annotations

import re

_SENTENCE_ENDS = re.compile(r"[.!?]+(?=\s|$)|\n{2,}")
_WORD = re.compile(r"[A-Za-z0-9]+(?:['’-][A-Za-z0-9]+)*")
_FEWEST_WORDS = 12
_SCHOOL_BEGINS_AT = 5  # years; the formula gives years at school


def reading_age(text: str) -> int | None:
    """The age in years by the Automated Readability Index; None for too few words to tell.

    It counts the words in a sentence and the letters in a word, so it is a hint and no more:
    short words can be hard, and a list without full stops looks harder than it is.
    """
    words = _WORD.findall(text)
    if len(words) < _FEWEST_WORDS:
        return None
    sentences = max(1, sum(bool(_WORD.search(part)) for part in _SENTENCE_ENDS.split(text)))
    letters = sum(len(word) for word in words)
    grade = 4.71 * letters / len(words) + 0.5 * len(words) / sentences - 21.43
    return _SCHOOL_BEGINS_AT + max(0, round(grade))
