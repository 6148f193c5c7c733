"""What a step is, and where it stands on a case's page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from portal.complaints.handling.forms.case import StepForm
from portal.complaints.handling.queries import Whole

Action = Callable[..., object]
Prepare = Callable[[Session, Whole, Any, date], None]
TIME, SENDER, PEOPLE, AFTER, END = GROUPS = (
    "What is due",
    "Whoever complained",
    "People",
    "What comes of it",
    "End and keep",
)


def _nothing(_session: Session, _whole: Whole, _form: Any, _today: date) -> None:
    return None


@dataclass(frozen=True, slots=True)
class StepPage:
    """One step: ``group`` is where it stands on the case page, ``done`` what is said after it.

    ``writes`` names the field whose text goes to whoever complained, so that its reading age is
    shown. ``prepare`` offers choices that only the database knows, and fills in a first wording.
    """

    group: str
    title: str
    button: str
    done: str
    form: type[StepForm]
    action: Action
    offered: Callable[[Whole], bool]
    lead: str = ""
    writes: str = ""
    prepare: Prepare = _nothing
