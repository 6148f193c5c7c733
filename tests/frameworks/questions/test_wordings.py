"""What a set of questions may say, as the builder, a file and a ready-made set are all held to."""

from __future__ import annotations

from typing import Any

import pytest

from portal.evidence.rules import EvidenceKind
from portal.frameworks.questions.rules import Option, QuestionKind
from portal.frameworks.questions.wordings import (
    Drafted,
    Wording,
    code_from,
    faults,
    is_code,
    points_of,
)

AREAS = (Option(code="all", label="Everywhere"), Option(code="part", label="In a part"))


def asks(code: str, kind: QuestionKind, lot: int | None = None, **says: Any) -> Drafted:
    return Drafted(code, lot, Wording(**{"kind": kind, "wording": f"{code}?", **says}))


def after(code: str, answer: str) -> dict[str, Any]:
    return {"asked_if_code": code, "asked_if_answer": answer}


VOLUNTEERS = asks("volunteers", QuestionKind.YES_NO)
IN_LOT_2 = asks("areas", QuestionKind.CHOICE, 2, options=AREAS)


@pytest.mark.parametrize(
    "drafted",
    [
        [VOLUNTEERS, asks("alone", QuestionKind.TEXT, **after("volunteers", "yes"))],
        [VOLUNTEERS, asks("alone", QuestionKind.FILE, 1, **after("volunteers", "no"))],
        [IN_LOT_2, asks("which", QuestionKind.TEXT, 2, **after("areas", "part"))],
        [asks("areas", QuestionKind.CHOICE, options=AREAS, required="all")],
        [asks("cover", QuestionKind.EVIDENCE, evidence_kind=EvidenceKind.PUBLIC_LIABILITY)],
        [asks("how", QuestionKind.TEXT, most_words=500, points=10)],
        [asks("plan", QuestionKind.FILE, points=1)],
        [asks("beds", QuestionKind.NUMBER, optional=True)],
    ],
)  # fmt: skip
def test_what_is_right_has_no_faults(drafted: list[Drafted]) -> None:
    assert faults(drafted) == []


@pytest.mark.parametrize(
    ("wrong", "about", "sentence"),
    [
        (asks("Volunteers", QuestionKind.YES_NO), "code", "A code is small letters"),
        (asks("a" * 41, QuestionKind.YES_NO), "code", "at most 40"),
        (asks("volunteers", QuestionKind.DATE), "code", "Another question has this code"),
        (asks("how", QuestionKind.TEXT, wording=""), "wording", "Write the question"),
        (asks("how", QuestionKind.DATE, most_words=5), "most_words", "Only a text has a limit"),
        (asks("how", QuestionKind.TEXT, most_words=0), "most_words", "between 1 and 5,000 words"),
        (asks("x", QuestionKind.EVIDENCE), "evidence_kind", "Choose the evidence"),
        (
            asks("x", QuestionKind.FILE, evidence_kind=EvidenceKind.ACCOUNTS),
            "evidence_kind", "Only a question for evidence",
        ),
        (asks("x", QuestionKind.CHOICE, options=AREAS[:1]), "options", "between 2 and 30"),
        (asks("x", QuestionKind.CHOICE, options=(*AREAS, AREAS[0])), "options", "of its own"),
        (
            asks("x", QuestionKind.CHOICE, options=(AREAS[0], Option(code="B!", label="b"))),
            "options", "“B!” is not a code",
        ),
        (asks("x", QuestionKind.YES_NO, options=AREAS), "options", "Only a choice has options"),
        (asks("x", QuestionKind.YES_NO, required="maybe"), "required", "one of the answers"),
        (asks("x", QuestionKind.TEXT, required="yes"), "required", "one of the answers"),
        (
            asks("x", QuestionKind.YES_NO, required="yes", optional=True),
            "optional", "cannot be left out",
        ),
        (asks("x", QuestionKind.NUMBER, points=5), "points", "Only a text or a file is scored"),
        (asks("x", QuestionKind.TEXT, points=101), "points", "between 0 and 100"),
        (asks("x", QuestionKind.TEXT, points=5, optional=True), "points", "must be answered"),
        (
            asks("x", QuestionKind.TEXT, points=5, **after("volunteers", "no")),
            "points", "asked of everybody",
        ),
        (
            asks("x", QuestionKind.TEXT, **after("later", "yes")),
            "asked_if_code", "“later”, which is not asked before it",
        ),
        (
            asks("x", QuestionKind.TEXT, **after("x", "yes")),
            "asked_if_code", "not asked before it",
        ),
        (
            asks("x", QuestionKind.TEXT, 1, **after("areas", "all")),
            "asked_if_code", "asked of another lot",
        ),
        (
            asks("x", QuestionKind.TEXT, 2, **after("beds", "4")),
            "asked_if_code", "whose answers cannot be chosen",
        ),
        (
            asks("x", QuestionKind.TEXT, 2, **after("areas", "Everywhere")),
            "asked_if_answer", "an answer to “areas”: all or part",
        ),
        (
            asks("x", QuestionKind.TEXT, asked_if_answer="yes"),
            "asked_if_code", "Choose the question",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field(wrong: Drafted, about: str, sentence: str) -> None:
    (fault,) = faults([VOLUNTEERS, IN_LOT_2, asks("beds", QuestionKind.NUMBER, 2), wrong])
    assert (fault.code, fault.about) == (wrong.code, about)
    assert sentence in fault.sentence


def test_a_change_that_breaks_a_follow_up_is_a_fault_of_the_follow_up() -> None:
    follow_up = asks("alone", QuestionKind.TEXT, **after("volunteers", "yes"))
    (fault,) = faults([asks("volunteers", QuestionKind.NUMBER), follow_up])
    assert fault.code == "alone"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("In a town or city", "in-a-town-or-city"),
        ("  Yes,  we do! ", "yes-we-do"),
        ("How do you keep young people safe, and how do you know that it works?",
         "how-do-you-keep-young-people-safe-and"),
        ("Ελληνικά", ""),
    ],
)  # fmt: skip
def test_a_code_is_made_of_whole_words(text: str, code: str) -> None:
    assert code_from(text) == code
    assert is_code(code) == bool(code)


def test_points_count_for_a_lot_what_everybody_and_its_own_bidders_are_asked() -> None:
    drafted = [
        asks("safe", QuestionKind.TEXT, points=20),
        asks("homes", QuestionKind.TEXT, 1, points=40),
        asks("families", QuestionKind.TEXT, 2, points=30),
    ]
    assert [points_of(drafted, lot) for lot in (1, 2, 3)] == [60, 50, 20]
