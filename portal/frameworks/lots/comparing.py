"""Two ways in which something is said, told as what differs. Pure."""

from __future__ import annotations

from textwrap import shorten

Words = dict[str, str]
"""What is said of each thing, by its label."""
Clashes = list[tuple[str, str, str]]
"""Where what is saved differs from what was typed: (label, saved, typed)."""


def differences(before: Words, after: Words) -> str:
    """What changed, as one sentence for each thing; empty where nothing did."""
    said = []
    for label in [*after, *(label for label in before if label not in after)]:
        was, now = before.get(label), after.get(label)
        if was == now:
            continue
        if was is None:
            said.append(f"{label}: {_short(now)}, which is new.")
        elif now is None:
            said.append(f"{label}: no longer.")
        else:
            said.append(f"{label}: {_short(now)} (it was {_short(was)}).")
    return " ".join(said)


def clashes(now: Words, typed: Words) -> Clashes:
    """Where what is saved by now differs from what was typed: (label, saved, typed)."""
    return [
        (label, now.get(label, ""), words)
        for label, words in typed.items()
        if now.get(label, "") != words
    ]


def _short(words: str | None) -> str:
    return shorten(words or "", 200, placeholder="…").rstrip(".")
