"""The virus scanner that looks at each file before anybody can open it.

``PORTAL_SCANNER`` names it: ``tcp://host:3310`` or ``unix:///run/clamav/clamd.ctl`` for clamd's
INSTREAM protocol, or ``command:...`` for a program that reads the file from its standard input
and ends with 0 for clean, 1 for found.
"""

from __future__ import annotations

import shlex
import socket
import struct
import subprocess
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import IO, Protocol, cast
from urllib.parse import urlsplit

from flask import current_app

SECONDS = 120
PIECE = 64 * 1024  # bytes
LONGEST_ANSWER = 4096  # bytes


class ScannerFailed(RuntimeError):
    """The scanner did not say whether the file is clean; it is asked again later."""


class Scanner(Protocol):
    """Says whether a file is clean."""

    def is_clean(self, content: IO[bytes]) -> bool:
        """Whether nothing was found. Raises ScannerFailed, or OSError when it is away."""


@dataclass(frozen=True, slots=True)
class Clamd:
    """clamd, over a socket."""

    connect: Callable[[], socket.socket]

    def is_clean(self, content: IO[bytes]) -> bool:
        """Send the file in pieces, each after its length, and read clamd's one line."""
        with closing(self.connect()) as conversation:
            conversation.sendall(b"zINSTREAM\0")
            while piece := content.read(PIECE):
                conversation.sendall(struct.pack(">I", len(piece)) + piece)
            conversation.sendall(struct.pack(">I", 0))
            said = b""
            while not said.endswith(b"\0") and len(said) < LONGEST_ANSWER:
                if not (piece := conversation.recv(PIECE)):
                    break
                said += piece
        answer = said.rstrip(b"\0\n").decode(errors="replace")
        if answer.endswith(" OK"):
            return True
        if answer.endswith(" FOUND"):
            return False
        raise ScannerFailed(answer)


@dataclass(frozen=True, slots=True)
class Command:
    """A program that reads the file from its standard input."""

    words: tuple[str, ...]

    def is_clean(self, content: IO[bytes]) -> bool:
        """Whether it ended with 0; 1 is found."""
        done = subprocess.run(  # noqa: S603 - the operator's own setting
            self.words, input=content.read(), capture_output=True, check=False, timeout=SECONDS
        )
        if done.returncode in (0, 1):
            return done.returncode == 0
        raise ScannerFailed(f"{self.words[0]} ended with {done.returncode}")


def open_scanner(address: str) -> Scanner | None:
    """The scanner at an address; None for an empty one.

    Raises ValueError for an address that is none of the three kinds.
    """
    if not address:
        return None
    kind, _, rest = address.partition(":")
    if kind == "command" and rest.strip():
        return Command(tuple(shlex.split(rest)))
    parts = urlsplit(address)
    if parts.scheme == "tcp" and parts.hostname and parts.port:
        host = (parts.hostname, parts.port)
        return Clamd(lambda: socket.create_connection(host, timeout=SECONDS))
    if parts.scheme == "unix" and parts.path:
        return Clamd(lambda: _unix(parts.path))
    raise ValueError(
        f"PORTAL_SCANNER is {address!r}; write tcp://host:port, unix:///path or command:program"
    )


def scanner() -> Scanner | None:
    """The process's scanner, if one is set up."""
    return cast("Scanner | None", current_app.extensions["portal.scanner"])


def _unix(path: str) -> socket.socket:
    conversation = socket.socket(socket.AF_UNIX)
    conversation.settimeout(SECONDS)
    try:
        conversation.connect(path)
    except OSError:
        conversation.close()
        raise
    return conversation
