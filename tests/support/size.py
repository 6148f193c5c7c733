"""How much a run tries: enough for every day, or with ``make faults`` the promises' figures."""

from __future__ import annotations

import os
from typing import TypeVar

from tests.support.databases import ENGINES

WHOLE = os.environ.get("PORTAL_FAULTS") == "1"
ONE_ENGINE = ENGINES if WHOLE else ("sqlite",)
"""For what takes long and is not about the database: both under ``make faults``."""
Size = TypeVar("Size")


def size(everyday: Size, whole: Size) -> Size:
    """The first in everyday runs, the second in ``make faults``."""
    return whole if WHOLE else everyday
