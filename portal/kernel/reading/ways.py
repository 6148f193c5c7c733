"""The way in which somebody reads a public page stands in front of its address.

    /young-people/aldermoor                     English
    /cy/young-people/aldermoor                  Welsh
    /ar/large-print/young-people/aldermoor      Arabic, in large print
    /young-people/aldermoor.txt                 plain text, for printing and for braille

So nothing is kept about anybody, no cookie is set, and a link can be given to somebody who needs
it. To the application the front is where it is mounted (WSGI's SCRIPT_NAME): each page has one
rule, and every address that ``url_for`` makes keeps the way it was asked in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from flask import Flask, Response, has_request_context, request
from markupsafe import Markup, escape

from portal.kernel.reading.languages import ENGLISH, LANGUAGES, OTHERS, Language, lazily
from portal.kernel.reading.plain_text import plain_text

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LARGE_PRINT: Final = "large-print"
PLAIN_TEXT: Final = ".txt"
WAY: Final = "portal.way"


@dataclass(frozen=True, slots=True)
class Way:
    """A language, large print or not, as a page or as plain text."""

    language: Language = ENGLISH
    large_print: bool = False
    as_text: bool = False

    @property
    def front(self) -> str:
        """What stands in front of an address that is read in this way."""
        language = "" if self.language is ENGLISH else f"/{self.language.code}"
        return language + (f"/{LARGE_PRINT}" if self.large_print else "")

    def address(self, path: str, query: str = "") -> str:
        """The whole address of a path and its query that is read in this way."""
        whole = self.front + path + (PLAIN_TEXT if self.as_text else "")
        return f"{whole}?{query}" if query else whole

    def in_language(self, language: Language) -> Way:
        """The same in another language."""
        return replace(self, language=language)

    def in_print(self, *, large: bool) -> Way:
        """The same in large print, or not."""
        return replace(self, large_print=large)

    def in_text(self) -> Way:
        """The same as plain text."""
        return replace(self, as_text=True)


def read_way(path: str, sections: Iterable[str]) -> tuple[Way, str] | None:
    """The way that an address asks for and the path behind it; None outside the sections.

    Sections are the first parts of the public pages' paths.
    """
    parts = path.split("/")[1:]
    language = next((other for other in OTHERS if other.code == parts[0]), ENGLISH)
    if language is not ENGLISH:
        parts = parts[1:]
    large_print = parts[:1] == [LARGE_PRINT]
    if large_print:
        parts = parts[1:]
    as_text = bool(parts) and parts[-1].endswith(PLAIN_TEXT)
    if as_text:
        parts[-1] = parts[-1].removesuffix(PLAIN_TEXT)
    if not parts or parts[0] not in sections:
        return None
    return Way(language, large_print, as_text), "/" + "/".join(parts)


class Ways:
    """WSGI middleware: takes the way off the front of a public page's address, and remembers it."""

    def __init__(self, application: WSGIApplication, sections: Iterable[str]) -> None:
        self._application = application
        self._sections = frozenset(sections)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        found = read_way(environ.get("PATH_INFO", ""), self._sections)
        if found is not None:
            way, path = found
            environ[WAY] = way
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + way.front
            environ["PATH_INFO"] = path
        return self._application(environ, start_response)


def way() -> Way | None:
    """How the page that is asked for is to be read; None for a page that is not public."""
    return request.environ.get(WAY) if has_request_context() else None


def language() -> Language:
    """The language of the page that is asked for."""
    current = way()
    return current.language if current else ENGLISH


def gettext(message: str, **values: Any) -> str:
    """A message in the reader's language, with its %(named)s values filled in."""
    said = language().gettext(message)
    return said % values if values else said


def ngettext(one: str, many: str, number: int, **values: Any) -> str:
    """The same for so many of something; %(num)s is the number."""
    return language().ngettext(one, many, number) % {"num": number, **values}


def lazy_gettext(message: str) -> Any:
    """A message for a form's label or error, translated when the page is made."""
    return lazily(gettext, message)


def as_written(words: str) -> Markup:
    """What somebody wrote: translated if it is known words, else marked as English."""
    current = language()
    if current.knows(words):
        return escape(current.gettext(words))
    return Markup('<span lang="en" dir="ltr">{}</span>').format(words)


def init_reading(app: Flask, sections: Iterable[str]) -> None:
    """Offer the pages of these sections in every language and way.

    Templates say ``_("...")``, and ask for ``language()`` and ``reading_way()``.
    """
    app.wsgi_app = Ways(app.wsgi_app, sections)  # type: ignore[method-assign]
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        _message, _message_of_number, newstyle=True
    )
    app.jinja_env.globals.update(
        as_written=as_written,
        language=language,
        languages=LANGUAGES,
        reading_way=lambda: way() or Way(),
    )


def _message(message: str) -> str:
    return language().gettext(message)


def _message_of_number(one: str, many: str, number: int) -> str:
    return language().ngettext(one, many, number)


def finish(response: Response) -> Response:
    """Tell nobody where somebody comes from who goes on from a public page; and answer it as plain
    text where its address asks for that.
    """
    current = way()
    if current is None:
        return response
    response.headers["Referrer-Policy"] = "no-referrer"
    page = response.get_data(as_text=True) if response.mimetype == "text/html" else ""
    if current.as_text and page:
        response.set_data(plain_text(page))
        response.mimetype = "text/plain"
    return response
