"""What happens to a person's ways in, with the words that the record says."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Event(StrEnum):
    """One name per happening."""

    RESET_ASKED = "identity:password:reset-asked"
    PASSWORD_RESET = "identity:password:reset"  # noqa: S105
    FACTORS_REMOVED = "identity:second-factor:removed-by-link"
    ADDRESS_ASKED = "identity:address:change-asked"
    ADDRESS_CONFIRMED = "identity:address:confirmed"
    ADDRESS_CHANGED = "identity:address:changed"
    ADDRESS_STOPPED = "identity:address:stopped"
    NAME_CHANGED = "identity:name:changed"


WORDS: Mapping[str, str] = {
    Event.RESET_ASKED: "Asked for a link to set a new password",
    Event.PASSWORD_RESET: "Set a new password through a link",
    Event.FACTORS_REMOVED: "Removed their second factor through a link",
    Event.ADDRESS_ASKED: "Asked to change their email address",
    Event.ADDRESS_CONFIRMED: "Confirmed a change of email address",
    Event.ADDRESS_CHANGED: "Changed their email address",
    Event.ADDRESS_STOPPED: "Stopped a change of email address",
    Event.NAME_CHANGED: "Changed their name",
}
