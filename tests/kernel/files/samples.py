"""Small honest files of every kind, and the pieces that hostile ones are made of."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

from werkzeug.datastructures import FileStorage

PDF = b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\ntrailer <<>>\nstartxref\n9\n%%EOF\n"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
EXCEL_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
GPS = b"GPSLatitude 53.1 GPSLongitude -1.5"


def upload(content: bytes = PDF, name: str = "Certificate.pdf") -> FileStorage:
    """A file as a browser sends it."""
    return FileStorage(io.BytesIO(content), name)


def packed(
    parts: Mapping[str, bytes], *, method: int = zipfile.ZIP_DEFLATED, level: int = 6
) -> bytes:
    """A ZIP of these parts."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", method, compresslevel=level) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return whole.getvalue()


def content_types(main: str = WORD_TYPE, part: str = "/word/document.xml") -> bytes:
    """The part of an Office file that says what the others are."""
    return (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'content-types"><Override PartName="{part}" ContentType="{main}"/></Types>'
    ).encode()


def word(changed: Mapping[str, bytes] | None = None) -> bytes:
    """A Word file, with other parts or more of them."""
    parts = {
        "[Content_Types].xml": content_types(),
        "_rels/.rels": b"<Relationships/>",
        "word/document.xml": b"<w:document><w:body>Our policy</w:body></w:document>",
    }
    return packed({**parts, **(changed or {})})


def excel(changed: Mapping[str, bytes] | None = None) -> bytes:
    """An Excel file, the same way."""
    parts = {
        "[Content_Types].xml": content_types(EXCEL_TYPE, "/xl/workbook.xml"),
        "_rels/.rels": b"<Relationships/>",
        "xl/workbook.xml": b"<workbook/>",
        "xl/worksheets/sheet1.xml": b"<worksheet/>",
    }
    return packed({**parts, **(changed or {})})


def segment(marker: int, content: bytes) -> bytes:
    """A segment of a JPEG."""
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def exif(turned: int = 1, *, order: str = ">") -> bytes:
    """What a camera writes: which way up, and where."""
    mark = b"MM\0*" if order == ">" else b"II*\0"
    entry = struct.pack(f"{order}HHIHH", 0x0112, 3, 1, turned, 0)
    return b"Exif\0\0" + mark + struct.pack(f"{order}IH", 8, 1) + entry + bytes(4) + GPS


def jpeg(*segments: bytes, after: bytes = b"", width: int = 8) -> bytes:
    """A JPEG with these segments before its picture, and something after its end."""
    frame = segment(0xC0, struct.pack(">BHHB", 8, 8, width, 1) + b"\x01\x11\0")
    scan = segment(0xDA, b"\x01\x01\0\0\x3f\0") + b"\x12\xff\0\x34\xff\xd0\x56"
    jfif = segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")
    return b"\xff\xd8" + jfif + b"".join(segments) + frame + scan + b"\xff\xd9" + after


def chunk(name: bytes, content: bytes) -> bytes:
    """A chunk of a PNG."""
    checked = struct.pack(">I", zlib.crc32(name + content))
    return struct.pack(">I", len(content)) + name + content + checked


def png(*chunks: bytes, after: bytes = b"", width: int = 1) -> bytes:
    """A PNG with these chunks before its picture, and something after its end."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, 1, 8, 0, 0, 0, 0))
    picture = chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + picture + chunk(b"IEND", b"") + after


def box(name: bytes, content: bytes) -> bytes:
    """A box of an MP4."""
    return struct.pack(">I", len(content) + 8) + name + content


def mp4(brand: bytes = b"mp42", *, remarks: bytes = GPS) -> bytes:
    """A recording whose telephone wrote where it was made."""
    told = box(b"udta", box(b"\xa9xyz", remarks))
    track = box(b"trak", box(b"tkhd", bytes(8)) + box(b"meta", remarks))
    return box(b"ftyp", brand + bytes(4)) + box(b"moov", track + told) + box(b"mdat", b"sound")


def mp3(*, title: bool = True) -> bytes:
    """Three frames of silence, with a title before them."""
    frame = b"\xff\xfb\x90\x00" + bytes(413)
    head = b"ID3\x03\0\0\0\0\0\x0aTITLE" + bytes(5) if title else b""
    return head + frame * 3


HONEST = {
    "certificate.pdf": PDF,
    "photo.jpg": jpeg(segment(0xE1, exif(6))),
    "scan.png": png(),
    "policy.docx": word(),
    "training.xlsx": excel(),
    "what happened.txt": "I was left at school — again".encode(),
    "voice.mp3": mp3(),
    "note.mp3": mp3(title=False),
    "voice.m4a": mp4(b"M4A "),
    "film.mp4": mp4(),
}
