"""How far a round's evaluation is, step by step, as its first page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session

from portal.frameworks.evaluation.compliance.queries import Sheet, sheets
from portal.frameworks.evaluation.evaluators.queries import evaluators
from portal.frameworks.evaluation.models import Evaluator
from portal.frameworks.evaluation.rules import Duty
from portal.frameworks.evaluation.signing.queries import agreements
from portal.frameworks.lots.queries import terms_of
from portal.frameworks.rounds.models import Round
from portal.frameworks.rounds.rules import STATE_NAMES, RoundState, state
from portal.kernel.wording import say_count, say_datetime


@dataclass(frozen=True, slots=True)
class Task:
    """One step: its page once there is one, and how it stands."""

    title: str
    hint: str
    status: str
    tone: str = ""
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole page."""

    state: str
    applications: int
    bids: int
    tasks: tuple[Task, ...]
    missing: tuple[str, ...]
    may_begin: bool
    own: Evaluator | None


_ORDER = (
    RoundState.OPENED,
    RoundState.EVALUATING,
    RoundState.MODERATED,
    RoundState.DECIDED,
    RoundState.STANDSTILL,
    RoundState.CONCLUDED,
)


def overview(
    session: Session, round_: Round, person_id: UUID, *, at: datetime, today: date
) -> Overview:
    """Everything that the page says; constant statements."""
    stands = state(round_, at)
    reached = _ORDER.index(stands) if stands in _ORDER else 0
    parts = evaluators(session, round_.id)
    whole = sheets(session, round_, today)
    least = terms_of(session, round_.framework_id).least_evaluators
    missing = _missing(parts, whole, least)
    waiting = 0
    if reached >= _ORDER.index(RoundState.STANDSTILL):
        waiting = sum(not one.standing.complete for one in agreements(session, round_))
    tasks = (
        _people(round_, parts, least),
        _compliance(round_, whole),
        _scoring(round_, parts, reached),
        _moderation(round_, parts, reached),
        _later(round_, reached, 2, "deciding.index", "Marks, ranking and decisions",
               "Each category in its order, decided with reasons", "Decided"),
        _later(round_, reached, 3, "letters.index", "Letters",
               "Each provider's own marks, and the standstill", "Sent"),
        _signing(round_, reached, waiting, at),
    )  # fmt: skip
    return Overview(
        STATE_NAMES[stands],
        len(whole),
        sum(len(sheet.applicant.bids) for sheet in whole),
        tasks,
        tuple(missing) if stands is RoundState.OPENED else (),
        stands is RoundState.OPENED and not missing,
        next((part for part in parts if part.person_id == person_id), None),
    )


def _missing(parts: list[Evaluator], whole: list[Sheet], least: int) -> list[str]:
    """What keeps the scoring from beginning, in sentences."""
    ready = [part for part in parts if part.part.counts]
    scoring = sum(part.duty is Duty.EVALUATOR for part in ready)
    missing = []
    if scoring < least:
        missing.append(
            f"{say_count(least, 'evaluator')} without a conflict of interest, declared. "
            f"There {'is' if scoring == 1 else 'are'} {scoring}."
        )
    if len(ready) == scoring:
        missing.append("A moderator without a conflict of interest, declared.")
    if waiting := sum(bool(sheet.unchecked) for sheet in whole):
        missing.append(f"The compliance check of {say_count(waiting, 'application')}.")
    return missing


def _people(round_: Round, parts: list[Evaluator], least: int) -> Task:
    live = [part for part in parts if part.ended_at is None]
    scoring = [part for part in live if part.duty is Duty.EVALUATOR]
    moderated = any(part.duty is Duty.MODERATOR for part in live)
    declared = sum(part.declared_at is not None for part in live)
    done = len(scoring) >= least and moderated and declared == len(live)
    return Task(
        "Evaluators and moderator",
        f"{say_count(len(scoring), 'evaluator')}, {'a' if moderated else 'no'} moderator. "
        f"{declared} of {len(live)} declared no conflict of interest.",
        "Done" if done else "To do",
        "" if done else "waiting",
        url_for("evaluators.index", opened_id=round_.id),
    )


def _compliance(round_: Round, whole: list[Sheet]) -> Task:
    done = sum(not sheet.unchecked for sheet in whole)
    failed = sum(bool(sheet.failed) for sheet in whole)
    return Task(
        "Compliance",
        f"{done} of {say_count(len(whole), 'application')} checked. "
        f"{failed} {'has' if failed == 1 else 'have'} parts that failed.",
        "Done" if done == len(whole) else "To do",
        "" if done == len(whole) else "waiting",
        url_for("compliance.index", opened_id=round_.id),
    )


def _scoring(round_: Round, parts: list[Evaluator], reached: int) -> Task:
    scoring = [part for part in parts if part.duty is Duty.EVALUATOR and part.ended_at is None]
    done = sum(part.finished_at is not None for part in scoring)
    hint = f"{done} of {say_count(len(scoring), 'evaluator')} finished. Nobody sees another's."
    if reached < 1:
        return Task("Independent scores", "When the checks are done", "Not yet", "neutral")
    finished = done == len(scoring) or reached > 1
    return Task(
        "Independent scores",
        hint,
        "Done" if finished else "To do",
        "" if finished else "waiting",
        url_for("moderating.index", opened_id=round_.id),
    )


def _moderation(round_: Round, parts: list[Evaluator], reached: int) -> Task:
    begun = any(part.moderating_at and part.ended_at is None for part in parts)
    if reached < 1:
        return Task("Moderation", "When everybody has scored", "Not yet", "neutral")
    return Task(
        "Moderation",
        "One consensus score with its reason for each answer",
        "Done" if reached > 1 else "Begun" if begun else "To do",
        "" if reached > 1 else "waiting",
        url_for("moderating.index", opened_id=round_.id),
    )


def _later(
    round_: Round, reached: int, step: int, endpoint: str, title: str, hint: str, done: str
) -> Task:
    if reached < step:
        return Task(title, hint, "Not yet", "neutral")
    over = reached > step
    return Task(
        title,
        hint,
        done if over else "To do",
        "" if over else "waiting",
        url_for(endpoint, opened_id=round_.id),
    )


def _signing(round_: Round, reached: int, waiting: int, at: datetime) -> Task:
    title = "Signing and places"
    if reached < 4 or round_.standstill_until is None:
        return Task(title, "Signed by each provider, countersigned by each council", "Not yet",
                    "neutral")  # fmt: skip
    href = url_for("signing.index", opened_id=round_.id)
    if reached == 5:
        return Task(title, "The places stand with their prices", "Done", "", href)
    if at < round_.standstill_until:
        until = say_datetime(round_.standstill_until)
        return Task(title, f"The standstill ends on {until}", "Standstill", "info", href)
    hint = f"{say_count(waiting, 'agreement')} not wholly signed" if waiting else "All are signed"
    return Task(title, hint, "To do", "waiting", href)
