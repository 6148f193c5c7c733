"""Safeguarding concerns: whether the young person is safe, the steps, the outcomes. Pure."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

ASKED_AGAIN_AFTER = timedelta(hours=1)
"""While nobody has acknowledged a concern, everybody who may is told again each hour."""


class Safety(StrEnum):
    """What whoever raises a concern knows of the young person's safety at that moment."""

    SAFE = "safe"
    NOT_SURE = "not-sure"
    IN_DANGER = "in-danger"


SAFETY_NAMES = {
    Safety.SAFE: "Yes, they are safe for now",
    Safety.NOT_SURE: "I am not sure",
    Safety.IN_DANGER: "No, and I have called 999 or am about to",
}
SAFETY_TAGS = {
    Safety.SAFE: ("Safe for now", "neutral"),
    Safety.NOT_SURE: ("Perhaps not safe", "warn"),
    Safety.IN_DANGER: ("In danger", "bad"),
}


class ConcernState(StrEnum):
    """Where a concern stands."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"


class Step(StrEnum):
    """What the council does about a concern."""

    ACKNOWLEDGE = "acknowledge"
    CLOSE = "close"


STEPS = {
    (ConcernState.RAISED, Step.ACKNOWLEDGE): ConcernState.ACKNOWLEDGED,
    (ConcernState.ACKNOWLEDGED, Step.CLOSE): ConcernState.CLOSED,
}
STATE_TAGS = {
    ConcernState.RAISED: ("Nobody has acknowledged it yet", "bad"),
    ConcernState.ACKNOWLEDGED: ("Acknowledged", "info"),
    ConcernState.CLOSED: ("Closed", "good"),
}


class Outcome(StrEnum):
    """What came of a concern."""

    SOCIAL_CARE = "social-care"
    POLICE = "police"
    DESIGNATED_OFFICER = "designated-officer"
    SUPPORT = "support"
    PLAN_CHANGED = "plan-changed"
    NOTHING_FURTHER = "nothing-further"


OUTCOME_NAMES = {
    Outcome.SOCIAL_CARE: "Referred to children's social care",
    Outcome.POLICE: "Referred to the police",
    Outcome.DESIGNATED_OFFICER: "Referred to the designated officer (LADO), as it is about "
    "somebody who works with children",
    Outcome.SUPPORT: "Other support was arranged",
    Outcome.PLAN_CHANGED: "The young person's plan was changed",
    Outcome.NOTHING_FURTHER: "Looked into; nothing further is needed",
}
