"""What every page has in common: templates, the kit, headers, compression.

`init_pages(app)` is all that the application calls. It prepares Jinja (the macros of
templates/_kit are globals, so that a fragment rendered alone sees them), serves the
static files, and puts the security headers on every answer.
"""

from __future__ import annotations

import gzip
import io
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Final
from uuid import uuid4

from flask import Flask, Response, request
from flask_wtf.csrf import generate_csrf
from jinja2 import StrictUndefined
from jinja2.environment import TemplateModule
from jinja2.runtime import Macro
from markupsafe import Markup

from portal.kernel import wording
from portal.kernel.form_controls import control_of, error_links
from portal.kernel.reading.ways import finish, init_reading
from portal.kernel.static_files import StaticFiles, read_tree

PRODUCT_NAME: Final = "Placewell"

KIT: Final = ("words", "forms", "lists", "tables", "work", "plot")

SAID: Final = (
    "say_date",
    "say_day",
    "say_datetime",
    "say_period",
    "say_hours",
    "say_count",
    "say_list",
    "say_size",
)

HTMX_SETTINGS: Final = (
    '{"includeIndicatorStyles":false,"allowEval":false,"allowScriptTags":false,'
    '"selfRequestsOnly":true,"attributesToSettle":[],"historyCacheSize":0,'
    '"refreshOnHistoryMiss":true,"responseHandling":[{"code":"204","swap":false},'
    '{"code":"[23]..","swap":true},{"code":"422","swap":true},'
    '{"code":"[45]..","swap":false,"error":true}]}'
)

# No inline script or style, ever: the one inline script of the GOV.UK page template is
# a line of static/js/portal.js here, so no hash and no nonce is needed.
SECURITY_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'; object-src 'none'"
    ),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
# A file that is sent as a download never runs or shows anything, even if a browser opened it.
DOWNLOAD_POLICY: Final = "default-src 'none'; sandbox; frame-ancestors 'none'"
TRANSPORT_SECURITY: Final = "max-age=31536000; includeSubDomains"

COMPRESSED_TYPES: Final = frozenset({"text/html", "text/csv", "application/json"})
SMALLEST_COMPRESSED: Final = 1024  # bytes; a smaller answer gains nothing
LARGEST_COMPRESSED: Final = 4 * 1024 * 1024  # bytes; a larger one holds the worker up
COMPRESSION_LEVEL: Final = 5
MOST_PADDING: Final = 100  # bytes


def init_pages(app: Flask, *, public_sections: Iterable[str] = ()) -> None:
    """Give the application its templates, kit, static files, headers, compression.

    Call it before anything renders. The public sections are the first parts of the addresses
    that are read in several languages and ways (portal.kernel.reading). Reads config
    PRODUCT_NAME (the name in the header and titles). Expects `Flask(..., static_folder=None)`:
    the files are served here.
    """
    app.config.setdefault("PRODUCT_NAME", PRODUCT_NAME)
    tree = read_tree(Path(app.root_path) / "static")
    app.wsgi_app = StaticFiles(app.wsgi_app, tree)  # type: ignore[method-assign]

    environment = app.jinja_env
    environment.trim_blocks = True
    environment.lstrip_blocks = True
    environment.undefined = StrictUndefined
    init_reading(app, public_sections)
    environment.globals.update(
        static_url=tree.url,
        product_name=app.config["PRODUCT_NAME"],
        htmx_settings=HTMX_SETTINGS,
        csrf_field=csrf_field,
        nonce_field=nonce_field,
        control_of=control_of,
        error_links=error_links,
        # How dates, times and counts are said, under the names that code has for them.
        **{name: getattr(wording, name) for name in SAID},
        # What a context processor sets per request; a page must render without it, so
        # that "the database is away" can still be said.
        viewer=None,
        navigation=(),
        footer_links=(),
        demonstration_clock=None,
        unread_notices=None,
    )
    for name in KIT:
        environment.globals.update(_macros(environment.get_template(f"_kit/{name}.html").module))

    app.after_request(compress)
    app.after_request(set_security_headers)
    app.after_request(finish)


def _macros(module: TemplateModule) -> dict[str, Macro]:
    """The public macros of a kit file, by name."""
    return {
        name: value
        for name, value in vars(module).items()
        if isinstance(value, Macro) and not name.startswith("_")
    }


def csrf_field() -> Markup:
    """The hidden input that CSRFProtect looks for in every POST form."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def nonce_field() -> Markup:
    """The hidden input that makes a form sent twice count once."""
    return Markup('<input type="hidden" name="_nonce" value="{}">').format(uuid4().hex)


def set_security_headers(response: Response) -> Response:
    """Put the headers of promises.md 7 on a page, a fragment, a file, an error."""
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    if response.headers.get("Content-Disposition", "").startswith("attachment"):
        response.headers["Content-Security-Policy"] = DOWNLOAD_POLICY
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = TRANSPORT_SECURITY
    if response.mimetype == "text/html":
        response.vary.update(("HX-Request", "Accept-Encoding"))
    return response


def compress(response: Response) -> Response:
    """Gzip an answer of text between 1 KB and 4 MB for a browser that takes it.

    A page holds a secret (the CSRF token) beside words from the address, which is what
    the BREACH attack measures. The session cookie is SameSite, so another site cannot
    make the requests; and, as Django does, a file name of random length in the gzip
    header makes the length of each answer differ by up to 100 bytes.
    """
    if (
        response.direct_passthrough
        or response.is_streamed
        or response.content_encoding
        or response.mimetype not in COMPRESSED_TYPES
        or request.accept_encodings["gzip"] <= 0
    ):
        return response
    plain = response.get_data()
    if not SMALLEST_COMPRESSED <= len(plain) <= LARGEST_COMPRESSED:
        return response
    packed = io.BytesIO()
    padding = "a" * secrets.randbelow(MOST_PADDING)
    with gzip.GzipFile(padding, "wb", COMPRESSION_LEVEL, packed, mtime=0) as archive:
        archive.write(plain)
    response.set_data(packed.getvalue())
    response.content_encoding = "gzip"
    response.vary.add("Accept-Encoding")
    return response
