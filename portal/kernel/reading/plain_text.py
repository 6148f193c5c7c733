"""A page as plain text, 40 characters to a line: what a braille printer's line holds.

It has one idea per line group, headings in words and without marks, list items that begin with a
dash, and no pictures, buttons or links; every number and address is in the words already.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from textwrap import fill
from typing import Any, Final

LINE: Final = 40  # characters; the cells of a common braille line
BLOCKS: Final = frozenset({"h1", "h2", "h3", "p", "li", "dt", "dd", "td", "th", "caption"})
LEFT_OUT: Final = frozenset({"svg", "form", "nav", "script", "button"})


def plain_text(markup: str) -> str:
    """The words of a page's main part.

    An element with the attribute data-screen-only is left out.
    """
    from lxml import html  # 4 MB, for the processes that are asked for plain text

    (main,) = html.fromstring(markup).xpath("//main")
    return "\n".join(_lines(main)).strip() + "\n"


def _lines(element: Any) -> Iterator[str]:
    for child in element:
        if not isinstance(child.tag, str) or child.tag in LEFT_OUT:
            continue
        if "data-screen-only" in child.attrib:
            continue
        if child.tag in BLOCKS and not any(
            inner.tag in BLOCKS for inner in child.iterdescendants()
        ):
            yield from _block(child)
        else:
            yield from _lines(child)


def _block(element: Any) -> Iterator[str]:
    words = re.sub(r"\s+", " ", element.text_content()).strip()
    if not words:
        return
    if element.tag in {"h1", "h2", "h3"}:
        yield from ("", fill(words, LINE), "")
    elif element.tag == "li":
        yield fill(words, LINE, initial_indent="- ", subsequent_indent="  ")
    else:
        yield from (fill(words, LINE), "")
