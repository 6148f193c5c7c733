"""Photographs without what the camera wrote beside the picture: place, time, device, name.

A young person's photograph carries where they live. Of a JPEG the picture itself, its colours
and which way up it is stay; of a PNG what is needed to show it. What follows the picture's end
goes too, so that a photograph cannot also be another kind of file.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from portal.kernel.files.refusals import FileRefused
from portal.kernel.reading.languages import message

BROKEN = message("This picture is cut short or damaged. Open it, save it again, and send that.")
TOO_MANY_POINTS = message(
    "This picture is far larger than a photograph. Make it smaller and send that."
)
MOST_POINTS = 100_000_000  # width times height

JPEG_START, JPEG_END = b"\xff\xd8", b"\xff\xd9"
PNG_START = b"\x89PNG\r\n\x1a\n"

_APP0, _APP1, _APP2, _APP14, _APP15, _COMMENT = 0xE0, 0xE1, 0xE2, 0xEE, 0xEF, 0xFE
_SCAN, _END = 0xDA, 0xD9
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ORIENTATION = 0x0112
_SHOWN = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT",
     b"pHYs", b"bKGD", b"cICP"}
)  # fmt: skip


def without_metadata(content: bytes) -> bytes:
    """The picture alone. Raises FileRefused when it is damaged, or far too large to show."""
    try:
        return _png(content) if content.startswith(PNG_START) else _jpeg(content)
    except (struct.error, IndexError, ValueError, zlib.error):
        raise FileRefused(BROKEN) from None


def _jpeg(content: bytes) -> bytes:
    kept = [JPEG_START]
    turned = b""
    framed = False
    for marker, segment in _segments(content):
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", segment[5:9])
            _refuse_huge(width, height)
            framed = True
        if marker == _APP1 and segment[4:10] == b"Exif\0\0":
            turned = turned or _way_up(segment[10:])
        elif not _is_metadata(marker, segment):
            kept.append(segment)
    if not framed:
        raise FileRefused(BROKEN)
    if turned:
        kept.insert(1, turned)
    return b"".join(kept)


def _is_metadata(marker: int, segment: bytes) -> bool:
    if marker in (_APP0, _APP14):
        return False
    if marker == _APP2:
        return not segment[4:].startswith(b"ICC_PROFILE\0")
    return _APP1 <= marker <= _APP15 or marker == _COMMENT


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """(marker, whole segment) up to the picture's end; a scan brings its picture data."""
    at = 2
    while True:
        if content[at] != 0xFF:
            raise ValueError
        marker = content[at + 1]
        if marker == 0xFF:  # padding between segments
            at += 1
            continue
        if marker == _END:
            yield marker, JPEG_END
            return
        (length,) = struct.unpack(">H", content[at + 2 : at + 4])
        end = at + 2 + length
        if length < 2 or end > len(content):
            raise ValueError
        if marker == _SCAN:
            end = _end_of_scan(content, end)
        yield marker, content[at:end]
        at = end


def _end_of_scan(content: bytes, at: int) -> int:
    """Where the next marker begins that is neither a stuffed byte nor a restart."""
    while True:
        at = content.index(b"\xff", at)
        following = content[at + 1]
        if following != 0 and not 0xD0 <= following <= 0xD7 and following != 0xFF:
            return at
        at += 1 if following == 0xFF else 2


def _way_up(tiff: bytes) -> bytes:
    """A segment that says only which way up the picture is; nothing when it is as it lies."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return b""
    (start,) = struct.unpack(f"{order}I", tiff[4:8])
    if start + 2 > len(tiff):
        return b""
    (count,) = struct.unpack(f"{order}H", tiff[start : start + 2])
    for place in range(start + 2, min(start + 2 + 12 * count, len(tiff) - 11), 12):
        tag, kind, _many, value = struct.unpack(f"{order}HHIH", tiff[place : place + 10])
        if tag == _ORIENTATION and kind == 3 and 2 <= value <= 8:
            entry = struct.pack(">HHIHH", _ORIENTATION, 3, 1, value, 0)
            said = b"Exif\0\0MM\0*" + struct.pack(">IH", 8, 1) + entry + bytes(4)
            return b"\xff\xe1" + struct.pack(">H", len(said) + 2) + said
    return b""


def _png(content: bytes) -> bytes:
    kept = [PNG_START]
    at = len(PNG_START)
    first = True
    while True:
        length, name = struct.unpack(">I4s", content[at : at + 8])
        end = at + 12 + length
        if end > len(content):
            raise ValueError
        chunk = content[at:end]
        if struct.unpack(">I", chunk[-4:])[0] != zlib.crc32(chunk[4:-4]):
            raise ValueError
        if first:
            if name != b"IHDR":
                raise ValueError
            _refuse_huge(*struct.unpack(">II", chunk[8:16]))
            first = False
        if name in _SHOWN:
            kept.append(chunk)
        if name == b"IEND":
            return b"".join(kept)
        at = end


def _refuse_huge(width: int, height: int) -> None:
    if width * height > MOST_POINTS:
        raise FileRefused(TOO_MANY_POINTS)
    if not width or not height:
        raise ValueError
