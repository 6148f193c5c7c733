"""A round for specialist homes and fostering: five bids, opened; one council is still to score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from portal.demo.preparing import LEADS, OPENERS, Programme, announce, draft
from portal.demo.stage import Stage, read_played, said_in
from portal.frameworks.applications.submitting.actions import submit
from portal.frameworks.evaluation.compliance import actions as compliance
from portal.frameworks.evaluation.compliance.actions import Verdict
from portal.frameworks.evaluation.compliance.queries import sheets
from portal.frameworks.evaluation.evaluators import actions as evaluators
from portal.frameworks.evaluation.rules import Duty
from portal.frameworks.evaluation.scoring import actions as scoring
from portal.frameworks.evaluation.scoring.actions import Given
from portal.frameworks.evaluation.scoring.queries import papers
from portal.frameworks.opening.actions import give_share
from portal.frameworks.questions.sets.files import read_set
from portal.frameworks.rounds.queries import get_round
from portal.kernel.local_time import local_date

PROGRAMME = Programme(
    framework="HM-CIC-2024",
    title="Fourth round",
    guidance="For specialist homes and specialist fostering only. Providers that have a place in "
    "another category may bid as well.",
    categories=("1b", "2d"),
    made="2026-07-20T09:30",
    announced="2026-07-24T11:00",
    opens="2026-08-03T09:00",
    questions_until="2026-09-04T12:00",
    closes="2026-09-18T12:00",
)
STILL_SCORING = "evaluator@harrowmere.example"
SCORED = ("evaluator@tarnbridge.example", "evaluator@ostleigh.example", "evaluator@fenwold.example")
MODERATOR = "moderator@harrowmere.example"


def play(stage: Stage) -> None:
    """From the announcement to the last day but one of the scoring."""
    played = said_in("homes-bids.yaml")
    said, reasons = played["bids"], played["reasons"]
    asks = read_set(read_played("homes-questions.yaml"), "homes-questions.yaml").drafted
    round_id = announce(stage, PROGRAMME, asks)
    for bid in sorted(said, key=lambda bid: bid["at"]):
        with stage.turn(bid["by"], bid["at"]) as turn:
            whole = draft(turn, round_id, bid["prices"], bid["answers"])
            submit(
                turn.session,
                turn.actor,
                whole,
                seen=whole.state,
                declared_as=bid["declared_as"],
                at=turn.at,
            )
    for opener, moment in zip(OPENERS, ("2026-09-21T09:15", "2026-09-21T10:40"), strict=True):
        with stage.turn(opener, moment) as turn:
            give_share(turn.session, turn.actor, round_id, phrase=stage.phrase)
    _name(stage, round_id)
    _check(stage, round_id)
    for place, evaluator in enumerate(SCORED):
        _score(stage, round_id, evaluator, place, said, reasons)


def _name(stage: Stage, round_id: UUID) -> None:
    for email in (STILL_SCORING, *SCORED, MODERATOR):
        duty = Duty.MODERATOR if email == MODERATOR else Duty.EVALUATOR
        with stage.turn(email, "2026-09-21T14:00") as turn:
            person_id = turn.actor.person_id
            assert person_id is not None
        commissioner = f"commissioner@{email.partition('@')[2]}"
        with stage.turn(commissioner, "2026-09-21T15:00") as turn:
            evaluators.name(turn.session, turn.actor, round_id, person_id, duty, at=turn.at)
        with stage.turn(email, "2026-09-22T09:30") as turn:
            evaluators.declare(turn.session, turn.actor, round_id, conflict=None, at=turn.at)


def _check(stage: Stage, round_id: UUID) -> None:
    with stage.turn(LEADS, "2026-09-23T10:00") as turn:
        round_ = get_round(turn.session, round_id)
        for sheet in sheets(turn.session, round_, local_date(turn.at)):
            compliance.check(
                turn.session,
                turn.actor,
                round_id,
                sheet.applicant.id,
                {part.part: Verdict(True, "") for part in sheet.parts},
                version=sheet.version,
                at=turn.at,
            )
        evaluators.begin(turn.session, turn.actor, round_id, at=turn.at)


def _score(
    stage: Stage,
    round_id: UUID,
    evaluator: str,
    place: int,
    said: Sequence[Any],
    reasons: Mapping[int, str],
) -> None:
    """One council's evaluator gives the scores that stand in this place of each list."""
    with stage.turn(evaluator, f"2026-09-{28 + place}T16:00") as turn:
        assert turn.actor.person_id is not None
        round_, today = get_round(turn.session, round_id), local_date(turn.at)
        given_to = {bid["provider"]: bid["scores"] for bid in said}
        for paper in papers(turn.session, round_, turn.actor.person_id, today):
            scores = given_to[paper.applicant.name]
            given = {
                one.question.id: Given(score, reasons[score])
                for one in paper.answers
                for score in [scores[one.question.code][place]]
            }
            scoring.save(
                turn.session,
                turn.actor,
                round_id,
                paper.applicant.id,
                given,
                version=paper.version,
                at=turn.at,
            )
        scoring.finish(turn.session, turn.actor, round_id, at=turn.at)
