"""A referral as its pages say it: what a provider reads, and nothing that tells who it is for."""

from __future__ import annotations

from portal.frameworks.rules import say_parts
from portal.kernel.wording import say_count, say_date, say_datetime
from portal.referrals.models import Referral
from portal.referrals.rules import AGE_GROUP_NAMES, Route

FLAGS = {"outside_area": "Outside the council's area", "specialist": "Specialist work"}


def summary(referral: Referral) -> list[tuple[str, str]]:
    """The need as rows of (name, words), for the council and for every provider alike."""
    said = [
        ("What is needed", referral.service),
        ("Age group", AGE_GROUP_NAMES[referral.age_group]),
        ("Price band", referral.band),
        ("How much", say_amount(referral)),
        ("First day", say_date(referral.starts_on)),
        (
            "Expected last day",
            say_date(referral.expected_ends_on) if referral.expected_ends_on else "",
        ),
        ("Area", referral.area),
        ("Emergency", referral.emergency_because if referral.emergency else ""),
        ("Also", ". ".join(words for flag, words in FLAGS.items() if getattr(referral, flag))),
        ("Communication needs", referral.communication_needs),
        ("Language needs", referral.language_needs),
        ("Access needs", referral.access_needs),
    ]
    return [(name, words) for name, words in said if words]


def say_deadline(referral: Referral) -> str:
    """Until when answers are awaited; down the ranking, how long each provider has."""
    if referral.route is not Route.RANKING or referral.emergency:
        return say_datetime(referral.respond_by)
    assert referral.tier_hours is not None and referral.tier_size is not None
    hours, many = say_count(referral.tier_hours, "hour"), say_count(referral.tier_size, "provider")
    return f"{hours} for {many} at a time, down the ranking"


def say_amount(referral: Referral) -> str:
    """How much is needed a week and in total, in words."""
    weekly, total = referral.weekly_parts, referral.total_parts
    said = []
    if weekly:
        said.append(f"{say_parts(referral.unit, weekly)} a week")
    if total:
        said.append(f"{'at most ' if weekly else ''}{say_parts(referral.unit, total)} in total")
    return ", ".join(said)
