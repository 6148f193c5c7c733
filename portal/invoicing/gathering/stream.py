"""Who invoices whom."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Stream:
    """Who invoices whom under which framework: one invoice a month."""

    provider_id: UUID
    council_id: UUID
    framework_id: UUID
