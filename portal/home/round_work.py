"""What a round asks of people on their home page: of those who run it, open it, judge it, apply."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session

from portal.frameworks.applications.queries import Begun, begun
from portal.frameworks.applications.rules import STANDING_WORDS, Standing
from portal.frameworks.evaluation.rules import Duty
from portal.frameworks.rounds.models import Round
from portal.frameworks.rounds.queries import reopenings
from portal.frameworks.rounds.reopening import Standing as Nearness
from portal.frameworks.rounds.rules import RoundState, Step, may, openable_from, state
from portal.home import round_queries as queries
from portal.home.rules import Coming, Need, Note, Work, soon
from portal.kernel.local_time import local_date
from portal.kernel.wording import say_count, say_date, say_datetime, say_due


def runner(session: Session, council_id: UUID, person_id: UUID, at: datetime) -> Work:
    """Drafts that open soon, questions, second signatures, evaluations, and the law's clock."""
    rounds = queries.led_rounds(session, council_id)
    by_id = {one.id: one for one in rounds}
    needs = [need for one in rounds if (need := _next(one, at)) is not None]
    for round_id, count in queries.questions_waiting(session, by_id).items():
        asked = by_id[round_id]
        if may(asked, Step.ANSWER, at):
            needs.append(
                _need(
                    f"Answer {say_count(count, 'question')} about {asked.full_title}",
                    url_for("clarifications.index", round_id=round_id),
                    asked.closes_at,
                    at,
                    "To answer",
                    "waiting",
                )
            )
    for round_id, extension in queries.extensions_waiting(session, by_id, person_id).items():
        later = by_id[round_id]
        if may(later, Step.EXTEND, at):
            needs.append(
                _need(
                    f"{extension.asked_by_name} asks that {later.full_title} closes later",
                    url_for("extending.show", round_id=round_id),
                    later.closes_at,
                    at,
                    "To agree",
                    "waiting",
                )
            )
    needs += [
        _need(
            f"{door.asked_by_name} asks to let {door.provider_name} in late",
            url_for("late_doors.index", round_id=door.round_id),
            door.until,
            at,
            "To agree",
            "waiting",
        )
        for door in queries.doors_waiting(session, by_id, person_id)
        if may(by_id[door.round_id], Step.LET_IN_LATE, at)
    ]
    law = _reopening(session, council_id, local_date(at))
    return Work(needs=(*needs, *law.needs), coming=(*_closings(rounds, at), *law.coming))


def _next(round_: Round, at: datetime) -> Need | None:
    """A draft that should open within 60 days, or bids that were opened."""
    now = state(round_, at)
    if now is RoundState.DRAFT and local_date(round_.opens_at) <= soon(local_date(at)):
        late = round_.opens_at < at
        return Need(
            f"Announce {round_.full_title}, or change its dates",
            url_for("rounds.show", round_id=round_.id),
            local_date(round_.opens_at),
            f"to open on {say_datetime(round_.opens_at)}",
            "Overdue" if late else "Draft",
            "bad" if late else "info",
        )
    if round_.opened_at is not None:
        return Need(
            f"Evaluate {round_.full_title}",
            url_for("evaluation.show", opened_id=round_.id),
            local_date(round_.opened_at),
            f"opened on {say_date(local_date(round_.opened_at))}",
            "To go on with",
            "info",
        )
    return None


def _closings(rounds: Sequence[Round], at: datetime) -> list[Coming]:
    return [
        Coming(
            local_date(one.closes_at), f"{one.full_title} closes on {say_datetime(one.closes_at)}."
        )
        for one in rounds
        if state(one, at) in (RoundState.ANNOUNCED, RoundState.OPEN)
    ]


def _reopening(session: Session, council_id: UUID, today: date) -> Work:
    """Open frameworks whose next award the law wants within a year (rules.md B8)."""
    due = reopenings(session, council_id)
    return Work(
        needs=tuple(
            Need(
                f"{framework.title} ends"
                if clock.is_end
                else f"Open {framework.title} to applications again",
                url_for("rounds.index"),
                clock.due,
                f"{say_due(clock.due, today)}, {say_date(clock.due)}",
                "Overdue" if clock.standing(today) is Nearness.LATE else "Within a year",
                "bad" if clock.standing(today) is Nearness.LATE else "warn",
            )
            for framework, clock in due
            if clock.standing(today) is not Nearness.CLEAR
        ),
        coming=tuple(
            Coming(
                clock.due, f"{framework.title} must make its next award by {say_date(clock.due)}."
            )
            for framework, clock in due
            if clock.standing(today) is Nearness.CLEAR
        ),
    )


