"""Lanternway's sessions of the day, and what it writes of its terms, in each state."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.agreements.models import Agreement, Mentor
from portal.agreements.queries import get_agreement
from portal.delivery.outcomes.actions import score_start
from portal.delivery.outcomes.rules import Indicator
from portal.delivery.plans.actions import make_plan
from portal.delivery.plans.rules import Pattern
from portal.delivery.reports.deciding.actions import decide
from portal.delivery.reports.queries import get_paper
from portal.delivery.reports.rules import ReportStep, Written
from portal.delivery.reports.writing.actions import save_draft, submit
from portal.delivery.rules import Mode
from portal.delivery.terms.actions import add_term
from portal.demo.stage import Stage, Turn, said_in

OFFICER = "virtual-school@larkminster.example"
FRIDAY = 4
TERMS = (
    ("Summer term 2026", date(2026, 4, 13), date(2026, 7, 22)),
    ("Autumn term 2026", date(2026, 9, 2), date(2026, 12, 18)),
)
PLANS = (
    ("IA-0006", "Imogen Hartsease", "imogen@lanternway.example", time(11), 120),
    ("IA-0007", "Kofi Saltmarsh", "kofi@lanternway.example", time(10), 120),
)


def play(stage: Stage) -> None:
    """The council's terms, what is written of them, and Fridays of the next weeks."""
    term_ids: dict[str, UUID] = {}
    with stage.turn(OFFICER, "2026-01-12T09:40") as turn:
        for name, first, last in TERMS:
            made = add_term(
                turn.session, turn.actor, name=name, first_day=first, last_day=last, at=turn.at
            )
            term_ids[name] = made.id
    for term, reports in said_in("reports.yaml").items():
        for reference, one in reports.items():
            _report(stage, reference, term_ids[term], one)
    for reference, name, email, start, minutes in PLANS:
        with stage.turn(email, "2026-09-30T18:30") as turn:
            pattern = Pattern(
                first=date(2026, 10, 2),
                last=date(2026, 10, 16),
                weekdays=frozenset({FRIDAY}),
                start=start,
                minutes=minutes,
                mentor_id=_mentor(turn, name),
                mode=Mode.FACE_TO_FACE,
            )
            agreement = get_agreement(turn.session, _agreement(turn, reference).id)
            make_plan(turn.session, turn.actor, agreement, pattern, pattern.days(), at=turn.at)


def _report(stage: Stage, reference: str, term_id: UUID, said: Mapping[str, Any]) -> None:
    """Scored at the start, written, and as far as it went: submitted, accepted or returned."""
    if "start" in said:
        with stage.turn(said["by"], said["began"]) as turn:
            score_start(
                turn.session, turn.actor, _agreement(turn, reference), _scores(said["start"]),
                version=0, at=turn.at,
            )  # fmt: skip
    with stage.turn(said["by"], said["written"]) as turn:
        agreement_id = _agreement(turn, reference).id
        written = Written(
            said.get("activity", ""),
            said.get("progress", ""),
            said.get("plans", ""),
            _scores(said.get("scores", {})),
        )
        paper = get_paper(turn.session, agreement_id, term_id)
        save_draft(turn.session, turn.actor, paper, written, version=0, at=turn.at)
        if said["state"] == "draft":
            return
        paper = get_paper(turn.session, agreement_id, term_id)
        sent = submit(turn.session, turn.actor, paper, version=1, at=turn.at).number
    if said["state"] == "submitted":
        return
    with stage.turn(OFFICER, said["decided"]) as turn:
        paper = get_paper(turn.session, agreement_id, term_id)
        step = ReportStep.ACCEPT if said["state"] == "accepted" else ReportStep.RETURN
        decide(
            turn.session, turn.actor, paper, step, because=said.get("because", ""), number=sent,
            at=turn.at,
        )  # fmt: skip


def _scores(said: Mapping[str, int]) -> dict[Indicator, int]:
    return {Indicator(code): score for code, score in said.items()}


def _agreement(turn: Turn, reference: str) -> Agreement:
    return turn.session.scalars(select(Agreement).where(Agreement.reference == reference)).one()


def _mentor(turn: Turn, name: str) -> UUID:
    return turn.session.scalars(select(Mentor.id).where(Mentor.name == name)).one()
