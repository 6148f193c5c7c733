"""What a provider says of itself when it registers, and how long that waits. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

WAITS_FOR: Final = timedelta(days=7)
MOST_WAITING: Final = 3
"""Registrations that wait at once for one address; more are dropped, so nobody is sent floods."""


@dataclass(frozen=True, slots=True)
class Details:
    """What is said of a provider, and of whoever registers it."""

    name: str
    legal_name: str
    company_number: str | None
    street: str
    city: str
    postcode: str
    person_name: str
    email: str
