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

    @property
    def parameters(self) -> dict[str, UUID]:
        """The same as the parameters of a question."""
        return {
            "provider_id": self.provider_id,
            "council_id": self.council_id,
            "framework_id": self.framework_id,
        }
