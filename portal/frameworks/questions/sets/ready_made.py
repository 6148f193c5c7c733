"""The sets that come with the portal. Each is a file beside this module."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from portal.frameworks.questions.sets.files import QuestionSet, read_set

_FOLDER = Path(__file__).parent / "built_in"
NAMES = ("every-provider", "mentoring", "residential", "fostering")


@cache
def ready_made() -> Mapping[str, QuestionSet]:
    """Every set by its name, in the order in which they are offered."""
    return {name: read_set((_FOLDER / f"{name}.yaml").read_bytes()) for name in NAMES}
