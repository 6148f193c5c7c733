"""What a cap leaves, and when it warns or stops (rules.md B21, statement 19). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from portal.kernel.money import Money

WARN_AT_PERCENT = 80


class Room(StrEnum):
    """How a cap stands once a sum is added."""

    CLEAR = "clear"
    NEAR = "near"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class CapState:
    """A cap with what is approved already and what would come on top, all net of VAT."""

    cap: Money
    approved: Money
    added: Money

    @property
    def total(self) -> Money:
        """What would be spent altogether."""
        return self.approved + self.added

    @property
    def over(self) -> Money:
        """By how much the total passes the cap; nothing when it does not."""
        return max(self.total - self.cap, Money(0))

    @property
    def left(self) -> Money:
        """What may still be approved before this sum."""
        return max(self.cap - self.approved, Money(0))

    @property
    def percent(self) -> int:
        """The total as whole per cent of the cap, rounded down."""
        return self.total.pence * 100 // self.cap.pence if self.cap.pence else 100

    def room(self, warn_at_percent: int = WARN_AT_PERCENT) -> Room:
        """Clear below the warning level, near from it on, over beyond the cap itself."""
        if self.over > Money(0):
            return Room.OVER
        if self.total.pence * 100 >= self.cap.pence * warn_at_percent:
            return Room.NEAR
        return Room.CLEAR
