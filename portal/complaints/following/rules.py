"""How often a reference may be tried, and where a complaint stands in plain words. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from portal.complaints.rules import State
from portal.kernel.reading.ways import lazy_gettext as _

MOST_WRONG = 10
LOCKED_FOR = timedelta(minutes=15)

STATE_WORDS: Mapping[State, Any] = {
    State.RECEIVED: _("We have got it"),
    State.BEING_LOOKED_AT: _("We are looking into it"),
    State.ANSWERED: _("We have answered you"),
    State.CLOSED: _("It is finished"),
    State.WITHDRAWN: _("You took it back"),
}
STATE_MEANS: Mapping[State, Any] = {
    State.RECEIVED: _("Somebody will read it and write to you here."),
    State.BEING_LOOKED_AT: _("Somebody is finding out what happened."),
    State.ANSWERED: _("Read our answer below. If you are not happy with it, write to us here."),
    State.CLOSED: _("You can still write to us here if something is not right."),
    State.WITHDRAWN: _("We have stopped, unless somebody may not be safe."),
}


def digest(reference: str) -> str:
    """What is kept of a reference that was tried, so that a wrong one is not kept as typed."""
    return sha256(reference.encode()).hexdigest()


def is_locked(count: int, since: datetime, at: datetime) -> bool:
    """Whether a reference was tried too often: ten wrong tries shut it for 15 minutes."""
    return count >= MOST_WRONG and at - since < LOCKED_FOR


def counts_afresh(since: datetime, at: datetime) -> bool:
    """Whether the wrong tries before are long enough ago to be forgotten."""
    return at - since >= LOCKED_FOR
