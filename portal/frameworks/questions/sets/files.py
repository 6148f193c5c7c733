# ruff: noqa: RUF009 - a key is a dataclass field, made once when the class is
"""A set of questions as a YAML file (docs/questions-format.md), read and written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from portal.evidence.rules import EvidenceKind
from portal.frameworks.questions.rules import Option, QuestionKind
from portal.frameworks.questions.wordings import (
    LONGEST_CODE,
    LONGEST_HELP,
    LONGEST_LABEL,
    LONGEST_WORDING,
    MOST_POINTS,
    MOST_WORDS,
    Drafted,
    Fault,
    Wording,
)
from portal.kernel.entries import fields
from portal.kernel.entries.problems import Problem, Problems, Refused
from portal.kernel.entries.reading import Entry, EntryReader, each, inside, key

MOST_QUESTIONS = 300
_KEYS = {
    "wording": "asks",
    "evidence_kind": "evidence",
    "asked_if_code": "asked_if",
    "asked_if_answer": "asked_if",
}


@dataclass(kw_only=True)
class OptionEntry(Entry):
    """One answer to choose."""

    code: str = key(fields.text(LONGEST_CODE))
    label: str = key(fields.text(LONGEST_LABEL))


@dataclass(kw_only=True)
class FollowUpEntry(Entry):
    """The question and the answer after which another is asked."""

    question: str = key(fields.text(LONGEST_CODE))
    answer: str = key(fields.text(LONGEST_CODE))


@dataclass(kw_only=True)
class QuestionEntry(Entry):
    """One question."""

    code: str = key(fields.text(LONGEST_CODE))
    kind: QuestionKind = key(fields.choice(QuestionKind))
    asks: str = key(fields.text(LONGEST_WORDING, lines=True))
    help: str = key(fields.text(LONGEST_HELP, lines=True), default="")
    lot: int | None = key(fields.whole(1, 999), default=None)
    optional: bool = key(fields.flag, default=False)
    most_words: int | None = key(fields.whole(1, MOST_WORDS), default=None)
    options: list[OptionEntry] = each(OptionEntry, default=())
    required: str = key(fields.text(LONGEST_CODE), default="")
    evidence: EvidenceKind | None = key(fields.choice(EvidenceKind), default=None)
    asked_if: FollowUpEntry | None = inside(FollowUpEntry, default=None)
    points: int = key(fields.whole(0, MOST_POINTS), default=0)

    def drafted(self) -> Drafted:
        """The question as the rules see it."""
        return Drafted(
            self.code,
            self.lot,
            Wording(
                kind=self.kind,
                wording=self.asks,
                help=self.help,
                optional=self.optional,
                most_words=self.most_words,
                options=tuple(Option(code=one.code, label=one.label) for one in self.options),
                required=self.required,
                evidence_kind=self.evidence,
                asked_if_code=self.asked_if.question if self.asked_if else "",
                asked_if_answer=self.asked_if.answer if self.asked_if else "",
                points=self.points,
            ),
        )


@dataclass(kw_only=True)
class SetEntry(Entry):
    """A whole file."""

    title: str = key(fields.text(100), default="")
    about: str = key(fields.text(500, lines=True), default="")
    questions: list[QuestionEntry] = each(QuestionEntry)


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """The questions of a file, and where in it each stands."""

    title: str
    about: str
    drafted: tuple[Drafted, ...]
    _name: str
    _entries: SetEntry
    _problems: Problems

    def refused(self, faults: Iterable[Fault]) -> Refused:
        """What is wrong with the set in a round, each at its place in the file."""
        entries = {entry.code: entry for entry in self._entries.questions}
        for fault in faults:
            if fault.code in entries:
                entries[fault.code].wrong(_KEYS.get(fault.about, fault.about), fault.sentence)
            else:
                said = f"Beside it the round's question “{fault.code}”: {fault.sentence}"
                self._entries.wrong("", said)
        return Refused(self._problems.sentences([self._name]))


def read_set(content: bytes, name: str = "questions.yaml") -> QuestionSet:
    """The questions of a file. Raises Refused with a sentence for each place to put right."""
    from portal.kernel.entries.source import NotReadable, parse  # PyYAML, 5 MB, rarely needed

    problems = Problems()
    try:
        root = parse(content)
    except NotReadable as error:
        problems.add(Problem(0, error.line, error.column, "", error.sentence))
        raise Refused(problems.sentences([name])) from error
    entries = EntryReader(problems, 0, lambda _: None).read(SetEntry, root)
    if not problems:
        _check_codes(entries)
    if problems:
        raise Refused(problems.sentences([name]))
    drafted = tuple(entry.drafted() for entry in entries.questions)
    return QuestionSet(entries.title, entries.about, drafted, name, entries, problems)


def write_set(title: str, drafted: Sequence[Drafted]) -> str:
    """A file that ``read_set`` reads back to the same questions."""
    import yaml

    content = {"title": title, "questions": [_written(one) for one in drafted]}
    return str(yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=96))


def _check_codes(entries: SetEntry) -> None:
    if not 0 < len(entries.questions) <= MOST_QUESTIONS:
        entries.wrong("questions", f"A file holds between 1 and {MOST_QUESTIONS} questions")
    counted = Counter(entry.code for entry in entries.questions)
    for entry in entries.questions:
        if counted[entry.code] > 1:
            entry.wrong("code", f"“{entry.code}” stands more than once in this file")


def _written(one: Drafted) -> dict[str, Any]:
    says = one.says
    follows = {"question": says.asked_if_code, "answer": says.asked_if_answer}
    written = {
        "code": one.code,
        "lot": one.lot,
        "kind": says.kind.value,
        "asks": says.wording,
        "help": says.help,
        "optional": says.optional,
        "most_words": says.most_words,
        "options": [dict(option) for option in says.options],
        "required": says.required,
        "evidence": says.evidence_kind.value if says.evidence_kind else None,
        "asked_if": follows if says.asked_if_code else None,
        "points": says.points,
    }
    return {name: value for name, value in written.items() if value}
