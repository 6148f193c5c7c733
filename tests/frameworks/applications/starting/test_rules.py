"""What an earlier answer lends to a later question."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from portal.frameworks.applications.starting.rules import asks_the_same, may_be_lent
from portal.frameworks.questions.rules import Option, QuestionKind


@dataclass(frozen=True)
class Version:
    """A version of a question."""

    kind: QuestionKind = QuestionKind.CHOICE
    wording: str = "Where?"
    help: str = ""
    optional: bool = False
    most_words: int | None = None
    required: str = ""
    options: tuple[Option, ...] = field(
        default=({"code": "in", "label": "Inside"}, {"code": "out", "label": "Outside"})
    )


def test_the_same_words_ask_the_same() -> None:
    one = Version()
    assert asks_the_same(one, Version(options=tuple(reversed(one.options))))
    others = (
        replace(one, wording="Where now?"), replace(one, help="Think"),
        replace(one, required="in"), replace(one, options=one.options[:1]),
        replace(one, most_words=10), replace(one, kind=QuestionKind.TEXT),
    )  # fmt: skip
    assert not any(asks_the_same(one, other) for other in others)


@pytest.mark.parametrize(
    ("later", "value", "lent"),
    [
        (Version(wording="Where now?"), "in", True),
        (Version(options=({"code": "in", "label": "Indoors"},)), "in", True),
        (Version(options=({"code": "in", "label": "Indoors"},)), "out", False),
        (Version(kind=QuestionKind.TEXT), "in", False),
    ],
)
def test_an_answer_is_lent_where_it_can_stand(later: Version, value: str, lent: bool) -> None:
    assert may_be_lent(Version(), later, value) is lent
