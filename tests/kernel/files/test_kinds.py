"""What files are taken for, and what of them is kept."""

from __future__ import annotations

import pytest

from portal.kernel.files import FileRefused
from portal.kernel.files.keeping import examine
from portal.kernel.files.kinds import DOCUMENTS, FileKind, say_kinds
from portal.kernel.files.names import shown_name
from tests.kernel.files.samples import (
    GPS,
    HONEST,
    chunk,
    exif,
    jpeg,
    mp4,
    png,
    segment,
    upload,
)


@pytest.mark.parametrize(
    ("name", "kind", "shown"),
    [
        ("certificate.pdf", FileKind.PDF, "certificate.pdf"),
        ("photo.jpg", FileKind.JPEG, "photo.jpg"),
        ("scan.png", FileKind.PNG, "scan.png"),
        ("policy.docx", FileKind.WORD, "policy.docx"),
        ("training.xlsx", FileKind.EXCEL, "training.xlsx"),
        ("what happened.txt", FileKind.TEXT, "what happened.txt"),
        ("voice.mp3", FileKind.MP3, "voice.mp3"),
        ("note.mp3", FileKind.MP3, "note.mp3"),
        ("voice.m4a", FileKind.M4A, "voice.m4a"),
        ("film.mp4", FileKind.MP4, "film.mp4"),
    ],
)
def test_honest_files_are_taken_for_what_they_are(name: str, kind: FileKind, shown: str) -> None:
    examined = examine(upload(HONEST[name], name))
    assert (examined.kind, examined.name) == (kind, shown)


def test_content_decides_and_the_name_follows() -> None:
    examined = examine(upload(HONEST["scan.png"], "certificate.pdf"))
    assert (examined.kind, examined.name) == (FileKind.PNG, "certificate-pdf.png")


def test_a_field_takes_only_its_kinds() -> None:
    with pytest.raises(FileRefused, match=r"Send PDF, Word, Excel, JPEG or PNG\.$"):
        examine(upload(HONEST["voice.mp3"], "voice.mp3"), kinds=DOCUMENTS)
    assert say_kinds([FileKind.PDF]) == "PDF"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("photo.jpg", jpeg(segment(0xE1, exif()))),
        ("photo.jpg", jpeg(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + GPS))),
        ("photo.jpg", jpeg(segment(0xED, GPS), segment(0xFE, GPS))),
        ("photo.jpg", jpeg(segment(0xE2, b"MPF\0" + GPS), after=jpeg(segment(0xE1, exif())))),
        ("scan.png", png(chunk(b"eXIf", GPS), chunk(b"tEXt", GPS), chunk(b"iTXt", GPS))),
        ("scan.png", png(after=GPS)),
        ("film.mp4", mp4()),
        ("film.mov", mp4(b"qt  ")),
        ("voice.m4a", mp4(b"M4A ")),
    ],
)
def test_a_picture_or_recording_does_not_tell_where_it_was_made(name: str, content: bytes) -> None:
    assert GPS in content
    examined = examine(upload(content, name))
    assert GPS not in examined.content
    assert b"GPS" not in examined.content


def test_a_photograph_stays_the_way_up_that_it_was_taken() -> None:
    for order in ("<", ">"):
        kept = examine(upload(jpeg(segment(0xE1, exif(6, order=order))), "a.jpg")).content
        assert segment(0xE1, exif(6)[: -len(GPS)]) in kept
    plain = jpeg()
    assert examine(upload(plain, "a.jpg")).content == plain
    assert examine(upload(jpeg(segment(0xE1, exif(1))), "a.jpg")).content == plain


def test_a_recording_keeps_its_length_and_its_sound() -> None:
    sent = mp4()
    kept = examine(upload(sent, "film.mp4")).content
    assert len(kept) == len(sent)
    assert kept.endswith(b"mdatsound")


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\me\\letter.pdf", "letter.pdf"),
        ("letter.pdf.exe", "letter-pdf-exe.pdf"),
        ("invoice\N{RIGHT-TO-LEFT OVERRIDE}fdp.exe", "invoicefdp-exe.pdf"),
        ("a\0b\r\nc.pdf", "ab c.pdf"),
        ("CON.pdf", "file-CON.pdf"),
        ("Letter 01.02.2026.PDF", "Letter 01-02-2026.pdf"),
        ('"; rm -rf.pdf', "rm -rf.pdf"),
        ("=cmd|calc.pdf", "cmd-calc.pdf"),
        ("Übersicht café.pdf", "Übersicht café.pdf"),
        ("", "file.pdf"),
        (".pdf", "file.pdf"),
        ("...", "file.pdf"),
    ],
)
def test_the_name_that_is_shown(sent: str, shown: str) -> None:
    assert shown_name(sent, "pdf") == shown


def test_a_huge_name_is_cut_and_a_jpeg_has_one_ending() -> None:
    assert len(shown_name("x" * 5000 + ".pdf", "pdf")) == 100
    assert shown_name("photo.JPEG", "jpg") == "photo.jpg"
