"""What the list of mentors is narrowed by."""

from __future__ import annotations

from portal.kernel.fields import TextLine
from portal.kernel.filters import Filters


class MentorFilters(Filters):
    """Mentors whose name begins with this."""

    name = TextLine("Mentor's name", description="How it begins")
