"""Around Larkminster's agreements: a conversation, a concern that was closed, a notice of risk."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select

from portal.agreements.conversations.actions import send
from portal.agreements.models import Agreement
from portal.delivery.concerns.actions import acknowledge, add_note, close, raise_concern
from portal.delivery.concerns.rules import Outcome, Safety
from portal.delivery.risks.actions import give
from portal.delivery.risks.rules import About, RiskKind
from portal.demo.stage import Stage, Turn

OFFICER = "virtual-school@larkminster.example"
HEAD, MENTOR = "admin@lanternway.example", "orla@lanternway.example"
TALKED = (
    (
        OFFICER,
        "2026-09-28T11:15",
        "The school asks whether we could move to three from half-term on, because of maths.",
    ),
    (
        "imogen@lanternway.example",
        "2026-09-28T17:40",
        "Three works for me. I will ask on Friday and tell you what they say.",
    ),
    (
        OFFICER,
        "2026-10-01T16:55",
        "Thank you. The school needs to know by Wednesday, please.",
    ),
)


def play(stage: Stage) -> None:
    """From a concern in the middle of September to a message of the evening before."""
    _concern(stage)
    for email, moment, words in TALKED:
        with stage.turn(email, moment) as turn:
            send(turn.session, turn.actor, _agreement(turn, "IA-0001"), words=words, at=turn.at)
    with stage.turn(HEAD, "2026-09-28T08:45") as turn:
        contract = _agreement(turn, "IA-0001")
        give(
            turn.session,
            turn.actor,
            About(contract.council_id, contract.framework_id),
            RiskKind.STAFF,
            words="One of our six mentors does not work with young people for now. Two others "
            "reach their caseload if we place the next two referrals.",
            doing="A seventh mentor starts on 2 November; the enhanced DBS check is back.",
            from_day=date(2026, 9, 28),
            at=turn.at,
        )


def _concern(stage: Stage) -> None:
    """Raised by a mentor, acknowledged within the hour, closed three days later."""
    with stage.turn(MENTOR, "2026-09-15T17:20") as turn:
        concern_id: UUID = raise_concern(
            turn.session,
            turn.actor,
            _agreement(turn, "IA-0009"),
            safety=Safety.SAFE,
            words="Said twice that somebody waits outside the school gate in a car and asks for "
            "a lift. Does not know them.",
            done="Walked with them to the carer's door and told the carer.",
            kept=False,
            at=turn.at,
        ).id
    with stage.turn(OFFICER, "2026-09-15T17:55") as turn:
        acknowledge(
            turn.session,
            turn.actor,
            concern_id,
            told="I have rung the police and the school. The carer collects tomorrow. Please "
            "write down anything more they say, in their words.",
            at=turn.at,
        )
    with stage.turn(OFFICER, "2026-09-16T12:30") as turn:
        words = "The school's cameras have the car. Strategy discussion held at 11am."
        add_note(turn.session, turn.actor, concern_id, words=words, at=turn.at)
    with stage.turn(OFFICER, "2026-09-18T15:10") as turn:
        close(
            turn.session,
            turn.actor,
            concern_id,
            Outcome.POLICE,
            told="The police have spoken to the driver. Somebody meets them at the gate until "
            "half-term. Thank you for acting at once.",
            at=turn.at,
        )


def _agreement(turn: Turn, reference: str) -> Agreement:
    return turn.session.scalars(select(Agreement).where(Agreement.reference == reference)).one()
