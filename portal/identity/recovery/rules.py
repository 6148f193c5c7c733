"""How long a way back in stays open, and when a new address is taken. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

STOPPABLE_FOR = timedelta(hours=72)
MOST_LINKS = 3
COUNTED_FOR = timedelta(hours=1)


class LinkKind(StrEnum):
    """What a recovery link lets its holder do."""

    PASSWORD = "password"  # noqa: S105
    SECOND_FACTOR = "second-factor"


LASTS = {
    LinkKind.PASSWORD: timedelta(hours=1),
    LinkKind.SECOND_FACTOR: timedelta(hours=24),
}


def link_works(expires_at: datetime, used_at: datetime | None, at: datetime) -> bool:
    """Whether a link can be used: once, and before it expires."""
    return used_at is None and at < expires_at


def may_send_another(sent: int) -> bool:
    """Whether a person may be sent one more link, after so many in the last hour."""
    return sent < MOST_LINKS


def takes_effect(
    *,
    new_confirmed: bool,
    old_confirmed: bool,
    stoppable_until: datetime,
    at: datetime,
) -> bool:
    """Whether a change of address is made now.

    The new address must have confirmed, always; the old one has either confirmed as well, or
    let its 72 hours pass without stopping the change (somebody may have lost the old mailbox).
    """
    return new_confirmed and (old_confirmed or at >= stoppable_until)
