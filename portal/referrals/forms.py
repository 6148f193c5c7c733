"""What the lists of referrals are narrowed by."""

from __future__ import annotations

from portal.kernel.fields import TextLine
from portal.kernel.filters import Choice, Filters
from portal.referrals.rules import REFERRAL_STATE_NAMES


class ReferralFilters(Filters):
    """A council's referrals by state and reference."""

    state = Choice(
        "State",
        everything="Every state",
        choices=[(state.value, name) for state, name in REFERRAL_STATE_NAMES.items()],
    )
    reference = TextLine("Reference", description="How it begins")


class InboxFilters(Filters):
    """What a provider was sent: what is open, or all of it."""

    show = Choice("Show", everything="Open", choices=[("all", "All that came")])