def opener(session: Session, council_id: UUID, person_id: UUID, at: datetime) -> Work:
    """A key to make before a round is announced, and bids that can be opened."""
    needs, coming = [], []
    for round_, door, has_key in queries.rounds_to_open(session, person_id, council_id):
        openable = openable_from(round_.closes_at, [door] if door else [])
        if not has_key:
            needs.append(
                _need(
                    f"Make your key for opening the bids of {round_.full_title}",
                    url_for("opening_keys.show"),
                    round_.opens_at,
                    at,
                    "Key to make",
                    "warn",
                )
            )
        elif state(round_, at) is RoundState.CLOSED and at >= openable:
            needs.append(
                Need(
                    f"Open the bids of {round_.full_title}, with the second person",
                    url_for("opening.show", round_id=round_.id),
                    local_date(openable),
                    f"since {say_datetime(openable)}",
                    "To open",
                    "waiting",
                )
            )
        elif round_.announced_at is not None:
            coming.append(
                Coming(
                    local_date(openable),
                    f"You can open the bids of {round_.full_title} from {say_datetime(openable)}.",
                )
            )
    return Work(needs=tuple(needs), coming=tuple(coming))


def evaluator(session: Session, council_id: UUID, person_id: UUID) -> Work:
    """Conflicts to declare, applications to score or to moderate."""
    needs, elsewhere = [], []
    for round_, own, scoring in queries.evaluated_rounds(session, person_id, council_id):
        assert round_.opened_at is not None
        day = local_date(round_.opened_at)
        since = f"opened on {say_date(day)}"
        if own.declared_at is None:
            href = url_for("evaluators.declare_form", opened_id=round_.id)
            needs.append(
                Need(
                    f"Declare conflicts in {round_.full_title}",
                    href,
                    day,
                    since,
                    "To declare",
                    "warn",
                )
            )
        elif round_.evaluating_at is None:
            href = url_for("evaluation.show", opened_id=round_.id)
            elsewhere.append(Need(round_.full_title, href, day, since, "Not begun", "neutral"))
        elif own.duty is Duty.MODERATOR and scoring:
            href = url_for("moderating.index", opened_id=round_.id)
            elsewhere.append(Need(round_.full_title, href, day, since, "Being scored", "neutral"))
        elif own.duty is Duty.MODERATOR:
            href = url_for("moderating.index", opened_id=round_.id)
            needs.append(
                Need(f"Moderate {round_.full_title}", href, day, since, "To moderate", "waiting")
            )
        elif own.finished_at is None:
            href = url_for("scoring.index", opened_id=round_.id)
            needs.append(
                Need(f"Score {round_.full_title}", href, day, since, "To score", "waiting")
            )
        else:
            href = url_for("scoring.index", opened_id=round_.id)
            elsewhere.append(Need(round_.full_title, href, day, since, "Scored", "good"))
    return Work(
        needs=tuple(needs),
        elsewhere=tuple(elsewhere),
        notes=(Note("", url_for("rounds.index"), "Rounds"),),
    )


def bids(session: Session, provider_id: UUID, at: datetime) -> Work:
    """Applications to finish, what came of them, and the rounds that can be applied to."""
    needs, elsewhere = [], []
    for one in begun(session, queries.applications(session, provider_id), at=at):
        if one.standing in (Standing.DRAFT, Standing.CHANGED):
            needs.append(_application(one, at, "Submit"))
        elif one.standing is Standing.SUBMITTED:
            elsewhere.append(_application(one, at, "Submitted:"))
    for letter in queries.unsigned_outcomes(session, provider_id):
        day = local_date(letter.sent_at)
        needs.append(
            Need(
                f"Read what came of {letter.round.full_title}",
                url_for("outcomes.show", outcome_id=letter.round_id),
                day,
                f"sent on {say_date(day)}",
                "Outcome",
                "info",
            )
        )
    count, closes_at = queries.not_begun(session, provider_id, at)
    rounds = url_for("opportunities.index")
    coming = []
    if closes_at is not None:
        coming.append(
            Coming(
                local_date(closes_at),
                f"The next round to close does so on {say_datetime(closes_at)}.",
            )
        )
    return Work(
        needs=tuple(needs),
        elsewhere=tuple(elsewhere),
        figures=(("Rounds to apply to", str(count), rounds),) if count else (),
        coming=tuple(coming),
        notes=(
            *(() if count else (Note("", rounds, "Rounds to apply to"),)),
            Note("", url_for("evidence.index"), "Your evidence"),
        ),
    )


def _application(one: Begun, at: datetime, step: str) -> Need:
    words, tone = STANDING_WORDS[one.standing]
    return _need(
        f"{step} {one.application.round.title}, {one.application.round.framework.title}",
        url_for("applications.show", application_id=one.application.id),
        one.until,
        at,
        words,
        tone,
    )


def _need(title: str, href: str, until: datetime, at: datetime, tag: str, tone: str) -> Need:
    """Something to do before a moment, with the hour: a round closes on the minute."""
    day = local_date(until)
    due = f"{say_due(day, local_date(at))}, {say_datetime(until)}"
    return Need(title, href, day, due, tag, tone)
