"""Every message that the public pages say, found in their templates and modules."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any, Final

from babel.messages.extract import extract

PORTAL: Final = Path(__file__).parents[2]
SOURCES: Final = (
    "templates/_kit/public*.html",
    "templates/_kit/forms.html",
    "templates/complaints/guidance/*.html",
    "templates/complaints/making/*.html",
    "templates/complaints/following/*.html",
    "kernel/files/*.py",
    "complaints/*.py",
    "complaints/guidance/*.py",
    "complaints/making/*.py",
    "complaints/following/*.py",
)
KEYWORDS: Final[dict[str, Any]] = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "message": None,
    "FileRefused": None,
}


def messages() -> list[str]:
    """The English of each message once, in order."""
    found: set[str] = set()
    for pattern in SOURCES:
        for path in sorted(PORTAL.glob(pattern)):
            found.update(_in(path))
    return sorted(found)


def _in(path: Path) -> set[str]:
    method = "python" if path.suffix == ".py" else "jinja2.ext:babel_extract"
    options = {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}
    source = BytesIO(path.read_bytes())
    found = extract(method, source, keywords=KEYWORDS, options=options)
    return {words for _line, words, _comments, _context in found if isinstance(words, str)}
