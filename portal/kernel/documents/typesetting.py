"""Typst templates to tagged PDF.

Data enter as JSON and are shown by the template as text, so nothing a person typed is ever
markup. Fonts are the vendored ones alone; reads are jailed to the template's own folder.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import typst

from portal.kernel.documents.lettering import drawable, fonts
from portal.kernel.documents.text import plain_text


def typeset(template: Path, data: Mapping[str, Any], *, dated: date) -> bytes:
    """The PDF/UA-1 of a template, which reads `json(bytes(sys.inputs.data))`.

    `data` holds only what JSON does. `dated` stamps the file, so that the same document
    gives the same bytes. Raises typst.TypstError when the template is wrong.
    """
    return typst.compile(
        template,
        root=template.parent,
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(_for_print(data), ensure_ascii=False)},
        pdf_standards="ua-1",
        timestamp=datetime(dated.year, dated.month, dated.day, tzinfo=UTC),
    )


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
