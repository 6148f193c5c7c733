"""Voice notes and short films: whole, and without the place where a telephone made them."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from portal.kernel.files.refusals import FileRefused, UnknownKind
from portal.kernel.reading.languages import message

BROKEN = message(
    "This recording is cut short or damaged. Save it again as MP3, M4A or MP4, and send that."
)

_AUDIO_BRANDS = frozenset({b"M4A ", b"M4B "})
_VIDEO_BRANDS = frozenset(
    {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV",
     b"3gp4", b"3gp5", b"3gp6", b"qt  "}
)  # fmt: skip
_HOLDERS = frozenset({b"moov", b"trak", b"mdia", b"moof", b"traf"})
_PLACES = frozenset({b"udta", b"meta", b"uuid"})
_FREE = b"free"
_MOST_BOXES = 5000


def recognise(content: bytes) -> str:
    """Whether a whole file of boxes is an "m4a" or an "mp4".

    Raises UnknownKind when it is neither, FileRefused when it is damaged.
    """
    brand = content[8:12]
    if brand not in _AUDIO_BRANDS | _VIDEO_BRANDS:
        raise UnknownKind
    names = [name for name, _start, _end in _boxes(content)]
    if b"moov" not in names or not {b"mdat", b"moof"} & set(names):
        raise FileRefused(BROKEN)
    return "m4a" if brand in _AUDIO_BRANDS else "mp4"


def without_place(content: bytes) -> bytes:
    """An M4A or MP4 of which the boxes for remarks, and so for places, hold only zeros.

    They keep their length, since a recording finds its sound by distances from the start.
    """
    cleaned = bytearray(content)
    for name, start, end in _boxes(content):
        if name in _PLACES:
            cleaned[start + 4 : start + 8] = _FREE
            cleaned[start + 8 : end] = bytes(end - start - 8)
    return bytes(cleaned)


def _boxes(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    """(name, start, end) of each box, and of those within the boxes that hold others."""
    waiting = [(0, len(content))]
    for _ in range(_MOST_BOXES):
        if not waiting:
            return
        start, limit = waiting.pop()
        if start == limit:
            continue
        name, first, end = _box(content, start, limit)
        yield name, start, end
        waiting.append((end, limit))
        if name in _HOLDERS:
            waiting.append((first, end))
    raise FileRefused(BROKEN)


def _box(content: bytes, start: int, limit: int) -> tuple[bytes, int, int]:
    """(name, where its content begins, its end)."""
    try:
        size, name = struct.unpack_from(">I4s", content, start)
        first = start + 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", content, first)
            first += 8
    except struct.error:
        raise FileRefused(BROKEN) from None
    end = limit if size == 0 else start + size
    if not first <= end <= limit:
        raise FileRefused(BROKEN)
    return name, first, end


def begins_with_frames(content: bytes) -> bool:
    """Whether this is MP3 sound without a title before it."""
    return _frame_length(content, 0) > 0


def check_mp3(content: bytes) -> None:
    """Whether MP3 sound begins where it says. Raises FileRefused."""
    at = 0
    if content.startswith(b"ID3"):
        sizes = content[6:10]
        if len(sizes) < 4 or any(byte > 0x7F for byte in sizes):
            raise FileRefused(BROKEN)
        at = 10 + (sizes[0] << 21 | sizes[1] << 14 | sizes[2] << 7 | sizes[3])
    at += len(content[at:]) - len(content[at:].lstrip(b"\0"))
    for _ in range(2):
        length = _frame_length(content, at)
        if not length:
            raise FileRefused(BROKEN)
        at += length


_BITRATES = (
    (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
)  # thousand bits a second: MPEG 1 layer 3, MPEG 2 and 2.5 layer 3
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


def _frame_length(content: bytes, at: int) -> int:
    """The bytes of the frame of layer 3 sound that begins here; 0 when none does."""
    if len(content) < at + 4:
        return 0
    first, second, third = content[at], content[at + 1], content[at + 2]
    version, layer = second >> 3 & 3, second >> 1 & 3
    if first != 0xFF or second & 0xE0 != 0xE0 or layer != 1 or version not in _RATES:
        return 0
    bitrate, rate = third >> 4, third >> 2 & 3
    if bitrate in (0, 15) or rate == 3:
        return 0
    thousands = _BITRATES[version != 3][bitrate]
    samples = 144 if version == 3 else 72
    return samples * thousands * 1000 // _RATES[version][rate] + (third >> 1 & 1)
