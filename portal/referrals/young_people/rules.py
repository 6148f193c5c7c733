"""What is known of a young person. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.kernel.years import anniversary
from portal.referrals.rules import Unfit

OLDEST = 25  # years; councils look after care leavers until then


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a young person is, and whom to ring."""

    given_name: str
    family_name: str
    date_of_birth: date
    school: str
    contacts: str


def check_birthday(born_on: date, today: date) -> None:
    """Raise Unfit for a day to come, or for somebody too old to be referred."""
    if born_on > today:
        raise Unfit("date_of_birth", "Date of birth must be in the past")
    if anniversary(born_on, OLDEST + 1) <= today:
        raise Unfit("date_of_birth", f"Only people up to {OLDEST} are referred: check the year")
