"""When an agreement is wholly signed, and what may be done before and after. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Signed:
    """One organisation's signature."""

    organisation_id: UUID
    organisation: str
    name: str
    signed_as: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """Who has signed the agreement with one provider, and whose signature is missing.

    The provider signs first, then each council in any order.
    """

    provider_id: UUID
    provider: str
    councils: tuple[tuple[UUID, str], ...]
    signatures: tuple[Signed, ...]

    @property
    def signed_by(self) -> Collection[UUID]:
        """The organisations that have signed."""
        return {one.organisation_id for one in self.signatures}

    @property
    def by_provider(self) -> Signed | None:
        """The provider's own signature."""
        own = (one for one in self.signatures if one.organisation_id == self.provider_id)
        return next(own, None)

    @property
    def waiting(self) -> list[str]:
        """Whose signature is missing, by name, in the order in which they sign."""
        provider = [] if self.by_provider else [self.provider]
        return provider + [name for id_, name in self.councils if id_ not in self.signed_by]

    @property
    def complete(self) -> bool:
        """Whether everybody has signed."""
        return not self.waiting

    def may_countersign(self, council_id: UUID) -> bool:
        """Whether a council's signature is the next that can be given."""
        named = {id_ for id_, _ in self.councils}
        return (
            self.by_provider is not None
            and council_id in named
            and council_id not in self.signed_by
        )
