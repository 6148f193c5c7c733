"""What each provider was told."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    JSON,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.frameworks.evaluation.letters.rules import Letter
from portal.frameworks.evaluation.visibility import provider_and_councils
from portal.frameworks.rounds.models import Round, its_round
from portal.kernel.columns import Instant
from portal.kernel.ids import new_id
from portal.kernel.tenancy import Base, Rule


class OutcomeLetter(Base):
    """What a provider was told of its own bids, word for word. Appended only.

    ``content`` is what the page and the PDF show (``letters.rules.Letter`` as JSON).
    """

    __tablename__ = "outcome_letter"
    __seen_by__ = Rule(provider_and_councils, writers=("lead_council_id",))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[UUID]
    framework_id: Mapped[UUID]
    lead_council_id: Mapped[UUID]
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    sent_by_name: Mapped[str] = mapped_column(String(200))
    sent_at: Mapped[datetime] = mapped_column(Instant())

    round: Mapped[Round] = relationship(
        viewonly=True, primaryjoin="foreign(OutcomeLetter.round_id) == Round.id"
    )

    __table_args__ = (
        its_round(),
        UniqueConstraint("round_id", "provider_id", name="one_letter_of_a_provider"),
        Index("ix_outcome_letter_provider_id", "provider_id", "sent_at"),
    )

    @property
    def letter(self) -> Letter:
        """What it says."""
        return cast(Letter, self.content)
