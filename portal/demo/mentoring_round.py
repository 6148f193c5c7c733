"""A round for mentors, open on the demonstration's first day: asked about, and half applied to."""

from __future__ import annotations

from uuid import UUID

from portal.demo.preparing import LEADS, Programme, announce, draft
from portal.demo.stage import Stage, said_in
from portal.frameworks.questions.sets.ready_made import ready_made
from portal.frameworks.rounds.clarifications import actions as clarifications
from portal.frameworks.rounds.queries import get_round

PROGRAMME = Programme(
    framework="HM-MENTOR-2027",
    title="First round",
    guidance="Bid for either category or for both. We would rather read half a page about what you "
    "do than three about what you intend.",
    categories=("1a", "1b"),
    made="2026-09-02T10:00",
    announced="2026-09-07T12:00",
    opens="2026-09-14T09:00",
    questions_until="2026-10-16T12:00",
    closes="2026-10-30T12:00",
)
ANSWERED = "May a mentor work with brothers and sisters of the same family?"
ANSWER = (
    "Yes, where each of them wants it. Each has an agreement of their own, and time alone with the "
    "mentor."
)
WAITING = (
    "Our hourly rate covers travel within 15 miles. May we state another rate beyond that, or is "
    "one price for the whole area expected?"
)


def play(stage: Stage) -> None:
    """From the announcement to two days before the demonstration begins."""
    sets = ready_made()
    asks = [*sets["every-provider"].drafted, *sets["mentoring"].drafted]
    round_id = announce(stage, PROGRAMME, asks)
    by = "bids@lanternway.example"
    clarification_id = _ask(stage, round_id, by, "2026-09-16T15:10", ANSWERED)
    with stage.turn(LEADS, "2026-09-18T09:40") as turn:
        round_ = get_round(turn.session, round_id)
        clarifications.publish(
            turn.session,
            turn.actor,
            round_,
            clarification_id,
            asked=ANSWERED,
            answer=ANSWER,
            at=turn.at,
        )
    said = said_in("mentoring-draft.yaml")
    with stage.turn(by, "2026-09-24T16:20") as turn:
        draft(turn, round_id, said["prices"], said["answers"])
    _ask(stage, round_id, "finance@kitefield.example", "2026-09-30T11:05", WAITING)


def _ask(stage: Stage, round_id: UUID, by: str, moment: str, asked: str) -> UUID:
    with stage.turn(by, moment) as turn:
        round_ = get_round(turn.session, round_id)
        made = clarifications.ask(
            turn.session, turn.actor, round_, asked=asked, topic=None, at=turn.at
        )
        return made.id
