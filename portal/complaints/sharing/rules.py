"""What may be shared, and how a provider's own complaints are sorted (rules.md A11). Pure."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from portal.kernel.errors import DomainError
from portal.kernel.working_days import Deadline, add_working_days

ANSWER_DAYS = 5
"""Working days that a provider is given, unless the council says another day."""


class Category(StrEnum):
    """What a complaint that came to the provider was about; never who or which child."""

    QUALITY = "quality"
    STAFF = "staff"
    MISSED = "missed"
    COMMUNICATION = "communication"
    SAFETY = "safety"
    HOME = "home"
    OTHER = "other"


CATEGORY_NAMES = {
    Category.QUALITY: "How good the support was",
    Category.STAFF: "How somebody behaved",
    Category.MISSED: "Missed or late sessions",
    Category.COMMUNICATION: "How we kept in touch",
    Category.SAFETY: "Safety",
    Category.HOME: "The home or the place",
    Category.OTHER: "Something else",
}


class NotAgreed(DomainError):
    """The sender did not say that the provider may know who they are."""

    status = 422


def answer_by(shared_on: date) -> Deadline:
    """The day by which a provider is asked to answer, five working days on."""
    return add_working_days(shared_on, ANSWER_DAYS)


def refuse_sharing(*, agreed: bool, name: bool, words: bool) -> None:
    """Raises NotAgreed when the name or the sender's own words would go without agreement."""
    if (name or words) and not agreed:
        raise NotAgreed(
            "The sender did not agree that the provider may know who they are, so neither their "
            "name nor their own words can be shared. Share your summary alone"
        )
