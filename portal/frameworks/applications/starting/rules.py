"""What an earlier application lends a new one. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from portal.frameworks.questions.rules import CHOSEN, Asks, codes_of


class Wording(Asks, Protocol):
    """A version of a question, as far as it matters whether two ask the same."""

    @property
    def wording(self) -> str: ...
    @property
    def help(self) -> str: ...


def asks_the_same(one: Wording, other: Wording) -> bool:
    """Whether an answer to one version answers the other as well, word for word."""
    return _said(one) == _said(other)


def may_be_lent(one: Wording, other: Wording, value: Any) -> bool:
    """Whether an answer to one version can stand in a draft of the other, to be looked at again."""
    if one.kind is not other.kind:
        return False
    return one.kind not in CHOSEN or value in codes_of(other)


def _said(one: Wording) -> Sequence[Any]:
    return (
        one.kind,
        one.wording,
        one.help,
        one.most_words,
        one.required,
        sorted(codes_of(one).items()),
    )
