"""How an event is linked into a chain, so that a change behind the portal's back shows. Pure.

Each organisation that acts has a chain, and the portal one for what nobody's organisation did.
A link's digest covers the event and the digest before it. Words that may have to be erased one
day (a name, a label, details) are covered through seals: digests of the words with a salt of
their own. When words and salt are gone, the seal still stands and so does the chain, and nobody
can guess the words from it. See docs/record.md.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final, NamedTuple, Protocol
from uuid import UUID

VERSION: Final = 1
PORTAL_CHAIN: Final = UUID(int=0)  # of what nobody's organisation did
BEGINNING: Final = bytes(32)  # what stands before the first link
SALT: Final = 16  # bytes

ERASED: Final = "(erased)"
ERASED_DETAILS: Final[dict[str, Any]] = {"erased": True}
ERASED_AS: Final[Mapping[str, Any]] = {
    "person_name": ERASED,
    "subject_label": ERASED,
    "details": ERASED_DETAILS,
}


class Columns(Protocol):
    """An audit event's columns by their names: a dict, or a row of the database."""

    def __getitem__(self, name: str, /) -> Any: ...


class Seals(NamedTuple):
    """The salted digests of an event's words."""

    person_name: bytes
    subject_label: bytes
    details: bytes


class Salts(NamedTuple):
    """What the words were salted with; None once they are erased."""

    person_name: bytes | None
    subject_label: bytes | None
    details: bytes | None


def chain_of(organisation_id: UUID | None) -> UUID:
    """The chain of whoever acts."""
    return organisation_id or PORTAL_CHAIN


def salts_for(count: int) -> list[Salts]:
    """Fresh salts for so many events."""
    chance = secrets.token_bytes(3 * SALT * count)
    cut = [chance[start : start + SALT] for start in range(0, len(chance), SALT)]
    return [Salts(*cut[start : start + 3]) for start in range(0, len(cut), 3)]


def seal(salt: bytes, words: Any) -> bytes:
    """The digest of some words under a salt."""
    return sha256(salt + canonical(words)).digest()


def canonical(value: Any) -> bytes:
    """The one way to write a value: JSON with sorted keys, no spaces, in UTF-8."""
    return _encode(value).encode()


def link_digest(
    event: Columns,
    seals: Seals,
    *,
    chain_id: UUID,
    position: int,
    previous: bytes,
    version: int = VERSION,
) -> bytes:
    """The digest of a link. ``event`` has an audit event's columns.

    Raises ValueError for a version that this portal does not know.
    """
    if version != VERSION:
        raise ValueError(f"links of version {version} are not known")
    at: datetime = event["at"]
    said = [
        version,
        previous.hex(),
        chain_id.hex,
        position,
        event["id"].hex,
        at.astimezone(UTC).isoformat(timespec="microseconds"),
        event["event"],
        *(_digits(event[name]) for name in _PARTIES),
        event["subject_kind"],
        _digits(event["subject_id"]),
        *(one.hex() for one in seals),
    ]
    return sha256(canonical(said)).digest()


def record_number(position: int, digest: bytes) -> str:
    """How a link is quoted to people: its position and the beginning of its digest."""
    return f"{position}-{digest.hex()[:6]}"


_encode = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode
_PARTIES = ("person_id", "organisation_id", "council_id", "provider_id")


def _digits(one: UUID | None) -> str | None:
    return None if one is None else one.hex
