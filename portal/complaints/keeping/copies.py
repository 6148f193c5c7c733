"""A copy of one case for the person it is about (rules.md C3), with everybody else masked.

Names that the portal knows are masked wherever they stand. It cannot know a name that somebody
wrote in a text and that belongs to nobody in the portal, so the copy says that a person reads it
before it is handed over.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterable, Sequence

from portal.complaints.handling.presenting import (
    facts,
    history,
    people_rows,
    stage_title,
)
from portal.complaints.handling.queries import Whole
from portal.complaints.handling.rules import OUTCOME_NAMES
from portal.kernel.wording import say_datetime

STAFF = "[somebody at work]"
FIRST_LINES = (
    "Names of staff and of other people that the portal knows are replaced. "
    "Before this copy is handed over, somebody reads it for what no computer can know."
)
_SHORTEST = 3  # letters of a part of a name that is masked by itself

Sections = dict[str, list[tuple[str, str]]]


def masked(text: str, names: Iterable[str], own: str | None) -> str:
    """The text with each of these names, whole or a part, replaced; the person's own stays."""
    kept = {part.casefold() for part in re.findall(r"\w+", own or "")}
    words: set[str] = set()
    for name in names:
        parts = [part for part in re.findall(r"[\w'’-]+", name) if len(part) >= _SHORTEST]
        words |= {part for part in [name.strip(), *parts] if part and part.casefold() not in kept}
    if not words:
        return text
    longest_first = sorted(words, key=len, reverse=True)
    pattern = r"\b(?:" + "|".join(map(re.escape, longest_first)) + r")\b"
    said = re.sub(pattern, STAFF, text, flags=re.IGNORECASE)
    return re.sub(rf"{re.escape(STAFF)}(?:\s+{re.escape(STAFF)})+", STAFF, said)


def sections(
    whole: Whole, provider: str | None, learned: Sequence[str], names: Iterable[str]
) -> Sections:
    """All that is kept of a case, in words, with others masked."""
    complaint = whole.complaint
    found: Sections = {
        "What you told us": [
            ("Reference", complaint.reference),
            ("What happened", complaint.what_happened),
            ("What you want to happen", complaint.wished),
        ],
        "Facts": [("Stage", stage_title(whole)), *facts(whole, provider)],
        "Points": [
            (point.words, OUTCOME_NAMES[point.outcome] if point.outcome else "Not decided yet")
            for point in whole.points
        ],
        "Messages": [
            (f"{say_datetime(one.at)}, {STAFF if one.person_id else 'you'}", one.text)
            for one in complaint.messages
        ],
        "People": [(part, fit) for _, part, _, fit in people_rows(whole.people)],
        "Actions": [(one.what, one.owner) for one in whole.promises],
        "Learned": [("Point", words) for words in learned],
        "History": [(one.when, f"{one.what} {one.note}".strip()) for one in history(whole)],
    }
    others = list(names)
    return {
        title: [
            (masked(label, others, complaint.name), masked(text, others, complaint.name))
            for label, text in rows
            if text
        ]
        for title, rows in found.items()
        if rows
    }


def copy_of(content: Sections, files: Sequence[tuple[str, bytes]]) -> bytes:
    """The copy as a ZIP: the same words to read and as data, and the files that came with it."""
    lines = [FIRST_LINES]
    for title, rows in content.items():
        lines += ["", title.upper()]
        lines += [f"{label}: {text}" for label, text in rows]
    data = {
        title: [{"what": label, "words": text} for label, text in rows]
        for title, rows in content.items()
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("complaint.txt", "\r\n".join(lines) + "\r\n")
        archive.writestr("complaint.json", json.dumps(data, ensure_ascii=False, indent=1))
        for number, (name, content_) in enumerate(files, start=1):
            archive.writestr(f"files/{number}-{name}", content_)
    return packed.getvalue()
