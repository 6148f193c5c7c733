"""What the list of providers is narrowed by."""

from __future__ import annotations

from portal.kernel.fields import TextLine
from portal.kernel.filters import Choice, Filters


class ProviderFilters(Filters):
    """Providers by framework and by name."""

    framework = Choice("Framework", everything="All")
    name = TextLine("Provider's name", description="How it begins")
