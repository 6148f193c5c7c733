"""The name that a file is shown and sent back under: the person's words, and nothing else of it."""

from __future__ import annotations

import re
import unicodedata

LONGEST_NAME = 100  # characters, the ending included
NOTHING_LEFT = "file"

_SEPARATORS = re.compile(r"[\\/]")
_NOT_IN_A_NAME = re.compile(r"[<>:\"|?*.%;'`$&#~\[\]{}=+@^,!]+")
_SPELT_ALSO = {"jpg": "jpeg"}
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


def shown_name(sent: str, ending: str) -> str:
    """The last part of a sent name as one line of plain characters, with the ending of its kind.

    No folder, no control or direction-changing character, and one full stop: what looked like
    a second ending ("letter.pdf.exe") becomes part of the words before it.
    """
    last = _SEPARATORS.split(sent.rstrip("\\/"))[-1]
    plain = "".join(
        " " if letter.isspace() else letter
        for letter in unicodedata.normalize("NFKC", last)
        if letter.isspace() or unicodedata.category(letter)[0] != "C"
    )
    words, _, own = plain.rpartition(".")
    if own.lower() not in {ending, _SPELT_ALSO.get(ending)}:
        words = plain
    words = _NOT_IN_A_NAME.sub("-", _SEPARATORS.sub("-", words))
    words = re.sub(r"\s+", " ", words).strip(" -_")[: LONGEST_NAME - len(ending) - 1].strip(" -_")
    if _DEVICES.fullmatch(words):
        words = f"{NOTHING_LEFT}-{words}"
    return f"{words or NOTHING_LEFT}.{ending}"
