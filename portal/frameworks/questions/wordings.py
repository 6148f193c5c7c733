"""What questions may say, alone and as the set that a round asks. Pure.

The whole set is held against the same rules whichever way a question came: through the builder,
out of a file or from a built-in set.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from portal.evidence.rules import EvidenceKind
from portal.frameworks.questions.rules import CHOSEN, SCORED, Option, QuestionKind, codes_of

LONGEST_CODE = 40
LONGEST_WORDING = 1000
LONGEST_HELP = 2000
LONGEST_LABEL = 200
MOST_WORDS = 5000
MOST_OPTIONS = 30
MOST_POINTS = 100
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What one version of a question says; the fields are QuestionVersion's."""

    kind: QuestionKind
    wording: str
    help: str = ""
    optional: bool = False
    most_words: int | None = None
    options: tuple[Option, ...] = ()
    required: str = ""
    evidence_kind: EvidenceKind | None = None
    asked_if_code: str = ""
    asked_if_answer: str = ""
    points: int = 0


@dataclass(frozen=True, slots=True)
class Drafted:
    """A question as a round is to ask it: of everybody, or of those who bid for one lot."""

    code: str
    lot: int | None
    says: Wording


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a question; ``about`` is the field of its wording, or "code"."""

    code: str
    about: str
    sentence: str


def is_code(text: str) -> bool:
    """Whether a text may be a code: small letters, figures and single hyphens, at most 40."""
    return len(text) <= LONGEST_CODE and _CODE.fullmatch(text) is not None


def code_from(text: str) -> str:
    """A code made of the first words of a text: "Town or city" gives "town-or-city"."""
    code = ""
    for word in re.findall(r"[a-z0-9]+", text.lower()):
        longer = f"{code}-{word}" if code else word
        if len(longer) > LONGEST_CODE:
            break
        code = longer
    return code


def faults(drafted: Sequence[Drafted]) -> list[Fault]:
    """Everything wrong with a set, in its order; a follow-up must stand after its question."""
    found: list[Fault] = []
    before: dict[str, Drafted] = {}
    for one in drafted:
        if not is_code(one.code):
            sentence = (
                "A code is small letters, figures and hyphens, at most 40, like safeguarding-lead"
            )
            found.append(Fault(one.code, "code", sentence))
        if one.code in before:
            found.append(Fault(one.code, "code", "Another question has this code"))
        wrong = [*_of_its_kind(one.says), *_of_its_scoring(one.says), *_of_its_parent(one, before)]
        found += [Fault(one.code, about, sentence) for about, sentence in wrong]
        before[one.code] = one
    return found


def points_of(drafted: Iterable[Drafted], lot: int) -> int:
    """The points that somebody who bids for a lot can earn: everybody's questions and its own."""
    return sum(one.says.points for one in drafted if one.lot in (None, lot))


def _of_its_kind(says: Wording) -> Iterator[tuple[str, str]]:
    if not says.wording:
        yield "wording", "Write the question"
    if says.kind is not QuestionKind.TEXT and says.most_words is not None:
        yield "most_words", "Only a text has a limit of words"
    if says.most_words is not None and not 1 <= says.most_words <= MOST_WORDS:
        yield "most_words", f"The limit is between 1 and {MOST_WORDS:,} words"
    if says.kind is QuestionKind.EVIDENCE and says.evidence_kind is None:
        yield "evidence_kind", "Choose the evidence that is asked for"
    if says.kind is not QuestionKind.EVIDENCE and says.evidence_kind is not None:
        yield "evidence_kind", "Only a question for evidence names a kind of it"
    yield from _of_its_options(says)
    if says.required and says.required not in codes_of(says):
        yield "required", "The only answer that passes must be one of the answers to choose"
    elif says.required and says.optional:
        yield "optional", "A question with an answer that is required cannot be left out"


def _of_its_options(says: Wording) -> Iterator[tuple[str, str]]:
    if says.kind is not QuestionKind.CHOICE:
        if says.options:
            yield "options", "Only a choice has options"
        return
    codes = [option["code"] for option in says.options]
    labels = [option["label"].casefold() for option in says.options]
    if not 2 <= len(codes) <= MOST_OPTIONS:
        yield "options", f"Give between 2 and {MOST_OPTIONS} options"
    for code in codes:
        if not is_code(code):
            yield "options", f"“{code}” is not a code of small letters, figures and hyphens"
    if len(set(codes)) < len(codes) or len(set(labels)) < len(labels):
        yield "options", "Each option needs a label and a code of its own"


def _of_its_scoring(says: Wording) -> Iterator[tuple[str, str]]:
    if not says.points:
        return
    if not 0 < says.points <= MOST_POINTS:
        yield "points", f"Points are between 0 and {MOST_POINTS}"
    if says.kind not in SCORED:
        yield "points", "Only a text or a file is scored, because evaluators read it"
    if says.optional or says.asked_if_code:
        yield "points", "A scored question is asked of everybody and must be answered"


def _of_its_parent(one: Drafted, before: dict[str, Drafted]) -> Iterator[tuple[str, str]]:
    code, answer = one.says.asked_if_code, one.says.asked_if_answer
    if not code:
        if answer:
            yield "asked_if_code", "Choose the question that this one follows"
        return
    parent = before.get(code)
    if parent is None:
        yield "asked_if_code", f"It follows the question “{code}”, which is not asked before it"
    elif parent.says.kind not in CHOSEN:
        yield "asked_if_code", f"It follows “{code}”, whose answers cannot be chosen"
    elif parent.lot not in (None, one.lot):
        yield "asked_if_code", f"It follows “{code}”, which is asked of another lot"
    elif answer not in codes_of(parent.says):
        known = " or ".join(codes_of(parent.says))
        yield "asked_if_answer", f"It is asked after an answer to “{code}”: {known}"
