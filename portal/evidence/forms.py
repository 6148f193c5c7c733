"""What the list of providers is narrowed by."""

from __future__ import annotations

from portal.kernel.fields import TextLine
from portal.kernel.filters import Filters


class ProviderFilters(Filters):
    """Providers whose name begins with this."""

    name = TextLine("Provider's name", description="How it begins")
