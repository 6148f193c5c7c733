"""Questions as YAML: read back as they were written; what is wrong is said with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.frameworks.questions.rules import QuestionKind
from portal.frameworks.questions.sets.files import read_set, write_set
from portal.frameworks.questions.sets.ready_made import NAMES, ready_made
from portal.frameworks.questions.wordings import Fault, faults, points_of
from portal.kernel.entries.problems import Refused

FORMAT = Path(__file__).parents[3] / "docs/questions-format.md"
EVERYBODY, MENTORING, RESIDENTIAL, FOSTERING = NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_ready_made_set_is_right_and_comes_back_as_it_was_written(name: str) -> None:
    found = ready_made()[name]
    assert found.title and found.about
    assert faults(found.drafted) == []
    again = read_set(write_set(found.title, found.drafted).encode())
    assert again.drafted == found.drafted


@pytest.mark.parametrize("name", [MENTORING, RESIDENTIAL, FOSTERING])
def test_with_the_questions_for_everybody_each_set_makes_60_points(name: str) -> None:
    both = [*ready_made()[EVERYBODY].drafted, *ready_made()[name].drafted]
    assert points_of(both, 1) == 60
    assert faults(both) == []


def test_the_format_s_example_reads() -> None:
    _, _, after = FORMAT.read_text().partition("```yaml\n")
    found = read_set(after.partition("```")[0].encode())
    assert [one.says.kind for one in found.drafted] == list(QuestionKind)
    assert found.drafted[1].says.asked_if_answer == "yes", "yes is a word here, not true"
    assert faults(found.drafted) == []


@pytest.mark.parametrize(
    ("content", "sentences"),
    [
        (
            """\
            title: Mine
            questions:
              - code: volunteers
                kind: yes-no
              - code: how
                kind: essay
                asks: How?
                most_word: 5
            """,
            [
                "questions[0].asks: is missing (line 3)",
                'questions[1].kind: "essay" is not one of yes-no, text,',
                'questions[1].most_word: "most_word" is not a key here. Did you mean "most_words"?',
            ],
        ),
        (
            """\
            questions:
              - {code: a, kind: date, asks: When?}
              - {code: a, kind: date, asks: And when?}
            """,
            ["stands more than once in this file (line 2)", "stands more than once"],
        ),
        ("questions: []", ["questions: A file holds between 1 and 300 questions (line 1)"]),
        ("questions: [{code: a, kind: date, asks: [}]", ["This is not YAML"]),
        ("", ["The file is empty"]),
        ("questions: &all [*all]", ["names a part of the file"]),
    ],
)
def test_what_cannot_be_read_is_said_with_its_line(content: str, sentences: list[str]) -> None:
    indent = len(content) - len(content.lstrip())
    plain = "\n".join(line[indent:] for line in content.splitlines())
    with pytest.raises(Refused) as refused:
        read_set(plain.encode())
    assert len(refused.value.sentences) == len(sentences)
    for said, wanted in zip(refused.value.sentences, sentences, strict=True):
        assert wanted in said


def test_a_fault_of_the_rules_is_said_at_its_line_too() -> None:
    content = b"questions:\n  - code: a\n    kind: number\n    asks: How many?\n    points: 5\n"
    found = read_set(content, "mine.yaml")
    refused = found.refused([*faults(found.drafted), Fault("beds", "asked_if_code", "It cannot")])
    elsewhere, own = refused.sentences
    assert elsewhere == "mine.yaml: Beside it the round's question “beds”: It cannot (line 1)"
    assert own.startswith("mine.yaml: questions[0].points: Only a text or a file is scored")
    assert own.endswith("(line 5)")
