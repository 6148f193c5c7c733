"""Typst templates to tagged PDF.

Data enter as JSON and are shown by the template as text, so nothing a person typed is ever
markup. Fonts are the vendored ones alone; reads are jailed to the template's own folder.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from portal.kernel.documents.lettering import FONT_FOLDER, drawable
from portal.kernel.documents.text import plain_text

_PRESS = Path(__file__).parent / "press.py"
_LONGEST_SECONDS = 60


class TypesettingFailed(RuntimeError):
    """The template is wrong, or the document took too long."""


def typeset(template: Path, data: Mapping[str, Any], *, dated: date) -> bytes:
    """The PDF/UA-1 of a template, which reads `json(bytes(sys.inputs.data))`.

    `data` holds only what JSON does. `dated` stamps the file, so that the same document
    gives the same bytes. Raises TypesettingFailed.
    """
    job = {
        "template": str(template),
        "root": str(template.parent),
        "fonts": str(FONT_FOLDER),
        "data": _for_print(data),
        "dated": dated.isoformat(),
    }
    try:
        done = subprocess.run(  # noqa: S603 - our own script, everything else on stdin
            [sys.executable, "-I", str(_PRESS)],
            input=json.dumps(job).encode(),
            capture_output=True,
            check=False,
            timeout=_LONGEST_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise TypesettingFailed(f"{template.name} took too long") from error
    if done.returncode:
        raise TypesettingFailed(done.stderr.decode(errors="replace").strip())
    return done.stdout


def _for_print(value: Any) -> Any:
    """The value with every text in it made drawable, at any depth."""
    match value:
        case str():
            return drawable(plain_text(value))
        case Mapping():
            return {key: _for_print(held) for key, held in value.items()}
        case list() | tuple():
            return [_for_print(held) for held in value]
        case _:
            return value
