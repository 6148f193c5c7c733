"""The names that the pages about a framework's set-up show codes by."""

from __future__ import annotations

from typing import Any

from portal.evidence.rules import EVIDENCE_NAMES
from portal.frameworks.lots.categories.forms import CHARGED
from portal.frameworks.lots.rules import METHOD_NAMES, METHOD_WORDS


def words() -> dict[str, Any]:
    """What each page is given besides its own; a blueprint's context processor."""
    return {
        "methods": METHOD_NAMES,
        "method_words": METHOD_WORDS,
        "evidence_names": EVIDENCE_NAMES,
        "charged": CHARGED,
    }
