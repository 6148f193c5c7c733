"""How else something reaches a council, and on which day it counts as received. Pure."""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum

from portal.kernel.errors import DomainError
from portal.kernel.local_time import local_date, to_utc


class Channel(StrEnum):
    """The way in which it came."""

    TELEPHONE = "telephone"
    LETTER = "letter"
    EMAIL = "email"
    IN_PERSON = "in-person"


CHANNEL_NAMES = {
    Channel.TELEPHONE: "By telephone",
    Channel.LETTER: "By letter",
    Channel.EMAIL: "By e-mail",
    Channel.IN_PERSON: "In person",
}


class NotYetReceived(DomainError):
    """A day that has not come yet."""

    status = 422
    sentence = "The day on which it was received cannot be in the future."


def received_at(day: date, at: datetime) -> datetime:
    """The moment of receipt: now for today, midday in London for a day before.

    The day is day 0 of every clock, whenever it is entered. Raises NotYetReceived.
    """
    today = local_date(at)
    if day > today:
        raise NotYetReceived
    return at if day == today else to_utc(datetime.combine(day, time(12)))
