"""What happens to bank accounts, and its words."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Event(StrEnum):
    """What happens to bank accounts."""

    PROPOSED = "invoicing:bank-account:proposed"
    CONFIRMED = "invoicing:bank-account:confirmed"
    VERIFIED = "invoicing:bank-account:verified"
    REFUSED = "invoicing:bank-account:refused"
    STOPPED = "invoicing:bank-account:stopped"
    HOLD_SET = "invoicing:bank-account:hold-set"


WORDS: Mapping[str, str] = {
    Event.PROPOSED: "Asked for a change of bank account",
    Event.CONFIRMED: "Confirmed a change of bank account",
    Event.VERIFIED: "Verified a change of bank account by a call back",
    Event.REFUSED: "Did not verify a change of bank account",
    Event.STOPPED: "Stopped a change of bank account",
    Event.HOLD_SET: "Set how long a changed bank account is held",
}
