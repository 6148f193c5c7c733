"""How old a reader has to be, by the Flesch-Kincaid grade, and what to change. Pure.

The grade is 0.39 x words per sentence + 11.8 x syllables per word - 15.59, a school year of the
United States; a child of year n is n + 5 years old. The aim is 9 (rules.md A17). Syllables are
counted by groups of vowels, which is close enough for advice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from portal.kernel.wording import say_list

AIM = 9
LONGEST_SENTENCE = 15  # words
LONG_WORD = 4  # syllables


@dataclass(frozen=True, slots=True)
class Reading:
    """The age at which a text is read, its long words, and how many of its sentences are long."""

    age: int
    long_words: tuple[str, ...]
    long_sentences: int

    @property
    def is_easy(self) -> bool:
        """Whether a child of nine, or nearly, can read it."""
        return self.age <= AIM + 1

    @property
    def sentence(self) -> str:
        """The finding in words, with what to change."""
        if self.is_easy:
            return "A child of about 9 can read this."
        advice = [f"This reads like a text for age {self.age}. Aim for 9."]
        if self.long_sentences:
            advice.append(f"Make sentences shorter than {LONGEST_SENTENCE} words.")
        if self.long_words:
            advice.append(f"Use a shorter word for {say_list(self.long_words)}.")
        return " ".join(advice)


def read(text: str) -> Reading | None:
    """How a text reads; None for one without words."""
    sentences = [words for part in re.split(r"[.!?:;\n]+", text) if (words := _words(part))]
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return None
    syllables = sum(map(_syllables, words))
    grade = 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59
    long = dict.fromkeys(word.lower() for word in words if _syllables(word) >= LONG_WORD)
    return Reading(
        age=max(5, round(grade) + 5),
        long_words=tuple(long)[:4],
        long_sentences=sum(len(sentence) > LONGEST_SENTENCE for sentence in sentences),
    )


def _words(text: str) -> list[str]:
    return re.findall(r"[A-Za-z][A-Za-z'’]*", text)


def _syllables(word: str) -> int:
    plain = re.sub(r"[^a-z]", "", word.lower()).replace("some", "som").replace("every", "evry")
    silent = re.sub(r"(?<=[^aeiouyl])e$|(?<=[^aeioudt])ed$|(?<=[^aeioucsxzgh])es$", "", plain)
    return max(1, len(re.findall(r"[aeiouy]+", silent)))
