"""YAML as a tree of text that knows its lines. No tags, no aliases, no key twice.

The parser's events are taken as they come, since they cost a tenth of PyYAML's own objects and
nothing is built from what a file says: a value is text until a field of the format reads it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from portal.kernel.entries.tree import Items, Keys, Node, Scalar

LARGEST_FILE = 20 * 1024 * 1024
DEEPEST = 12
_NOTHING = frozenset({"~", "null", "Null", "NULL"})


class NotReadable(Exception):
    """The file is not such YAML as the format allows."""

    def __init__(self, sentence: str, line: int = 1, column: int = 0) -> None:
        self.sentence = sentence
        self.line = line
        self.column = column
        super().__init__(sentence)


def parse(content: bytes) -> Node:
    """The one document of a file. Raises NotReadable."""
    if len(content) > LARGEST_FILE:
        raise NotReadable("The file is larger than 20 MB. Split it into several files.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise NotReadable("This is not text in UTF-8. Save the file as UTF-8.", line) from error
    try:
        return _Builder().build(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = error.problem or error.context or "it breaks off"
        raise NotReadable(f"This is not YAML: {said}.", mark.line + 1 if mark else 1) from error
    except yaml.YAMLError as error:
        position = getattr(error, "position", 0) or 0
        line = text.count("\n", 0, position) + 1
        raise NotReadable("This is not YAML: it holds a control character.", line) from error


class _Builder:
    """Turns the parser's events into one tree, without calling itself."""

    def __init__(self) -> None:
        self._open: list[tuple[Items | Keys, Scalar | None]] = []
        self._key: Scalar | None = None
        self._root: Node | None = None

    def build(self, text: str) -> Node:
        documents = 0
        events: Iterator[Any] = yaml.parse(text, Loader=yaml.CSafeLoader)
        for event in events:
            kind = type(event)
            if kind is yaml.ScalarEvent:
                mark = event.start_mark
                self._refuse_marks(event, mark)
                empty = not event.value or (not event.style and event.value in _NOTHING)
                self._value(Scalar(event.value, mark.line + 1, mark.column, empty))
            elif kind is yaml.SequenceStartEvent:
                mark = event.start_mark
                self._refuse_marks(event, mark)
                self._enter(Items(mark.line + 1, mark.column))
            elif kind is yaml.MappingStartEvent:
                mark = event.start_mark
                self._refuse_marks(event, mark)
                self._enter(Keys(mark.line + 1, mark.column))
            elif kind is yaml.SequenceEndEvent or kind is yaml.MappingEndEvent:
                self._leave()
            elif kind is yaml.AliasEvent:
                raise NotReadable(
                    f"*{event.anchor} repeats another part of the file. Write it out here.",
                    event.start_mark.line + 1,
                )
            elif kind is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    raise NotReadable(
                        'A second document begins here. Take out the line "---".',
                        event.start_mark.line + 1,
                    )
        if self._root is None:
            raise NotReadable("The file is empty.")
        return self._root

    @staticmethod
    def _refuse_marks(event: Any, mark: Any) -> None:
        if event.anchor is not None:
            raise NotReadable(
                f"&{event.anchor} names a part of the file. Take the name out.", mark.line + 1
            )
        if event.tag is not None:
            raise NotReadable(f"{event.tag} is a YAML tag. Take it out.", mark.line + 1)

    def _enter(self, node: Items | Keys) -> None:
        if len(self._open) >= DEEPEST:
            raise NotReadable("Lists stand inside one another too deep here.", node.line)
        if self._open and isinstance(self._open[-1][0], Keys) and self._key is None:
            raise NotReadable("A key is plain text, not a list.", node.line)
        self._open.append((node, self._key))
        self._key = None

    def _leave(self) -> None:
        node, self._key = self._open.pop()
        self._value(node)

    def _value(self, node: Node) -> None:
        if not self._open:
            self._root = node
            return
        parent = self._open[-1][0]
        if isinstance(parent, Items):
            parent.nodes.append(node)
        elif self._key is None:
            assert isinstance(node, Scalar)
            if node.text in parent.nodes:
                raise NotReadable(f'The key "{node.text}" stands twice here.', node.line)
            self._key = node
        else:
            parent.nodes[self._key.text] = node
            self._key = None
