"""The portal's own style sheets, scripts and pictures, served from memory.

They are a dozen small files, so they are read, compressed and hashed once per process.
One hash of the whole tree stands in every address, /static/<hash>/css/portal.css: a
browser may keep a file for a year, a deployment changes every address at once, and a
script module that imports its neighbour by a relative address finds the same version.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PREFIX = "/static/"
TEXT_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
A_YEAR = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file: its bytes as they are and gzipped, and its content type."""

    plain: bytes
    gzipped: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class StaticTree:
    """All files below one folder, by their path in it, and the hash of them all."""

    version: str
    files: dict[str, StaticFile]

    def url(self, name: str) -> str:
        """The address of a file, `css/portal.css`. Raises KeyError for a missing file."""
        if name not in self.files:
            raise KeyError(f"there is no static file {name!r}")
        return f"{PREFIX}{self.version}/{name}"


@cache
def read_tree(folder: Path) -> StaticTree:
    """Read, compress and hash every served file below `folder`; once per process."""
    files: dict[str, StaticFile] = {}
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix not in TEXT_TYPES or not path.is_file():
            continue
        name, plain = path.relative_to(folder).as_posix(), path.read_bytes()
        digest.update(f"{name}\0{len(plain)}\0".encode() + plain)
        files[name] = StaticFile(
            plain=plain,
            gzipped=gzip.compress(plain, 9, mtime=0),
            content_type=f"{TEXT_TYPES[path.suffix]}; charset=utf-8",
        )
    return StaticTree(version=digest.hexdigest()[:12], files=files)


class StaticFiles:
    """WSGI middleware: answers GET and HEAD below /static/, passes on all else.

    It stands before the application, so a style sheet costs no session, no sign-in and
    no database. An address of an earlier version answers 404, never other content.
    """

    def __init__(self, application: WSGIApplication, tree: StaticTree) -> None:
        self._application = application
        self._answers = {tree.url(name): file for name, file in tree.files.items()}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not environ.get("PATH_INFO", "").startswith(PREFIX):
            return self._application(environ, start_response)
        return self._answer(Request(environ))(environ, start_response)

    def _answer(self, request: Request) -> Response:
        if request.method not in ("GET", "HEAD"):
            return Response("Read only.\n", 405, {"Allow": "GET, HEAD"})
        file = self._answers.get(request.path)
        if file is None:
            return Response("There is no such file.\n", 404)
        response = Response(content_type=file.content_type)
        if request.accept_encodings["gzip"] > 0:
            response.set_data(file.gzipped)
            response.content_encoding = "gzip"
        else:
            response.set_data(file.plain)
        response.headers["Cache-Control"] = A_YEAR
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.vary.add("Accept-Encoding")
        return response
