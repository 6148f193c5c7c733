"""Text that is safe to put in a file: no control characters, no live formulas."""

from __future__ import annotations

import unicodedata

_FORMULA_STARTS = frozenset("=+-@\t\r\n\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}") | {
    "\N{FULLWIDTH HYPHEN-MINUS}",
    "\N{FULLWIDTH COMMERCIAL AT}",
    "\N{MINUS SIGN}",
}
_KEPT_CONTROLS = frozenset("\t\n\r")


def plain_text(text: str) -> str:
    """The text without the characters that XML and PDF cannot hold: control characters
    other than tab and line ends, lone surrogates, noncharacters. All else stays literal."""
    return "".join(
        character
        for character in text
        if character in _KEPT_CONTROLS
        or not (
            unicodedata.category(character) in {"Cc", "Cs"}
            or ord(character) & 0xFFFE == 0xFFFE
            or 0xFDD0 <= ord(character) <= 0xFDEF
        )
    )


def safe_cell(text: str) -> str:
    """The text as a spreadsheet may hold it: what a spreadsheet would run as a formula
    (`=`, `+`, `-`, `@`, tab, line end, also after spaces) gets an apostrophe before it.

    Numbers are no text: give them to the writers as numbers and they stay numbers.
    """
    kept = plain_text(text)
    first = kept.lstrip(" \N{NO-BREAK SPACE}")[:1]
    return f"'{kept}" if first in _FORMULA_STARTS and first else kept
