"""What the list of learning is narrowed by."""

from __future__ import annotations

from portal.kernel.filters import Choice, Filters


class LearningFilters(Filters):
    """Learning by framework."""

    framework = Choice("Framework", everything="All")
