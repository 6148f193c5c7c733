"""The parts of a draft, each encrypted under a key of its provider's own."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from portal.frameworks.applications.models import DraftPart
from portal.kernel.sealing import Sealing, sealing


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a draft, opened: its JSON value (None once emptied), and who saved it when (UTC).

    ``question_version_id`` is the wording that was answered.
    """

    value: Any
    version: int
    by_name: str
    at: datetime
    question_version_id: UUID | None = None


def purpose_of(provider_id: UUID) -> str:
    """The purpose from which the key of one provider's drafts is derived."""
    return f"applications:drafts:{provider_id.hex}"


def drafts_key(provider_id: UUID) -> Sealing:
    """What seals and opens one provider's drafts."""
    return sealing(purpose_of(provider_id))


def seal(value: Any, provider_id: UUID) -> bytes:
    """A part's value as it is kept."""
    return drafts_key(provider_id).seal(json.dumps(value), of=provider_id).encode()


def opened(row: DraftPart) -> Part:
    """One part as it can be read."""
    return next(iter(all_opened([row]).values()))


def all_opened(rows: Iterable[DraftPart]) -> Mapping[str, Part]:
    """Parts of one provider's draft by their names. Raises BadSeal for a key that was dropped."""
    keys: dict[UUID, Sealing] = {}
    parts = {}
    for row in rows:
        if row.provider_id not in keys:
            keys[row.provider_id] = drafts_key(row.provider_id)
        text = keys[row.provider_id].open(row.sealed.decode(), of=row.provider_id)
        parts[row.part] = Part(
            json.loads(text), row.version, row.by_name, row.at, row.question_version_id
        )
    return parts
