"""What a file holds, as a tree of text that knows its lines."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Scalar:
    """A value as text; ``empty`` when the file gives none."""

    text: str
    line: int
    column: int
    empty: bool


@dataclass(slots=True)
class Items:
    """A list of values."""

    line: int
    column: int
    nodes: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class Keys:
    """Values by their keys, in the file's order."""

    line: int
    column: int
    nodes: dict[str, Node] = field(default_factory=dict)


Node = Scalar | Items | Keys
