"""What a file is, by its content: the few kinds that are taken, and a sentence for the others.

This is not a virus scanner. It lets in what people need to send, whole and of one kind, and
keeps out what runs, unpacks without end, or is two kinds of file at once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from portal.kernel.files import office, photographs, recordings
from portal.kernel.files.refusals import FileRefused, UnknownKind
from portal.kernel.reading.languages import message
from portal.kernel.reading.ways import gettext, language


class FileKind(StrEnum):
    """The kinds of file that are taken."""

    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"
    WORD = "word"
    EXCEL = "excel"
    TEXT = "text"
    MP3 = "mp3"
    M4A = "m4a"
    MP4 = "mp4"

    @property
    def media_type(self) -> str:
        """As it is sent back."""
        return _MEDIA_TYPES[self]

    @property
    def said(self) -> str:
        """As it is called in a sentence."""
        return _SAID.get(self, self.value.upper())

    @property
    def ending(self) -> str:
        """The ending of its name, without the full stop."""
        return _ENDINGS.get(self, self.value)


_MEDIA_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.JPEG: "image/jpeg",
    FileKind.PNG: "image/png",
    FileKind.WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.EXCEL: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.TEXT: "text/plain",
    FileKind.MP3: "audio/mpeg",
    FileKind.M4A: "audio/mp4",
    FileKind.MP4: "video/mp4",
}
_ENDINGS = {
    FileKind.JPEG: "jpg",
    FileKind.WORD: "docx",
    FileKind.EXCEL: "xlsx",
    FileKind.TEXT: "txt",
}
_SAID = {FileKind.WORD: "Word", FileKind.EXCEL: "Excel", FileKind.TEXT: message("plain text")}
DOCUMENTS = (FileKind.PDF, FileKind.WORD, FileKind.EXCEL, FileKind.JPEG, FileKind.PNG)


def say_kinds(kinds: Sequence[FileKind]) -> str:
    """As "PDF, JPEG or PNG", in the reader's language."""
    return language().say_choice([gettext(kind.said) for kind in kinds])


MARKUP = message(
    "This is a web page or a drawing made of code, not a document. Print it to PDF and send that."
)
OLD_OFFICE = message(
    "This is an old Office file, or one with a password. "
    "Save it as .docx or .xlsx without a password, or as PDF."
)
HEIC = message(
    "This is a photo in Apple's own format (HEIC). Save or share it as JPEG and send that, "
    "or take a screenshot of it."
)
BROKEN_PDF = message("This PDF is cut short or damaged. Save it as PDF again and send that.")
ACTIVE_PDF = message(
    "This PDF holds a program or another file inside it. "
    "Print it to PDF, which leaves those out, and send the new one."
)

_SIGNATURES = (
    (b"%PDF-", FileKind.PDF),
    (b"\xff\xd8\xff", FileKind.JPEG),
    (b"\x89PNG\r\n\x1a\n", FileKind.PNG),
    (b"ID3", FileKind.MP3),
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_ZIP, _ZIP_END = b"PK\x03\x04", b"PK\x05\x06"
FURTHEST_ZIP_END = 22 + 65535  # bytes from the end; such a file is a ZIP as well
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif"})
_MARKUP_FIRST = re.compile(r"\s*<(?:[!?]|[a-z][\w:-]*[\s>/])", re.IGNORECASE)
_MARKUP_IN_IT = re.compile(r"<(?:script|iframe|object|embed|svg|html)\b|javascript:", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f]")
_HIDDEN_NAME = re.compile(rb"#([0-9A-Fa-f]{2})")
_ACTIVE = re.compile(
    rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|GoToE|ImportData|SubmitForm)\b"
)
_PDF_VERSION = re.compile(rb"%PDF-[12]\.\d\s")
TAIL = 2048  # bytes in which a PDF says where its contents are, and ends


def recognise(content: bytes, sent_name: str) -> tuple[FileKind, bytes]:
    """The kind of a file that is whole and of one kind, and its bytes as they may be kept.

    Photographs and recordings come out without the place where they were made.
    Raises FileRefused with a sentence for everything else.
    """
    kind = _by_signature(content, sent_name)
    if kind is FileKind.PDF:
        _check_pdf(content)
    elif kind in (FileKind.JPEG, FileKind.PNG):
        content = photographs.without_metadata(content)
    elif kind is FileKind.MP3:
        recordings.check_mp3(content)
    elif kind in (FileKind.M4A, FileKind.MP4):
        content = recordings.without_place(content)
    return kind, content


def _by_signature(content: bytes, sent_name: str) -> FileKind:
    for signature, kind in _SIGNATURES:
        if content.startswith(signature):
            return kind
    if content.startswith(_ZIP):
        return FileKind(office.recognise(content))
    if content.startswith(_OLD_OFFICE):
        raise FileRefused(OLD_OFFICE)
    if content[4:8] == b"ftyp":
        if content[8:12] in _HEIC_BRANDS:
            raise FileRefused(HEIC)
        return FileKind(recordings.recognise(content))
    if recordings.begins_with_frames(content):
        return FileKind.MP3
    return _text(content, sent_name)


def _text(content: bytes, sent_name: str) -> FileKind:
    """Text is taken under a text's name only: as anything else it is something in disguise."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnknownKind from None
    if _CONTROL.search(text):
        raise UnknownKind
    if _MARKUP_FIRST.match(text) or _MARKUP_IN_IT.search(text):
        raise FileRefused(MARKUP)
    if not sent_name.lower().endswith(".txt"):
        raise UnknownKind
    return FileKind.TEXT


def _check_pdf(content: bytes) -> None:
    tail = content[-TAIL:]
    if not _PDF_VERSION.match(content) or b"startxref" not in tail or b"%%EOF" not in tail:
        raise FileRefused(BROKEN_PDF)
    spelt_out = _HIDDEN_NAME.sub(lambda found: bytes([int(found[1], 16)]), content)
    if _ACTIVE.search(spelt_out) or _ZIP_END in content[-FURTHEST_ZIP_END:]:
        raise FileRefused(ACTIVE_PDF)
