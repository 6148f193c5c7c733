"""Questions as pages show them: by who is asked, and with their rules in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.evidence.rules import EVIDENCE_NAMES
from portal.frameworks.models import Lot
from portal.frameworks.questions.models import QuestionVersion
from portal.frameworks.questions.queries import Asked
from portal.frameworks.questions.rules import KIND_NAMES, QuestionKind, codes_of
from portal.frameworks.questions.wordings import Wording, points_of
from portal.kernel.local_time import local_date
from portal.kernel.wording import say_count, say_date

Says = QuestionVersion | Wording


@dataclass(frozen=True, slots=True)
class Section:
    """The questions of one kind of bidder, in order."""

    title: str
    rows: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """What a lot's scored questions come to, beside what quality is worth."""

    lot: Lot
    points: int
    wanted: int

    @property
    def fits(self) -> bool:
        """Whether the round can be announced with it."""
        return self.points == self.wanted


def sections(asks: Sequence[Asked], lots: Sequence[Lot]) -> list[Section]:
    """Everybody's questions, then those of each lot of the round."""
    titles = {None: "Everybody who applies"} | {
        lot.number: f"Lot {lot.number}, {lot.title}" for lot in lots
    }
    return [
        Section(title, tuple(one for one in asks if one.lot == number))
        for number, title in titles.items()
    ]


def scores(asks: Sequence[Asked], lots: Sequence[Lot], wanted: int) -> list[Score]:
    """For each lot, what can be earned by quality."""
    drafted = [one.drafted for one in asks]
    return [Score(lot, points_of(drafted, lot.number), wanted) for lot in lots]


def say_kind(says: Says) -> str:
    """How a question is answered, in words: "Text, at most 500 words"."""
    words = KIND_NAMES[says.kind]
    if says.kind is QuestionKind.EVIDENCE and says.evidence_kind:
        words = f"Evidence: {EVIDENCE_NAMES[says.evidence_kind]}"
    if says.kind is QuestionKind.CHOICE:
        words = f"One of {len(says.options)} options"
    if says.most_words is not None:
        words += f", at most {say_count(says.most_words, 'word')}"
    if says.required:
        words += f"; only “{codes_of(says).get(says.required, says.required)}” passes"
    return f"{words}; may be left out" if says.optional else words


def conditions(asks: Mapping[str, Says]) -> dict[str, str]:
    """By the code of each follow-up, when it is asked, in words."""
    said = {}
    for code, says in asks.items():
        if (parent := asks.get(says.asked_if_code)) is not None:
            answer = codes_of(parent).get(says.asked_if_answer, says.asked_if_answer)
            said[code] = f"Asked after “{answer}” to {says.asked_if_code}"
    return said


def history(versions: Sequence[QuestionVersion]) -> list[dict[str, str]]:
    """A question's versions as a timeline, the newest first."""
    return [
        {
            "what": "No longer asked" if version.withdrawn else f"Version {version.number}",
            "when": say_date(local_date(version.made_at)),
            "note": "" if version.withdrawn else f"{version.wording} ({say_kind(version)})",
        }
        for version in versions
    ]
