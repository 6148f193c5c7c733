"""Which questions are asked of whom, in which order. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from portal.complaints.rules import About, Answer, Kind

Answers = Mapping[str, Mapping[str, Any]]
"""What was typed at each step, by the names of its fields."""


class Step(StrEnum):
    """One question; its value stands in the address of its page."""

    KIND = "what"
    SAFE = "safe"
    HAPPENED = "happened"
    ABOUT = "about"
    WISH = "wish"
    WHO = "who"
    NAME = "name"
    TELL = "tell"
    ANSWER = "answer"
    CONTACT = "contact"
    HELPER = "helper"
    FILES = "files"
    NEEDS = "needs"


def said(answers: Answers, step: Step, field: str) -> Any:
    """What was answered to one field; None before it was asked."""
    return answers.get(step, {}).get(field)


def is_urgent(answers: Answers) -> bool:
    """Whether they said that they, or somebody else, are not safe now."""
    return asks_safety(answers) and said(answers, Step.SAFE, "safe") == "no"


def asks_safety(answers: Answers) -> bool:
    """Everybody but those who say something nice is asked whether they are safe."""
    return bool(said(answers, Step.KIND, "kind") != Kind.COMPLIMENT)


def is_named(answers: Answers) -> bool:
    """Whether they chose to give their name."""
    return bool(said(answers, Step.NAME, "named") == "yes")


def path(answers: Answers) -> tuple[Step, ...]:
    """The questions to ask, as far as what was answered says.

    Somebody who is not safe is asked only what is needed to reach them.
    """
    urgent, safety = is_urgent(answers), asks_safety(answers)
    about_provider = said(answers, Step.ABOUT, "about") == About.PROVIDER
    reached = said(answers, Step.ANSWER, "answer_by") not in (None, Answer.HERE)
    asked = {
        Step.KIND: True,
        Step.SAFE: safety,
        Step.HAPPENED: True,
        Step.ABOUT: not urgent,
        Step.WISH: safety and not urgent,
        Step.WHO: True,
        Step.NAME: True,
        Step.TELL: is_named(answers) and about_provider and not urgent,
        Step.ANSWER: True,
        Step.CONTACT: reached,
        Step.HELPER: safety and not urgent,
        Step.FILES: not urgent,
        Step.NEEDS: not urgent,
    }
    return tuple(step for step, wanted in asked.items() if wanted)


def step_before(answers: Answers, step: Step) -> Step | None:
    """The question before; None for the first."""
    whole = path(answers)
    place = whole.index(step) if step in whole else 0
    return whole[place - 1] if place else None
