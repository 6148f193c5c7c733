"""What happens around the opening of bids, each with its words for the record."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Event(StrEnum):
    """What happens around the opening of bids; refusals too."""

    KEY_MADE = "opening:key:made"
    KEY_REPLACED = "opening:key:replaced"
    PHRASE_CHANGED = "opening:key:phrase-changed"
    KEY_REFUSED = "opening:key:refused"
    OPENER_NAMED = "opening:opener:named"
    NAMING_REFUSED = "opening:opener:refused"
    OPENER_TAKEN_BACK = "opening:opener:taken-back"
    SHARE_GIVEN = "opening:share:given"
    REFUSED = "opening:share:refused"
    OPENED = "opening:round:opened"
    APPLICATION_OPENED = "opening:application:opened"
    APPLICATION_ALTERED = "opening:application:altered"
    ESCROW_MADE = "opening:escrow:made"
    ESCROW_DRILLED = "opening:escrow:drilled"
    ESCROW_USED = "opening:escrow:used"
    ESCROW_REFUSED = "opening:escrow:refused"


WORDS: Mapping[str, str] = {
    Event.KEY_MADE: "Made a key for opening bids",
    Event.KEY_REPLACED: "Replaced a key for opening bids",
    Event.PHRASE_CHANGED: "Changed the pass phrase of a key for opening bids",
    Event.KEY_REFUSED: "Was refused a change of their key for opening bids",
    Event.OPENER_NAMED: "Named who opens the bids of a round",
    Event.NAMING_REFUSED: "Was refused to name one person twice for opening bids",
    Event.OPENER_TAKEN_BACK: "Took back who opens the bids of a round",
    Event.SHARE_GIVEN: "Gave their share of a round's key",
    Event.REFUSED: "Was refused to open the bids of a round",
    Event.OPENED: "Opened the bids of a round",
    Event.APPLICATION_OPENED: "Opened an application",
    Event.APPLICATION_ALTERED: "Found an application that was altered since it was received",
    Event.ESCROW_MADE: "Made an escrow key",
    Event.ESCROW_DRILLED: "Drilled the escrow key",
    Event.ESCROW_USED: "Used the escrow key in place of an opener",
    Event.ESCROW_REFUSED: "Was refused the use of the escrow key",
}
