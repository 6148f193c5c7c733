"""What can be done with a complaint, step by step: its words, its form, and when it is offered.

Each step has one page, made from these tables, and one action behind it.
"""

from __future__ import annotations

from collections.abc import Mapping

from portal.complaints.handling.queries import Whole
from portal.complaints.handling.steps.after import AFTERWARDS
from portal.complaints.handling.steps.due import DUE
from portal.complaints.handling.steps.page import GROUPS, StepPage
from portal.complaints.handling.steps.people import WITH_PEOPLE

__all__ = ["GROUPS", "STEPS", "StepPage", "first_step"]

STEPS: Mapping[str, StepPage] = {**DUE, **WITH_PEOPLE, **AFTERWARDS}


def first_step(whole: Whole) -> str | None:
    """The step that is due: the first that is offered and leads on, if any does."""
    number = whole.stage.number if whole.stage else 0
    undecided = any(point.stage != number for point in whole.points)
    for slug, step in DUE.items():
        if step.offered(whole) and (slug != "finding" or undecided):
            return slug
    return None
