"""The vendored fonts (Inter, OFL) and which characters they can draw.

PDF/UA-1 refuses a file with an undrawable character, so such characters are replaced by
a question mark before a document is typeset; UBL, CSV and XLSX keep them as they are.
"""

from __future__ import annotations

import struct
import unicodedata
from functools import cache
from pathlib import Path

FONT_FOLDER = Path(__file__).parent / "fonts"
_REPLACEMENT = "?"
_SPACES = frozenset("\t\n\r")
_SEGMENTED_COVERAGE = 12  # the cmap subtable format that lists (first, last, glyph) groups


def drawable(text: str) -> str:
    """The text, composed (NFC), with "?" for each character that the fonts cannot draw."""
    drawn = _drawn_characters()
    return "".join(
        character if character in _SPACES or ord(character) in drawn else _REPLACEMENT
        for character in unicodedata.normalize("NFC", text)
    )


@cache
def _drawn_characters() -> frozenset[int]:
    """The code points that every vendored font maps to a glyph."""
    return frozenset.intersection(
        *(_mapped(font.read_bytes()) for font in sorted(FONT_FOLDER.glob("*.otf")))
    )


def _mapped(font: bytes) -> frozenset[int]:
    """The code points of an OpenType file's segmented-coverage `cmap` subtable."""
    tables = struct.unpack_from(">H", font, 4)[0]
    cmap = next(
        offset
        for tag, _, offset, _ in (
            struct.unpack_from(">4s3I", font, 12 + 16 * index) for index in range(tables)
        )
        if tag == b"cmap"
    )
    subtables = struct.unpack_from(">H", font, cmap + 2)[0]
    for index in range(subtables):
        start = cmap + struct.unpack_from(">I", font, cmap + 8 + 8 * index)[0]
        if struct.unpack_from(">H", font, start)[0] == _SEGMENTED_COVERAGE:
            groups = struct.unpack_from(">I", font, start + 12)[0]
            return frozenset(
                code
                for group in range(groups)
                for first, last, _ in [struct.unpack_from(">3I", font, start + 16 + 12 * group)]
                for code in range(first, last + 1)
            )
    raise ValueError("the font has no segmented-coverage character map")
