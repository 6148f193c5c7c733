"""What is wrong with the files, each problem at its place, gathered before anything is saved."""

from __future__ import annotations

from dataclasses import dataclass, field

from portal.kernel.wording import say_count

MOST_SHOWN = 50


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One thing to put right. ``file`` counts the files from 0; ``line`` counts from 1."""

    file: int
    line: int
    column: int
    path: str
    sentence: str

    def __str__(self) -> str:
        place = f"{self.path}: " if self.path else ""
        return f"{place}{self.sentence} (line {self.line})"


@dataclass(slots=True)
class Problems:
    """Everything that is wrong, in the order found."""

    found: list[Problem] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.found)

    def add(self, problem: Problem) -> None:
        """Keep one more."""
        self.found.append(problem)

    def sentences(self, names: list[str]) -> list[str]:
        """The first 50 in file order, each with its file, and how many are left."""
        ordered = sorted(set(self.found))
        said = [f"{names[problem.file]}: {problem}" for problem in ordered[:MOST_SHOWN]]
        left = len(ordered) - MOST_SHOWN
        if left > 0:
            said.append(f"And {say_count(left, 'more problem')}.")
        return said


class Refused(Exception):
    """The files are not right, so nothing of them was saved; holds the sentences to show."""

    def __init__(self, sentences: list[str]) -> None:
        self.sentences = sentences
        super().__init__("\n".join(sentences))
