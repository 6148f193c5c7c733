"""What a pass phrase must be. Pure."""

from __future__ import annotations

from portal.identity.guessable import is_guessable
from portal.identity.passwords import LONGEST

SHORTEST = 16


def problem_with(phrase: str, *context: str) -> str | None:
    """The sentence that says why a pass phrase will not do; None when it will.

    ``context`` are the names and addresses that somebody who knows the person would try.
    """
    if len(phrase) < SHORTEST:
        return f"Choose a pass phrase of at least {SHORTEST} characters. Four unrelated words do."
    if len(phrase) > LONGEST:
        return f"Choose a pass phrase of at most {LONGEST} characters."
    if is_guessable(phrase, ("Placewell", *context)):
        return "This pass phrase is too easy to guess. Four unrelated words work well."
    return None
