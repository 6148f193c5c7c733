"""Every event that the portal records has its words."""

from __future__ import annotations

from enum import StrEnum
from importlib import import_module
from pathlib import Path

import portal
from portal.reporting.record.sentences import GROUPS, SENTENCES, say_details, say_event

ROOT = Path(portal.__file__).parent


def events() -> list[StrEnum]:
    """The members of every class named Event in the portal."""
    found: list[StrEnum] = []
    for file in sorted(ROOT.rglob("*.py")):
        if "class Event(StrEnum)" in file.read_text():
            name = ".".join(file.relative_to(ROOT.parent).with_suffix("").parts)
            found += list(import_module(name).Event)
    return found


def test_every_event_has_a_sentence_and_a_group() -> None:
    known = events()
    assert len(known) > 15
    assert [event.value for event in known if event not in SENTENCES] == []
    assert {event.value.split(":")[0] for event in known} == set(GROUPS)


def test_an_unknown_event_is_shown_by_its_code() -> None:
    assert say_event("rounds:round:opened") == "rounds:round:opened"


def test_details_are_figures_in_words() -> None:
    said = say_details(
        {
            "net_pence": 23100,
            "net_pence_before": -5,
            "minutes": 90,
            "minutes_before": 60,
            "present": False,
            "reason": None,
            "changed": ["mode", "minutes"],
            "lines": 4,
        }
    )
    assert said == [
        ("Net", "£231.00"),
        ("Net before", "-£0.05"),
        ("Time", "1.5 hours"),
        ("Time before", "1 hour"),
        ("Present", "No"),
        ("Changed", "mode, minutes"),
        ("Lines", "4"),
    ]
