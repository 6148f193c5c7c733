"""Word and Excel files: real ones, of sensible size, with nothing in them that runs.

Such a file is a ZIP of XML parts, which is where bombs, outside entities and macros hide. It is
looked through with limits before anything else unpacks it.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from portal.kernel.files.refusals import FileRefused
from portal.kernel.reading.languages import message

MOST_PARTS = 2000
MOST_UNPACKED = 60 * 1024 * 1024  # bytes
MOST_RATIO = 200  # unpacked to packed
SMALL_ENOUGH = 1024 * 1024  # bytes, below which the ratio says nothing

NOT_OFFICE = message(
    "This is a ZIP or another packed file. Send what is in it, each as PDF, Word, Excel or a photo."
)
TOO_LARGE = message(
    "This file is much larger inside than a document can be. Save it as PDF and send that."
)
DAMAGED = message("This file is damaged. Open it in Word or Excel, save it again, and send that.")
ACTIVE = message(
    "This file holds macros, another file, or links to outside data. "
    "Save it as .docx or .xlsx without them, or as PDF, and send that."
)

_MAIN_PARTS = {
    "word/document.xml": (
        "word",
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    ),
    "xl/workbook.xml": (
        "excel",
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    ),
}
_CONTENT_TYPES = "[Content_Types].xml"
_END, _END_RECORD = b"PK\x05\x06", slice(-22, None)  # the last bytes, when no comment follows
_ACTIVE_NAME = re.compile(
    r"vba|macrosheets|activex|embeddings/|externallinks/|customui|attachedtemplate|\.(?:bin|exe|js|"
    r"vbs|hta|html?|svg|zip|jar|docm|xlsm|ole)$",
    re.IGNORECASE,
)
_PRINTER_SETTINGS = re.compile(r"xl/printerSettings/printerSettings\d+\.bin")
_ENTITIES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_OUTSIDE = re.compile(
    rb"attachedTemplate|relationships/(?:oleObject|frame|subDocument|externalLink|package|control)"
)
_ACTIVE_FIELD = re.compile(
    rb"""(?:<w:instrText[^>]*>|w:instr=["'])\s*(?:DDE|DDEAUTO|INCLUDETEXT)\b""", re.IGNORECASE
)
_MACRO_TYPES = re.compile(rb"macroEnabled|vbaProject|ms-office\.activeX", re.IGNORECASE)
_PACKED = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"MZ", b"\x7fELF", b"\x1f\x8b", b"Rar!", b"7z\xbc")


def recognise(content: bytes) -> str:
    """Whether it is "word" or "excel".

    Raises FileRefused for any other ZIP, and for one that is not to be trusted.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_directory(archive, content)
            return _check_parts(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError, OverflowError):
        raise FileRefused(DAMAGED) from None


def _check_directory(archive: zipfile.ZipFile, content: bytes) -> None:
    """Names, number and sizes as the directory tells them; nothing is unpacked for it."""
    parts = archive.infolist()
    names = [part.filename for part in parts]
    if _CONTENT_TYPES not in names or not _MAIN_PARTS.keys() & set(names):
        raise FileRefused(NOT_OFFICE)
    if min(part.header_offset for part in parts) or not content[_END_RECORD].startswith(_END):
        raise FileRefused(DAMAGED)  # something lies before its beginning or after its end
    if len({name.lower() for name in names}) < len(names):
        raise FileRefused(DAMAGED)
    if any(_leads_out(name) for name in names) or any(part.flag_bits & 1 for part in parts):
        raise FileRefused(DAMAGED)
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED:
        raise FileRefused(TOO_LARGE)
    if unpacked > SMALL_ENOUGH and unpacked > MOST_RATIO * packed:
        raise FileRefused(TOO_LARGE)
    if packed > len(content):
        raise FileRefused(DAMAGED)


def _leads_out(name: str) -> bool:
    return (
        name.startswith("/")
        or "\\" in name
        or ":" in name
        or "\0" in name
        or ".." in name.split("/")
    )


def _check_parts(archive: zipfile.ZipFile) -> str:
    """Unpack each part, never more of it than the directory told, and look what is in it."""
    kinds = archive.read(_CONTENT_TYPES)
    if _MACRO_TYPES.search(kinds):
        raise FileRefused(ACTIVE)
    for part in archive.infolist():
        name = part.filename
        if _ACTIVE_NAME.search(name) and not _PRINTER_SETTINGS.fullmatch(name):
            raise FileRefused(ACTIVE)
        _check_part(name, archive.read(part))
    for name, (kind, media_type) in _MAIN_PARTS.items():
        if name in archive.namelist() and media_type in kinds:
            return kind
    raise FileRefused(NOT_OFFICE)


def _check_part(name: str, content: bytes) -> None:
    if content.startswith(_PACKED):
        raise FileRefused(ACTIVE)
    if not name.endswith((".xml", ".rels")):
        return
    if content.startswith((b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")):
        content = content.replace(b"\0", b"")
    if _ENTITIES.search(content):
        raise FileRefused(DAMAGED)
    if name.endswith(".rels") and _OUTSIDE.search(content):
        raise FileRefused(ACTIVE)
    if name.startswith("word/") and _ACTIVE_FIELD.search(content):
        raise FileRefused(ACTIVE)
